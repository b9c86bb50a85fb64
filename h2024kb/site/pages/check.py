"""The page that checks a claim line in the reader's browser; nothing is sent anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy
from h2024kb.site.parts.payers import aliases
from h2024kb.site.parts.policy_order import ordered
from h2024kb.site.parts.render import render


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "check.md", render("check.md.j2", "check.md", groups=_by_place(kb), names=_names(kb), codes=_codes(kb))


def _by_place(kb: KnowledgeBase) -> list[tuple[str, list[Policy]]]:
    return [(name, list(some)) for name, some in groupby(ordered(kb), lambda policy: NAMES[policy.jurisdiction])]


def _names(kb: KnowledgeBase) -> dict[str, str]:
    """Every name by which a payer may be looked for."""
    return {payer: " ".join((payer, *names)) for payer, names in aliases(kb).items()}


def _codes(kb: KnowledgeBase) -> list[tuple[str, str]]:
    """Every code held with what it is for, the payers' own last."""
    own = [(row.code, row.describes) for policy in kb.policies() for row in policy.own_codes]
    return list({**dict(own), **{row.code: row.long for row in kb.contents.code_sets.codes}}.items())[::-1]

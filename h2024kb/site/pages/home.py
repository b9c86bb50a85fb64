"""The home page: the finder, from payer, state, code and date of service to an answer, over a table of all policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from h2024kb.knowledge import words
from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST
from h2024kb.knowledge.stats import counts
from h2024kb.site.pages.all_policies import rows
from h2024kb.site.parts.legend import headlines
from h2024kb.site.parts.render import render


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the home page."""
    yield "index.md", home(kb, today)


def home(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the home page; without scripts it is a table of today's answers."""
    groups = groupby(rows(kb, today), lambda row: row[0].jurisdiction)
    return render(
        "home.md.j2",
        "index.md",
        groups=[(NAMES[jurisdiction], list(group)) for jurisdiction, group in groups],
        lines=words.BUSINESS_WORDS,
        core=len(ASKED_FIRST),
        legend=headlines(),
        whole=counts(kb, kb.policies(), today),
        today=today,
        kb=kb,
    )

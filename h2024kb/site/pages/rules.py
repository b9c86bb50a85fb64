"""The page that documents every rule `h2024kb check` may name, from the checks' own docstrings."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterator
from functools import cache

import msgspec
import yaml

from h2024kb.editing.checks import CHECKS, rule_name
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.parts.render import render
from h2024kb.site.parts.texts import text


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "rules.md", rules_page()


def rules_page() -> str:
    """Returns the page of all rules."""
    checks = {rule_name(check): inspect.getdoc(check) or "" for check in CHECKS}
    return render("rules.md.j2", "rules.md", other=other_rules(), checks=checks)


@cache
def other_rules() -> dict[str, str]:
    """Returns what the reader of files and the schema report, by rule, in the order a file meets them."""
    return msgspec.convert(yaml.safe_load(text("rules.yaml")), dict[str, str])

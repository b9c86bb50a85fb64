"""The page of modifiers: each with what every payer means by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site.render import render


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "modifiers.md", render("modifiers.md.j2", "modifiers.md", kb=kb, today=today)

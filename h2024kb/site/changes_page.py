"""The page of changes: coming ones first, then newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site.render import render


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "changes.md", render("changes.md.j2", "changes.md", kb=kb, today=today)

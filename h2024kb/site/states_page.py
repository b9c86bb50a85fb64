"""The page that shows, state by state, whether H2024, a sibling or nothing known is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site.render import render


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "states.md", render("states.md.j2", "states.md", kb=kb, today=today)

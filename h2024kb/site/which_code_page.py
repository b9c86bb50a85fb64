"""The page that leads from the service given to the code, programme by programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site.render import render


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "which-code.md", render("which-code.md.j2", "which-code.md", kb=kb, today=today)

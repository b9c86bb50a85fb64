"""The page that checks a claim line in the reader's browser; nothing is sent anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site.render import render


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "check.md", render("check.md.j2", "check.md", kb=kb, today=today)

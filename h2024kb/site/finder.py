"""The home page: the finder, from payer, state, code and date of service to an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site.overview import home


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the home page."""
    yield "index.md", home(kb, today)

"""The pages of dated versions: one for each stretch of days of service, as known on a day; they never change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge_base import KnowledgeBase


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the pages."""
    yield from ()

"""The site's files that are no pages: data for its scripts, the JSON API, tables, feeds and calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site import check_data

Made = Iterator[tuple[str, bytes]]

FILES: Final[tuple[Callable[[KnowledgeBase, dt.date], Made], ...]] = (check_data.files,)
"""What makes files: each yields paths below the docs folder with their bytes."""


def files(kb: KnowledgeBase, today: dt.date) -> Made:
    """Yields every file by its path."""
    for make in FILES:
        yield from make(kb, today)

"""The site's files that are no pages: data for its scripts, the JSON API, tables, feeds and calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site import api
from h2024kb.site.feeds import calendars, change_feeds
from h2024kb.site.pages.policy import versions
from h2024kb.site.script_data import check_data, compare_data, finder_data

Made = Iterator[tuple[str, bytes]]

FILES: Final[tuple[Callable[[KnowledgeBase, dt.date], Made], ...]] = (
    finder_data.files,
    versions.files,
    change_feeds.files,
    calendars.files,
    check_data.files,
    compare_data.files,
    api.files,
)
"""What makes files: each yields paths below the docs folder with their bytes."""


def files(kb: KnowledgeBase, today: dt.date) -> Made:
    """Yields every file by its path, the list of hashes last."""
    made = {name: content for make in FILES for name, content in make(kb, today)}
    yield from made.items()
    yield api.hashes(made)

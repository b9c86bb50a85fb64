"""The pages of dated versions: one for each stretch of days of service, as known on a day; they never change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.stretches import Stretch


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the pages."""
    yield from ()


def address(id: str, stretch: Stretch, known_on: dt.date) -> str:
    """Returns where the page of a policy's stretch as known on a day stands, below the site and without suffix.

    >>> address("md/x", Stretch(None, dt.date(2024, 10, 31)), dt.date(2026, 11, 23))
    'policies/md/x/earliest-as-known-2026-11-23'
    """
    return f"policies/{id}/{stretch.first_day or 'earliest'}-as-known-{known_on}"

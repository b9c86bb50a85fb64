"""Dated entries as a page shows them: which still stand, since when, until when, and whether they hold today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.in_force import Held, periods
from h2024kb.knowledge.model import Entry, Policy, Source


class Standing(NamedTuple):
    """An entry that nobody withdrew, in words: its dates, whether it holds today, and where it is written."""

    entry: Entry[Any]
    dates: str
    state: str
    source: Source | None
    locator: str

    @property
    def holds(self) -> bool:
        """Whether it is in force today."""
        return self.state == "in force"

    @property
    def citation(self) -> str:
        """The source with the place in it; empty for an unknown."""
        return f"{self.source.title}: {self.locator}" if self.source else ""


def standing(policy: Policy, entries: Iterable[Entry[Any]], today: dt.date) -> Iterator[Standing]:
    """Yields the entries that nobody withdrew, newest first.

    >>> import h2024kb
    >>> policy = h2024kb.open().policy("md/brain-injury-waiver")
    >>> rules = next(rules for rules in policy.rules if rules.heading == "supported-employment")
    >>> [(one.dates, one.state) for one in standing(policy, rules.unit, dt.date(2026, 11, 23))]
    [('by 2024-11-01', 'in force')]
    """
    sources = {source.id: source for source in policy.sources}
    for held in periods([entry for entry in entries if entry.withdrawn is None]):
        entry = held.entry
        source = sources.get(entry.source or "")
        yield Standing(entry, dates(held), state(held, today), source, entry.locator or "")


def dates(held: Held[Any]) -> str:
    """Returns since when an entry holds, and until when where that is known."""
    return words.start(held.entry) + (f", until {held.last_day}" if held.last_day else "")


def state(held: Held[Any], today: dt.date) -> str:
    """Returns whether an entry that nobody withdrew holds today, in words."""
    if held.entry.start > today:
        return "not yet in force"
    return "in force" if held.on(today) else "ended"

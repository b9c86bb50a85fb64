"""Dated entries as a page shows them: which still stand, since when, until when, and whether they hold today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.in_force import EntryPeriod, periods
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
    [('by Nov 1, 2024', 'in force')]
    """
    sources = {source.id: source for source in policy.sources}
    for period in periods([entry for entry in entries if entry.withdrawn is None]):
        entry = period.entry
        source = sources.get(entry.source or "")
        yield Standing(entry, dates(period), state(period, today), source, entry.locator or "")


def dates(period: EntryPeriod[Any]) -> str:
    """Returns since when an entry holds, and until when where that is known."""
    until = f", until {period.last_day}" if period.last_day else ""
    return words.with_long_dates(words.start(period.entry) + until)


def state(period: EntryPeriod[Any], today: dt.date) -> str:
    """Returns whether an entry that nobody withdrew holds today, in words."""
    if period.entry.start > today:
        return "not yet in force"
    return "in force" if period.on(today) else "ended"

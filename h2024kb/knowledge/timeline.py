"""The days on which what a policy says of a code may change, on both clocks."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from h2024kb.knowledge.in_force import DAY, entries, known_by, recorded
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import ever_followed, headings
from h2024kb.knowledge.model import Entry, Policy


class Stretch(NamedTuple):
    """Days of service on which nothing changes; `first_day` is None for the first stretch, `last_day` for the last."""

    first_day: dt.date | None
    last_day: dt.date | None

    @property
    def day(self) -> dt.date:
        """A day of service inside the stretch, to ask for it."""
        return self.first_day or dt.date.min

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.day <= day <= (self.last_day or dt.date.max)


def starts(kb: KnowledgeBase, policy: str, code: str, as_known_on: dt.date | None = None) -> tuple[dt.date, ...]:
    """Returns every day on which what a policy says of a code may change, the day before all dates first.

    Policies it follows, or ever followed, are looked at too. `as_known_on` leaves out what was learned later.

    >>> import h2024kb
    >>> days = [day.isoformat() for day in starts(h2024kb.open(), "md/brain-injury-waiver", "H2024")]
    >>> days[:2], days[-2:]
    (['0001-01-01', '2003-12-11'], ['2023-07-01', '2023-07-24'])
    """
    days = {dt.date.min}
    for one, entry in _entries(kb, kb.policy(policy), code):
        if known_by(one, [entry], as_known_on):
            days.add(entry.start)
            days |= {entry.termination_date + DAY} if entry.termination_date else set()
    return tuple(sorted(days))


def stretches(kb: KnowledgeBase, policy: str, code: str, as_known_on: dt.date | None = None) -> tuple[Stretch, ...]:
    """Returns the stretches of days that the starts part, oldest first.

    >>> import h2024kb
    >>> made = stretches(h2024kb.open(), "md/brain-injury-waiver", "H2024")
    >>> made[0].first_day is None, str(made[0].last_day), made[-1].last_day is None
    (True, '2003-12-10', True)
    """
    days = starts(kb, policy, code, as_known_on)
    ends = [day - DAY for day in days[1:]]
    firsts = [None, *days[1:]]
    return tuple(Stretch(first, last) for first, last in itertools.zip_longest(firsts, ends))


def known_days(kb: KnowledgeBase, policy: str, code: str) -> tuple[dt.date, ...]:
    """Returns the days on which what is known of a policy and a code changed: something was learned, or withdrawn."""
    days: set[dt.date] = set()
    for one, entry in _entries(kb, kb.policy(policy), code):
        days.add(recorded(one, entry))
        days |= {entry.withdrawn.date} if entry.withdrawn else set()
    return tuple(sorted(days))


def _entries(kb: KnowledgeBase, policy: Policy, code: str) -> Iterator[tuple[Policy, Entry[Any]]]:
    for one in ever_followed(kb.index, [policy]):
        asked = tuple(rules for rules in one.rules if rules.heading in headings(kb.index, code))
        found: Iterable[Entry[Any]] = (*one.follows, *entries(msgspec.structs.replace(one, rules=asked)))
        yield from ((one, entry) for entry in found)

"""Walks a policy document: its dated lists, and the entries in them that the schema found whole.

Checks run on files that have other faults too, so that one run shows everything. They see only entries without a schema
problem, and therefore need not doubt the shape of what they read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from h2024kb.day import day
from h2024kb.editing.document import Document, Where


class WrittenEntry(NamedTuple):
    """One entry as written, with its path in the document."""

    data: dict[str, Any]
    path: Where

    @property
    def start(self) -> dt.date:
        """The first day the entry may answer for; without a date it reaches back without end."""
        return day(self.data.get("effective_date") or self.data.get("in_force_by")) or dt.date.min

    @property
    def end(self) -> dt.date | None:
        """The termination date, if one is written."""
        return day(self.data.get("termination_date"))

    @property
    def lines(self) -> str:
        """The claim lines the entry is for, as text that is equal where the same lines fit, in whatever order."""
        when = mapping(self.data.get("when"))
        asked = ((key, sorted(map(str, one)) if isinstance(one, list) else one) for key, one in when.items())
        return repr(sorted(asked))


class EntryPeriod(NamedTuple):
    """An entry with the last day it may answer for."""

    entry: WrittenEntry
    last: dt.date

    def meets(self, other: EntryPeriod) -> bool:
        """Whether some day lies within both."""
        return self.entry.start <= other.last and other.entry.start <= self.last


class EntryList(NamedTuple):
    """The entries of one fact under one heading; `follows` has no heading, only modifiers have a modifier."""

    heading: str
    fact: str
    modifier: str | None
    entries: tuple[WrittenEntry, ...]

    @property
    def standing(self) -> list[WrittenEntry]:
        """The entries that have not been withdrawn, in the order written."""
        return [entry for entry in self.entries if "withdrawn" not in entry.data]

    @property
    def periods(self) -> list[EntryPeriod]:
        """The standing entries with their last days, which a newer entry for the same claim lines may set."""
        newer: dict[str, dt.date] = {}
        made = []
        for entry in self.standing:
            ended = newer.get(entry.lines, dt.date.max)
            last = min(entry.end or dt.date.max, ended if ended == dt.date.max else ended - dt.timedelta(days=1))
            made.append(EntryPeriod(entry, last))
            newer[entry.lines] = max(entry.start, dt.date.min + dt.timedelta(days=1))
        return made


@dataclass(frozen=True)
class PolicyFile:
    """A policy document with its id, its dated lists, and the paths at which the schema found a problem."""

    document: Document
    id: str
    data: dict[str, Any]
    lists: tuple[EntryList, ...]
    broken: frozenset[Where] = frozenset()

    @property
    def entries(self) -> Iterator[tuple[EntryList, WrittenEntry]]:
        """Every entry with its list."""
        return ((dated, entry) for dated in self.lists for entry in dated.entries)

    def named(self, key: str) -> dict[str, dict[str, Any]]:
        """The mapping under a top-level key such as `sources`, as far as it is one."""
        return {name: row for name, row in mapping(self.data.get(key)).items() if isinstance(row, dict)}


def policy_file(document: Document, id: str, broken: Iterable[Where]) -> PolicyFile:
    """Returns the policy file of a document; `broken` are the paths at which it breaks the schema."""
    broken = frozenset(broken)
    avoid = {path[:end] for path in broken for end in range(len(path) + 1)} - {()}
    data = mapping(document.data)
    return PolicyFile(document, id, data, tuple(_lists(data, avoid, broken)), broken)


def _lists(data: dict[str, Any], avoid: set[Where], broken: frozenset[Where]) -> Iterator[EntryList]:
    for fact in ("follows", "authority", "succeeded_by"):
        yield EntryList("", fact, None, _whole(data.get(fact), (fact,), avoid))
    for heading, facts in mapping(data.get("rules")).items():
        for fact, written in mapping(facts).items():
            path = ("rules", heading, fact)
            if not broken.isdisjoint((path[:2], path)):
                continue
            if fact != "modifiers":
                yield EntryList(heading, fact, None, _whole(written, path, avoid))
                continue
            for modifier, entries in mapping(written).items():
                if (*path, modifier) not in broken:
                    yield EntryList(heading, fact, modifier, _whole(entries, (*path, modifier), avoid))


def _whole(written: object, path: Where, avoid: set[Where]) -> tuple[WrittenEntry, ...]:
    rows = written if isinstance(written, list) else []
    places = [(row, (*path, number)) for number, row in enumerate(rows)]
    return tuple(WrittenEntry(row, place) for row, place in places if isinstance(row, dict) and place not in avoid)


def rows(value: object) -> list[dict[str, Any]]:
    """Returns the mappings in a list, and none if the value is not a list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def mapping(value: object) -> dict[str, Any]:
    """Returns the value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}

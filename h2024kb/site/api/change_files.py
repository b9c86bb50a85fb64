"""The files of changes: for each day on which something was posted, all that was posted on or after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from h2024kb.knowledge.changes import POLICY_FACTS, Change, changes
from h2024kb.knowledge.model import Entry
from h2024kb.site.api.entries import entry_id
from h2024kb.site.api.making import MOST_CHANGES, Making, address, path, policy_path
from h2024kb.site.api.resources import ChangeDay, ChangeList, ChangeRow, ChangesSince
from h2024kb.site.api.statements import SilentEntry, StatedEntry
from h2024kb.site.api.written import Written, written

Entries = Mapping[str, StatedEntry | SilentEntry]


def change_files(making: Making, entries: Entries, most: int = MOST_CHANGES) -> Iterator[tuple[ChangesSince, Written]]:
    """Yields the file of each day on which something was posted, oldest first.

    A file goes on over later days until it has `most` changes, and then names the file that goes on. What is to be
    posted after the day on which the files are made is left out.
    """
    found = sorted(changes(making.kb), key=lambda change: change.posted)
    by_day = {day: [*rows] for day, rows in groupby(found, lambda change: change.posted) if day <= making.day}
    rows = {day: [_row(making, change, entries) for change in held] for day, held in by_day.items()}
    days = list(rows)
    for start, day in enumerate(days):
        end = _end(days, rows, start, most)
        following = f"{days[end]}.json" if end < len(days) else None
        made = ChangesSince(
            made=making.made,
            since=day,
            last=days[end - 1],
            changes=tuple(row for one in days[start:end] for row in rows[one]),
            next=following,
        )
        yield made, written(_path(day), made)


def _path(day: dt.date) -> str:
    return path("changes", "since", f"{day}.json")


def _end(days: Sequence[dt.date], rows: Mapping[dt.date, Sequence[ChangeRow]], start: int, most: int) -> int:
    """The place after the last day that still belongs into a file."""
    end, held = start, 0
    while end < len(days) and held < most:
        held += len(rows[days[end]])
        end += 1
    return end


def _row(making: Making, change: Change, entries: Entries) -> ChangeRow:
    others = {name: held for name in ("before", "instead") if (held := getattr(change, name))}
    return ChangeRow(
        id=change.id,
        kind=change.kind,
        posted=change.posted,
        policy=change.policy,
        effective_date=change.effective_date,
        in_force_by=change.in_force_by,
        entry=entries[_entry_id(making, change, change.entry)],
        **{name: entries[_entry_id(making, change, held)] for name, held in others.items()},
        json=address(_path(change.posted), policy_path(change.policy)),
    )


def _entry_id(making: Making, change: Change, entry: Entry[object]) -> str:
    heading = None if change.fact in POLICY_FACTS else change.heading
    return entry_id(making.kb.policy(change.policy), heading, change.fact, change.modifier, entry)


def change_list(making: Making, made: Iterable[tuple[ChangesSince, Written]]) -> ChangeList:
    """Returns the list of days."""
    here = path("changes", "index.json")
    days = [
        ChangeDay(
            posted=since.since,
            changes=sum(change.posted == since.since for change in since.changes),
            json=address(here, file.path),
            sha256=file.sha256,
        )
        for since, file in made
    ]
    return ChangeList(made=making.made, days=tuple(reversed(days)))

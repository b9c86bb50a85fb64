"""Checks of dates: order, overlap, and what cannot lie in the future."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from h2024kb.day import day, last_day
from h2024kb.editing.checks.fault import Fault
from h2024kb.editing.document import Where
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import EntryList, PolicyFile, WrittenEntry, mapping, rows

_FIRST_YEAR = 1965
_YEARS_AHEAD = 10


def newest_first(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """Entries of one fact are written newest first, so that the first is today's rule and a change is a small diff."""
    for dated in file.lists:
        for above, below in pairwise(dated.standing):
            if below.start > above.start:
                yield Fault(below.path, f"this starts on {below.start}, after the one above: write the newest first")


def overlap(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """No two entries of one fact hold on the same day for the same claim lines."""
    for dated in file.lists:
        for above, below in _pairs_for_same_lines(dated):
            if below.start == above.start:
                yield Fault(below.path, _same_start(below.start))
            elif below.end and above.start <= below.end and below.start < above.start:
                message = f"this ends on {below.end}, but an entry above starts on {above.start}"
                yield Fault((*below.path, "termination_date"), message)


def _pairs_for_same_lines(dated: EntryList) -> Iterator[tuple[WrittenEntry, WrittenEntry]]:
    newest: dict[str, WrittenEntry] = {}
    for entry in dated.standing:
        if entry.lines in newest:
            yield newest[entry.lines], entry
        newest[entry.lines] = entry


def _same_start(start: dt.date) -> str:
    return "an entry above has no date either" if start == dt.date.min else f"an entry above starts on {start} too"


def ends_before_start(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """An entry, a range or a period does not end before it starts."""
    for _, entry in file.entries:
        if entry.end and entry.end < entry.start:
            yield Fault((*entry.path, "termination_date"), f"this is before the start, {entry.start}")
        yield from _backward_spans(entry.data.get("value"), (*entry.path, "value"))
        yield from _backward_spans(mapping(entry.data.get("when")).get("age"), (*entry.path, "when", "age"))
    for at, row in enumerate(rows(file.data.get("observed"))):
        yield from _backward_spans(row.get("period"), ("observed", at, "period"))


def _backward_spans(value: object, path: Where) -> Iterator[Fault]:
    low, high = mapping(value).get("from"), mapping(value).get("to")
    numbers = isinstance(low, int) and isinstance(high, int) and high < low
    first, last = day(low), day(high)
    if numbers or (first and last and last < first):
        yield Fault((*path, "to"), f"{high} is before {low}")


def future_date(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """What has happened is not dated in the future: reading, searching, publishing, reviewing, withdrawing."""
    for path, text in _dates(file.data, ()):
        when = day(text)
        if when and when > known.today:
            yield Fault(path, f"{text} is in the future")


def _dates(value: object, path: Where) -> Iterator[tuple[Where, object]]:
    past = ("reviewed", "retrieved", "published", "recorded", "date", "in_force_by", "seen_on")
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in past:
                yield (*path, key), inner
            yield from _dates(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _dates(inner, (*path, at))


def unlikely_date(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A rule is not dated before 1965, when Medicare and Medicaid began, nor more than ten years ahead."""
    for _, entry in file.entries:
        for key in ("effective_date", "in_force_by", "termination_date"):
            date = day(entry.data.get(key))
            if date and date.year < _FIRST_YEAR:
                yield Fault((*entry.path, key), f"{date} is before Medicare and Medicaid began, in {_FIRST_YEAR}")
            elif date and date.year > known.today.year + _YEARS_AHEAD:
                advice = "; leave it out where no end is known" if key == "termination_date" else ""
                yield Fault((*entry.path, key), f"{date} is more than {_YEARS_AHEAD} years ahead{advice}")


def before_the_code(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A rule under a code does not begin before the code was added to HCPCS; before that it is the service's rule."""
    for dated, entry in file.entries:
        added = known.codes_added.get(dated.heading)
        for key in ("effective_date", "in_force_by"):
            date = day(entry.data.get(key))
            if added and date and date < added:
                message = f"{dated.heading} was added on {added}: correct the date, or write this under the service"
                yield Fault((*entry.path, key), message)


def reviewed_before_read(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A file is not reviewed before the first of its sources was read; a source read later needs no review of all."""
    reviewed = day(file.data.get("reviewed"))
    read = [day(source.get("retrieved")) for source in file.named("sources").values()]
    searched = [day(search.get("date")) for search in file.named("searches").values()]
    first = min((date for date in (*read, *searched) if date), default=None)
    if reviewed and first and reviewed < first:
        yield Fault(("reviewed",), f"this is before anything here was read or searched, which began on {first}")


def published_after_retrieved(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A source is published before it is retrieved."""
    for name, source in file.named("sources").items():
        published, retrieved = source.get("published"), source.get("retrieved")
        if last_day(published) and day(retrieved) and str(published) > str(retrieved):
            yield Fault(("sources", name, "published"), f"{published} is after it was retrieved, {retrieved}")


def in_force_by(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """`in_force_by` and `seen_on` are days for which the text itself vouches: published, copied, or the entry's last.

    The day on which somebody read a copy is not one of them. A month or a year vouches for its last day.
    """
    sources = file.named("sources")
    for _, entry in file.entries:
        dated = [("in_force_by", (*entry.path, "in_force_by"), entry.data)]
        dated += [
            ("seen_on", (*entry.path, "also_seen", at, "seen_on"), r)
            for at, r in enumerate(rows(entry.data.get("also_seen")))
        ]
        for key, path, row in dated:
            source = sources.get(str(row.get("source")))
            days = _vouched(source, entry) if source else []
            if source and day(row.get(key)) and day(row.get(key)) not in days:
                vouched = ", ".join(str(date) for date in days) or "none, so leave it out"
                yield Fault(path, f"{row[key]} is not a day its source vouches for: {vouched}")


def undated(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A value without a date comes from a copy without one; where the source vouches for a day, that is written."""
    sources = file.named("sources")
    for _, entry in file.entries:
        source = sources.get(str(entry.data.get("source")))
        if source is None or "value" not in entry.data or "effective_date" in entry.data or "in_force_by" in entry.data:
            continue
        days = _vouched(source, entry)
        if days:
            says = f"a value needs 'effective_date', or 'in_force_by' where its source gives no start: {days[-1]}"
            yield Fault(entry.path, says)


def _vouched(source: dict[str, Any], entry: WrittenEntry) -> list[dt.date]:
    """The days for which a source's text vouches, and the entry's own last day, oldest first.

    A text that shows the month in which it was read vouches for no day after the reading.
    """
    shown = [last_day(source.get("published")), last_day(mapping(source.get("copy")).get("dated"))]
    read = day(source.get("retrieved")) or dt.date.max
    return sorted({*(min(date, read) for date in shown if date), *([entry.end] if entry.end else [])})


def seen_again_later(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """What is seen again is seen after the entry starts, and each time on another day."""
    for _, entry in file.entries:
        seen = {entry.start}
        for at, row in enumerate(rows(entry.data.get("also_seen"))):
            on = day(row.get("seen_on"))
            if on and (on < entry.start or on in seen):
                yield Fault((*entry.path, "also_seen", at, "seen_on"), f"{on} is not after {max(seen)}")
            seen |= {on} if on else set()


def copy_after_reading(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A copy shows no day after the one on which it was read."""
    for name, source in file.named("sources").items():
        dated, retrieved = str(mapping(source.get("copy")).get("dated")), source.get("retrieved")
        if dated[:1].isdigit() and day(retrieved) and dated > str(retrieved):
            yield Fault(("sources", name, "copy", "dated"), f"{dated} is after it was retrieved, {retrieved}")


def recorded_order(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """An entry is recorded after its source was retrieved and withdrawn after it was recorded."""
    sources = file.named("sources")
    for _, entry in file.entries:
        retrieved = day(sources.get(str(entry.data.get("source")), {}).get("retrieved"))
        recorded = day(entry.data.get("recorded")) or retrieved
        withdrawn = day(mapping(entry.data.get("withdrawn")).get("date"))
        if recorded and retrieved and recorded < retrieved:
            yield Fault((*entry.path, "recorded"), f"this is before its source was retrieved, {retrieved}")
        if recorded and withdrawn and withdrawn < recorded:
            yield Fault((*entry.path, "withdrawn", "date"), f"this is before it was recorded, {recorded}")

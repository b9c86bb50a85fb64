"""Turns the entry that holds, or the lack of one, into an answer."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from h2024kb.knowledge.answer import Citation, Known, Looked, Question, Unknown
from h2024kb.knowledge.in_force import EntryPeriod
from h2024kb.knowledge.model import Entry, Policy

V = TypeVar("V")


class Place(NamedTuple):
    """The policy and the heading of an entry."""

    policy: Policy
    heading: str


def known(question: Question, place: Place, period: EntryPeriod[V]) -> Known[V]:
    """Returns the answer that an entry with a value gives."""
    entry = period.entry
    assert entry.value is not None
    assert entry.source
    assert entry.locator
    source = next(source for source in place.policy.sources if source.id == entry.source)
    return Known(
        question=question,
        value=entry.value,
        citation=Citation(source=source, locator=entry.locator, passage=entry.passage),
        stated_for="code" if place.heading == question.code else "service",
        heading=place.heading,
        said_by=place.policy.id,
        entry=entry_name(question, place, entry),
        effective_date=entry.effective_date,
        in_force_by=entry.in_force_by,
        last_day=period.last_day,
        condition=entry.condition,
        complete=entry.complete,
        note=entry.note,
    )


def searched_and_silent(
    question: Question, place: Place, period: EntryPeriod[Any], nearby: Sequence[Known[Any]]
) -> Unknown:
    """Returns the answer that an entry with an unknown gives: what was not found, and where somebody looked."""
    entry = period.entry
    assert entry.unknown is not None
    return Unknown(
        question=question,
        why="searched and silent",
        because=entry.unknown,
        searched=looked(place.policy, entry.searched),
        nearby=tuple(nearby),
        said_by=place.policy.id,
        entry=entry_name(question, place, entry),
    )


def not_in_force(question: Question, seen: Sequence[EntryPeriod[Any]], nearby: Sequence[Known[Any]]) -> Unknown:
    """Returns the answer where entries exist but none holds: when the last one ended, when the next starts."""
    day = question.date_of_service
    if any(period.on(day) for period in seen):
        because = "What is stated for this date is for other claim lines."
        return Unknown(question=question, why="not in force", because=because, nearby=tuple(nearby))
    ended = [period.last_day for period in seen if period.last_day and period.last_day < day]
    starts = [period.entry for period in seen if period.entry.start > day]
    words = [f"The last entry ended on {max(ended)}."] if ended else []
    if starts:
        words.append(_starts_later(min(starts, key=lambda entry: entry.start)))
    because = " ".join(["Nothing is stated for this date.", *words])
    return Unknown(question=question, why="not in force", because=because, nearby=tuple(nearby))


def _starts_later(entry: Entry[Any]) -> str:
    if entry.effective_date:
        return f"The next entry takes effect on {entry.effective_date}."
    return f"The source gives no effective date; we can show the next entry only from {entry.in_force_by} on."


def depends_on_line(question: Question, needs: tuple[str, ...], nearby: Sequence[Known[Any]]) -> Unknown:
    """Returns the answer where entries differ by what the claim line shows, and it was not given."""
    because = f"The answer depends on the claim line: give {' and '.join(needs)}."
    if not needs:
        because = "Several entries fit this claim line, differ, and do not say which prevails."
    return Unknown(question=question, why="depends on the line", because=because, needs=needs, nearby=tuple(nearby))


def looked(policy: Policy, names: Iterable[str]) -> tuple[Looked, ...]:
    """Returns where and when somebody looked, for the names an entry gives under `searched`."""
    places = {
        source.id: Looked(
            name=source.id, where=f"{source.title}, {source.publisher}", date=source.retrieved, url=source.url
        )
        for source in policy.sources
    }
    for search in policy.searches:
        where = f"{search.where.rstrip('.')} ({search.looked_for.rstrip('.')})"
        places[search.id] = Looked(name=search.id, where=where, date=search.date)
    return tuple(places[name] for name in names)


def entry_name(question: Question, place: Place, entry: Entry[Any]) -> str:
    """Returns a name for an entry that a receipt keeps: where it is, its start, and a hash of what it says."""
    fact = f"modifiers.{question.modifier}" if question.modifier else question.fact
    start = "undated" if entry.start == dt.date.min else entry.start.isoformat()
    digest = hashlib.sha256(msgspec.json.encode(entry)).hexdigest()[:8]
    return f"{place.policy.id}/{place.heading}/{fact}/{start}~{digest}"

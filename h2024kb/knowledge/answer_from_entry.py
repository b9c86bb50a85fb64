"""Turns the entry that holds, or the lack of one, into an answer."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from h2024kb.knowledge.answer import Citation, Known, Looked, Question, SeenAgain, Unknown
from h2024kb.knowledge.in_force import EntryPeriod
from h2024kb.knowledge.model import Entry, Policy
from h2024kb.knowledge.why_unknown import to_open, why

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
    # A rule of another time, which stands nearby, is as sure as on its own first day.
    evidence = period.evidence(question.date_of_service) or period.evidence(entry.start)
    assert evidence
    return Known(
        question=question,
        value=entry.value,
        citation=Citation(source=source, locator=entry.locator, passage=entry.passage),
        stated_for="code" if place.heading == question.code else "service",
        heading=place.heading,
        said_by=place.policy.id,
        entry=entry_name(question, place, entry),
        evidence=evidence,
        effective_date=entry.effective_date,
        in_force_by=entry.in_force_by,
        also_seen=seen_again(place.policy, entry),
        last_day=period.last_day,
        when=entry.when,
        condition=entry.condition,
        complete=entry.complete,
        note=entry.note,
    )


def seen_again(policy: Policy, entry: Entry[Any]) -> tuple[SeenAgain, ...]:
    """Returns the other places where the words of an entry stand."""
    sources = {source.id: source for source in policy.sources}
    return tuple(
        SeenAgain(
            citation=Citation(source=sources[row.source], locator=row.locator, passage=row.passage),
            seen_on=row.seen_on,
        )
        for row in entry.also_seen
    )


def stated_unknown(question: Question, place: Place, period: EntryPeriod[Any], nearby: Sequence[Known[Any]]) -> Unknown:
    """Returns the answer that an entry with an unknown gives: what is not known and why, and where somebody looked."""
    entry = period.entry
    assert entry.unknown is not None
    return Unknown(
        question=question,
        why=why(place.policy, question.fact, entry),
        because=entry.unknown,
        searched=looked(place.policy, entry.searched),
        to_open=to_open(place.policy, question.fact, entry),
        nearby=tuple(nearby),
        said_by=place.policy.id,
        entry=entry_name(question, place, entry),
    )


def nothing_holds(question: Question, seen: Sequence[EntryPeriod[Any]], nearby: Sequence[Known[Any]]) -> Unknown:
    """Returns the answer where entries exist but none holds: when the last one ended, when the first takes effect."""
    day = question.date_of_service
    ended = max((period.last_day for period in seen if period.last_day and period.last_day < day), default=None)
    starts = [period.entry.effective_date for period in seen if (period.entry.effective_date or day) > day]
    if any(period.on(day, question.evidence) for period in seen) or not (ended or starts):
        because = "What is stated is for other claim lines."
        return Unknown(question=question, why="not-looked", because=because, nearby=tuple(nearby))
    words = [f"The last rule known ended on {ended}."] if ended else []
    if starts:
        words.append(f"The {'next' if ended else 'first'} rule known takes effect on {min(filter(None, starts))}.")
    return Unknown(
        question=question,
        why="ended" if ended else "before-first-rule",
        because=" ".join(words),
        nearby=tuple(nearby),
        ended_on=ended,
    )


def weaker_evidence(answer: Unknown, best: Known[Any] | Unknown) -> Unknown:
    """Returns an unknown with what is known on weaker evidence; `best` answers where all evidence is accepted."""
    if isinstance(best, Unknown):
        return msgspec.structs.replace(answer, why="weaker-evidence", because=best.because, needs=best.needs)
    because = "The rule stands in a copy whose age nobody knows."
    if best.evidence == "seen-later":
        because = f"The source does not say since when; the rule was first seen on {best.in_force_by}."
    # Asked with the evidence that it has, it is answered with this again.
    asked = msgspec.structs.replace(answer.question, evidence=best.evidence)
    nearest = msgspec.structs.replace(best, question=asked)
    nearby = tuple(near for near in answer.nearby if near.entry != best.entry)
    return msgspec.structs.replace(answer, why="weaker-evidence", because=because, nearest=nearest, nearby=nearby)


def depends_on_line(question: Question, needs: tuple[str, ...], nearby: Sequence[Known[Any]]) -> Unknown:
    """Returns the answer where entries differ by what the claim line shows, and it was not given."""
    because = f"The answer depends on the claim line: give {' and '.join(needs)}."
    if not needs:
        because = "Several entries fit this claim line, differ, and do not say which prevails."
    return Unknown(question=question, why="depends-on-line", because=because, needs=needs, nearby=tuple(nearby))


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

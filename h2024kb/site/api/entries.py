"""Every dated entry of a policy, flat: what it says, on what ground, and whether it holds on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Citation, Question
from h2024kb.knowledge.answer_from_entry import Place, entry_name, looked
from h2024kb.knowledge.changes import POLICY_FACTS
from h2024kb.knowledge.in_force import EntryPeriod, facts, periods, recorded
from h2024kb.knowledge.model import Entry, Policy
from h2024kb.site.api.statements import SilentEntry, StatedEntry
from h2024kb.site.parts.entry_words import entry_lines


class Listed(NamedTuple):
    """The entries of one fact, or one modifier, under one heading of a policy."""

    policy: Policy
    heading: str | None
    fact: str
    modifier: str | None
    entries: Sequence[Entry[Any]]


def entry_rows(policy: Policy, day: dt.date) -> tuple[StatedEntry | SilentEntry, ...]:
    """Returns a policy's entries: those on itself first, then heading by heading as in its file.

    >>> import h2024kb
    >>> rows = entry_rows(h2024kb.open().policy("us/medicare"), dt.date(2026, 11, 23))
    >>> rows[0].fact, rows[0].words, rows[0].in_force
    ('coverage', ('Not covered',), True)
    """
    return tuple(row for listed in _lists(policy) for row in _rows(listed, day))


def entry_id(policy: Policy, heading: str | None, fact: str, modifier: str | None, entry: Entry[Any]) -> str:
    """Returns the name that answers and receipts give an entry too."""
    question = Question(code=heading or "policy", fact=fact, modifier=modifier, date_of_service=dt.date.min)
    return entry_name(question, Place(policy, heading or "policy"), entry)


def _lists(policy: Policy) -> Iterator[Listed]:
    for fact in POLICY_FACTS:
        yield Listed(policy, None, fact, None, getattr(policy, fact))
    for rules in policy.rules:
        for fact, modifier, entries in facts(rules):
            yield Listed(policy, rules.heading, fact, modifier, entries)


def _rows(listed: Listed, day: dt.date) -> Iterator[StatedEntry | SilentEntry]:
    standing = {id(period.entry): period for period in periods([e for e in listed.entries if e.withdrawn is None])}
    for entry in listed.entries:
        period = standing.get(id(entry))
        yield _stated(listed, entry, period, day) if entry.unknown is None else _silent(listed, entry, period, day)


def _shared(listed: Listed, entry: Entry[Any], period: EntryPeriod[Any] | None, day: dt.date) -> dict[str, Any]:
    same = ("when", "note", "effective_date", "in_force_by", "termination_date", "withdrawn")
    return {
        **{name: getattr(entry, name) for name in same},
        "entry": entry_id(listed.policy, listed.heading, listed.fact, listed.modifier, entry),
        "policy": listed.policy.id,
        "heading": listed.heading,
        "fact": listed.fact,
        "modifier": listed.modifier,
        "name": _name(listed),
        "in_force": period is not None and period.on(day),
        "last_day": period.last_day if period else None,
        "since": words.start(entry),
        "recorded": recorded(listed.policy, entry),
    }


def _name(listed: Listed) -> str:
    if listed.modifier:
        return f"Modifier {listed.modifier}"
    return {**words.FACT_WORDS, **POLICY_FACTS}[listed.fact]


def _stated(listed: Listed, entry: Entry[Any], period: EntryPeriod[Any] | None, day: dt.date) -> StatedEntry:
    assert entry.source
    assert entry.locator
    source = next(source for source in listed.policy.sources if source.id == entry.source)
    return StatedEntry(
        **_shared(listed, entry, period, day),
        value=entry.value,
        words=tuple(entry_lines(entry)),
        condition=entry.condition,
        complete=entry.complete,
        citation=Citation(source=source, locator=entry.locator, passage=entry.passage),
    )


def _silent(listed: Listed, entry: Entry[Any], period: EntryPeriod[Any] | None, day: dt.date) -> SilentEntry:
    assert entry.unknown is not None
    return SilentEntry(
        **_shared(listed, entry, period, day),
        unknown=entry.unknown,
        words=tuple(entry_lines(entry)),
        searched=looked(listed.policy, entry.searched),
    )

"""Every dated entry of a policy, flat: what it says, on what ground, and whether it is in force on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Citation, Question
from h2024kb.knowledge.answer_from_entry import Place, entry_name, looked, seen_again
from h2024kb.knowledge.in_force import recorded
from h2024kb.knowledge.model import Entry, Policy
from h2024kb.knowledge.why_unknown import why
from h2024kb.site.api.statements import SilentEntry, StatedEntry
from h2024kb.site.parts.entries import EntryView, every_entry


def entry_rows(policy: Policy, day: dt.date) -> tuple[StatedEntry | SilentEntry, ...]:
    """Returns a policy's entries: those on itself first, then heading by heading as in its file.

    >>> import h2024kb
    >>> rows = entry_rows(h2024kb.open().policy("us/medicare"), dt.date(2026, 11, 23))
    >>> rows[0].fact, rows[0].words, rows[0].in_force
    ('coverage', ('Not covered',), True)
    """
    return tuple(_stated(one) if one.entry.unknown is None else _silent(one) for one in every_entry(policy, day))


def entry_id(policy: Policy, heading: str, fact: str, modifier: str | None, entry: Entry[Any]) -> str:
    """Returns the name that answers and receipts give an entry too."""
    question = Question(code=heading or "policy", fact=fact, modifier=modifier, date_of_service=dt.date.min)
    return entry_name(question, Place(policy, heading or "policy"), entry)


def _shared(one: EntryView) -> dict[str, Any]:
    of_entry = ("when", "note", "effective_date", "in_force_by", "termination_date", "withdrawn")
    of_view = ("fact", "modifier", "name", "last_day")
    return {
        **{name: getattr(one.entry, name) for name in of_entry},
        **{name: getattr(one, name) for name in of_view},
        "entry": entry_id(one.policy, one.heading, one.fact, one.modifier, one.entry),
        "policy": one.policy.id,
        "in_force": one.period is not None and one.period.on(one.today),
        "heading": one.heading or None,
        "words": tuple(one.lines),
        "since": words.start(one.entry),
        "recorded": recorded(one.policy, one.entry),
    }


def _stated(one: EntryView) -> StatedEntry:
    entry = one.entry
    assert one.source
    assert entry.locator
    return StatedEntry(
        **_shared(one),
        value=entry.value,
        condition=entry.condition,
        complete=entry.complete,
        citation=Citation(source=one.source, locator=entry.locator, passage=entry.passage),
        also_seen=seen_again(one.policy, entry),
    )


def _silent(one: EntryView) -> SilentEntry:
    assert one.entry.unknown is not None
    return SilentEntry(
        **_shared(one),
        unknown=one.entry.unknown,
        why=why(one.policy, one.fact, one.entry),
        searched=looked(one.policy, one.entry.searched),
    )

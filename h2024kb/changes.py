"""What changed: rules that start, end or are withdrawn, each with the day it takes effect and the day it was posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from h2024kb.answer import Question
from h2024kb.in_force import DAY, known_by, periods, recorded
from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.model import FACTS, Entry, Policy, Record, Rules, Source
from h2024kb.reply import Place, entry_name

Kind = Literal["starts", "ends", "withdrawn", "searched"]


class Change(Record, frozen=True):
    """One change of one fact of a policy.

    `starts`: from `effective_date` on, or by `in_force_by` where the source gives no start, `entry` holds; `before`
    held until then. `ends`: `effective_date` is the first day on which the entry no longer holds and nothing follows
    it. `withdrawn`: since `posted` we no longer stand by it. `searched`: somebody looked and found nothing. `posted` is
    the day on which the knowledge base could first say so. `id` never changes.
    """

    id: str
    kind: Kind
    policy: str
    heading: str
    fact: str
    posted: dt.date
    entry: Entry[Any]
    modifier: str | None = None
    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    before: Entry[Any] | None = None
    source: Source | None = None

    @property
    def day(self) -> dt.date:
        """The day the change takes effect, as far as known; else the day it was posted."""
        return self.effective_date or self.in_force_by or self.posted


def changes(kb: KnowledgeBase, policies: Sequence[Policy] | None = None) -> tuple[Change, ...]:
    """Returns every change of these policies, or of all, newest posted first and, on one day, newest effective first.

    >>> import h2024kb
    >>> kb = h2024kb.open()
    >>> newest = changes(kb, [kb.policy("us/medicare")])[0]
    >>> newest.policy, newest.kind in ("starts", "searched")
    ('us/medicare', True)
    """
    found = [one for policy in policies or kb.policies() for one in _of_policy(policy)]
    return tuple(sorted(found, key=lambda change: (-change.posted.toordinal(), -change.day.toordinal(), change.id)))


def _of_policy(policy: Policy) -> Iterator[Change]:
    for rules in policy.rules:
        for fact in FACTS:
            yield from _of_fact(policy, rules, fact, None, getattr(rules, fact))
        for row in rules.modifiers:
            yield from _of_fact(policy, rules, "modifiers", row.modifier, row.entries)


def _of_fact(
    policy: Policy, rules: Rules, fact: str, modifier: str | None, entries: Sequence[Entry[Any]]
) -> Iterator[Change]:
    sources = {source.id: source for source in policy.sources}
    standing = periods(known_by(policy, entries, None))
    for entry in entries:
        question = Question(code=rules.heading, fact=fact, modifier=modifier, date_of_service=dt.date.min)
        lasting = msgspec.structs.replace(entry, termination_date=None, withdrawn=None)
        name = entry_name(question, Place(policy, rules.heading), lasting)
        made = Change(
            id=name,
            kind="searched" if entry.value is None else "starts",
            policy=policy.id,
            heading=rules.heading,
            fact=fact,
            modifier=modifier,
            posted=recorded(policy, entry),
            entry=entry,
            effective_date=entry.effective_date,
            in_force_by=entry.in_force_by,
            source=sources.get(entry.source or ""),
            before=_before(entry, [held.entry for held in standing]),
        )
        yield made
        yield from _ends(made, entry, standing)


def _before(entry: Entry[Any], standing: Sequence[Entry[Any]]) -> Entry[Any] | None:
    """The entry for the same claim lines that held until this one started."""
    older = [one for one in standing if one.when == entry.when and one.start < entry.start]
    return max(older, key=lambda one: one.start, default=None)


def _ends(made: Change, entry: Entry[Any], standing: Sequence[Any]) -> Iterator[Change]:
    replace = {"before": None, "in_force_by": None}
    if entry.withdrawn is not None:
        fields = {"kind": "withdrawn", "posted": entry.withdrawn.date, "effective_date": None}
        yield _replaced(made, f"{made.id}/withdrawn", **replace, **fields)
    elif (
        entry.value is not None
        and entry.termination_date
        and not any(one.entry.when == entry.when and one.on(entry.termination_date + DAY) for one in standing)
    ):
        yield _replaced(made, f"{made.id}/ends", **replace, kind="ends", effective_date=entry.termination_date + DAY)


def _replaced(made: Change, id: str, **fields: Any) -> Change:
    return msgspec.structs.replace(made, id=id, **fields)

"""What changed: rules that start, end or are withdrawn, each with the day it takes effect and the day it was posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

from h2024kb.knowledge.answer import Question
from h2024kb.knowledge.answer_from_entry import Place, entry_name
from h2024kb.knowledge.in_force import DAY, EntryPeriod, facts, known_by, periods, recorded
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import ALL_SERVICES
from h2024kb.knowledge.model import Entry, Policy, Record, Source
from h2024kb.knowledge.words import FACT_WORDS

Kind = Literal["starts", "ends", "withdrawn", "searched"]

POLICY_FACTS: Final = {"authority": "Runs under", "succeeded_by": "Succeeded by", "follows": "Follows"}
"""What is dated and cited of a policy itself; its changes stand under `all-services`."""


class Change(Record, frozen=True):
    """One change of one fact of a policy.

    `starts`: from `effective_date` on, or by `in_force_by` where the source gives no start, `entry` holds; `before` is
    what held on the day before. `ends`: `effective_date` is the first day on which the entry no longer holds and
    nothing follows it. `withdrawn`: since `posted` we no longer stand by `entry`, and `instead` stands in its place.
    `searched`: somebody looked and found nothing. `posted` is the day on which the knowledge base could first say so;
    for an end, the day on which it could first say the rule. `id` stays the same when an entry is later withdrawn or
    ended, or its citation corrected.
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
    instead: Entry[Any] | None = None
    source: Source | None = None

    @property
    def day(self) -> dt.date:
        """The day the change takes effect, as far as known; else the day it was posted."""
        return self.effective_date or self.in_force_by or self.posted

    @property
    def name(self) -> str:
        """The fact in words, with the modifier where it is one's."""
        return f"Modifier {self.modifier}" if self.modifier else {**FACT_WORDS, **POLICY_FACTS}[self.fact]

    def coming(self, today: dt.date) -> bool:
        """Whether it takes effect after today, and we still stand by it."""
        return self.entry.withdrawn is None and self.effective_date is not None and self.effective_date > today


class _Fact(NamedTuple):
    """One fact of a policy with its dated entries, and when each that stands holds."""

    policy: Policy
    heading: str
    fact: str
    modifier: str | None
    entries: Sequence[Entry[Any]]
    standing: Sequence[EntryPeriod[Any]]


def changes(kb: KnowledgeBase, policies: Iterable[Policy] | None = None) -> tuple[Change, ...]:
    """Returns every change of these policies, or of all, newest posted first and, on one day, newest effective first.

    >>> import h2024kb
    >>> kb = h2024kb.open()
    >>> newest = changes(kb, [kb.policy("us/medicare")])[0]
    >>> newest.policy, newest.kind in ("starts", "searched")
    ('us/medicare', True)
    """
    asked = kb.policies() if policies is None else policies
    found = [change for policy in asked for fact in _facts(policy) for change in _of_fact(fact)]
    return tuple(sorted(found, key=lambda change: (-change.posted.toordinal(), -change.day.toordinal(), change.id)))


def _facts(policy: Policy) -> Iterator[_Fact]:
    for fact in POLICY_FACTS:
        yield _fact(policy, ALL_SERVICES, fact, None, getattr(policy, fact))
    for rules in policy.rules:
        for fact, modifier, entries in facts(rules):
            yield _fact(policy, rules.heading, fact, modifier, entries)


def _fact(policy: Policy, heading: str, fact: str, modifier: str | None, entries: Sequence[Entry[Any]]) -> _Fact:
    return _Fact(policy, heading, fact, modifier, entries, periods(known_by(policy, entries, None)))


def _of_fact(fact: _Fact) -> Iterator[Change]:
    sources = {source.id: source for source in fact.policy.sources} if fact.entries else {}
    for entry in fact.entries:
        made = Change(
            id=_id(fact, entry),
            kind="searched" if entry.value is None else "starts",
            policy=fact.policy.id,
            heading=fact.heading,
            fact=fact.fact,
            modifier=fact.modifier,
            posted=recorded(fact.policy, entry),
            entry=entry,
            effective_date=entry.effective_date,
            in_force_by=entry.in_force_by,
            source=sources.get(entry.source or ""),
            before=_held(fact, entry, entry.start - DAY) if entry.start > dt.date.min else None,
        )
        yield made
        yield from _later(fact, made)


def _id(fact: _Fact, entry: Entry[Any]) -> str:
    """A name made of what the entry says, so that an end, a withdrawal or a corrected citation leaves it alone."""
    lasting = {"termination_date": None, "withdrawn": None, "locator": None, "passage": None, "note": None}
    question = Question(code=fact.heading, fact=fact.fact, modifier=fact.modifier, date_of_service=dt.date.min)
    return entry_name(question, Place(fact.policy, fact.heading), msgspec.structs.replace(entry, **lasting))


def _held(fact: _Fact, entry: Entry[Any], day: dt.date) -> Entry[Any] | None:
    """The entry for the same claim lines that holds on a day."""
    return next((one.entry for one in fact.standing if one.entry.when == entry.when and one.on(day)), None)


def _later(fact: _Fact, made: Change) -> Iterator[Change]:
    """What became of an entry: withdrawn, or ended with nothing that follows it."""
    entry, none = made.entry, {"before": None, "in_force_by": None}
    if entry.withdrawn is not None:
        fields = {"kind": "withdrawn", "posted": entry.withdrawn.date, "effective_date": None}
        instead = _held(fact, entry, entry.start)
        yield _replaced(made, f"{made.id}/withdrawn", **none, **fields, instead=instead)
    elif entry.value is not None and entry.termination_date and entry.termination_date < dt.date.max:
        after = entry.termination_date + DAY
        if _held(fact, entry, after) is None:
            yield _replaced(made, f"{made.id}/ends", **none, kind="ends", effective_date=after)


def _replaced(made: Change, id: str, **fields: Any) -> Change:
    return msgspec.structs.replace(made, id=id, **fields)

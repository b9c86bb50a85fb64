"""Which of a fact's dated entries holds: on a date of service, as known on a day, for a claim line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from h2024kb.knowledge.answer import STRONGEST_FIRST, Evidence, Question
from h2024kb.knowledge.model import FACTS, Entry, Policy, Rules, Span, When

V = TypeVar("V")
DAY = dt.timedelta(days=1)


class EntryPeriod(NamedTuple, Generic[V]):
    """An entry with the last day it holds, None while no end is known.

    `back_to` is the first day for which a rule that was seen later may already have held: nothing else is known of the
    days from then on.
    """

    entry: Entry[V]
    last_day: dt.date | None
    back_to: dt.date = dt.date.min

    def evidence(self, day: dt.date) -> Evidence | None:
        """Says what shows that the entry holds on a day; None where nothing does, or it is known not to."""
        entry = self.entry
        if self.last_day is not None and day > self.last_day:
            return None
        if entry.effective_date is not None:
            return "stated" if entry.effective_date <= day else None
        if entry.in_force_by is None:
            return "undated"
        if entry.in_force_by <= day:
            return "seen"
        return "seen-later" if entry.value is not None and self.back_to <= day else None

    def on(self, day: dt.date, accepts: Evidence = "seen") -> bool:
        """Whether the entry holds on a day, by evidence that is accepted; an undated unknown always holds."""
        evidence = self.evidence(day)
        return evidence is not None and (self.entry.value is None or not weaker(evidence, accepts))


def weaker(evidence: Evidence, accepts: Evidence) -> bool:
    """Whether evidence is weaker than the weakest that is accepted."""
    return STRONGEST_FIRST.index(evidence) > STRONGEST_FIRST.index(accepts)


def facts(rules: Rules) -> Iterator[tuple[str, str | None, tuple[Entry[Any], ...]]]:
    """Yields each fact of a heading, the modifier where it is about one, and its dated entries, if any."""
    yield from ((fact, None, getattr(rules, fact)) for fact in FACTS)
    yield from (("modifiers", row.modifier, row.entries) for row in rules.modifiers)


def entries(policy: Policy) -> Iterator[Entry[Any]]:
    """Yields every dated entry under a policy's rules."""
    for rules in policy.rules:
        for _, _, listed in facts(rules):
            yield from listed


def recorded(policy: Policy, entry: Entry[Any]) -> dt.date:
    """Returns the day on which the knowledge base could first have used an entry.

    That is `recorded` where it is written, else the day its source was retrieved; for an unknown, the latest search.
    """
    if entry.recorded:
        return entry.recorded
    days = {source.id: source.retrieved for source in policy.sources}
    days |= {search.id: search.date for search in policy.searches}
    used = [entry.source] if entry.source else entry.searched
    return max((days[name] for name in used if name), default=policy.reviewed)


def known_by(policy: Policy, entries: Iterable[Entry[V]], day: dt.date | None) -> tuple[Entry[V], ...]:
    """Returns the entries known on a day and not withdrawn by then; without a day, all that still stand."""
    if day is None:
        return tuple(entry for entry in entries if entry.withdrawn is None)
    return tuple(
        entry
        for entry in entries
        if recorded(policy, entry) <= day and (entry.withdrawn is None or entry.withdrawn.date > day)
    )


def periods(entries: Sequence[Entry[V]]) -> list[EntryPeriod[V]]:
    """Returns each entry with its last day: its termination date, or the day before the next newer entry starts.

    Only entries for the same claim lines (`when`) end one another. Of two that start on the same day, which only a
    withdrawn one may, the first holds and the second is left out. A rule that was seen may reach back to the end of the
    dated entry before it.
    """
    made: list[EntryPeriod[V]] = []
    next_start: dict[When | None, dt.date] = {}
    for entry in sorted(entries, key=lambda entry: entry.start, reverse=True):
        newer = next_start.get(entry.when)
        if newer == entry.start:
            continue
        ends = [day for day in (entry.termination_date, newer - DAY if newer else None) if day]
        made.append(EntryPeriod(entry, min(ends, default=None)))
        next_start[entry.when] = entry.start
    return [_reaching_back(period, made[at + 1 :]) for at, period in enumerate(made)]


def _reaching_back(period: EntryPeriod[V], older: Sequence[EntryPeriod[V]]) -> EntryPeriod[V]:
    same = (one for one in older if one.entry.when == period.entry.when and one.entry.start > dt.date.min)
    before = next(same, None)
    return period._replace(back_to=before.last_day + DAY) if before and before.last_day else period


def in_force(entries: Sequence[Entry[V]], day: dt.date, accepts: Evidence = "seen") -> list[EntryPeriod[V]]:
    """Returns the entries that hold on a day by evidence that is accepted, at most the best shown for each `when`."""
    return best_on(periods(entries), day, accepts)


def best_on(periods: Iterable[EntryPeriod[V]], day: dt.date, accepts: Evidence) -> list[EntryPeriod[V]]:
    """Returns those of a fact's periods that hold on a day, as `in_force` does."""
    best: dict[When | None, EntryPeriod[V]] = {}
    for period in periods:
        # Newest first, and an undated one last: so the first for the same lines has the best evidence.
        if period.entry.when not in best and period.on(day, accepts):
            best[period.entry.when] = period
    return list(best.values())


def missing_inputs(when: When | None, line: Question) -> tuple[str, ...] | None:
    """Returns what must still be given of the line to see whether it matches; empty if it matches, None if it cannot.

    >>> line = Question(code="H2024", fact="rate", date_of_service=dt.date(2026, 1, 1), modifiers=("U4", "HQ"))
    >>> missing_inputs(When(modifiers=("U4",)), line)
    ()
    >>> missing_inputs(When(modifiers=("U5",), place_of_service=("18",)), line) is None
    True
    >>> missing_inputs(When(modifiers=("U4",), place_of_service=("18",)), line)
    ('place_of_service',)
    """
    missing: list[str] = []
    for name, given, matches in _conditions(when, line):
        if given is None:
            missing.append(name)
        elif not matches:
            return None
    return tuple(missing)


def _conditions(when: When | None, line: Question) -> Iterator[tuple[str, object, bool]]:
    """Each condition: what it looks at, what the line shows of that, and whether it matches."""
    if when and when.modifiers:
        yield "modifiers", line.modifiers, set(when.modifiers) <= set(line.modifiers or ())
    if when and when.only_modifiers is not None:
        yield "modifiers", line.modifiers, set(when.only_modifiers) == set(line.modifiers or ())
    if when and when.place_of_service:
        yield "place_of_service", line.place_of_service, line.place_of_service in when.place_of_service
    if when and when.age:
        yield "age", line.age, line.age is not None and inside(when.age, line.age)


def inside(span: Span, number: int) -> bool:
    """Whether a number lies in a span, whose ends belong to it."""
    return (span.from_ is None or span.from_ <= number) and (span.to is None or number <= span.to)


class Choice(NamedTuple, Generic[V]):
    """The entry that applies to a claim line, or why none can be chosen: inputs still needed, or entries that tie."""

    chosen: EntryPeriod[V] | None
    needs: tuple[str, ...] = ()
    tied: bool = False


def for_line(periods: Sequence[EntryPeriod[V]], line: Question) -> Choice[V]:
    """Returns the entry that applies to the line, or the smallest set of inputs still needed to choose one.

    The entry that asks most of the line wins, so a rule for U4 with HQ stands before one for U4, and one for exactly
    U4 before one for U4 among others. Where all that may
    still apply say the same, nothing more needs to be given. Entries that ask alike and differ tie: none is chosen.
    """
    fits = [(one, missing) for one in periods if (missing := missing_inputs(one.entry.when, line)) is not None]
    sure = [one for one, missing in fits if not missing]
    most = max((_asks(one) for one in sure), default=0)
    best = [one for one in sure if _asks(one) == most]
    open_ = [(one, missing) for one, missing in fits if missing and _asks(one) >= most]
    if best and len({_said(one) for one in (*best, *(one for one, _ in open_))}) == 1:
        return Choice(best[0])
    if open_:
        return Choice(None, needs=tuple(dict.fromkeys(name for _, missing in open_ for name in missing)))
    return Choice(None, tied=True) if best else Choice(None)


def _said(period: EntryPeriod[Any]) -> tuple[object, ...]:
    return period.entry.value, period.entry.unknown, period.entry.condition


def _asks(period: EntryPeriod[Any]) -> int:
    when = period.entry.when
    if when is None:
        return 0
    exactly = 0 if when.only_modifiers is None else len(when.only_modifiers) + 1
    return len(when.modifiers) + exactly + bool(when.place_of_service) + (when.age is not None)

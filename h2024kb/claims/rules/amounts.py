"""How much is billed: units against the payer's unit, its limits, and the time behind them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from h2024kb.claims.cuts import Cut, Total, Value, at_least, at_most, within
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, constant
from h2024kb.claims.rules.saying import broken, open_rule, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.model import Limit, MinimumTime
from h2024kb.knowledge.words import value_lines

MINUTES: Final = {"15-minutes": 15, "hour": 60}
"""How many minutes a unit of time has; a day and half a day have no fixed number."""


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rules on units, limits and minimum time."""
    yield from facts.parts("unit", _unit)
    yield from facts.parts("limits", _limits)
    yield from facts.parts("minimum_time", _minimum_time)


def _own_unit(facts: Facts) -> str | None:
    return _unit_of(facts, facts.code)


def _unit_of(facts: Facts, code: str) -> str | None:
    filed = next((row.unit for row in facts.kb.contents.code_sets.codes if row.code == code), None)
    own = (row for policy in facts.chain() for row in policy.own_codes)
    return filed or next((row.unit for row in own if row.code == code), None)


def _unit(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("unit", answer)
        return
    own = _own_unit(facts)
    states = said(answer, f"Unit: {value_lines(answer.value)[0].lower()}")
    if own is not None and own != answer.value:
        clash = f"{states}; the unit of {facts.code} is {own.replace('-', ' ')}, so units billed cannot be compared"
        yield constant("unit", "cannot-tell", clash, answer)
    elif answer.value == "day":
        cut = at_most("units", Decimal(1), "days")
        judged = {True: Judged("pass"), False: broken(answer, "more units are billed than the line covers days")}
        yield Rule("unit", states, judged.__getitem__, (cut,), answer, facts.likely("unit"))
    else:
        yield constant("unit", "pass", states, answer)


def _limits(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("limits", answer)
        return
    for limit in answer.value:
        yield _limit(facts, answer, limit)


def _limit(facts: Facts, answer: Known[Any], limit: Limit) -> Rule:
    states = said(answer, f"Limit: {value_lines(limit)[0].rstrip('.')}")
    counts = _counts(facts, limit)
    if counts is None:
        return constant("limits", "cannot-tell", f"{states}; a line does not show what this counts", answer)
    measure, _ = counts
    codes = frozenset({facts.code}).union(*(facts.codes_of(name) for name in limit.together_with))
    alike = frozenset(code for code in codes if measure != "units" or _unit_of(facts, code) == _own_unit(facts))
    sure = _within(facts, alike, limit, counts)
    family = codes | (
        facts.codes_of(answer.heading) if answer.heading in facts.kb.services(facts.code) else frozenset()
    )
    wide = _within(facts, family, limit, counts)
    cuts = (sure,) if wide == sure else (sure, wide)
    likely = facts.likely("limits")
    return Rule("limits", states, lambda *found: _kept(answer, limit, measure, found), cuts, answer, likely)


def _within(facts: Facts, codes: frozenset[str], limit: Limit, counts: tuple[str, Decimal]) -> Cut:
    """The total over some codes, of which no line can have two units on one day if a unit of each is a day."""
    measure, bound = counts
    by_day = measure == "units" and all(_unit_of(facts, code) == "day" for code in codes)
    return within(Total(codes, limit.per, measure, by_day), bound)


def _counts(facts: Facts, limit: Limit) -> tuple[str, Decimal] | None:
    """What is added up for a limit, and the most it may come to; None where no line shows what the limit counts.

    A limit that names no unit is in the payer's own, which need not be the code's.
    """
    if limit.amount is not None:
        return "charge", limit.amount
    if limit.units is None:
        return None
    stated, own = facts.answer(facts.question("unit")), _own_unit(facts)
    unit = limit.unit or (stated.value if isinstance(stated, Known) else own)
    if own is None or unit == own:
        return "units", Decimal(limit.units)
    if unit not in MINUTES:
        return None
    minutes = Decimal(limit.units * MINUTES[unit])
    return ("units", minutes / MINUTES[own]) if own in MINUTES else ("minutes", minutes)


def _kept(answer: Known[Any], limit: Limit, measure: str, found: tuple[Value, ...]) -> Judged:
    """The first total counts what the limit surely counts; a second, wider one also codes it may count.

    Those are other codes of the service it is stated for, and codes counted with it whose unit is another one.
    """
    if found[-1] == "within":
        return Judged("pass", "the lines given stay within it")
    if found[0] != "over":
        return Judged(
            "cannot-tell", "whether the lines given stay within it depends on what the limit counts, and when"
        )
    if measure == "charge":
        return Judged("cannot-tell", "more is charged, but the limit is on what is paid")
    if limit.may_be_exceeded:
        return Judged("cannot-tell", "the lines given are over it, and on that condition may be")
    return broken(answer, "the lines given are over it")


def _minimum_time(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    """A line does not tell which of a payer's levels it is, so it is judged by the least and the most of them."""
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Minimum time: {'; '.join(line.rstrip('.') for line in value_lines(answer.value))}")
    rows: list[MinimumTime] = sorted((row for row in answer.value if row.minutes), key=lambda row: row.minutes or 0)
    times = {_times(facts, row) for row in rows}
    if len(times) != 1 or None in times:
        yield constant("minimum-time", "cannot-tell", f"{states}; a line does not show it", answer)
        return
    cuts = tuple(at_least("minutes", Decimal(row.minutes or 0), times.copy().pop()) for row in (rows[0], rows[-1]))
    none_least = any(row.minutes is None for row in answer.value)
    likely = facts.likely("minimum-time")
    yield Rule("minimum-time", states, lambda *met: _long_enough(answer, met, none_least), cuts, answer, likely)


def _times(facts: Facts, row: MinimumTime) -> str | None:
    if row.per in ("unit", _own_unit(facts)):
        return "units"
    return "days" if row.per == "day" else None


def _long_enough(answer: Known[Any], met: tuple[bool, ...], none_least: bool) -> Judged:
    if met[-1]:
        return Judged("pass", "the minutes reach it")
    if met[0] or none_least:
        return Judged(
            "cannot-tell", "the minutes reach it for some of the levels, and the line does not tell its level"
        )
    return broken(answer, "the minutes do not reach it")

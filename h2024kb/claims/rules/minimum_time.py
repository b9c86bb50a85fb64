"""Minimum time: whether there are enough minutes behind what is billed.

Passes: the minutes reach the highest of the payer's times; for a time a day, those of all lines of the day do.
Fails: the minutes do not reach even the lowest, and no level goes without one.
Stays open: the time is one a day, and a line over several days does not say on which its minutes were given, or the
other lines of the day are not given; the minutes reach some of the times and not others, since a line does not say
which of a payer's levels it is; the time is per something that no line shows; the line does not give its minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from h2024kb.claims.cuts import Total, at_least, at_most, within
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, constant
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.model import MinimumTime
from h2024kb.knowledge.words import value_lines

BIT: Final = Decimal("0.000000000000001")
"""The smallest part of a minute that a line can give: more than a time less this is at least that time."""


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on minimum time."""
    yield from facts.parts("minimum_time", _minimum_time)


def _minimum_time(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Minimum time: {'; '.join(line.rstrip('.') for line in value_lines(answer.value))}")
    rows: list[MinimumTime] = sorted((row for row in answer.value if row.minutes), key=lambda row: row.minutes or 0)
    times = {_times(facts, row) for row in rows}
    # Times per different things cannot be put in order, and what no field multiplies cannot be checked.
    if len(times) != 1 or None in times:
        yield constant("minimum-time", "cannot-tell", f"{states}; a line does not show it", answer)
        return
    [field] = times
    # The lowest and the highest are enough: between them the line stays open, whatever levels lie there.
    least, most = (Decimal(row.minutes or 0) for row in (rows[0], rows[-1]))
    cuts = tuple(at_least("minutes", minutes, field) for minutes in (least, most))
    none_least = any(row.minutes is None for row in answer.value)
    likely = facts.likely("minimum-time")
    if field == "units":
        yield Rule("minimum-time", states, lambda *met: _long_enough(answer, met, none_least), cuts, answer, likely)
        return
    # Two visits on one day make up its time together.
    total = Total(frozenset({facts.code}), "day", "minutes", by_day=False)
    of_day = tuple(within(total, minutes - BIT) for minutes in (least, most))

    def judge(alone: bool, alone_most: bool, one_day: bool, day: str, day_most: str) -> Judged:
        states_of = [(alone, day), (alone_most, day_most)]
        met = [by_itself or (one_day and together == "over") for by_itself, together in states_of]
        sure = [
            reached or (one_day and together == "within") for reached, (_, together) in zip(met, states_of, strict=True)
        ]
        if met[1] or all(sure):
            return _long_enough(answer, tuple(met), none_least)
        return Judged("cannot-tell", "whether the minutes of a day reach it, nothing shows")

    yield Rule("minimum-time", states, judge, (*cuts, at_most("days", Decimal(1)), *of_day), answer, likely)


def _times(facts: Facts, row: MinimumTime) -> str | None:
    """The field of a line by which a time is multiplied; None where no field shows it."""
    if row.per in ("unit", facts.unit_of(facts.code)):
        return "units"
    return "days" if row.per == "day" else None


def _long_enough(answer: Known[Any], met: tuple[bool, ...], none_least: bool) -> Judged:
    if met[-1]:
        return Judged("pass", "the minutes reach it")
    if met[0] or none_least:
        return Judged(
            "cannot-tell", "the minutes reach it for some of the levels, and the line does not show its level"
        )
    return broken(answer, "the minutes do not reach it")

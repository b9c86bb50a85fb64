"""Minimum time: whether there are enough minutes behind what is billed.

Passes: the minutes reach the highest of the payer's times.
Fails: the minutes do not reach even the lowest, and no level goes without one.
Stays open: the minutes reach some of the times and not others, since a line does not say which of a payer's levels it
is; the time is per something that no line shows; the line does not give its minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from h2024kb.claims.cuts import at_least
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, constant
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.model import MinimumTime
from h2024kb.knowledge.words import value_lines


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
    cuts = tuple(at_least("minutes", Decimal(row.minutes or 0), field) for row in (rows[0], rows[-1]))
    none_least = any(row.minutes is None for row in answer.value)
    likely = facts.likely("minimum-time")
    yield Rule("minimum-time", states, lambda *met: _long_enough(answer, met, none_least), cuts, answer, likely)


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

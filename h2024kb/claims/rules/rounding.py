"""Rounding: whether the minutes behind a line give as many units as are billed.

Passes: the minutes give the units billed, or more: to bill fewer is no fault.
Fails: more units are billed than the minutes give.
Stays open: the line does not give its minutes or its units.
A rounding for units of another length than the code's says nothing of the code, and there is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from h2024kb.claims.cuts import Value, at_least, at_most
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.claims.units import MINUTES
from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on rounding."""
    yield from facts.parts("rounding", _rounding)


def _rounding(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if not isinstance(answer, Known) or facts.unit_of(facts.code) != answer.value.unit:
        return
    if answer.value.unit not in MINUTES:
        return
    unit, rounds = Decimal(MINUTES[answer.value.unit]), answer.value.units_from_minutes
    if rounds == "up":
        # The last unit needs some part of it: minutes that only fill the units before it are too few.
        cut, enough = at_most("minutes", unit, "units", plus=-unit), False
    else:
        less = unit / 2 if rounds == "midpoint" else Decimal(0)
        cut, enough = at_least("minutes", unit, "units", plus=-less), True
    states = said(answer, f"Rounding: {value_lines(answer.value)[0].lower()}")

    def judge(found: Value) -> Judged:
        if found is enough:
            return Judged("pass", "the minutes give the units billed")
        return broken(answer, "more units are billed than the minutes give")

    yield Rule("rounding", states, judge, (cut,), answer, facts.likely("rounding"))

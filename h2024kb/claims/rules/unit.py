"""Unit: whether the payer's unit goes with the code's unit, and with the units billed.

Passes: the payer's unit is the code's; where it is a day, no more units are billed than the line has days.
Fails: the unit is a day, and more units are billed than the line has days.
Stays open: nobody knows the payer's unit; it is another than the code's, so units billed cannot be compared; the line
does not give its units or days; they are 0 or less, or a part of a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from h2024kb.claims.cuts import at_most, can_be
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, constant, open_rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on the unit, and that units billed must be some."""
    yield from facts.parts("unit", _unit)
    yield _some_units(facts)


def _some_units(facts: Facts) -> Rule:
    # No payer has to say so. What it does with such a line is not known either, so it stays open and never passes.
    whole = facts.unit_of(facts.code) == "day"
    states = f"Units billed: more than 0{', in whole days' if whole else ''}"
    judged = {True: None, False: Judged("cannot-tell", "those of the line cannot be right")}
    return Rule("unit", states, judged.__getitem__, (can_be("units", Decimal(0), whole=whole),))


def _unit(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("unit", answer)
        return
    own = facts.unit_of(facts.code)
    states = said(answer, f"Unit: {value_lines(answer.value)[0].lower()}")
    if own is not None and own != answer.value:
        clash = f"{states}; the unit of {facts.code} is {own.replace('-', ' ')}, so units billed cannot be compared"
        yield constant("unit", "cannot-tell", clash, answer)
    elif answer.value == "day":
        # Of days alone a line shows how many there can be; for units of time there is the rule on minimum time.
        cut = at_most("units", Decimal(1), "days")
        judged = {True: Judged("pass"), False: broken(answer, "more units are billed than the line has days")}
        yield Rule("unit", states, judged.__getitem__, (cut,), answer, facts.likely("unit"))
    else:
        yield constant("unit", "pass", states, answer)

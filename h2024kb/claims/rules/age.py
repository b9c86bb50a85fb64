"""Age: whether the member's age is within what the payer states.

Passes: the age is within it.
Fails: the age is outside it.
Stays open: the age is outside it, and the payer's rule has a condition; the line does not give the age; it
covers several days, and a birthday on one of them would decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from h2024kb.claims.cuts import at_most, bands
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.in_force import inside
from h2024kb.knowledge.model import Span
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on age."""
    yield from facts.parts("age", _age)


def _age(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Age: {value_lines(answer.value)[0]}")

    def judge(age: int, one_day: bool) -> Judged:
        # A line gives the age on its first day. On its last day the member may be a year older.
        kept = {inside(answer.value, age), inside(answer.value, age if one_day else age + 1)}
        if len(kept) == 2:
            return Judged("cannot-tell", "a birthday may lie between the line's first day and its last")
        return Judged("pass") if True in kept else broken(answer, "the member's age is outside it")

    older = Span(from_=_before(answer.value.from_), to=_before(answer.value.to))
    cuts = (bands("age", answer.value, older), at_most("days", Decimal(1)))
    yield Rule("age", states, judge, cuts, answer, facts.likely("age"))


def _before(age: int | None) -> int | None:
    return None if age is None else age - 1

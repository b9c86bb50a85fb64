"""Age: whether the member's age is within what the payer states.

Passes: the age is within it.
Fails: the age is outside it.
Stays open: the age is outside it, and the payer's rule has a condition; the line does not give the age.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import bands
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.in_force import inside
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on age."""
    yield from facts.parts("age", _age)


def _age(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Age: {value_lines(answer.value)[0]}")

    def judge(age: int) -> Judged:
        return Judged("pass") if inside(answer.value, age) else broken(answer, "the member's age is outside it")

    yield Rule("age", states, judge, (bands("age", answer.value),), answer, facts.likely("age"))

"""Who was served and by whom: age, diagnosis, and what no claim line shows unless somebody vouches for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import bands, diagnosed
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.how_given import attest
from h2024kb.claims.rules.saying import broken, open_rule, said
from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.in_force import inside
from h2024kb.knowledge.words import FACT_WORDS, value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rules on the member and the provider."""
    yield from facts.parts("age", _age)
    yield from facts.parts("diagnosis", _diagnosis)
    yield from facts.parts("prerequisite", _vouched_for)
    yield from facts.parts("provider_qualification", _vouched_for)


def _age(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Age: {value_lines(answer.value)[0]}")

    def judge(age: int) -> Judged:
        return Judged("pass") if inside(answer.value, age) else broken(answer, "the member's age is outside it")

    yield Rule("age", states, judge, (bands("age", answer.value),), answer, facts.likely("age"))


def _diagnosis(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    """A policy that asks for a diagnosis from a list nobody could read says so in a stated unknown."""
    if isinstance(answer, Unknown):
        if answer.why == "searched and silent":
            yield open_rule("diagnosis", answer)
        return
    states = said(answer, f"Diagnosis: {value_lines(answer.value)[0].rstrip('.')}")
    lacks = broken(answer, "the line has none of these")
    if answer.complete is False:
        lacks = Judged("cannot-tell", "the line has none of those seen, and there may be others")
    judged = {True: Judged("pass", "the line has one"), False: lacks}
    cut = diagnosed(answer.value.any_of)
    yield Rule("diagnosis", states, judged.__getitem__, (cut,), answer, facts.likely("diagnosis"))


def _vouched_for(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    fact = answer.question.fact
    what = "; ".join(line.rstrip(".") for line in value_lines(answer.value))
    yield attest(fact.replace("_", "-"), said(answer, f"{FACT_WORDS[fact]}: {what}"), answer)

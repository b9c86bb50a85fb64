"""Prior authorization: whether the line has an authorization number where the payer asks for one.

Passes: the line has a number, or none is required.
Fails: a number is required without a condition, and the line says that it has none.
Stays open: nobody knows whether one is required; one is required on a condition, and the line has none; the line does
not say whether it has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import given
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, constant, open_rule
from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.words import answer_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on prior authorization."""
    yield from facts.parts("prior_authorization", _authorization)


def _authorization(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("prior-authorization", answer)
        return
    states = f"Prior authorization: {'; '.join(answer_lines(answer)).rstrip('.')}"
    if answer.value == "not-required" and answer.condition is None:
        yield constant("prior-authorization", "pass", states, answer)
        return
    # A condition that no line shows may not hold, and then no number is required.
    sure = answer.value == "required" and answer.condition is None
    lacks = Judged("fail", "the line has no number") if sure else Judged("cannot-tell", "the line has no number")
    yield Rule(
        "prior-authorization",
        states,
        lambda has_number: Judged("pass", "the line has a number") if has_number else lacks,
        (given("prior_authorization_number"),),
        answer,
        facts.likely("prior-authorization"),
    )

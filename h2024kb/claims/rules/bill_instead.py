"""Bill instead: whether the payer names other codes for this service.

Passes, and says nothing: the payer names no other code, or names this one among them, or states the coverage of this
very code, or does not cover it; the rule on coverage has then said all there is.
Fails: never. A payer that names another code does not thereby refuse this one.
Stays open: the payer names other codes, and is silent on this one.
"""

from __future__ import annotations

from collections.abc import Iterator

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part, constant
from h2024kb.knowledge.answer import Known, Unknown
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on other codes, where it leaves a line open."""
    answer = facts.answer(facts.question("bill_instead"))
    coverage = facts.answer(facts.question("coverage"))
    settled = isinstance(coverage, Known) and (coverage.heading == facts.code or coverage.value == "not-covered")
    if isinstance(answer, Unknown) or settled or facts.code in {row.code for row in answer.value}:
        return
    states = f"For this service the payer names {'; '.join(value_lines(answer.value))}"
    yield constant("bill-instead", "cannot-tell", f"{states}; it says nothing about {facts.code}", answer)

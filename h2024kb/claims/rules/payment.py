"""Payment: whether the line is paid, or only reported.

Passes: whatever the policy states, in its words. A line that is only reported must still be sent, so it breaks nothing.
Fails: never.
Stays open: never. Where the policy does not say, there is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part, Rule, constant
from h2024kb.claims.rules.wording import said
from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on payment."""
    yield from facts.parts("payment", _payment)


def _payment(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Known):
        yield constant("payment", "pass", said(answer, f"Payment: {value_lines(answer.value)[0].lower()}"), answer)

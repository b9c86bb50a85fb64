"""Provider qualification: who may give the service, which no claim line shows.

Passes: somebody vouches for it.
Fails: the line says that it does not hold.
Stays open: nobody vouches for it. Where the policy does not state one, there is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part, Rule
from h2024kb.claims.rules.vouched import attest
from h2024kb.claims.rules.wording import said
from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.words import FACT_WORDS, value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on who may give the service."""
    yield from facts.parts("provider_qualification", _qualification)


def _qualification(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Known):
        what = "; ".join(line.rstrip(".") for line in value_lines(answer.value))
        states = said(answer, f"{FACT_WORDS['provider_qualification']}: {what}")
        yield attest("provider-qualification", states, answer)

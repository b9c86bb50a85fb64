"""Prerequisite: what must have happened or hold before the service, and no claim line shows.

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
    """Yields the rule on what must hold before."""
    yield from facts.parts("prerequisite", _prerequisite)


def _prerequisite(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Known):
        what = "; ".join(line.rstrip(".") for line in value_lines(answer.value))
        yield attest("prerequisite", said(answer, f"{FACT_WORDS['prerequisite']}: {what}"), answer)

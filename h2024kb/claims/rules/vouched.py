"""Rules on what no claim line shows: they are met only where somebody vouches for it, in `conditions_met`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import attested
from h2024kb.claims.facts import Facts
from h2024kb.claims.finding import Likely
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.wording import said
from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.words import FACT_WORDS, value_lines


def vouched(holds: bool) -> Judged:
    """Returns what a rule says where somebody vouches that its conditions hold, or says that they do not."""
    return Judged("pass", "vouched for") if holds else Judged("fail", "the line says that this is not so")


def attest(name: str, states: str, answer: Known[Any], likely: Likely | None = None) -> Rule:
    """Returns a rule about what no claim line shows; it stays open until `conditions_met` is given."""
    return Rule(name, states, vouched, (attested(),), answer, likely)


def attested_parts(facts: Facts, name: str) -> Iterator[Part]:
    """Yields the rule of a name on what the policy states of that fact in words; none where it states nothing."""
    fact = name.replace("-", "_")

    def rules(_: Facts, answer: Answer[Any]) -> Iterator[Rule]:
        if isinstance(answer, Known):
            what = "; ".join(line.rstrip(".") for line in value_lines(answer.value))
            yield attest(name, said(answer, f"{FACT_WORDS[fact]}: {what}"), answer, facts.likely(name))

    yield from facts.parts(fact, rules)

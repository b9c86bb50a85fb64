"""Diagnosis: whether the claim has one of the diagnoses that the payer asks for.

Passes: a diagnosis on the claim begins with one of the codes listed.
Fails: none does, and the list is complete.
Stays open: none does, and there may be other codes; the policy asks for a diagnosis from a list that nobody could read;
the line does not give its diagnoses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import diagnosed
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, open_rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on diagnoses."""
    yield from facts.parts("diagnosis", _diagnosis)


def _diagnosis(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        # Most payers ask for no diagnosis, so it means nothing that nobody has looked. An unknown stated in a policy
        # file is different: there the policy asks for a diagnosis, from a list that nobody could read.
        if answer.entry is not None:
            yield open_rule("diagnosis", answer)
        return
    states = said(answer, f"Diagnosis: {value_lines(answer.value)[0].rstrip('.')}")
    lacks = broken(answer, "the claim has none of these")
    if answer.complete is False:
        lacks = Judged("cannot-tell", "the claim has none of those seen, and there may be others")
    judged = {True: Judged("pass", "the claim has one"), False: lacks}
    cut = diagnosed(answer.value.any_of)
    yield Rule("diagnosis", states, judged.__getitem__, (cut,), answer, facts.likely("diagnosis"))

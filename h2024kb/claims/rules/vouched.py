"""Rules on what no claim line shows: they are met only where somebody vouches for it, in `conditions_met`."""

from __future__ import annotations

from typing import Any

from h2024kb.claims.cuts import attested
from h2024kb.claims.rule import Judged, Rule
from h2024kb.knowledge.answer import Known


def vouched(holds: bool) -> Judged:
    """Returns what a rule says where somebody vouches that its conditions hold, or says that they do not."""
    return Judged("pass", "vouched for") if holds else Judged("fail", "the line says that this is not so")


def attest(name: str, states: str, answer: Known[Any]) -> Rule:
    """Returns a rule about what no claim line shows; it stays open until `conditions_met` is given."""
    return Rule(name, states, vouched, (attested(),), answer)

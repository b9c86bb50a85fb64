"""Telehealth: whether the line shows telehealth where the payer does not allow it.

Passes: the line shows telehealth, and the payer allows it without a condition. A line that shows none has no finding.
Fails: the line shows telehealth, and the payer does not allow it.
Stays open: the line shows telehealth, and the payer's rule has a condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from h2024kb.claims.cuts import OTHER, Value, named, showing
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.words import value_lines

TELEHEALTH_PLACES: Final = frozenset({"02", "10"})
TELEHEALTH_MODIFIERS: Final = frozenset({"95", "93", "GT", "GQ", "FQ"})
"""What shows on a line that the service was given by telehealth, by CMS's lists of places and modifiers."""


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on telehealth."""
    yield from facts.parts("telehealth", _telehealth)


def _telehealth(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    sets = frozenset(frozenset({modifier}) for modifier in TELEHEALTH_MODIFIERS)
    cuts = (named("place_of_service", TELEHEALTH_PLACES), showing(sets))
    states = said(answer, f"Telehealth: {value_lines(answer.value)[0]}")
    yield Rule(
        "telehealth",
        states,
        lambda at, shown: _by_telehealth(answer, at, shown),
        cuts,
        answer,
        facts.likely("telehealth"),
    )


def _by_telehealth(answer: Known[Any], place: Value, modifiers: Value) -> Judged | None:
    if place == OTHER and not modifiers:
        return None
    if answer.value == "not-allowed":
        return broken(answer, "the line shows telehealth")
    return Judged("cannot-tell" if answer.condition else "pass", "the line shows telehealth")

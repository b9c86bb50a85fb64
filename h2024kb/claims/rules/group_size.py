"""Group size: whether as many members are served together as the payer states for a group.

Passes: two or more members, within the size stated. A line for one member alone is not a group and has no finding.
Fails: two or more members, outside the size stated.
Stays open: the size is outside, and the payer's rule has a condition; the line does not give the size.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from h2024kb.claims.cuts import at_most, bands
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.in_force import inside
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on the size of a group."""
    yield from facts.parts("group_size", _group_size)


def _group_size(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Group size: {value_lines(answer.value)[0]}")
    # One member alone is a question of its own: a payer's span may begin at 1 or 3, and neither makes one member a
    # group.
    cuts = (at_most("group_size", Decimal(1)), bands("group_size", answer.value))
    yield Rule(
        "group-size",
        states,
        lambda alone, size: _in_group(answer, alone, size),
        cuts,
        answer,
        facts.likely("group-size"),
    )


def _in_group(answer: Known[Any], alone: bool, size: int) -> Judged | None:
    if alone:
        return None
    if inside(answer.value, size):
        return Judged("pass", "the group's size is within it")
    return broken(answer, "the group's size is outside it")

"""Timely filing: whether the claim reaches the payer soon enough.

Passes: the claim is sent within the days stated, counted from the last day of the line to the day it is sent.
Fails: it is sent later.
Stays open: it is sent later, and the payer's rule has a condition; the line does not give the day on which it is sent;
it is sent before the last day of the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from h2024kb.claims.cuts import at_most, can_be
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Unknown


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on timely filing, and that a claim is sent after the service."""
    yield from facts.parts("timely_filing", _timely)
    # No payer says so in the policies, so the line does not fail; one of the two dates is wrong, so it never passes.
    judged = {
        True: None,
        False: Judged("cannot-tell", "it comes before the line's last day, so one is wrong"),
    }
    served = can_be("days_to_submission", Decimal(-1))
    yield Rule("timely-filing", "The day the claim is sent", judged.__getitem__, (served,))


def _timely(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Timely filing: within {answer.value.days} days of the service")
    judged = {True: Judged("pass"), False: broken(answer, "the claim is sent later")}
    cut = at_most("days_to_submission", Decimal(answer.value.days))
    yield Rule("timely-filing", states, judged.__getitem__, (cut,), answer, facts.likely("timely-filing"))

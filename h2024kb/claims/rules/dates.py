"""When the claim is sent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from h2024kb.claims.cuts import at_most
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.saying import broken, said
from h2024kb.knowledge.answer import Answer, Unknown


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on timely filing."""
    yield from facts.parts("timely_filing", _timely)


def _timely(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    """The days are counted from the last day of the line to the day the claim is sent."""
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Timely filing: within {answer.value.days} days of the service")
    judged = {True: Judged("pass"), False: broken(answer, "the claim is sent later")}
    cut = at_most("days_to_submission", Decimal(answer.value.days))
    yield Rule("timely-filing", states, judged.__getitem__, (cut,), answer, facts.likely("timely-filing"))

"""Coverage: whether the payer covers the code on the date of service.

Passes: covered without a condition, or on conditions that somebody vouches for.
Fails: not covered without a condition, or on conditions that the line says are not met.
Stays open: nobody knows; covered on conditions that nobody vouches for; not covered on a condition, which no claim line
shows; "conditional" without the conditions stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import attested
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, constant, open_rule
from h2024kb.claims.rules.vouched import vouched
from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.words import answer_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on coverage."""
    yield from facts.parts("coverage", _coverage)


def _coverage(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("coverage", answer)
        return
    states = f"Coverage: {'; '.join(answer_lines(answer))}".rstrip(".")
    # Medicare's contractors send several reasons for a code that Medicare does not take, and none of them was read.
    likely = None if facts.policy.line_of_business == "medicare" else facts.likely("coverage")
    if answer.condition is None:
        outcomes = {"covered": Judged("pass"), "not-covered": Judged("fail")}
        judged = outcomes.get(answer.value, Judged("cannot-tell", "the condition is not stated"))
        yield Rule("coverage", states, lambda: judged, answer=answer, likely=likely)
    elif answer.value == "not-covered":
        # Vouching says that conditions are met, and here that would mean the line is refused: nobody vouches for that.
        yield constant("coverage", "cannot-tell", f"{states}; a line does not show whether that is so", answer)
    else:
        # The service is covered; the member or the service lacks what the coverage asks for.
        unmet = facts.likely("prerequisite")
        yield Rule("coverage", states, vouched, (attested(),), answer, unmet)

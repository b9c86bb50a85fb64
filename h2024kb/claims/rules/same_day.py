"""Same day: whether the member has a line on the same day beside which the payer does not pay this one.

Passes: the member's other lines are given, and none with such a code shares a day with this one; or, where the service
has no code that a line would show, somebody vouches for it.
Fails: such a line is on the same day, and each of the two covers one day only.
Stays open: the other lines are not given; the two lines cover several days and overlap, so whether they share a day is
not known; a line without a code may be such a one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import beside
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.vouched import attest
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.model import SameDay
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields a rule for each code or service that is not payable on the same day."""
    yield from facts.parts("same_day", _same_day)


def _same_day(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    for row in answer.value:
        yield _not_beside(facts, answer, row)


def _not_beside(facts: Facts, answer: Known[Any], row: SameDay) -> Rule:
    codes = facts.codes_of(row.code or row.service or "")
    states = said(answer, f"Not payable on the same day: {value_lines(row)[0].rstrip('.')}")
    # A service that the code sets do not list comes back as its own name, which no line bears as a code.
    if not codes or codes == {row.service}:
        return attest("same-day", f"{states}; it has no code that a line would show", answer)
    judged = {
        "apart": Judged("pass", "no such line on the day"),
        "beside": broken(answer, "there is such a line on the day"),
        "unsure": Judged("cannot-tell", "lines that cover several days do not show whether they share a day"),
    }
    return Rule("same-day", states, judged.__getitem__, (beside(codes),), answer, facts.likely("same-day"))

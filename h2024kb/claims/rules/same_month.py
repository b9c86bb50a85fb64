"""Same month: whether the member has a line in the same calendar month beside which the payer does not pay this one.

Passes: the member's other lines are given, and none with such a code is in a month of this one; or, where the service
has no code that a line would show, somebody vouches for it.
Fails: such a line is in the same month, and each of the two lies in that month alone.
Stays open: the other lines are not given; one of the two lies in several months, so whether they share one is not
known; a line without a code may be such a one.
"""

from __future__ import annotations

from collections.abc import Iterator

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part
from h2024kb.claims.rules.not_beside import not_beside_parts


def parts(facts: Facts) -> Iterator[Part]:
    """Yields a rule for each code or service that is not payable in the same month."""
    yield from not_beside_parts(facts, "same-month", "month")

"""Same day: whether the member has a line on the same day beside which the payer does not pay this one.

Passes: the member's other lines are given, and none with such a code shares a day with this one; or, where the service
has no code that a line would show, somebody vouches for it.
Fails: such a line is on the same day, and each of the two covers one day only.
Stays open: the other lines are not given; the two lines cover several days and overlap, so whether they share a day is
not known; a line without a code may be such a one.
"""

from __future__ import annotations

from collections.abc import Iterator

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part
from h2024kb.claims.rules.not_beside import not_beside_parts


def parts(facts: Facts) -> Iterator[Part]:
    """Yields a rule for each code or service that is not payable on the same day."""
    yield from not_beside_parts(facts, "same-day", "day")

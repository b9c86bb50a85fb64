"""The rules, a file each, named as the rule that a finding shows: `place-of-service` is in `place_of_service.py`.

Each file says in its first lines what passes, what fails and what stays open, and turns what a policy states on a day
into rules that can be settled for a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part
from h2024kb.claims.rules import (
    age,
    bill_instead,
    billing_lines,
    code,
    coverage,
    diagnosis,
    group_size,
    limits,
    minimum_time,
    modifiers,
    payment,
    place_of_service,
    prerequisite,
    prior_authorization,
    provider_qualification,
    rounding,
    same_day,
    same_month,
    telehealth,
    timely_filing,
    unit,
)

IN_ORDER: Final[tuple[Callable[[Facts], Iterator[Part]], ...]] = (
    code.parts,
    coverage.parts,
    bill_instead.parts,
    payment.parts,
    prior_authorization.parts,
    modifiers.parts,
    billing_lines.parts,
    modifiers.parts_on_others,  # after the table, whose modifiers are not among the others
    place_of_service.parts,
    telehealth.parts,
    group_size.parts,
    same_day.parts,
    same_month.parts,
    unit.parts,
    limits.parts,
    minimum_time.parts,
    rounding.parts,
    age.parts,
    diagnosis.parts,
    prerequisite.parts,
    provider_qualification.parts,
    timely_filing.parts,
)
"""The rules in the order in which a biller asks, which is the order of findings."""


def all_parts(facts: Facts) -> Iterator[Part]:
    """Yields every rule for a policy and a code on a day, in the order in which a biller asks."""
    for parts in IN_ORDER:
        yield from parts(facts)

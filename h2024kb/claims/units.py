"""What a unit of a code is, and how many minutes it has."""

from __future__ import annotations

from typing import Final

from h2024kb.knowledge.code_sets import Contents

MINUTES: Final = {"15-minutes": 15, "hour": 60}
"""How many minutes a unit of time has; a day and half a day have no fixed number."""


def unit_of_each_code(contents: Contents) -> dict[str, str]:
    """Returns the unit of every code that has one: as CMS lists it, or as the payer whose own code it is."""
    units = {row.code: row.unit for row in contents.code_sets.codes if row.unit}
    units |= {row.code: row.unit for policy in contents.policies for row in policy.own_codes if row.unit}
    return dict(units)

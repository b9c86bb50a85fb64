"""Prerequisite: what must have happened or hold before the service, and no claim line shows.

Passes: somebody vouches for it.
Fails: the line says that it does not hold.
Stays open: nobody vouches for it. Where the policy does not state one, there is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part
from h2024kb.claims.rules.vouched import attested_parts


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on what must hold before."""
    yield from attested_parts(facts, "prerequisite")

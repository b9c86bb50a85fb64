"""The rules: each module turns what a policy states on a day into rules that can be settled for a line."""

from __future__ import annotations

from collections.abc import Iterator

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part
from h2024kb.claims.rules import amounts, coverage, dates, how_given, modifiers, who


def all_parts(facts: Facts) -> Iterator[Part]:
    """Yields every rule for a policy and a code on a day, in the order a biller asks."""
    yield from coverage.parts(facts)
    yield from modifiers.parts(facts)
    yield from how_given.parts(facts)
    yield from amounts.parts(facts)
    yield from who.parts(facts)
    yield from dates.parts(facts)

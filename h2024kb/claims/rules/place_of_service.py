"""Place of service: whether the service may be given where the line says it was.

Passes: the place is among those allowed, or is not refused where the payer lists only those it refuses; settings that
the payer allows or refuses in words are vouched for.
Fails: the place is refused, or is not in a complete list of those allowed; the line says that the setting is not so.
Stays open: nobody knows; the place is not in a list that may not be complete; nobody vouches for the setting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import OTHER, Value, named
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, open_rule
from h2024kb.claims.rules.vouched import attest
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rules on places of service: one on the codes listed, one on settings in words."""
    yield from facts.parts("place_of_service", _place)


def _place(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("place-of-service", answer)
        return
    allowed, refused = frozenset(answer.value.allowed), frozenset(answer.value.not_allowed)
    if allowed or refused:
        states = said(answer, f"Place of service: {value_lines(answer.value)[0].rstrip('.')}")
        cut = named("place_of_service", allowed | refused)
        likely = facts.likely("place-of-service")
        yield Rule("place-of-service", states, lambda at: _at(answer, at), (cut,), answer, likely)
    settings = [*answer.value.settings, *(f"not in: {setting}" for setting in answer.value.settings_excluded)]
    if settings:
        states = said(answer, f"Setting: {'; '.join(setting.rstrip('.') for setting in settings)}")
        yield attest("place-of-service", states, answer, facts.likely("place-of-service"))


def _at(answer: Known[Any], place: Value) -> Judged:
    if place in answer.value.not_allowed:
        return broken(answer, "the place of service is not allowed")
    # A list of refused places alone says nothing against any other place.
    if place in answer.value.allowed or not answer.value.allowed:
        return Judged(
            "pass", "the place of service is allowed" if place != OTHER else "the place of service is not refused"
        )
    if answer.complete is False:
        return Judged("cannot-tell", "the place of service is not one of those seen, and there may be others")
    return broken(answer, "the place of service is not among those allowed")

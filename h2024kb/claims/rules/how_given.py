"""How the service was given: where, by telehealth, to how many at once, beside what else on the day."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from h2024kb.claims.cuts import OTHER, Value, at_most, attested, bands, beside, named, showing
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.saying import broken, open_rule, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.in_force import inside
from h2024kb.knowledge.model import SameDay
from h2024kb.knowledge.words import value_lines

TELEHEALTH_PLACES: Final = frozenset({"02", "10"})
TELEHEALTH_MODIFIERS: Final = frozenset({"95", "93", "GT", "GQ", "FQ"})
"""What tells on a line that the service was given by telehealth, as CMS's lists of places and modifiers have it."""


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rules on place, telehealth, group and what else was given that day."""
    yield from facts.parts("place_of_service", _place)
    yield from facts.parts("telehealth", _telehealth)
    yield from facts.parts("group_size", _group_size)
    yield from facts.parts("same_day", _same_day)


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
    if answer.value.settings:
        states = said(answer, f"Setting: {'; '.join(setting.rstrip('.') for setting in answer.value.settings)}")
        yield attest("place-of-service", states, answer)


def _at(answer: Known[Any], place: Value) -> Judged:
    if place in answer.value.not_allowed:
        return broken(answer, "the line's is not allowed")
    if place in answer.value.allowed or not answer.value.allowed:
        return Judged("pass", "the line's is allowed" if place != OTHER else "the line's is none that is refused")
    if answer.complete is False:
        return Judged("cannot-tell", "the line's is none of those seen, and there may be others")
    return broken(answer, "the line's is not among those allowed")


def attest(name: str, states: str, answer: Known[Any]) -> Rule:
    """Returns a rule about what no claim line shows, settled only by somebody who vouches for it."""
    return Rule(name, states, _vouched, (attested(),), answer)


def _vouched(holds: bool) -> Judged:
    return Judged("pass", "vouched for") if holds else Judged("fail", "the line says that this does not hold")


def _telehealth(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    sets = frozenset(frozenset({modifier}) for modifier in TELEHEALTH_MODIFIERS)
    cuts = (named("place_of_service", TELEHEALTH_PLACES), showing(sets))
    states = said(answer, f"Telehealth: {value_lines(answer.value)[0]}")
    yield Rule("telehealth", states, lambda at, shown: _by_telehealth(answer, at, shown), cuts, answer)


def _by_telehealth(answer: Known[Any], place: Value, modifiers: Value) -> Judged | None:
    if place == OTHER and not modifiers:
        return None
    if answer.value == "not-allowed":
        return broken(answer, "the line shows telehealth")
    return Judged("cannot-tell" if answer.condition else "pass", "the line shows telehealth")


def _group_size(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    states = said(answer, f"Group size: {value_lines(answer.value)[0]}")
    cuts = (at_most("group_size", Decimal(1)), bands("group_size", answer.value))
    yield Rule("group-size", states, lambda alone, size: _in_group(answer, alone, size), cuts, answer)


def _in_group(answer: Known[Any], alone: bool, size: int) -> Judged | None:
    if alone:
        return None
    if inside(answer.value, size):
        return Judged("pass", "the group's size is within it")
    return broken(answer, "the group's size is outside it")


def _same_day(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        return
    for row in answer.value:
        yield _not_beside(facts, answer, row)


def _not_beside(facts: Facts, answer: Known[Any], row: SameDay) -> Rule:
    codes = facts.codes_of(row.code or row.service or "")
    states = said(answer, f"Not payable on the same day: {value_lines(row)[0].rstrip('.')}")
    if not codes or codes == {row.service}:
        return attest("same-day", f"{states}; it has no code that a line would show", answer)
    judged = {
        "apart": Judged("pass", "no such line on the day"),
        "beside": broken(answer, "such a line stands on the day"),
        "unsure": Judged("cannot-tell", "lines that cover several days do not tell whether they share one"),
    }
    return Rule("same-day", states, judged.__getitem__, (beside(codes),), answer, facts.likely("same-day"))

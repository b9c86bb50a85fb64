"""Limits: whether the lines of a member stay within the most that is paid in a period.

Passes: this line and the member's other lines stay within the limit, whatever day the payer's period begins on and
whatever else the limit counts.
Fails: the lines that the limit surely counts are over it, however the period is laid.
Stays open: nobody knows the limit; no line shows what it counts, or a service that it counts too; the other lines are
not given; whether the lines are over it depends on what it counts or when its period begins; the limit is on what is
paid, and a line shows only what is charged; the payer says that it may be exceeded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from h2024kb.claims.cuts import Cut, Total, Value, within
from h2024kb.claims.facts import Facts
from h2024kb.claims.other_lines import NUMBERS
from h2024kb.claims.rule import Judged, Part, Rule, constant, open_rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.claims.units import MINUTES
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.model import Limit, is_code
from h2024kb.knowledge.words import value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields a rule for each limit."""
    yield from facts.parts("limits", _limits)


def _limits(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("limits", answer)
        return
    for limit in answer.value:
        yield _limit(facts, answer, limit)


def _limit(facts: Facts, answer: Known[Any], limit: Limit) -> Rule:
    states = said(answer, f"Limit: {value_lines(limit)[0].rstrip('.')}")
    counts = _counts(facts, limit)
    if counts is None:
        return constant("limits", "cannot-tell", f"{states}; a line does not show what this counts", answer)
    # Two totals: the first counts only what the limit surely counts, the second also what it may count: the other codes
    # of the service that it is stated for, and codes counted with it whose unit is another one. The limit is broken
    # where the first is over it, and kept where the second is within it; between the two, nobody can say.
    measure, _ = counts
    codes = frozenset({facts.code}).union(*(facts.codes_of(name) for name in limit.together_with))
    own = facts.unit_of(facts.code)
    surely = frozenset(code for code in codes if measure != "units" or facts.unit_of(code) == own)
    of_service = answer.heading in facts.kb.services(facts.code)
    perhaps = codes | (facts.codes_of(answer.heading) if of_service else frozenset())
    sure, wide = (_within(facts, counted, limit, counts) for counted in (surely, perhaps))
    cuts = (sure,) if wide == sure else (sure, wide)
    # A service without codes is on lines that nobody here can tell from others, so its units are not among those added.
    unseen = [name for name in limit.together_with if not is_code(name) and not facts.codes_of(name) - {name}]
    likely = facts.likely("limits")
    return Rule("limits", states, lambda *found: _kept(answer, limit, measure, found, unseen), cuts, answer, likely)


def _within(facts: Facts, codes: frozenset[str], limit: Limit, counts: tuple[str, Decimal]) -> Cut:
    """The total over some codes, of which no line can have two units on one day where a unit of its code is a day."""
    measure, bound = counts
    days = frozenset(code for code in codes if measure == "units" and facts.unit_of(code) == "day")
    by_day = days == codes
    return within(Total(codes, limit.per, measure, by_day, frozenset() if by_day else days), bound)


def _counts(facts: Facts, limit: Limit) -> tuple[str, Decimal] | None:
    """What is added up for a limit, and the most it may come to; None where no line shows what the limit counts.

    No line shows what belongs to one authorization or placement, or when a period of so many days begins.
    A limit that names no unit is in the payer's own, which need not be the code's.
    """
    if limit.counts or limit.per not in NUMBERS:
        return None
    if limit.amount is not None:
        return "charge", limit.amount
    if limit.units is None:
        return None
    stated, own = facts.answer(facts.question("unit")), facts.unit_of(facts.code)
    unit = limit.unit or (stated.value if isinstance(stated, Known) else own)
    if own is None or unit == own:
        return "units", Decimal(limit.units)
    if unit not in MINUTES:
        return None
    minutes = Decimal(limit.units * MINUTES[unit])
    return ("units", minutes / MINUTES[own]) if own in MINUTES else ("minutes", minutes)


def _kept(answer: Known[Any], limit: Limit, measure: str, found: tuple[Value, ...], unseen: Sequence[str]) -> Judged:
    if unseen and found[0] != "over":
        services = ", ".join(name.replace("-", " ") for name in unseen)
        return Judged("cannot-tell", f"it counts {services} too, which has no code that a line would show")
    if found[-1] == "within":
        return Judged("pass", "the lines given stay within it")
    if found[0] != "over":
        return Judged(
            "cannot-tell",
            "whether the lines given stay within it depends on what the limit counts, and on when its period begins",
        )
    if measure == "charge":
        return Judged("cannot-tell", "more is charged, but the limit is on what is paid")
    if limit.may_be_exceeded:
        return Judged("cannot-tell", "the lines given are over it, which the payer may allow on that condition")
    return broken(answer, "the lines given are over it")

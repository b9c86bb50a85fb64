"""Modifiers: what a payer asks for, refuses, and lists in its table of billing lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import OTHER, beyond, has, row, told
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.saying import broken, open_rule, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.lookup import stated
from h2024kb.knowledge.model import BillingLine
from h2024kb.knowledge.words import FACT_WORDS, modifiers_words, value_lines

Shown = frozenset[str] | str
"""The modifiers of the row a line is, or OTHER."""


def parts(facts: Facts) -> Iterator[Part]:
    """Yields a rule for each modifier the policy speaks of, one for its table, and one for all other modifiers."""
    names = spoken_of(facts)
    for name in names:
        yield from facts.parts("modifiers", _one, name)
    yield from facts.parts("billing_lines", _table)
    yield _others(facts, names)


def spoken_of(facts: Facts) -> tuple[str, ...]:
    """Returns every modifier that the policy, or one it follows, mentions for the code."""
    question = facts.question("modifiers")
    rows = (row.modifier for _, rules in stated(facts.kb.index, question) for row in rules.modifiers)
    return tuple(dict.fromkeys(rows))


def _one(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    name = answer.question.modifier or ""
    if isinstance(answer, Unknown):
        states = f"Modifier {name} not known ({answer.why}): {answer.because}".rstrip(".")
        yield Rule("modifiers", states, lambda on: Judged("cannot-tell") if on else None, (has(name),), answer)
        return
    judges = {
        "required": lambda on: Judged("pass") if on else broken(answer, "the line lacks it", likely=False),
        "not-allowed": lambda on: broken(answer, "the line has it") if on else None,
    }
    stands = Judged("cannot-tell" if answer.condition else "pass")
    judge = judges.get(answer.value.use, lambda on: stands if on else None)
    states = said(answer, f"Modifier {name}: {value_lines(answer.value)[0].rstrip('.')}")
    yield Rule("modifiers", states, judge, (has(name),), answer, facts.likely("modifiers"))


def _table(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("billing-lines", answer)
        return
    rows: dict[Shown, BillingLine] = {frozenset(line.modifiers): line for line in answer.value}
    sets = frozenset(frozenset(line.modifiers) for line in answer.value)
    cuts = (row(sets, _free(facts)), told("modifiers"))
    states = said(answer, f"The payer's table for {facts.code}")
    likely = facts.likely("billing-lines")
    yield Rule("billing-lines", states, lambda fits, any_: _fits(answer, rows, fits, any_), cuts, answer, likely)


def _fits(answer: Known[Any], rows: dict[Shown, BillingLine], fits: Shown, any_: bool) -> Judged:
    if fits != OTHER:
        line = rows[fits]
        return Judged("pass", f"the line is its row {modifiers_words(line.modifiers)}: {line.describes.rstrip('.')}")
    listed = ", ".join(modifiers_words(line.modifiers) for line in rows.values())
    if answer.complete:
        return broken(answer, f"the line is none of its rows: {listed}", likely=any_)
    return Judged("cannot-tell", f"the line is none of the rows seen ({listed}), and there may be others")


def _free(facts: Facts) -> frozenset[str]:
    """The modifiers that may stand beside a row: those the payer allows, or takes as information, on some lines.

    On a line on which such a modifier is not allowed, the rule on that modifier is broken already.
    """
    free = set()
    for name in spoken_of(facts):
        question = facts.question("modifiers", name)
        answer = facts.answer(question)
        uses = [answer.value] if isinstance(answer, Known) else []
        if isinstance(answer, Unknown) and answer.needs:
            uses = [entry.value for entry in facts.entries(question) if entry.value]
        if any(value.use in ("allowed", "informational") for value in uses):
            free.add(name)
    return frozenset(free)


def _others(facts: Facts, names: tuple[str, ...]) -> Rule:
    table = facts.answer(facts.question("billing_lines"))
    listed = {name for line in table.value for name in line.modifiers} if isinstance(table, Known) else set()
    known = frozenset({*names, *listed})
    spoken = f"of {', '.join(sorted(known))} only" if known else "of none"
    states = f"{FACT_WORDS['modifiers']}s: the policy speaks {spoken}"
    says = "the line has another, which is neither allowed nor refused"
    return Rule("modifiers", states, lambda more: Judged("cannot-tell", says) if more else None, (beyond(known),))

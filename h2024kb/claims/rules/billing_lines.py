"""Billing lines: whether the line is one of the sets of modifiers that the payer's table lists for the code.

Passes: the line has all modifiers of a row, and beyond them only such as the payer allows beside any row.
Fails: the line fits no row of a table that the source calls complete.
Stays open: nobody knows the table; the line fits none of the rows seen, and there may be others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import OTHER, given, row
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, open_rule
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.model import BillingLine
from h2024kb.knowledge.words import modifiers_words

Fits = frozenset[str] | str
"""The modifiers of the row that a line is, or OTHER."""


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on the payer's table."""
    yield from facts.parts("billing_lines", _table)


def _table(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("billing-lines", answer)
        return
    rows: dict[Fits, BillingLine] = {frozenset(line.modifiers): line for line in answer.value}
    sets = frozenset(frozenset(line.modifiers) for line in answer.value)
    cuts = (row(sets, _free(facts)), given("modifiers"))
    states = said(answer, f"The payer's table for {facts.code}")
    likely = facts.likely("billing-lines")
    yield Rule("billing-lines", states, lambda fits, any_: _fits(answer, rows, fits, any_), cuts, answer, likely)


def _fits(answer: Known[Any], rows: dict[Fits, BillingLine], fits: Fits, any_: bool) -> Judged:
    if fits != OTHER:
        line = rows[fits]
        return Judged("pass", f"the line is row {modifiers_words(line.modifiers)}: {line.describes.rstrip('.')}")
    listed = ", ".join(modifiers_words(line.modifiers) for line in rows.values())
    if answer.complete:
        # The denial proposed speaks of modifiers that do not go together. On a line without any, one is missing, and
        # which one nobody can say, so none is proposed.
        return broken(answer, f"the line fits none of its rows: {listed}", likely=any_)
    return Judged("cannot-tell", f"the line fits none of the rows seen ({listed}), and there may be others")


def _free(facts: Facts) -> frozenset[str]:
    """The modifiers that may stand beside a row: those the payer allows, or takes as information, on some lines.

    On a line on which such a modifier is not allowed, the rule on that modifier is broken already.
    """
    free = set()
    for name in facts.modifiers_mentioned():
        question = facts.question("modifiers", name)
        answer = facts.answer(question)
        uses = [answer.value] if isinstance(answer, Known) else []
        if isinstance(answer, Unknown) and answer.needs:
            # The use depends on the line: one entry that allows the modifier is enough.
            uses = [entry.value for entry in facts.entries(question) if entry.value]
        if any(value.use in ("allowed", "informational") for value in uses):
            free.add(name)
    return frozenset(free)

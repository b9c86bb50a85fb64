"""Words that several rules share: for what nobody knows, and for a rule that holds on a condition."""

from __future__ import annotations

from typing import Any

from h2024kb.claims.rule import Judged, Rule, constant
from h2024kb.knowledge.answer import Known, Unknown
from h2024kb.knowledge.words import answer_lines, fact_name, since, stated_for


def open_rule(name: str, answer: Unknown) -> Rule:
    """Returns the rule that nobody knows: it says what was looked for, and the codes the payer bills instead."""
    states = f"{fact_name(answer)} not known ({answer.why}): {answer.because}".rstrip(".")
    if answer.billed_as:
        states += f"; bill instead, {since(answer.billed_as)}: {'; '.join(answer_lines(answer.billed_as))}"
    return constant(name, "cannot-tell", states.rstrip("."), answer)


def said(answer: Known[Any], row: str) -> str:
    """Returns what a rule states: the row in words, for what it was stated, and on what condition."""
    service = stated_for(answer, answer.question.code)
    condition = f", if this is so: {answer.condition}" if answer.condition else ""
    return f"{row}{f' ({service})' if service else ''}{condition}".rstrip(".")


def broken(answer: Known[Any], says: str, *, likely: bool = True) -> Judged:
    """Returns that a rule is broken; where it holds on a condition, nobody can tell whether it is broken."""
    # No claim line shows whether a condition in the payer's words holds, so a breach on a condition is never a failure.
    if answer.condition:
        return Judged("cannot-tell", says)
    return Judged("fail", says, likely)

"""Words that several rules share: for what a rule states, and for one that holds on a condition."""

from __future__ import annotations

from typing import Any

from h2024kb.claims.rule import Judged
from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.words import stated_for


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

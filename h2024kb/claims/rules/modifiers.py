"""Modifiers: whether those that the payer requires are on the line, and none that it does not allow.

Passes: a required modifier is on the line; an allowed or informational one is on it, without a condition.
Fails: a required modifier is missing; a modifier that is not allowed is on the line.
Stays open: a modifier whose use depends on a condition, or is unknown, is on the line; so is one that the policy never
mentions, which is neither allowed nor refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import beyond, has
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, weakened
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.words import FACT_WORDS, WHY_WORDS, value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields a rule for each modifier that the policy mentions."""
    for name in facts.modifiers_mentioned():
        yield from facts.parts("modifiers", _one, name)


def parts_on_others(facts: Facts) -> Iterator[Part]:
    """Yields the rule on modifiers that the policy mentions nowhere, not in its table of billing lines either."""
    table = facts.answer(facts.question("billing_lines"))
    listed = {name for line in table.value for name in line.modifiers} if isinstance(table, Known) else set()
    known = frozenset({*facts.modifiers_mentioned(), *listed})
    mentioned = f"{', '.join(sorted(known))} only" if known else "none"
    states = f"{FACT_WORDS['modifiers']}s: the policy mentions {mentioned}"
    says = "the line has another, which is neither allowed nor refused"
    yield Rule("modifiers", states, lambda more: Judged("cannot-tell", says) if more else None, (beyond(known),))


def _one(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    name = answer.question.modifier or ""
    if isinstance(answer, Unknown):
        if answer.nearest:
            # It may be a modifier that is required, so a line without it is open too.
            yield from (weakened(rule, answer.nearest) for rule in _one(facts, answer.nearest))
            return
        states = f"Modifier {name} not known ({WHY_WORDS[answer.why]}): {answer.because}".rstrip(".")
        yield Rule("modifiers", states, lambda on: Judged("cannot-tell") if on else None, (has(name),), answer)
        return
    judges = {
        "required": lambda on: Judged("pass") if on else broken(answer, "the line does not have it"),
        "not-allowed": lambda on: broken(answer, "the line has it") if on else None,
    }
    stands = Judged("cannot-tell" if answer.condition else "pass")
    judge = judges.get(answer.value.use, lambda on: stands if on else None)
    states = said(answer, f"Modifier {name}: {value_lines(answer.value)[0].rstrip('.')}")
    # A missing modifier is denied otherwise than a wrong one.
    likely = facts.likely("modifier-missing" if answer.value.use == "required" else "modifiers")
    yield Rule("modifiers", states, judge, (has(name),), answer, likely)

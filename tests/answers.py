"""Every answer that a knowledge base can give, on each day that something in it starts or ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from h2024kb.knowledge.answer import Answer
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS, Entry, Policy

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "tests" / "example"
TODAY = dt.date.today()
"""The day on which the shipped policies are asked: the only look at the clock, so that an entry may be of today."""
EXAMPLE_DAY = dt.date(2026, 11, 23)
"""The day on which the invented worlds are asked, and the newest day in them."""
DAY = dt.timedelta(days=1)


def every_answer(kb: KnowledgeBase) -> Iterator[Answer[Any]]:
    for policy in kb.policies():
        for code in codes_of(kb, policy):
            for day in sorted({*days_of(policy), TODAY}):
                for fact in FACTS:
                    yield kb.fact(fact, policy.id, code=code, date_of_service=day)
                yield from kb.modifiers(policy.id, code=code, date_of_service=day).values()


def codes_of(kb: KnowledgeBase, policy: Policy) -> list[str]:
    """H2024 and the codes under headings; of all others one for each service, as their answers are equal."""
    asked = kb.policies() if policy.follows else (policy,)
    named = {"H2024", *(rules.heading for one in asked for rules in one.rules)}
    codes = [row.code for row in kb.contents.code_sets.codes]
    one_of = {kb.services(code): code for code in codes if code not in named}
    return sorted({*one_of.values(), *(code for code in codes if code in named)})


def days_of(policy: Policy) -> set[dt.date]:
    """The days on which an answer of a policy may change, those around them, and some far from all."""
    edges = {day for entry in entries_of(policy) for day in (entry.start, entry.termination_date) if day}
    around = {edge + step * DAY for edge in edges - {dt.date.min} for step in (-1, 0, 1)}
    return around | {EXAMPLE_DAY, dt.date(1999, 12, 31), dt.date(2023, 6, 15), dt.date(2040, 2, 29)}


def entries_of(policy: Policy) -> Iterator[Entry[Any]]:
    yield from policy.follows
    for rules in policy.rules:
        for fact in FACTS:
            yield from getattr(rules, fact)
        for row in rules.modifiers:
            yield from row.entries

"""The board of unknowns: what nobody knows, by payer, with where one looked and the entry that would answer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Looked, ToOpen, Unknown
from h2024kb.knowledge.headlines import next_steps
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy
from h2024kb.knowledge.stats import unknown_by_fact, unknown_by_reason
from h2024kb.site.pages.entry_form import SOURCE, entry_form
from h2024kb.site.parts.render import render
from h2024kb.site.parts.report_link import report_link
from h2024kb.site.parts.settings import settings


class Gap(NamedTuple):
    """One unknown: the fact, what can be said and why, what to do next, and the numbers of the places searched.

    `form` is the entry to add; `report` is None where no place to send it is known.
    """

    fact: str
    because: str
    why: str
    to_open: Sequence[ToOpen]
    steps: Sequence[str]
    places: Sequence[int]
    form: str
    report: str | None


class ProgramGaps(NamedTuple):
    """A policy with its unknowns, and the places where one looked for them."""

    policy: Policy
    gaps: Sequence[Gap]
    places: Sequence[Looked]


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    found = kb.unknowns(today)
    each = [_program(kb.policy(id or ""), list(group)) for id, group in groupby(found, lambda gap: gap.question.policy)]
    each.sort(key=lambda one: (one.policy.payer, one.policy.jurisdiction, one.policy.id))
    yield (
        "unknowns.md",
        render(
            "unknowns.md.j2",
            "unknowns.md",
            payers=[(payer, list(group)) for payer, group in groupby(each, lambda one: one.policy.payer)],
            by_fact=[(words.core_fact_name(fact), number) for fact, number in unknown_by_fact(kb, today)],
            by_reason=[(words.WHY_WORDS[reason], number) for reason, number in unknown_by_reason(kb, today)],
            number=len(found),
            policies=len(kb.policies()),
            source=SOURCE,
            today=today,
        ),
    )


def _program(policy: Policy, found: Sequence[Unknown]) -> ProgramGaps:
    places = list(dict.fromkeys(place for gap in found for place in gap.searched))
    numbers = {place: number for number, place in enumerate(places, 1)}
    return ProgramGaps(policy, [_gap(policy, gap, numbers) for gap in found], places)


def _gap(policy: Policy, gap: Unknown, numbers: dict[Looked, int]) -> Gap:
    fact, form = words.fact_name(gap), entry_form(gap.question)
    title = f"{policy.id}: {fact} of {gap.question.code}"
    body = f"{form}\n{SOURCE}"
    return Gap(
        fact=fact,
        because=gap.because,
        why=words.WHY_WORDS[gap.why],
        to_open=gap.to_open,
        steps=() if gap.to_open else [words.with_long_dates(step) for step in next_steps(gap)],
        places=[numbers[place] for place in gap.searched],
        form=form,
        report=report_link(settings().report_url, title, body),
    )

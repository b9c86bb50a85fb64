"""Counts what is known and what is not, policy by policy."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from h2024kb.knowledge.answer import STRONGEST_FIRST, Evidence, Known, Why
from h2024kb.knowledge.in_force import entries
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST, Entry, Policy, Record


class Counts(Record, frozen=True):
    """The counts of one policy, or of all: `known` and `unknown` count the core facts of H2024 and modifier 22.

    `for_service` of the known are stated for the service and not for the code. `facts` counts every entry with a value,
    by tier of its source too; `silences` every entry that says what was searched for and not found.
    """

    policies: int
    facts: int
    silences: int
    known: int
    for_service: int
    unknown: int
    primary: int
    secondary: int
    oldest_review: dt.date


def counts(kb: KnowledgeBase, policies: tuple[Policy, ...], day: dt.date) -> Counts:
    """Returns the counts of some policies together, for dates of service on a day.

    >>> import h2024kb
    >>> kb = h2024kb.open()
    >>> one = counts(kb, (kb.policy("md/brain-injury-waiver"),), dt.date(2026, 11, 23))
    >>> one.known, one.for_service, one.unknown
    (5, 5, 2)
    """
    kept = [(policy, entry) for policy in policies for entry in entries(policy) if entry.withdrawn is None]
    answers = [a for p in policies for a in kb.core_answers(p.id, code="H2024", date_of_service=day)]
    known = [answer for answer in answers if isinstance(answer, Known)]
    tiers = Counter(_tier(policy, entry) for policy, entry in kept if entry.value is not None)
    return Counts(
        policies=len(policies),
        facts=tiers.total(),
        silences=sum(entry.unknown is not None for _, entry in kept),
        known=len(known),
        for_service=sum(answer.stated_for == "service" for answer in known),
        unknown=len(answers) - len(known),
        primary=tiers["primary"],
        secondary=tiers["secondary"],
        oldest_review=min((policy.reviewed for policy in policies), default=day),
    )


def _tier(policy: Policy, entry: Entry[Any]) -> str:
    return next(source.tier for source in policy.sources if source.id == entry.source)


def unknown_by_reason(kb: KnowledgeBase, day: dt.date) -> list[tuple[Why, int]]:
    """Returns how many core facts of H2024 are unknown for each reason, the most frequent first."""
    return Counter(gap.why for gap in kb.unknowns(day)).most_common()


def known_by_evidence(kb: KnowledgeBase, day: dt.date) -> list[tuple[Evidence, int]]:
    """Returns how many core facts of H2024 are known by each kind of evidence at best, strongest first."""
    answers = (
        answer
        for policy in kb.contents.policies
        for answer in kb.core_answers(policy.id, code="H2024", date_of_service=day, evidence=STRONGEST_FIRST[-1])
    )
    found = Counter(answer.evidence for answer in answers if isinstance(answer, Known))
    return [(evidence, found[evidence]) for evidence in STRONGEST_FIRST]


def unknown_by_fact(kb: KnowledgeBase, day: dt.date) -> list[tuple[str, int]]:
    """Returns how many policies leave each core fact unknown, in the order a biller asks; `modifiers` is 22's."""
    found = Counter(gap.question.fact for gap in kb.unknowns(day))
    return [(fact, found[fact]) for fact in ASKED_FIRST]

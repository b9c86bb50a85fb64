"""The pages that show all policies at once: index, counts, where one looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Looked
from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST, Policy, is_code
from h2024kb.knowledge.stats import counts, known_by_evidence, unknown_by_fact, unknown_by_reason
from h2024kb.site.parts.payers import aliases
from h2024kb.site.parts.policy_order import ordered
from h2024kb.site.parts.render import render
from h2024kb.site.parts.views import BEST, CODE, AnswerView


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the pages."""
    yield "policies/index.md", policies(kb, today)
    yield "looked.md", looked(kb, today)
    yield "stats.md", statistics(kb, today)


def policies(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the index of all policies, place by place, nationwide ones first."""
    also = aliases(kb)
    listed = [
        (policy, answer, gaps, " ".join((policy.jurisdiction, *also[policy.payer], *_codes(policy))))
        for policy, answer, gaps in rows(kb, today)
    ]
    groups = [(place, list(some)) for place, some in groupby(listed, lambda row: NAMES[row[0].jurisdiction])]
    return render(
        "policies.md.j2",
        "policies/index.md",
        groups=groups,
        count=len(listed),
        core=len(ASKED_FIRST),
        statuses=sorted({row[1].status for row in listed}),
        businesses=sorted({words.BUSINESS_WORDS[row[0].line_of_business] for row in listed}),
        today=today,
    )


def _codes(policy: Policy) -> list[str]:
    return [rules.heading for rules in policy.rules if is_code(rules.heading)]


def rows(kb: KnowledgeBase, today: dt.date) -> list[tuple[Policy, AnswerView, int]]:
    """Returns each policy with its answer on coverage and the number of its unknowns, in the order of policies."""
    unknown = kb.unknowns(today, evidence=BEST)
    gaps = {id: len(list(group)) for id, group in groupby(unknown, lambda gap: gap.question.policy)}
    return [
        (
            policy,
            AnswerView.of(kb.coverage(policy.id, code=CODE, date_of_service=today, evidence=BEST), {}),
            gaps.get(policy.id, 0),
        )
        for policy in ordered(kb)
    ]


def statistics(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the page that counts what is in the knowledge base and what is not known."""
    each = [(policy, counts(kb, (policy,), today)) for policy, _, _ in rows(kb, today)]
    by_fact = [(words.core_fact_name(fact), number) for fact, number in unknown_by_fact(kb, today)]
    return render(
        "stats.md.j2",
        "stats.md",
        each=each,
        whole=counts(kb, kb.policies(), today),
        by_fact=by_fact,
        by_reason=[(words.WHY_WORDS[reason], number) for reason, number in unknown_by_reason(kb, today)],
        by_evidence=[(words.EVIDENCE_WORDS[evidence], number) for evidence, number in known_by_evidence(kb, today)],
        today=today,
    )


def looked(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the register of searches that found nothing: by policy, each place with the facts it was silent on."""
    places: dict[str, dict[Looked, list[str]]] = {}
    for gap in kb.unknowns(today, evidence=BEST):
        for place in gap.searched:
            places.setdefault(gap.question.policy or "", {}).setdefault(place, []).append(words.fact_name(gap))
    groups = [(policy, places[policy.id]) for policy, _, _ in rows(kb, today) if policy.id in places]
    return render("looked.md.j2", "looked.md", groups=groups, today=today)

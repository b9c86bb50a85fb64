"""The pages that show all policies at once: index, counts, where one looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from h2024kb import words
from h2024kb.answer import Looked
from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.model import Policy
from h2024kb.site.render import render
from h2024kb.site.views import CODE, AnswerView
from h2024kb.stats import counts, unknown_by_fact


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the pages."""
    yield "policies/index.md", policies(kb, today)
    yield "looked.md", looked(kb, today)
    yield "stats.md", statistics(kb, today)


def policies(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the index of all policies."""
    return render("policies.md.j2", "policies/index.md", rows=rows(kb, today), today=today)


def rows(kb: KnowledgeBase, today: dt.date) -> list[tuple[Policy, AnswerView, int]]:
    """Returns each policy with its answer on coverage and the number of its unknowns; nationwide ones first."""
    gaps = {id: len(list(group)) for id, group in groupby(kb.unknowns(today), lambda gap: gap.question.policy)}
    ordered = sorted(kb.policies(), key=lambda policy: (policy.jurisdiction != "US", policy.id))
    return [
        (policy, AnswerView.of(kb.coverage(policy.id, code=CODE, date_of_service=today), {}), gaps.get(policy.id, 0))
        for policy in ordered
    ]


def statistics(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the page that counts what is held and what is not known."""
    each = [(policy, counts(kb, (policy,), today)) for policy, _, _ in rows(kb, today)]
    by_fact = [(words.core_fact_name(fact), number) for fact, number in unknown_by_fact(kb, today)]
    whole = counts(kb, kb.policies(), today)
    return render("stats.md.j2", "stats.md", each=each, whole=whole, by_fact=by_fact, today=today)


def looked(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the register of where somebody looked in vain: by policy, each place with the facts it was silent on."""
    places: dict[str, dict[Looked, list[str]]] = {}
    for gap in kb.unknowns(today):
        for place in gap.searched:
            places.setdefault(gap.question.policy or "", {}).setdefault(place, []).append(words.fact_name(gap))
    groups = [(policy, places[policy.id]) for policy, _, _ in rows(kb, today) if policy.id in places]
    return render("looked.md.j2", "looked.md", groups=groups, today=today)

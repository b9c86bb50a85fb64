"""The pages that show all policies at once: home, index, unknowns, benchmarks."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from h2024kb import words
from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.model import Policy
from h2024kb.site.policy_page import CODE, AnswerView
from h2024kb.site.render import render


def home(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the home page."""
    gaps = len(kb.unknowns(today))
    return render("home.md.j2", "index.md", rows=rows(kb, today), today=today, gaps=gaps, kb=kb)


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


def unknowns(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the page of what nobody knows, policy by policy."""
    groups = [
        (kb.policy(id or ""), [AnswerView.of(gap, {}) for gap in group])
        for id, group in groupby(kb.unknowns(today), lambda gap: gap.question.policy)
    ]
    groups.sort(key=lambda group: (group[0].jurisdiction != "US", group[0].id))
    return render("unknowns.md.j2", "unknowns.md", groups=groups, today=today)


def benchmarks(kb: KnowledgeBase) -> str:
    """Returns the page of utilization figures."""
    labels = {row.code: row.long for row in kb.contents.code_sets.codes}
    return render("benchmarks.md.j2", "benchmarks.md", benchmarks=kb.contents.benchmarks, labels=labels, words=words)

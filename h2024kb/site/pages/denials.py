"""The page of likely denials: by adjustment reason, what likely caused it and what to check; proposals of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from h2024kb.claims.finding import RULES
from h2024kb.knowledge.code_sets import CodeSets, Denial, Label
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.parts.render import render


class Cause(NamedTuple):
    """One likely cause of an adjustment reason: what to check, the remarks with it, the rules of the checker."""

    finding: str
    to_check: Sequence[str]
    remarks: Sequence[Label]
    rules: Sequence[str]


class Reason(NamedTuple):
    """An adjustment reason with its likely causes; none where nothing is proposed."""

    number: str
    label: str
    causes: Sequence[Cause]


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    found = reasons(kb.contents.code_sets)
    yield (
        "denials.md",
        render(
            "denials.md.j2",
            "denials.md",
            reasons=[reason for reason in found if reason.causes],
            others=[reason for reason in found if not reason.causes],
            remarks=kb.contents.code_sets.remarks,
        ),
    )


def reasons(sets: CodeSets) -> list[Reason]:
    """Returns every adjustment reason with its likely causes, in order of number."""
    remarks = {row.number: row for row in sets.remarks}
    ordered = sorted(sets.adjustment_reasons, key=lambda row: (len(row.number), row.number))
    return [
        Reason(
            number=row.number,
            label=row.label,
            causes=[_cause(denial, remarks) for denial in sets.denials if row.number in denial.adjustment_reasons],
        )
        for row in ordered
    ]


def _cause(denial: Denial, remarks: dict[str, Label]) -> Cause:
    return Cause(
        finding=denial.finding,
        to_check=denial.to_check,
        remarks=[remarks[number] for number in denial.remarks],
        rules=[RULES[rule] for rule in denial.rules],
    )

"""The page of likely denials: by adjustment reason, what likely caused it and what to check; proposals of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from h2024kb.claims.finding import RULES
from h2024kb.code_sets import CodeSets, Denial, Label
from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site.render import render

TO_CHECK: Final = {
    "not-payable-by-medicare": (
        "See whether another payer of the member's, such as a Medicaid waiver, holds the service.",
        "If that payer first wants Medicare's denial, see the Medicare page for the modifiers it names.",
    ),
    "modifier-does-not-fit": (
        "Compare the modifiers, and their order, with the billing lines on the payer's page.",
        "Correct one only to what was done, and send a corrected claim, not a second original.",
    ),
    "not-authorized": (
        "Find the authorization: its number, dates, code, units and provider must be those of the line.",
        "See whether the plan of care lists the service for that day.",
        "If there was none, ask the payer whether it still authorizes, and until when.",
    ),
    "too-many-units": (
        "Compare the units with the payer's unit and limits: a day is not a quarter of an hour.",
        "Count what is left of the authorization, with the lines of other providers.",
    ),
    "same-day-overlap": (
        "Look for other lines of the member on that day, those of other providers too.",
        "Compare them with what the payer's page says is not payable on the same day.",
        "If both services were given apart, ask the payer how to show it.",
    ),
    "place-of-service-not-allowed": (
        "See that the code is that of the place where the member was served.",
        "Compare it with the places on the payer's page. Never change it only to be paid.",
    ),
    "provider-not-eligible": (
        "See that the NPI and taxonomy on the claim are those that the payer enrolled.",
        "Compare the provider type with who may give the service, on the payer's page.",
    ),
    "no-such-benefit": (
        "Read the member's plan document; a plan may differ from a published policy.",
        "Look for another payer of the service: a Medicaid programme, or vocational rehabilitation.",
    ),
    "not-covered": (
        "Read the payer's page for that date of service: it may bill the service on another code.",
        "If the page says something else, cite its source in the appeal.",
    ),
    "filed-too-late": (
        "Count from the date of service to the day the payer received the claim, and compare with its page.",
        "If it was sent in time, keep the acceptance report as proof.",
    ),
    "code-not-in-force": ("Check the date of service, and that the code was in use on it.",),
    "diagnosis-does-not-fit": (
        "See which diagnosis the line points to, and whether the record bears it.",
        "Compare it with the diagnoses on the payer's page.",
    ),
    "conditions-not-fulfilled": (
        "Find the paper that shows what the programme asks for first, and its date.",
        "Compare with the prerequisites on the payer's page; fix the record only as things were.",
    ),
}
"""What to look at for each finding, in the order of the work: ours, and never a payer's rule."""


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
        to_check=TO_CHECK.get(denial.id, ("Compare the line with the payer's page.",)),
        remarks=[remarks[number] for number in denial.remarks],
        rules=[RULES[rule] for rule in denial.rules],
    )

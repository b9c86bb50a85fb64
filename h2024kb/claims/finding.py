"""What a check of a service line reports: a finding for each rule that says something about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final, Literal

from h2024kb.knowledge.answer import Answer, Citation, Evidence, Known, Looked, Unknown
from h2024kb.knowledge.model import Record

Outcome = Literal["pass", "fail", "cannot-tell"]
"""What can be said about a line, or about one rule: it passes, it fails, or nobody can tell."""

# Names stay: receipts and reports keep them, and the list of denials refers to them. Those of what a policy states are
# the names of the files in `claims/rules`; the others are settled before a policy is asked.
RULES: Final = {
    "payer": "Which policy the line is for",
    "code": "The code, and whether it is in use on the date of service",
    "dates": "The days the line covers",
    "frequency": "A line that takes back an earlier one, or is replaced",
    "coverage": "Whether the payer covers the code on the date of service",
    "bill-instead": "The codes the payer names for the service instead",
    "payment": "Whether the line is paid, or only reported",
    "prior-authorization": "The prior authorization number where one is required",
    "modifiers": "Modifiers that are required or not allowed",
    "billing-lines": "The sets of modifiers that the payer's table lists for the code",
    "place-of-service": "Where the service may be given",
    "unit": "The payer's unit, the code's unit, and the units billed",
    "limits": "The most that is paid in a period",
    "minimum-time": "The least time behind what is billed",
    "rounding": "How minutes become units",
    "age": "The member's age",
    "group-size": "How many members are served together",
    "diagnosis": "The diagnoses a source asks for",
    "same-day": "What is not payable on the same day",
    "same-month": "What is not payable in the same month",
    "telehealth": "Service given by telehealth",
    "timely-filing": "How soon the claim must reach the payer",
    "prerequisite": "What must have happened or hold, and no claim line shows",
    "provider-qualification": "Who may give the service, which no claim line shows",
}
"""The name of every rule a finding may carry, and what it looks at."""


class Likely(Record, frozen=True):
    """What a payer would likely send for a failed line: a proposal of ours, unless the payer itself says so."""

    adjustment_reasons: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    proposed_by: Literal["h2024kb", "payer"] = "h2024kb"


class Finding(Record, frozen=True):
    """What one rule says about a line, and where that is written.

    `message` is about the rule and never repeats what identifies a member; `about` names the fields of the line it
    looked at. `needs` names what must still be given for the rule to be decided, and is empty where giving more would
    not help. `citation`, `stated_for`, `said_by`, `entry`, `evidence` and the dates are those of the answer behind it;
    a finding without a citation rests on nothing a payer said. `searched` lists where somebody searched and found
    nothing.
    """

    rule: str
    outcome: Outcome
    message: str
    about: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    citation: Citation | None = None
    stated_for: Literal["code", "service"] | None = None
    heading: str | None = None
    said_by: str | None = None
    entry: str | None = None
    evidence: Evidence | None = None
    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    last_day: dt.date | None = None
    note: str | None = None
    searched: tuple[Looked, ...] = ()
    likely: Likely | None = None


def grounds(answer: Answer[Any] | None) -> dict[str, Any]:
    """Returns the fields of a finding that say what it rests on."""
    if isinstance(answer, Known):
        names = ("citation", "stated_for", "heading", "said_by", "entry", "evidence")
        return {name: getattr(answer, name) for name in (*names, "effective_date", "in_force_by", "last_day", "note")}
    if isinstance(answer, Unknown) and answer.nearest:
        return {**grounds(answer.nearest), "searched": answer.searched}
    if isinstance(answer, Unknown):
        return {"searched": answer.searched, "said_by": answer.said_by, "entry": answer.entry}
    return {}


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """Returns what findings come to: one failed rule fails the line; without one, one open rule leaves it open."""
    outcomes = {finding.outcome for finding in findings}
    return "fail" if "fail" in outcomes else "cannot-tell" if "cannot-tell" in outcomes else "pass"


def needs_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Returns what must still be given for all of these findings to be decided."""
    return tuple(dict.fromkeys(name for finding in findings for name in finding.needs))

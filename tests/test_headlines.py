"""A headline says no more than its source bears: every kind of answer with its words, and what weakens it."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import msgspec
import pytest
from answers import EXAMPLE_DAY, TODAY

from h2024kb.knowledge.answer import STRONGEST_FIRST, Answer, Known, ToOpen, Unknown, Why
from h2024kb.knowledge.headlines import evidence_label, headline, labeled, next_steps, seen_before
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import BillInstead
from h2024kb.knowledge.words import WHY_WORDS
from h2024kb.site.parts.legend import headlines
from h2024kb.site.parts.views import kind

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def covered(example: KnowledgeBase) -> Known[Any]:
    """Coverage as the example states it for the code, asked of a day."""
    answer = example.coverage("zz/medicaid", code="H2024", date_of_service=EXAMPLE_DAY)
    assert isinstance(answer, Known)
    return changed(answer, question=msgspec.structs.replace(answer.question, date_of_service=DAY))


def changed(answer: Known[Any], **fields: Any) -> Known[Any]:
    return msgspec.structs.replace(answer, **fields)


def unknown(covered: Known[Any], why: Why, **fields: Any) -> Unknown:
    return Unknown(question=covered.question, why=why, because="So it is.", **fields)


def every_kind(covered: Known[Any]) -> dict[str, Answer[Any]]:
    """An answer of each kind that a page may show."""
    found: dict[str, Answer[Any]] = {}
    for stated_for, prefix in (("code", ""), ("service", "service-")):
        for value in ("covered", "conditional", "not-covered"):
            found[prefix + value] = changed(covered, value=value, stated_for=stated_for)
    instead = msgspec.structs.replace(covered.question, fact="bill_instead")
    rows = (BillInstead(code="H2023", describes="By the quarter"), BillInstead(code="H2023", describes="In a group"))
    found["other-code"] = unknown(covered, "not-found", billed_as=changed(covered, value=rows, question=instead))
    found["sibling"] = unknown(covered, "not-fully-read", rules_for=("T2019",))
    found["ended"] = unknown(covered, "ended", ended_on=dt.date(2024, 12, 31))
    whys: tuple[Why, ...] = ("depends-on-line", "before-first-rule", "not-found", "not-fully-read", "no-document")
    return found | {why: unknown(covered, why) for why in (*whys, "not-looked")}


def test_the_legend_has_the_headline_of_every_kind_and_no_other(covered: Known[Any]) -> None:
    made = every_kind(covered)
    assert {name: kind(answer) for name, answer in made.items()} == {name: name for name in made}
    said = {name: headline(answer).replace("2024-12-31", "Dec 31, 2024") for name, answer in made.items()}
    assert said == {name: row.says for name, row in headlines().items()}


def test_every_reason_has_words_and_a_next_step(covered: Known[Any]) -> None:
    assert set(WHY_WORDS) == set(get_args(Why))
    for why in get_args(Why):
        answer = unknown(covered, why, needs=("modifiers",) if why == "depends-on-line" else ())
        assert next_steps(answer), why
        assert all(step.endswith((".", "?")) for step in next_steps(answer))


def test_what_was_not_read_is_the_next_step_with_its_address(covered: Known[Any]) -> None:
    part = ToOpen(title="Manual", what="Chapter 9, units.", url="https://zz.example/manual.pdf")
    whole = ToOpen(title="Fee schedule", where="Department of Health")
    assert next_steps(unknown(covered, "not-fully-read", to_open=(part, whole))) == (
        "Open Manual, https://zz.example/manual.pdf, and read: Chapter 9, units.",
        "Open Fee schedule, Department of Health.",
    )


LABELS = [
    ("stated", {"effective_date": dt.date(2022, 1, 1)}, "", ""),
    ("seen", {"in_force_by": dt.date(2026, 11, 17)}, "", "seen 2026-11-17, 3 days before this date"),
    ("seen", {"in_force_by": DAY}, "", "seen 2026-11-20"),
    ("seen", {"in_force_by": dt.date(2014, 1, 31)}, "", "seen 2014-01-31, 12 years before this date"),
    ("seen-later", {"in_force_by": dt.date(2026, 11, 21)}, "seen 2026-11-21, 1 day after this date", ""),
    ("seen-later", {"in_force_by": dt.date(2026, 11, 23)}, "seen 2026-11-23, 3 days after this date", ""),
    ("undated", {}, "undated copy", ""),
]


@pytest.mark.parametrize(("evidence", "dates", "label", "before"), LABELS)
def test_what_weakens_a_headline_is_said_with_its_distance(
    covered: Known[Any], evidence: str, dates: dict[str, Any], label: str, before: str
) -> None:
    answer = changed(covered, **{"effective_date": None, "evidence": evidence, **dates})
    assert (evidence_label(answer), seen_before(answer)) == (label, before)
    assert labeled(answer) == "Covered with conditions" + (f" ({label})" if label else "")
    assert "this date" not in evidence_label(answer, one_day=False)
    near = unknown(covered, "weaker-evidence", nearest=answer)
    assert labeled(near) == labeled(answer)


def test_what_weakens_the_codes_billed_instead_is_said_too(covered: Known[Any]) -> None:
    row = (BillInstead(code="H2025", describes="By the quarter"), BillInstead(code="H2026", describes="By the day"))
    billed = changed(covered, value=row, evidence="undated", effective_date=None)
    assert labeled(unknown(covered, "not-found", billed_as=billed)) == "Bills H2025 or H2026 instead (undated copy)"


def test_a_shipped_headline_names_the_code_only_where_its_source_does(shipped: KnowledgeBase) -> None:
    named = 0
    for policy in shipped.policies():
        for evidence in STRONGEST_FIRST:
            answer = shipped.coverage(policy.id, code="H2024", date_of_service=TODAY, evidence=evidence)
            ground = answer if isinstance(answer, Known) else answer.nearest
            if ground:
                assert headline(answer).endswith("code not named") == (ground.heading != "H2024")
                named += ground.heading == "H2024"
    assert named

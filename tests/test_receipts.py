"""Receipts replay, and findings of ours stay apart from the payer's word."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest
from answers import EXAMPLE_DAY

import h2024kb
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Entry


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return h2024kb.open(Path(__file__).parent / "example")


def test_a_receipt_kept_as_json_replays_to_the_same_answer(kb: KnowledgeBase) -> None:
    answer = kb.coverage("zz/plan", code="H2024", date_of_service=EXAMPLE_DAY)
    kept = msgspec.json.encode(kb.receipt(answer))
    receipt = msgspec.json.decode(kept, type=h2024kb.Receipt)
    assert receipt.content_hash == kb.content_hash
    assert receipt.policies == ("zz/plan", "zz/medicaid")
    assert receipt.entries[0].startswith("zz/medicaid/H2024/coverage/2022-01-01~")
    assert kb.replay(receipt.question) == answer


def test_a_receipt_names_another_entry_once_the_entry_says_something_else(kb: KnowledgeBase) -> None:
    before = kb.receipt(kb.coverage("zz/medicaid", code="H2024", date_of_service=EXAMPLE_DAY))
    changed = _with_unit(kb, "day", condition="Enrolled.")
    after = changed.receipt(changed.coverage("zz/medicaid", code="H2024", date_of_service=EXAMPLE_DAY))
    assert before.content_hash != after.content_hash
    assert before.entries != after.entries


def test_a_receipt_of_an_unknown_names_the_followed_policy_that_said_it(kb: KnowledgeBase) -> None:
    answer = kb.modifier("zz/plan", modifier="22", code="H2024", date_of_service=EXAMPLE_DAY)
    assert kb.receipt(answer).policies == ("zz/plan", "zz/medicaid")


def test_a_question_about_modifiers_without_one_is_refused(kb: KnowledgeBase) -> None:
    question = h2024kb.Question(policy="zz/plan", code="H2024", fact="modifiers", date_of_service=EXAMPLE_DAY)
    with pytest.raises(TypeError, match="needs the modifier"):
        kb.replay(question)


def test_a_misspelled_jurisdiction_or_line_of_business_names_what_is_near(kb: KnowledgeBase) -> None:
    with pytest.raises(h2024kb.NameNotFound, match="no jurisdiction is named 'Texas'"):
        kb.coverage(payer="esm", jurisdiction="Texas", code="H2024", date_of_service=EXAMPLE_DAY)
    with pytest.raises(h2024kb.NameNotFound, match="named 'medicade'; near it: medicare, medicaid"):
        kb.coverage(payer="esm", line_of_business="medicade", code="H2024", date_of_service=EXAMPLE_DAY)


def test_units_that_agree_are_no_conflict(kb: KnowledgeBase) -> None:
    assert kb.conflicts("zz/medicaid", code="H2024", date_of_service=EXAMPLE_DAY) == ()


def test_a_unit_of_15_minutes_on_a_code_by_the_day_is_a_finding(kb: KnowledgeBase) -> None:
    (conflict,) = _with_unit(kb, "15-minutes").conflicts("zz/medicaid", code="H2024", date_of_service=EXAMPLE_DAY)
    assert conflict.says == "this payer's unit for the service is 15 minutes; the unit of H2024 is day"
    assert conflict.answer.citation.locator == "page 3"


def test_an_unknown_unit_is_no_conflict(kb: KnowledgeBase) -> None:
    assert kb.conflicts("zz/medicaid", code="H2024", date_of_service=dt.date(2020, 1, 1)) == ()


def _with_unit(kb: KnowledgeBase, unit: str, condition: str | None = None) -> KnowledgeBase:
    policy = kb.policy("zz/medicaid")
    rules = policy.rules[0]
    unit_entry: Entry[str] = msgspec.structs.replace(rules.unit[0], value=unit)
    coverage = msgspec.structs.replace(rules.coverage[0], condition=condition or rules.coverage[0].condition)
    rules = msgspec.structs.replace(rules, unit=(unit_entry,), coverage=(coverage,))
    policy = msgspec.structs.replace(policy, rules=(rules, *policy.rules[1:]))
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=(policy,)))

"""A dated entry has one state on a day, the same on its policy's page, in the JSON API and in the knowledge base."""

from __future__ import annotations

import datetime as dt

import pytest
from answers import EXAMPLE_DAY

from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.api.entries import entry_rows
from h2024kb.site.pages.modifiers.uses import mentions
from h2024kb.site.pages.policy.policy_page import policy_page
from h2024kb.site.parts.entries import every_entry

MISREAD = "The row was misread; see the newer entry."


def test_a_withdrawn_entry_is_past_on_the_page_and_a_newer_one_stands(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    withdrawn, newer = (one for one in every_entry(policy, EXAMPLE_DAY) if one.modifier == "HQ")
    assert withdrawn.state == f"withdrawn on Nov 22, 2026: {MISREAD}"
    assert (withdrawn.in_force, withdrawn.last_day) == (False, None)
    assert (newer.state, newer.in_force, newer.dates) == ("in force", True, "since Jan 1, 2022")

    history = policy_page(example, policy.id, EXAMPLE_DAY).split("## History")[1]
    rows = {row.split("</tr>")[0] for row in history.split("<tr") if "Group of two" in row and "Modifier HQ" in row}
    assert {(' class="past"' in row, MISREAD in row, "two or three" in row) for row in rows} == {
        (True, True, True),
        (False, False, False),
    }

    api = [row for row in entry_rows(policy, EXAMPLE_DAY) if row.modifier == "HQ"]
    assert [(row.in_force, row.withdrawn is not None) for row in api] == [(False, True), (True, False)]
    stated = [one.meaning for one in mentions(example, EXAMPLE_DAY)["HQ"] if one.use == "allowed"]
    assert stated == ["Group of two to four"]


@pytest.mark.parametrize("today", [dt.date(2021, 12, 31), dt.date(2022, 1, 1), EXAMPLE_DAY])
def test_what_is_in_force_is_what_the_knowledge_base_answers_with(example: KnowledgeBase, today: dt.date) -> None:
    policy = example.policy("zz/medicaid")
    for_all_lines = [one for one in every_entry(policy, today) if one.heading == "H2024" and one.entry.when is None]
    assert for_all_lines
    for one in for_all_lines:
        if one.fact != "modifiers" and one.entry.value is not None:
            answer = example.fact(one.fact, policy.id, code="H2024", date_of_service=today)
            known = isinstance(answer, Known) and answer.heading == "H2024" and answer.value == one.entry.value
            assert one.in_force == known, one

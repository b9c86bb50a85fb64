"""Every fact of the format reaches its policy's page: in a section of its own, or under Other facts."""

from __future__ import annotations

import pytest
from answers import TODAY

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST, FACTS
from h2024kb.site.pages.policy import sections
from h2024kb.site.pages.policy.policy_page import policy_page
from h2024kb.site.parts.views import CODE


def test_every_fact_has_a_place_on_the_page() -> None:
    named = [fact for _, facts in sections.SECTIONS for fact in facts]
    assert sorted(named) == sorted(set(named))
    assert {*named, *ASKED_FIRST, "billing_lines"} == {*FACTS, "modifiers"}


@pytest.fixture(scope="module")
def shown(shipped: KnowledgeBase) -> dict[str, str]:
    """For each fact that is not a key fact a policy whose page shows it."""
    found: dict[str, str] = {}
    for policy in shipped.policies():
        for answer in sections.worth_a_row(shipped.answers(policy.id, code=CODE, date_of_service=TODAY)):
            if not sections.is_core(answer):
                found.setdefault(answer.question.fact, policy.id)
    return found


def test_a_fact_that_no_section_names_is_shown_under_other_facts(
    shown: dict[str, str], shipped: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(shown) > 10
    for fact in shown.keys() - {"billing_lines", "modifiers"}:
        without = tuple((heading, tuple(f for f in facts if f != fact)) for heading, facts in sections.SECTIONS)
        monkeypatch.setattr(sections, "SECTIONS", without)
        page = policy_page(shipped, shown[fact], TODAY)
        assert page.count(f"## {sections.OTHER_FACTS}") == 1, fact
        monkeypatch.undo()
        assert sections.OTHER_FACTS not in policy_page(shipped, shown[fact], TODAY)

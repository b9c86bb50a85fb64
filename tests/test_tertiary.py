"""A weak source is a trail for the next analyst and observed practice is no rule: neither ever answers."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from answers import ROOT

from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy

POLICIES = [str(path.relative_to(ROOT / "policies").with_suffix("")) for path in ROOT.glob("policies/??/*.yaml")]


def test_no_answer_cites_a_tertiary_source(known_answers: tuple[Known[Any], ...]) -> None:
    assert {answer.citation.source.tier for answer in known_answers} == {"primary", "secondary"}


@pytest.mark.parametrize("id", sorted(POLICIES))
def test_no_lead_or_observation_is_in_an_answer(
    id: str, shipped: KnowledgeBase, known_answers: tuple[Known[Any], ...]
) -> None:
    values = {_text(answer) for answer in known_answers if answer.said_by == id}
    for sentence in _beside_the_rules(shipped.policy(id)):
        assert not [text for text in values if sentence in text]


def _text(answer: Known[Any]) -> str:
    return msgspec.json.encode([answer.value, answer.condition]).decode()


def _beside_the_rules(policy: Policy) -> list[str]:
    """The sentences of leads and observations, as JSON writes them."""
    texts = [text for lead in policy.leads for text in (lead.says, lead.disputed) if text]
    texts += [text for seen in policy.observed for text in (seen.shows, *seen.cautions)]
    figures = [str(seen.paid) for seen in policy.observed if seen.paid]
    return [msgspec.json.encode(text).decode().strip('"') for text in texts + figures]

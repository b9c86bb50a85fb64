"""What several tests need: the invented knowledge base, the shipped one, and all that the shipped one knows."""

from __future__ import annotations

import os
from typing import Any

import pytest
from answers import EXAMPLE, ROOT, TODAY, every_answer
from hypothesis import settings

from h2024kb.answer import Known
from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.load import load_folder

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def example() -> KnowledgeBase:
    return load_folder(EXAMPLE, TODAY)


@pytest.fixture(scope="session")
def shipped() -> KnowledgeBase:
    return load_folder(ROOT / "policies", TODAY)


@pytest.fixture(scope="session")
def known_answers(shipped: KnowledgeBase) -> tuple[Known[Any], ...]:
    return tuple(answer for answer in every_answer(shipped) if isinstance(answer, Known))

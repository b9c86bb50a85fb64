"""The cases that a biller can read: each answer, and cases on both sides of every day on which an answer changes."""

from __future__ import annotations

from typing import get_args

import msgspec
from answers import EXAMPLE, ROOT, TODAY

from h2024kb.authoring.check import check
from h2024kb.knowledge.answer import Why
from h2024kb.shipped import schema_text


def test_every_case_holds_and_every_date_has_its_cases() -> None:
    problems = check([ROOT / "policies", ROOT / "tests" / "cases", EXAMPLE], TODAY)
    assert [str(problem) for problem in problems] == []


def test_a_case_may_give_every_reason_for_an_unknown() -> None:
    schema = msgspec.json.decode(schema_text("cases"))
    assert tuple(schema["$defs"]["unknown"]["properties"]["unknown"]["enum"]) == get_args(Why)

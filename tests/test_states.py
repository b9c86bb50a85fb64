"""The page of states: each class follows strictly from what the policies state."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from answers import EXAMPLE_DAY, TODAY

from h2024kb.knowledge.in_force import DAY
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import BillInstead, Entry, Rate, Rules
from h2024kb.site.pages import states

STATED: dict[str, Any] = {"effective_date": EXAMPLE_DAY, "source": "manual-r3", "locator": "page 1"}
SERVICE = "supported-employment"
PAST = EXAMPLE_DAY.replace(year=2025)


def _entry(value: Any, **more: Any) -> tuple[Entry[Any], ...]:
    return (Entry(**{**STATED, "value": value, **more}),)


def _billed(code: str) -> tuple[Entry[Any], ...]:
    return _entry((BillInstead(code=code, describes="The service"),))


RATE = Rate(amount=Decimal(9), per="hour")
REFUSED = _entry("not-covered")

CASES = (
    ("a unit for H2024", (Rules(heading="H2024", unit=_entry("day")),), "code", ("H2024",)),
    ("covered under H2024", (Rules(heading="H2024", coverage=_entry("covered")),), "code", ("H2024",)),
    ("H2024 refused", (Rules(heading="H2024", coverage=REFUSED),), "not-covered", ()),
    ("refused in a unit", (Rules(heading="H2024", coverage=REFUSED, unit=_entry("day")),), "not-covered", ()),
    ("the service covered", (Rules(heading=SERVICE, coverage=_entry("covered")),), "service", ()),
    ("the service refused", (Rules(heading=SERVICE, coverage=REFUSED),), "not-covered", ()),
    ("a rate for a sibling", (Rules(heading="H2023", rate=_entry(RATE)),), "sibling", ("H2023",)),
    ("billed on a sibling", (Rules(heading=SERVICE, bill_instead=_billed("H2023")),), "sibling", ("H2023",)),
    ("billed on H2024", (Rules(heading="employment-services", bill_instead=_billed("H2024")),), "code", ("H2024",)),
    ("billed on its own", (Rules(heading=SERVICE, bill_instead=_billed("36U")),), "other", ("36U",)),
    ("another service's code", (Rules(heading="day-habilitation", bill_instead=_billed("T2020")),), "unknown", ()),
    ("for all services", (Rules(heading="all-services", prior_authorization=_entry("required")),), "unknown", ()),
    ("ended", (Rules(heading="H2024", unit=_entry("day", effective_date=PAST, termination_date=PAST)),), "unknown", ()),
    ("to come", (Rules(heading="H2024", unit=_entry("day", effective_date=EXAMPLE_DAY + DAY)),), "unknown", ()),
    ("nothing", (), "unknown", ()),
)  # fmt: skip


def _with(example: KnowledgeBase, rules: tuple[Rules, ...], **fields: Any) -> KnowledgeBase:
    policy = msgspec.structs.replace(example.policy("zz/medicaid"), rules=rules, follows=(), **fields)
    return KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))


@pytest.mark.parametrize(("rules", "use", "codes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_program_has_the_class_its_rules_give(
    example: KnowledgeBase, rules: tuple[Rules, ...], use: str, codes: tuple[str, ...]
) -> None:
    kb = _with(example, rules, jurisdiction="OH")
    (state,) = (state for state in states.states(kb, EXAMPLE_DAY) if state.code == "OH")
    assert (state.use.key, state.programs[0].codes) == (use, codes)


def test_a_state_shows_the_most_that_one_of_its_programs_reaches(shipped: KnowledgeBase) -> None:
    order = [use.key for use in states.USES]
    for state in states.states(shipped, TODAY):
        counted = [row for row in state.programs if row.policy.line_of_business in states.MEDICAID]
        assert order.index(state.use.key) == min((order.index(row.use.key) for row in counted), default=len(order) - 1)


def test_other_lines_of_business_do_not_count(example: KnowledgeBase) -> None:
    rules = (Rules(heading="H2024", coverage=_entry("covered")),)
    kb = _with(example, rules, jurisdiction="OH", line_of_business="commercial")
    (state,) = (state for state in states.states(kb, EXAMPLE_DAY) if state.code == "OH")
    assert state.use.key == "none"
    assert len(state.programs) == 1


def test_every_state_and_program_stands_on_the_page(shipped: KnowledgeBase) -> None:
    ((_, text),) = states.pages(shipped, TODAY)
    for state in states.states(shipped, TODAY):
        assert f'href="#{state.code.lower()}"' in text
        assert f'id="{state.code.lower()}"' in text
    for policy in shipped.policies():
        assert (f'href="policies/{policy.id}.html"' in text) == (policy.jurisdiction != "US")


def test_markup_in_data_stays_text_on_the_page_of_states(example: KnowledgeBase) -> None:
    hostile = "</td></table><h1>x {{ 7*7 }} <script>alert(1)</script>"
    ((_, text),) = states.pages(_with(example, (), payer=hostile, program=hostile), EXAMPLE_DAY)
    assert "<h1>x" not in text
    assert "<script>alert" not in text
    assert "x 49" not in text

"""Fixes: the fewest edits, each with the payer's words; none that says what did not happen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from answers import EXAMPLE, EXAMPLE_DAY
from fix_cases import CASES, Case, quarters, world

from h2024kb import ServiceLine
from h2024kb.claims import Edit, Fix, check_line, fix
from h2024kb.claims.check import checker
from h2024kb.claims.fix import NOTHING_BROKEN
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import BillInstead, Entry, ModifierEntries, ModifierUse
from h2024kb.load import load_folder

DAY = dt.date(2026, 3, 3)
GOOD: dict[str, Any] = {
    "policy": "zz/medicaid",
    "code": "H2024",
    "date_of_service": DAY,
    "modifiers": ("U4", "HQ"),
    "units": Decimal(1),
    "minutes": Decimal(240),
    "place_of_service": "18",
    "prior_authorization_number": "A1",
    "conditions_met": True,
    "submitted": dt.date(2026, 4, 1),
}


def line(**changed: Any) -> ServiceLine:
    return ServiceLine(**{**GOOD, **changed})


def edits(found: Fix) -> list[tuple[str, str, str, str | None]]:
    return [(edit.field, edit.was, edit.becomes, edit.only_if) for way in found.ways for edit in way.edits]


def changed(kb: KnowledgeBase, **facts: Any) -> KnowledgeBase:
    """The example with other facts under H2024, all from its manual."""
    policies = list(kb.contents.policies)
    at = next(n for n, policy in enumerate(policies) if policy.id == "zz/medicaid")
    rules = tuple(
        msgspec.structs.replace(rules, **facts) if rules.heading == "H2024" else rules for rules in policies[at].rules
    )
    policies[at] = msgspec.structs.replace(policies[at], rules=rules)
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=tuple(policies)))


def said(value: Any, **more: Any) -> Entry[Any]:
    return Entry(value=value, effective_date=dt.date(2022, 1, 1), source="manual-r3", locator="page 1", **more)


def text(edit: Edit) -> str:
    return f"{edit.field}: {edit.was} → {edit.becomes}" + (f" ({edit.only_if})" if edit.only_if else "")


@pytest.fixture(scope="module")
def payers() -> KnowledgeBase:
    return world()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_line_is_mended_in_these_ways(payers: KnowledgeBase, case: Case) -> None:
    found = fix(payers, case.line, others=case.others)
    assert [(len(way.lines), tuple(map(text, way.edits))) for way in found.ways] == list(case.ways)
    assert found.because == case.because


def test_a_line_that_breaks_nothing_needs_no_fix(example: KnowledgeBase) -> None:
    assert fix(example, line()) == Fix(ways=(), because="No known rule is broken.")


def test_a_missing_modifier_is_added_by_each_row_of_the_table(example: KnowledgeBase) -> None:
    assert edits(fix(example, line(modifiers=()))) == [
        ("modifiers", "No modifier", "U4", "Individual job coaching"),
        ("modifiers", "No modifier", "U4 HQ", "Group of two or three"),
    ]


def test_what_tells_how_the_service_was_given_stays_and_comes_first(example: KnowledgeBase) -> None:
    found = fix(example, line(modifiers=("HQ",)))
    assert edits(found) == [("modifiers", "HQ", "HQ U4", "Group of two or three")]
    assert found.ways[0].lines[0].modifiers == ("HQ", "U4")
    assert found.ways[0].edits[0].citation is not None
    assert found.ways[0].edits[0].citation.locator == "appendix B"


@pytest.mark.parametrize(
    "broken",
    [
        {"place_of_service": "11"},
        {"prior_authorization_number": ""},
        {"units": Decimal(2)},
        {"submitted": dt.date(2027, 6, 1)},
        {"conditions_met": False},
    ],
)
def test_there_is_no_fix_that_says_what_did_not_happen(example: KnowledgeBase, broken: dict[str, Any]) -> None:
    found = fix(example, line(**broken))
    assert found.ways == ()
    assert found.because == "Nothing this payer says about the code offers another way to bill what was given."


def test_a_modifier_that_is_not_told_is_not_made_up(example: KnowledgeBase) -> None:
    assert fix(example, line(modifiers=None, units=Decimal(2))).ways == ()


def test_the_code_the_payer_bills_takes_its_modifiers_and_units(example: KnowledgeBase) -> None:
    both = changed(
        example,
        coverage=(said("not-covered"),),
        bill_instead=(said((BillInstead(code="H2023", describes="Each quarter of an hour", modifiers=("U4",)),)),),
    )
    found = fix(both, line(modifiers=("U4",), minutes=Decimal(60)))
    assert edits(found) == [("code", "H2024 U4, units: 1", "H2023 U4, units: 4", "Each quarter of an hour")]


@pytest.mark.parametrize("minutes", [None, Decimal(61)])
def test_time_that_is_not_told_or_comes_out_uneven_is_not_rounded(
    example: KnowledgeBase, minutes: Decimal | None
) -> None:
    other = changed(
        example,
        coverage=(said("not-covered"),),
        bill_instead=(said((BillInstead(code="H2023", describes="Each quarter of an hour"),)),),
    )
    assert fix(other, line(modifiers=(), minutes=minutes)).ways == ()


def test_another_code_never_loses_a_modifier_that_tells_how_the_service_was_given(example: KnowledgeBase) -> None:
    other = changed(
        example,
        coverage=(said("not-covered"),),
        bill_instead=(said((BillInstead(code="H2023", describes="One person"),)),),
    )
    assert fix(other, line(modifiers=("HQ",), minutes=Decimal(60))).ways == ()
    assert len(fix(other, line(modifiers=(), minutes=Decimal(60))).ways) == 1


@pytest.mark.parametrize(("about", "ways"), [("claim", 1), ("service", 0)])
def test_a_refused_modifier_goes_only_where_it_speaks_of_payment_or_papers(
    example: KnowledgeBase, about: str, ways: int
) -> None:
    refused = said(ModifierUse(use="not-allowed", meaning="More work is not paid for"))
    u4 = said(ModifierUse(use="required", meaning="The waiver pays for the service"))
    rules = (ModifierEntries(modifier="22", entries=(refused,)), ModifierEntries(modifier="U4", entries=(u4,)))
    kb = changed(example, modifiers=rules, billing_lines=())
    sets = kb.contents.code_sets
    rows = tuple(
        msgspec.structs.replace(row, about=about if row.modifier == "22" else "service") for row in sets.modifiers
    )
    kb = KnowledgeBase.of(msgspec.structs.replace(kb.contents, code_sets=msgspec.structs.replace(sets, modifiers=rows)))
    found = fix(kb, line(modifiers=("U4", "22")))
    assert [edit[:3] for edit in edits(found)] == [("modifiers", "U4 22", "U4")] * ways


def test_a_line_over_a_change_that_decides_nothing_is_not_split(example: KnowledgeBase) -> None:
    days = line(
        date_of_service=dt.date(2024, 6, 30),
        last_date_of_service=dt.date(2024, 7, 1),
        units=Decimal(2),
        minutes=Decimal(480),
        submitted=dt.date(2024, 8, 1),
    )
    starts = checker(example).starts(days.policy or "", days.code)
    assert dt.date(2024, 7, 1) in starts, "only the rate changes"
    assert "dates" not in {found.rule for found in check_line(example, days).findings}
    assert fix(example, days).because == NOTHING_BROKEN


def test_fewer_units_keep_the_time_and_give_no_charge(payers: KnowledgeBase) -> None:
    billed = quarters(4, 59)
    [way] = fix(payers, billed).ways
    [after] = way.lines
    assert after == msgspec.structs.replace(billed, units=Decimal(3), charge=None)
    assert way.edits[0].citation is not None


def test_units_that_do_not_fill_the_days_are_not_laid_on_days_of_our_choice(example: KnowledgeBase) -> None:
    days = line(date_of_service=dt.date(2024, 6, 29), last_date_of_service=dt.date(2024, 7, 1), units=Decimal(2))
    assert fix(example, days).ways == ()


def test_a_line_of_an_unknown_policy_has_no_fix_and_says_why(example: KnowledgeBase) -> None:
    assert fix(example, line(policy="zz/none")) == Fix(ways=(), because="Which policy the line is for is not known.")


def test_every_fix_of_random_lines_leaves_no_rule_broken_and_no_service_made_up() -> None:
    """Over the invented world: after a fix nothing known is broken, and date, place, time and authorization stay."""
    kb = load_folder(EXAMPLE, EXAMPLE_DAY)
    found = 0
    for modifiers in ((), ("HQ",), ("U4",), ("HQ", "U4"), ("U5",), ("22", "U4"), ("HQ", "22")):
        for units in (Decimal(1), Decimal(2)):
            for way in fix(kb, line(modifiers=modifiers, units=units), others=[]).ways:
                found += 1
                [after] = way.lines
                assert not check_line(kb, after, others=[]).of("fail")
                same = (
                    "date_of_service",
                    "place_of_service",
                    "minutes",
                    "prior_authorization_number",
                    "units",
                    "charge",
                )
                assert all(getattr(after, name) == GOOD.get(name) for name in same)
                assert {"HQ", "U5"} & set(modifiers) <= set(after.modifiers or ())
    assert found > 2

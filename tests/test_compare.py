"""The comparison of payers: what counts as the same, what is never compared, and what the page and its files hold."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from answers import EXAMPLE_DAY, ROOT, TODAY

from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import (
    BillingLine,
    BillInstead,
    Days,
    Limit,
    MinimumTime,
    ModifierUse,
    PlaceOfService,
    Rate,
    Span,
)
from h2024kb.site.pages.compare.cells import CORE, Cell, compared
from h2024kb.site.pages.compare.comparable import key
from h2024kb.site.pages.compare.compare_page import compare_page
from h2024kb.site.script_data.compare_data import COLUMNS, files, table

DAY_LIMIT = (Limit(units=1, per="day"),)


def answer(known: Known[Any], value: object, **fields: Any) -> Known[Any]:
    return msgspec.structs.replace(known, value=value, condition=None, complete=None, **fields)


@pytest.fixture(scope="module")
def known(shipped: KnowledgeBase) -> Known[Any]:
    found = shipped.coverage("us/medicare", code="H2024", date_of_service=TODAY)
    assert isinstance(found, Known)
    return found


SAME = [
    ("covered", "day", "covered", None),
    (DAY_LIMIT, "day", (Limit(units=1, per="day", unit="day"),), None),
    (Rate(amount=Decimal("5.40"), per="unit"), "hour", Rate(amount=Decimal("5.40"), per="hour"), "day"),
    ((BillInstead(code="H2023", describes="One"),), None, (BillInstead(code="H2023", describes="Einer"),), None),
    (ModifierUse(use="allowed", meaning="a"), None, ModifierUse(use="allowed", meaning="b"), None),
    (Days(days=90), None, Days(days=90), None),
]
DIFFERENT = [
    ("covered", "day", "conditional", "day"),
    (DAY_LIMIT, "day", DAY_LIMIT, "hour"),
    (DAY_LIMIT, "day", (Limit(units=1, per="week"),), "day"),
    (Span(from_=16), None, Span(from_=18), None),
    (ModifierUse(use="allowed", meaning="a"), None, ModifierUse(use="not-allowed", meaning="a"), None),
    (PlaceOfService(allowed=("11",)), None, PlaceOfService(not_allowed=("11",)), None),
    (Rate(amount=Decimal("5.40"), per="hour"), None, Rate(amount=Decimal("5.41"), per="hour"), None),
]
TO_BE_READ = [
    (DAY_LIMIT, None),
    (Rate(amount=Decimal(5), per="unit"), None),
    ((MinimumTime(describes="Four hours", per="unit", minutes=240),), None),
    ((MinimumTime(describes="Enough", per="day"),), "day"),
    (PlaceOfService(settings=("At work",)), "day"),
    ((Limit(units=1, per="day", may_be_exceeded="With an approval"),), "day"),
    ((BillingLine(modifiers=("U4",), describes="One person", rate=Decimal(1)),), None),
    (("A progress note",), "day"),
]


@pytest.mark.parametrize(("one", "unit", "other", "other_unit"), SAME)
def test_what_says_the_same_has_the_same_key(
    known: Known[Any], one: object, unit: str | None, other: object, other_unit: str | None
) -> None:
    assert key(answer(known, one), unit) == key(answer(known, other), other_unit) != ""


@pytest.mark.parametrize(("one", "unit", "other", "other_unit"), DIFFERENT)
def test_what_differs_has_another_key(
    known: Known[Any], one: object, unit: str | None, other: object, other_unit: str | None
) -> None:
    first, second = key(answer(known, one), unit), key(answer(known, other), other_unit)
    assert first
    assert second
    assert first != second


@pytest.mark.parametrize(("value", "unit"), TO_BE_READ)
def test_what_only_a_reader_can_compare_has_no_key(known: Known[Any], value: object, unit: str | None) -> None:
    assert key(answer(known, value), unit) == ""


def test_a_list_that_may_lack_rows_contradicts_none(known: Known[Any]) -> None:
    rows = (BillInstead(code="H2023", describes="One"),)
    assert key(msgspec.structs.replace(known, value=rows, complete=False), "day") == ""


def test_an_unknown_is_told_apart_from_every_value_and_from_what_nobody_looked_for(shipped: KnowledgeBase) -> None:
    rows = {row.policy.id: row for row in compared(shipped, "H2024", TODAY)}
    facts = [fact for fact, _ in CORE]
    medicare, cigna = rows["us/medicare"].core, rows["us/cigna"].core
    assert (medicare[0].kind, medicare[0].short) == ("not-covered", "Not covered")
    assert (cigna[0].kind, cigna[0].short) == ("not-fully-read", "Not fully read")
    assert (rows["il/ddd-waivers"].core[0].kind) == "other-code"
    unit = rows["dc/supported-employment-smi"].core[facts.index("unit")]
    assert (unit.kind, unit.short, unit.stated_for) == (
        "stated",
        "15 minutes",
        "stated for supported employment, not for H2024",
    )
    unlooked = {row.policy.id: row for row in compared(shipped, "T2014", TODAY)}["us/cigna"].core[0]
    assert (unlooked.kind, unlooked.short) == ("not-looked", "Not looked for")
    for row in rows.values():
        for cell in row.core:
            assert cell.known or (cell.key, cell.source) == ("", "")


def test_a_fact_beside_the_core_is_shown_only_where_somebody_looked(example: KnowledgeBase) -> None:
    rows = {row.policy.id: row for row in compared(example, "H2024", EXAMPLE_DAY)}
    assert {"Modifier U4", "Modifier HQ", "Billing lines", "Group size"} <= rows["zz/medicaid"].more.keys()
    assert "Telehealth" not in rows["zz/medicaid"].more
    assert rows["zz/plan"].more["Modifier U4"].said_by == "zz/medicaid"
    assert "Telehealth" not in rows["zz/plan"].more


def test_the_table_has_a_row_for_every_policy_nationwide_first(shipped: KnowledgeBase) -> None:
    text = compare_page(shipped, TODAY)
    ids = re.findall(r'data-policy="([^"]+)"', text)
    assert sorted(ids) == sorted(policy.id for policy in shipped.policies())
    nationwide = [id for id in ids if id.startswith("us/")]
    assert ids[: len(nationwide)] == nationwide
    places = re.findall(r'tbody data-where="(\w\w)"', text)
    assert places == ["US", *sorted(places[1:], key=NAMES.__getitem__)]
    for row in re.findall(r"<tr data-policy=.*?</tr>", text):
        assert row.count("data-label=") == len(CORE)
        assert len(row) < 1_200, "a thousand rows must stay light"


def test_markup_in_data_stays_text(example: KnowledgeBase) -> None:
    hostile = '"><script>alert(1)</script>'
    policy = msgspec.structs.replace(example.policy("zz/medicaid"), program=hostile)
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))
    text = compare_page(kb, EXAMPLE_DAY)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_the_csv_has_every_core_fact_with_its_source_and_runs_no_formula(example: KnowledgeBase) -> None:
    policy = msgspec.structs.replace(example.policy("zz/medicaid"), program='=HYPERLINK("x")', payer="@payer")
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))
    text = table(compared(kb, "H2024", EXAMPLE_DAY), "H2024").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["fact"] for row in rows] == [name for _, name in CORE]
    assert {(row["payer"], row["program"]) for row in rows} == {("'@payer", '\'=HYPERLINK("x")')}
    assert (
        rows[0]
        | {
            "known": "known",
            "answer": "Covered with conditions",
            "source": "Supported Employment Provider Manual, rev. 3",
        }
        == rows[0]
    )
    assert (rows[2]["known"], rows[2]["answer"]) == ("unknown", "Not found")


def fields_of_the_page() -> list[str]:
    """The fields of a cell in the order in which the page's script reads them, by their names in Python."""
    script = (ROOT / "docs" / "assets" / "compare.js").read_text("utf-8")
    listed = re.findall(r"const FIELDS = \[(.*?)\]", script)[0]
    return [re.sub("[A-Z]", lambda upper: f"_{upper[0].lower()}", name) for name in re.findall("\\w+", listed)]


def unpacked(script: bytes) -> dict[str, tuple[list[Cell], dict[str, Cell]]]:
    """Reads a script of cells as the page does."""
    data = json.loads(script.decode().split(" = ", 1)[1].rstrip(";\n"))
    names = data["fields"]

    def text(number: int) -> str:
        return data["texts"][number] if number >= 0 else ""

    def cell(number: int) -> Cell:
        packed = data["cells"][number] + [-1] * (len(names) - len(data["cells"][number]))
        fields = [tuple(map(text, one)) if isinstance(one, list) else text(one) for one in packed]
        return Cell(**dict(zip(names, fields, strict=True)))

    return {
        id: ([cell(number) for number in core], {name: cell(number) for name, number in more.items()})
        for id, (core, more) in data["policies"].items()
    }


def test_the_scripts_hold_the_cells_of_each_code(shipped: KnowledgeBase) -> None:
    made = dict(files(shipped, TODAY))
    assert {"assets/data/compare-h2024.js", "assets/data/compare-t2019.js", "data/compare.csv"} <= made.keys()
    for code in ("H2024", "T2019"):
        held = unpacked(made[f"assets/data/compare-{code.lower()}.js"])
        assert held == {row.policy.id: (list(row.core), row.more) for row in compared(shipped, code, TODAY)}


def test_a_code_that_is_not_held_has_no_script(example: KnowledgeBase) -> None:
    assert {name for name, _ in files(example, EXAMPLE_DAY)} == {
        "assets/data/compare-h2023.js",
        "assets/data/compare-h2024.js",
        "data/compare.csv",
    }

"""How lines use the codes: figures worked out by hand, nothing lost, nothing small shown, drawn to scale."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from answers import EXAMPLE, EXAMPLE_DAY
from hypothesis import given, settings
from hypothesis import strategies as st

from h2024kb.cli.utilization_commands import add_commands
from h2024kb.formats import any_file
from h2024kb.knowledge.answer import NameNotFound
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine
from h2024kb.load import load_folder
from h2024kb.utilization.cells import count, counts, number, shown
from h2024kb.utilization.chart import MOST_BARS, WIDTH, as_file, charts, inline
from h2024kb.utilization.counting import Figures, LineUtilization, utilization
from h2024kb.utilization.months import days_billed, days_of_service, member_months
from h2024kb.utilization.page import page
from h2024kb.utilization.spread import percentile, spread
from h2024kb.utilization.tables import FigureRow, Table, figure_rows, summed, tables
from h2024kb.writing.flat_files import csv_file

FILES = Path(__file__).parent / "utilization"
SVG = "{http://www.w3.org/2000/svg}"
DAY = dt.date(2026, 3, 2)
PER_DIEM = {"H2024"}


def written(made: list[Table]) -> bytes:
    return csv_file(FigureRow, figure_rows(made))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented policies with an invented benchmark."""
    made = tmp_path_factory.mktemp("policies") / "kb"
    shutil.copytree(EXAMPLE, made)
    (made / "benchmarks").mkdir()
    shutil.copy(FILES / "benchmark.yaml", made / "benchmarks" / "invented.yaml")
    return made


@pytest.fixture(scope="module")
def kb(folder: Path) -> KnowledgeBase:
    return load_folder(folder, EXAMPLE_DAY)


@pytest.fixture(scope="module")
def found(kb: KnowledgeBase) -> LineUtilization:
    """The figures of the small file, whose columns a person can add up."""
    return utilization(kb, read_lines(FILES / "lines.csv"), ["H2023", "H2024"])


@pytest.fixture(scope="module")
def per_diem(found: LineUtilization) -> Figures:
    return found.codes[1]


def read_lines(path: Path) -> Iterable[ServiceLine]:
    return [item for item in any_file.read(path) if isinstance(item, ServiceLine)]


def line(day: dt.date | None = DAY, **told: Any) -> ServiceLine:
    return ServiceLine(**{"code": "H2024", "member": "a", "date_of_service": day, "units": Decimal(1), **told})


def over(first: str, last: str, units: int | str | None, **told: Any) -> ServiceLine:
    days = {"date_of_service": dt.date.fromisoformat(first), "last_date_of_service": dt.date.fromisoformat(last)}
    return ServiceLine(
        **{"code": "H2024", "member": "a", "units": None if units is None else Decimal(units), **days, **told}
    )


def one(kb: KnowledgeBase, *lines: ServiceLine) -> Figures:
    return utilization(kb, lines, ["H2023", "H2024"]).together


def names(rows: Iterable[Any]) -> dict[str | None, int]:
    return {row.name: row.lines for row in rows}


# What the lines of the small file come to


def test_every_line_read_is_in_one_of_the_counts(found: LineUtilization) -> None:
    assert (found.lines_read, found.counted) == (13, 9)
    assert (found.taken_back_or_replaced, found.of_other_codes, found.without_a_code) == (2, 1, 1)


def test_lines_claims_members_months_and_days(per_diem: Figures) -> None:
    assert (per_diem.lines, per_diem.claims, per_diem.members) == (8, 7, 2)
    assert (per_diem.member_months, per_diem.days) == (3, 12)
    assert (per_diem.units, per_diem.charge) == (Decimal(14), Decimal("860.00"))


def test_days_per_member_month_leave_out_the_month_whose_days_are_not_given(per_diem: Figures) -> None:
    days = per_diem.days_per_member_month
    assert (days.of, days.left_out) == (2, 1)
    assert [days.mean, days.median] == [5, 5]
    assert [days.p10, days.p25, days.p75, days.p90] == [Decimal("1.8"), 3, 7, Decimal("8.2")]
    assert [
        (bin.least, bin.most, bin.member_months) for bin in per_diem.days_of_member_months if bin.member_months
    ] == [
        (1, 5, 1),
        (6, 10, 1),
    ]


def test_units_and_charges(per_diem: Figures) -> None:
    assert per_diem.units_per_line is not None
    assert (per_diem.units_per_line.mean, per_diem.units_per_line.p90) == (Decimal("1.75"), Decimal("2.9"))
    assert per_diem.units_per_member_month == spread([10, 1, None])
    assert (per_diem.charge_per_line.median, per_diem.charge_per_line.mean) == (80, Decimal("122.8571"))
    assert per_diem.charge_per_unit == spread([60, 60, 60, 60, 80, 80, 80, None])
    assert per_diem.charge_per_claim == spread([120, 80, 300, 120, 80, 160, None])
    assert (per_diem.charge_per_claim.median, per_diem.charge_per_claim.p90) == (120, 230)


def test_the_mixes(per_diem: Figures) -> None:
    assert names(per_diem.modifiers) == {"HQ": 3, "": 3, "HQ U4": 2}
    assert names(per_diem.places_of_service) == {"18": 6, "11": 1, None: 1}
    assert [row.share for row in per_diem.places_of_service] == [Decimal("0.75"), Decimal("0.125"), Decimal("0.125")]
    assert [row.members for row in per_diem.places_of_service] == [2, 1, 1]
    assert names(per_diem.payers) == {None: 8}


def test_what_lines_do_not_tell_is_counted(per_diem: Figures) -> None:
    told = {"claim": 0, "member": 1, "date_of_service": 0, "days": 0, "units": 0, "charge": 1, "modifiers": 0}
    assert per_diem.not_given == {**told, "places_of_service": 1, "payers": 8, "jurisdictions": 8}


def test_codes_that_count_different_things_have_no_units_together(found: LineUtilization) -> None:
    together = found.together
    assert (together.code, together.unit, together.units, together.units_per_line) == (None, None, None, None)
    assert (together.lines, together.claims, together.members) == (9, 8, 2)
    assert (together.member_months, together.days) == (3, 12)
    assert together.charge == Decimal("956.00")


def test_a_code_that_nobody_holds_is_refused(kb: KnowledgeBase) -> None:
    with pytest.raises(NameNotFound, match="H2O24"):
        utilization(kb, [], ["H2O24"])


def test_the_family_is_what_the_benchmarks_cover(kb: KnowledgeBase, example: KnowledgeBase) -> None:
    assert utilization(kb, []).asked == ("H2024",)
    assert utilization(example, []).asked == tuple(sorted(example.codes()))


# Days and months


@pytest.mark.parametrize(
    ("of", "days"),
    [
        (line(), 1),
        (line(units=None), 1),
        (line(units=Decimal(3)), 1),
        (line(units=Decimal(0)), 0),
        (line(units=Decimal(-1)), 0),
        (line(code="H2023", units=Decimal(8)), 1),
        (over("2026-03-02", "2026-03-06", 5), 5),
        (over("2026-03-02", "2026-03-06", 3), 3),
        (over("2026-03-02", "2026-03-06", "2.5"), 3),
        (over("2026-03-02", "2026-03-06", 9), 5),
        (over("2026-03-02", "2026-03-06", None), None),
        (over("2026-03-02", "2026-03-06", 5, code="H2023"), None),
        (over("2026-03-06", "2026-03-02", 1), None),
        (ServiceLine(code="H2024", units=Decimal(1)), None),
    ],
)
def test_how_many_days_a_line_shows(of: ServiceLine, days: int | None) -> None:
    assert days_billed(of, PER_DIEM) == days


def test_days_that_a_line_does_not_place_are_laid_where_no_other_line_is() -> None:
    three = over("2026-03-02", "2026-03-06", 3)
    shown = days_of_service([three, line(dt.date(2026, 3, 2)), line(dt.date(2026, 3, 4))], PER_DIEM)
    assert sorted(day.day for day in shown) == [2, 3, 4, 5, 6]
    full = [line(dt.date(2026, 3, day)) for day in range(2, 7)]
    assert len(days_of_service([three, *full], PER_DIEM)) == 5


def test_a_last_day_at_the_end_of_time_is_only_read_as_far_as_needed() -> None:
    shown = days_of_service([over("2026-03-02", "9999-12-31", 2)], PER_DIEM)
    assert sorted(shown) == [dt.date(2026, 3, 2), dt.date(2026, 3, 3)]


def test_a_line_over_two_months_that_bills_each_day_tells_both() -> None:
    months = member_months([over("2025-12-30", "2026-01-02", 4)], PER_DIEM)
    assert [(m.year, m.month, m.days, m.units, m.days_known, m.units_known) for m in months] == [
        (2025, 12, 2, 2, True, True),
        (2026, 1, 2, 2, True, True),
    ]


def test_a_line_over_two_months_that_does_not_leaves_both_open() -> None:
    both = [over("2026-05-30", "2026-06-02", 2), line(dt.date(2026, 6, 20)), line(dt.date(2026, 7, 1))]
    assert [(m.month, m.days_known, m.units_known) for m in member_months(both, PER_DIEM)] == [
        (5, False, False),
        (6, False, False),
        (7, True, True),
    ]


def test_quarter_hours_over_days_of_one_month_tell_its_units_and_not_its_days() -> None:
    (month,) = member_months([over("2026-03-02", "2026-03-06", 12, code="H2023")], PER_DIEM)
    assert (month.days, month.days_known, month.units, month.units_known) == (0, False, 12, True)


def test_one_day_billed_twice_is_one_day(kb: KnowledgeBase) -> None:
    assert one(kb, line(claim="A"), line(claim="B"), line(claim="C", member="b")).days == 2


def test_a_year_has_lines_by_first_day_and_days_where_they_fall(kb: KnowledgeBase) -> None:
    years = one(kb, over("2025-12-30", "2026-01-02", 4), line(), line(None)).years
    assert [(y.year, y.lines, y.members, y.member_months, y.days, y.units) for y in years] == [
        (2025, 1, 1, 1, 2, 4),
        (2026, 1, 1, 2, 3, 1),
        (None, 1, 1, 0, 0, 1),
    ]


# Which lines are counted


def test_a_replaced_claim_is_not_counted_whatever_code_replaces_it(kb: KnowledgeBase) -> None:
    first = line(claim="A")
    again = line(claim="A", code="T2020", frequency="7")
    found = utilization(kb, [first, again], ["H2024"])
    assert (found.counted, found.taken_back_or_replaced, found.of_other_codes) == (0, 1, 1)


def test_a_claim_number_is_one_member_s_and_one_payer_s(kb: KnowledgeBase) -> None:
    lines = [line(claim="1"), line(claim="1", member="b"), line(claim="1", payer="ESM", jurisdiction="ZZ")]
    assert one(kb, *lines).claims == 3
    voided = line(claim="1", member="b", frequency="8")
    assert one(kb, *lines, voided).lines == 2


def test_a_payer_goes_by_its_policy_its_name_or_not_by_what_the_claim_says(kb: KnowledgeBase) -> None:
    lines = [
        line(policy="zz/medicaid"),
        line(payer="ESM", jurisdiction="ZZ"),
        line(payer="ESM", jurisdiction="KS"),
        line(payer="Jane Roe"),
        line(),
    ]
    payers = names(one(kb, *lines).payers)
    assert payers == {
        "zz/medicaid": 2,
        "Example State Medicaid": 1,
        "a payer that is not in the knowledge base": 1,
        None: 1,
    }


def test_payers_have_a_table_where_a_line_tells_one(kb: KnowledgeBase) -> None:
    assert table(kb, [line()], "payers", hide=False) == {}
    assert list(table(kb, [line(), line(policy="zz/plan")], "payers", hide=False)) == [
        ("H2024", "zz/plan"),
        ("H2024", "not given"),
    ]


def test_an_empty_claim_or_member_is_none(kb: KnowledgeBase) -> None:
    found = one(kb, line(claim="", member=""))
    assert (found.claims, found.members, found.member_months) == (0, 0, 0)
    assert (found.not_given["claim"], found.not_given["member"]) == (1, 1)


# Spreads


@pytest.mark.parametrize(
    ("values", "median", "p10", "p90"),
    [([7], 7, 7, 7), ([1, 3], 2, "1.2", "2.8"), ([1, 2, 4], 2, "1.2", "3.6"), ([0, 10, 20, 30, 40], 20, 4, 36)],
)
def test_percentiles_lie_between_values_in_proportion(values: list[int], median: Any, p10: Any, p90: Any) -> None:
    found = spread(list(reversed(values)))
    assert (found.median, found.p10, found.p90) == (Decimal(median), Decimal(p10), Decimal(p90))
    assert percentile([Decimal(value) for value in values], 50) == Decimal(median)


def test_no_value_has_no_spread_but_what_is_left_out_is_told() -> None:
    found = spread([None, None])
    assert (found.of, found.left_out, found.mean, found.median) == (0, 2, None, None)


def test_numbers_far_too_large_are_still_numbers(kb: KnowledgeBase) -> None:
    lines = [line(charge=Decimal("999999999999999.99"), units=Decimal("0.000000000000001")) for _ in range(3)]
    found = one(kb, *lines)
    assert written(tables(kb, utilization(kb, lines), hide=False))
    assert found.charge_per_line.mean == Decimal("999999999999999.99")


# Nothing is lost, whatever the lines say


def told(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


LINES = st.builds(
    ServiceLine,
    code=st.sampled_from(["H2024", "H2023", "T2020", None]),
    member=told(st.sampled_from("abc")),
    claim=told(st.sampled_from("12345")),
    frequency=told(st.sampled_from("1178")),
    date_of_service=told(st.dates(dt.date(2025, 12, 1), dt.date(2026, 2, 9))),
    last_date_of_service=told(st.dates(dt.date(2025, 12, 20), dt.date(2026, 3, 9))),
    modifiers=told(st.sampled_from([(), ("HQ",), ("U4", "HQ")])),
    units=told(st.decimals(-1, 40, places=1)),
    charge=told(st.decimals(-10, 5000, places=2)),
    place_of_service=told(st.sampled_from(["11", "18"])),
    jurisdiction=told(st.sampled_from(["ZZ", "KS"])),
)


@settings(max_examples=100)
@given(lines=st.lists(LINES, max_size=25))
def test_every_part_adds_up_to_the_whole(kb: KnowledgeBase, lines: list[ServiceLine]) -> None:
    found = utilization(kb, lines, ["H2023", "H2024"])
    left = found.taken_back_or_replaced + found.of_other_codes + found.without_a_code
    assert found.lines_read == len(lines) == found.counted + left
    assert found.counted == found.together.lines == sum(figures.lines for figures in found.codes)
    for figures in (*found.codes, found.together):
        for name in ("modifiers", "places_of_service", "payers", "jurisdictions", "years"):
            assert sum(row.lines for row in getattr(figures, name)) == figures.lines, name
        assert sum(year.days for year in figures.years) == figures.days
        assert sum(year.member_months for year in figures.years) == figures.member_months
        assert sum(year.charge for year in figures.years) == figures.charge
        days = figures.days_per_member_month
        assert days.of + days.left_out == figures.member_months
        assert sum(bin.member_months for bin in figures.days_of_member_months) == days.of
        assert figures.days <= 31 * figures.member_months


@settings(max_examples=50)
@given(lines=st.lists(LINES, max_size=25))
def test_every_output_can_be_made_and_read_back(kb: KnowledgeBase, lines: list[ServiceLine]) -> None:
    found = utilization(kb, lines, ["H2023", "H2024"])
    for hide in (True, False):
        ET.fromstring(as_file(kb, found, hide=hide))
        assert page(kb, found, hide=hide).endswith("</html>\n")
        rows = list(csv.DictReader(io.StringIO(written(tables(kb, found, hide=hide)).decode())))
        assert all(row["code"] and row["figure"] for row in rows)


# Small cells


def members(least: int, most: int, **told: Any) -> list[ServiceLine]:
    """Two lines in March for each of some members."""
    days = (dt.date(2026, 3, 3), dt.date(2026, 3, 10))
    return [line(day, member=f"m{n}", claim=f"c{n}", **told) for n in range(least, most) for day in days]


def claim(number: int, member: int, **told: Any) -> ServiceLine:
    return line(claim=f"c{number}", member=f"m{member}", **{"charge": Decimal(50), **told})


def mixed() -> list[ServiceLine]:
    """Thirty members with HQ, twelve without, four with 22."""
    return [
        *members(0, 30, modifiers=("HQ",), charge=Decimal(50)),
        *members(30, 42, modifiers=(), charge=Decimal(60)),
        *members(42, 46, modifiers=("22",), charge=Decimal(70)),
    ]


def table(
    kb: KnowledgeBase, lines: list[ServiceLine], name: str, *, hide: bool
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    made: list[Table] = tables(kb, utilization(kb, lines, ["H2023", "H2024"]), hide=hide)
    rows = next((table.rows for table in made if table.name == name), [])
    return {row[:2]: row[2:] for row in rows}


def test_small_counts() -> None:
    assert [count(n, hide=True) for n in (0, 1, 10, 11)] == [0, "<11", "<11", 11]
    assert [count(n, hide=False) for n in (0, 1, 10, 11)] == [0, 1, 10, 11]


@pytest.mark.parametrize(
    ("numbers", "cells"),
    [
        ([30, 20, 3], [30, "*", "<11"]),
        ([30, 2, 3], [30, "<11", "<11"]),
        ([30, 0, 3], ["*", 0, "<11"]),
        ([3], ["<11"]),
        ([30, 20], [30, 20]),
        ([], []),
    ],
)
def test_a_lone_small_part_takes_the_next_smallest_with_it(numbers: list[int], cells: list[Any]) -> None:
    assert counts(numbers, hide=True) == cells


def test_a_mix_hides_what_is_small_and_what_would_give_it_away(kb: KnowledgeBase) -> None:
    shown = table(kb, mixed(), "modifiers", hide=True)
    assert shown["H2024", "HQ"] == (60, Decimal("65.2"), 30, 30)
    assert shown["H2024", "none"] == ("*", "*", "*", "*")
    assert shown["H2024", "22"] == ("<11", "*", "<11", "<11")
    assert table(kb, mixed(), "modifiers", hide=False)["H2024", "22"] == (8, Decimal("8.7"), 4, 4)


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ([claim(n, n) for n in range(11)], (11, *[Decimal("50.00")] * 6, 0)),
        ([claim(n, n) for n in range(10)], ("<11", *["*"] * 6, 0)),
        ([claim(n, n % 10) for n in range(30)], (30, *["*"] * 6, 0)),
        ([*(claim(n, n) for n in range(10)), *(claim(n, n, charge=None) for n in range(10, 30))], ("<11", *["*"] * 7)),
    ],
    ids=["eleven", "ten claims", "ten members", "ten claims that tell it"],
)
def test_spreads_of_few_claims_or_members_are_hidden(
    kb: KnowledgeBase, lines: list[ServiceLine], cells: tuple[Any, ...]
) -> None:
    assert table(kb, lines, "spreads", hide=True)["H2024", "Charge per claim, $"] == cells


def test_all_codes_together_do_not_give_a_small_code_away(kb: KnowledgeBase) -> None:
    lines = [*mixed(), line(code="H2023", member="m0", claim="q", modifiers=("HQ",))]
    found = utilization(kb, lines, ["H2023", "H2024"])
    for made in tables(kb, found, hide=True):
        assert not any(row[0] == "All" for row in made.rows), made.name
    assert any(row[0] == "All" for row in tables(kb, found, hide=False)[0].rows)
    assert summed(found, hide=True).startswith("lines read: *, counted: *")
    assert [chart.title for one, drawn in charts(kb, found, hide=True) if not one.code for chart in drawn] == [
        "All: charged and paid per claim, $"
    ]


def test_no_published_output_shows_a_count_of_1_to_10(kb: KnowledgeBase) -> None:
    found = utilization(kb, mixed(), ["H2024"])
    text = written(tables(kb, found, hide=True)).decode()
    counted = {
        "Lines",
        "Claims",
        "Members",
        "Member-months",
        "Days of service",
        "Of",
        "Left out",
        "Claims of these lines",
    }
    values = [row["value"] for row in csv.DictReader(io.StringIO(text)) if row["figure"] in counted]
    assert "<11" in values
    assert not {str(n) for n in range(1, 11)} & set(values)
    for published in (page(kb, found, hide=True), as_file(kb, found, hide=True).decode()):
        assert "22: &lt;11" in published
        assert not re.search(r"8\.7(%|<| percent)", published)


# What is drawn


def bars_of(svg: ET.Element) -> list[float]:
    return [float(rect.attrib["width"]) for rect in svg.iter(f"{SVG}rect") if rect.attrib["class"] == "bar"]


def drawing(kb: KnowledgeBase, found: LineUtilization, at: int, *, hide: bool = False) -> ET.Element:
    return ET.fromstring(inline(charts(kb, found, hide=hide)[-1][1][at]))


def test_bars_are_as_long_as_their_shares(kb: KnowledgeBase) -> None:
    found = utilization(kb, mixed(), ["H2024"])
    widths = bars_of(drawing(kb, found, 0))
    assert widths == pytest.approx([WIDTH * lines / 92 for lines in (60, 24, 8)], abs=0.02)
    assert bars_of(drawing(kb, found, 0, hide=True)) == pytest.approx([WIDTH * 60 / 92], abs=0.02)


def test_each_bar_has_its_value_as_text(kb: KnowledgeBase) -> None:
    svg = drawing(kb, utilization(kb, mixed(), ["H2024"]), 0)
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert texts == ["H2024: modifier mix, lines", "65.2%, 60", "HQ", "26.1%, 24", "none", "8.7%, 8", "22"]


def test_a_chart_is_named_and_said_in_words(kb: KnowledgeBase) -> None:
    svg = drawing(kb, utilization(kb, mixed(), ["H2024"]), 0)
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert desc.text == "HQ: 60, 65.2 percent; none: 24, 26.1 percent; 22: 8, 8.7 percent."


def test_charges_and_payments_are_drawn_on_one_scale(kb: KnowledgeBase, found: LineUtilization) -> None:
    charged_and_paid = next(drawn[3] for one, drawn in charts(kb, found, hide=False) if one.code == "H2024")
    svg = ET.fromstring(inline(charged_and_paid))
    scale = WIDTH / 400  # the benchmark's 90th percentile is the greatest
    lines = [(mark.attrib["class"], float(mark.attrib["x1"])) for mark in svg.iter(f"{SVG}line")]
    medians = [x for kind, x in lines if kind == "middle"]
    assert medians == pytest.approx([120 * scale, 150 * scale], abs=0.02)
    boxes = [float(rect.attrib["width"]) for rect in svg.iter(f"{SVG}rect")]
    assert boxes == pytest.approx([(150 - 90) * scale, (180 - 120) * scale], abs=0.02)
    (dot,) = svg.iter(f"{SVG}circle")
    assert float(dot.attrib["cx"]) == pytest.approx(860 / 6 * scale, abs=0.02)
    assert "10th 100.00, 25th 120.00, median 150.00, 75th 180.00, 90th 400.00" in charged_and_paid.describes


def test_nothing_is_drawn_outside_its_chart(kb: KnowledgeBase, found: LineUtilization) -> None:
    root = ET.fromstring(as_file(kb, found, hide=False))
    for svg in root.iter(f"{SVG}svg"):
        wide, high = float(svg.attrib["width"]), float(svg.attrib["height"])
        for rect in svg.findall(f"{SVG}rect"):
            assert float(rect.attrib.get("x", 0)) + float(rect.attrib["width"]) <= wide + 0.01
        for text in svg.findall(f"{SVG}text"):
            assert float(text.attrib["y"]) <= high


def test_a_long_mix_is_drawn_in_part_and_says_so(kb: KnowledgeBase) -> None:
    sets = [line(modifiers=(f"X{n:X}",)) for n in range(MOST_BARS + 3)]
    svg = drawing(kb, utilization(kb, sets, ["H2024"]), 0)
    assert len(bars_of(svg)) == MOST_BARS
    assert [text.text for text in svg.iter(f"{SVG}text")][-1] == "12 of 15 are drawn; the table has all."


# The benchmark


def test_the_benchmark_stands_only_beside_what_it_has(kb: KnowledgeBase, found: LineUtilization) -> None:
    rows = next(table.rows for table in tables(kb, found, hide=False) if table.name == "benchmark")
    said = {row[:2]: row[2:] for row in rows}
    none = "the benchmark has none"
    assert said["H2024", "Claims"] == (7, 600)
    assert said["H2024", "Billing providers"] == ("no line gives it", 5)
    assert said["H2024", "Per claim, median, $: charged; paid"] == (Decimal("120.00"), Decimal("150.00"))
    assert said["H2024", "Days per member-month, median"] == (Decimal(5), none)
    assert said["H2024", "Modifier mix"][1] == said["H2024", "Place-of-service mix"][1] == none
    assert {row[1] for key, row in said.items() if key[0] == "H2023"} == {none}


@pytest.mark.parametrize(
    ("jurisdiction", "rows"),
    [
        (None, [("not named", 7, "the benchmark has none", "", ""), ("ZZ", 0, 600, 5, Decimal("90000.00"))]),
        ("ZZ", [("ZZ", 0, 600, 5, Decimal("90000.00"))]),
        ("KS", [("KS", 0, "the benchmark has none", "", "")]),
    ],
)
def test_states(kb: KnowledgeBase, found: LineUtilization, jurisdiction: str | None, rows: list[Any]) -> None:
    made = tables(kb, found, jurisdiction=jurisdiction, hide=False)
    states = next(table.rows for table in made if table.name == "states")
    assert sorted((row[1:] for row in states if row[0] == "H2024"), key=lambda row: row[1], reverse=True) == rows


def test_its_cautions_are_everywhere(kb: KnowledgeBase, found: LineUtilization, run: Run) -> None:
    caution = "A claim may hold many days."
    assert caution in page(kb, found, hide=True)
    assert caution in as_file(kb, found, hide=True).decode()
    for format in ("table", "json"):
        assert caution in run(str(FILES / "lines.csv"), "--format", format)[1]


# The command

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        parser.add_argument("--policies", default=str(folder))
        add_commands(parser.add_subparsers())
        args = parser.parse_args(["utilization", *arguments])
        status = args.run(args)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_the_tables_for_people(run: Run) -> None:
    status, out, err = run(str(FILES / "lines.csv"), "--code", "H2023", "--code", "h2024")
    assert (status, err) == (
        0,
        "lines read: 13, counted: 9, taken back or replaced: 2, of other codes: 1, without a code: 1\n",
    )
    tidy = "\n".join(line.rstrip() for line in out.splitlines()) + "\n"
    assert tidy == (FILES / "tables.txt").read_text("utf-8")


def test_json_has_every_figure(run: Run, per_diem: Figures) -> None:
    status, out, _ = run(str(FILES / "lines.csv"), "--json")
    said = json.loads(out)
    assert status == 0
    assert said["lines"]["codes"][0]["days_per_member_month"]["median"] == "5.0000"
    assert sum(row["lines"] for row in said["lines"]["codes"][0]["modifiers"]) == per_diem.lines
    assert [row["claims"] for row in said["benchmarks"][0]["codes"]] == [600]


@pytest.mark.parametrize("format", ["json", "csv", "html", "svg"])
def test_the_output_is_what_its_name_says(run: Run, tmp_path: Path, format: str) -> None:
    out = tmp_path / f"figures.{format}"
    assert run(str(FILES / "lines.csv"), "--output", str(out))[:2] == (0, "")
    begins = {"json": "{", "csv": "table,code,item,figure,value\r\n", "html": "<!doctype html>", "svg": "<svg"}
    assert out.read_bytes().decode().startswith(begins[format])
    assert run(str(FILES / "lines.csv"), "--format", format)[1].startswith(begins[format])


def test_small_cells_are_shown_only_where_asked(run: Run) -> None:
    hidden = run(str(FILES / "lines.csv"), "--format", "csv")[1]
    shown = run(str(FILES / "lines.csv"), "--format", "csv", "--small-cells")[1]
    assert "counts,H2024,,Members,<11" in hidden
    assert "counts,H2024,,Members,2" in shown


def test_no_line_of_the_codes(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "none.csv"
    empty.write_text("code,units\nT2020,1\n")
    assert run(str(empty))[:2] == (0, "No line of these codes.\n")
    for format in ("json", "csv", "html", "svg"):
        assert run(str(empty), "--format", format)[0] == 0


def test_what_cannot_be_read_is_said_and_the_rest_is_counted(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("code,units,date_of_service\nH2024,one,2026-03-02\nH2024,1,2026-03-02\n")
    status, out, err = run(str(bad), str(tmp_path / "absent.csv"), "--json")
    assert status == 1
    assert json.loads(out)["lines"]["counted"] == 2
    assert re.search(r"bad\.csv:2:7: .+ \[number\]", err)
    assert "absent.csv:1:1: cannot be read" in err


def test_a_mapping_names_columns_and_payers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "lines.csv").write_text("proc,ins\nH2024,Plan 7\n")
    (tmp_path / "map.yaml").write_text("columns: {code: proc, payer: ins}\npayers: {Plan 7: zz/medicaid}\n")
    status, out, _ = run(str(tmp_path / "lines.csv"), "--mapping", str(tmp_path / "map.yaml"), "--json")
    assert status == 0
    assert json.loads(out)["lines"]["together"]["payers"][0]["name"] == "zz/medicaid"


def test_a_mapping_with_a_problem_stops_the_work(run: Run, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text("colums: {code: proc}\n")
    status, out, err = run(str(FILES / "lines.csv"), "--mapping", str(tmp_path / "map.yaml"))
    assert (status, out) == (1, "")
    assert "map.yaml:1:1" in err


def test_what_is_told_for_all_lines(run: Run) -> None:
    _, out, _ = run(str(FILES / "lines.csv"), "--json", "--policy", "zz/plan", "--jurisdiction", "ks")
    together = json.loads(out)["lines"]["together"]
    assert [row["name"] for row in together["payers"]] == ["zz/plan"]
    assert [row["name"] for row in together["jurisdictions"]] == ["KS"]


def test_wrong_use(run: Run, tmp_path: Path) -> None:
    status, _, err = run(str(FILES / "lines.csv"), "--format", "table", "--output", str(tmp_path / "a.txt"))
    assert (status, "tables are for a terminal" in err) == (2, True)
    with pytest.raises(SystemExit):
        run(str(FILES / "lines.csv"), "--jurisdiction", "Kansas")


def test_nothing_personal_leaves(run: Run, tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    rows = "\n".join(
        f"CLAIM-{n},MEMBER-{n},H2024,2026-03-{n:02},Roe Jane,AUTH-{n},F20{n % 10},41" for n in range(11, 29)
    )
    header = "claim,member,code,date_of_service,payer,prior_authorization_number,diagnoses,age"
    claims.write_text(f"{header}\n{rows}\n")
    personal = re.compile(r"CLAIM-|MEMBER-|2026-03|Roe|AUTH|F20")
    for format in ("table", "json", "csv", "html", "svg"):
        status, out, err = run(str(claims), "--format", format, "--small-cells")
        assert status == 0
        assert not personal.search(out + err), format


# How numbers are written


def test_numbers_for_people() -> None:
    assert [shown(number(Decimal(text))) for text in ("1234.5000", "20.0000", "0.0000", "-3.126")] == [
        "1,234.5",
        "20",
        "0",
        "-3.13",
    ]

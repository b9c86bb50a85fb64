"""Tables of many lines: said of every line as of lines one by one, and a file is there whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import os
import random
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from answers import ROOT
from batch_lines import WORLDS, Pool, as_table, differences, pool, random_lines, worlds
from slices import slice_of

from h2024kb import ServiceLine, check_lines
from h2024kb.batch import Counts, check_file, check_table, files
from h2024kb.batch.periods import windows
from h2024kb.batch.results import OF_FINDING
from h2024kb.claims import other_lines
from h2024kb.claims.other_lines import NUMBERS
from h2024kb.formats import any_file
from h2024kb.formats.table.columns import Columns
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.problem import Problem
from h2024kb.validation.findings import rows
from h2024kb.validation.validate import Checked, Defaults, completed

SAMPLES = ROOT.parent / "shared" / "samples" / "fhir" / "cms_tabular"
MARCH = dt.date(2025, 3, 3)
DAY = dt.timedelta(days=1)
AT_ONCE = 8_000


@pytest.fixture(scope="module")
def pools() -> dict[str, Pool]:
    return {name: pool(kb) for name, kb in worlds().items()}


@pytest.fixture(scope="module")
def world(pools: dict[str, Pool]) -> Pool:
    return pools["tests/claims-example"]


# The same of every line


@pytest.mark.parametrize("seed", slice_of(range(6), 1))
@pytest.mark.parametrize("name", WORLDS)
def test_a_table_says_of_every_line_what_lines_say(pools: dict[str, Pool], name: str, seed: int) -> None:
    lines = random_lines(seed, pools[name], AT_ONCE)
    assert differences(pools[name].kb, lines) == [], f"seed {seed}"


def test_some_day_ago_a_table_says_what_lines_said(world: Pool) -> None:
    lines = random_lines(17, world, 500)
    day = dt.date(2026, 11, 21)
    found = dense(check_table(world.kb, as_table(lines), as_known_on=day, dense=True))
    assert found == expected_lines(world.kb, lines, as_known_on=day) != expected_lines(world.kb, lines)


@pytest.mark.parametrize("per", NUMBERS)
def test_sql_lays_periods_over_the_calendar_as_python_does(per: str) -> None:
    """Each period, laid in each way, for lines around the ends of months and years, one of them a leap year."""
    firsts = [
        day + n * DAY for day in (dt.date(2023, 12, 25), dt.date(2024, 2, 20), dt.date(2026, 6, 28)) for n in range(9)
    ]
    lines = [
        ServiceLine(date_of_service=first, last_date_of_service=first + (days - 1) * DAY)
        for first in firsts
        for days in (1, 2, 7, 8, 31, 366)
    ]
    spans = pa.table(
        {
            "row": pa.array(range(len(lines) + 1), pa.int32()),
            "first": pa.array([*(line.date_of_service for line in lines), None], pa.date32()),
            "last": pa.array([*(line.last_day for line in lines), None], pa.date32()),
            "days": pa.array([*(line.days for line in lines), None], pa.int32()),
        }
    )
    with duckdb.connect() as database:
        database.register("spans", spans)
        found = database.execute(f"SELECT row, laid, number, inside FROM ({windows('spans', per)})").fetchall()
    expected = [
        (row, *window, inside)
        for row, line in enumerate([*lines, ServiceLine()])
        for window, inside in other_lines.windows(line, per)
    ]
    assert sorted(found) == sorted(expected)


def test_a_code_that_only_a_service_has_counts_though_no_list_has_it(world: Pool) -> None:
    contents, sets = world.kb.contents, world.kb.contents.code_sets
    services = tuple(
        msgspec.structs.replace(row, codes=(*row.codes, "X0001")) if row.service == "day-habilitation" else row
        for row in sets.services
    )
    assert services != sets.services
    kb = KnowledgeBase.of(msgspec.structs.replace(contents, code_sets=msgspec.structs.replace(sets, services=services)))
    day = dt.date(2026, 2, 2)
    one, other = (
        ServiceLine(policy="zz/limits", code=code, date_of_service=day, member="M", units=Decimal(2))
        for code in ("H2024", "X0001")
    )
    assert dense(check_table(kb, as_table([one, other]), dense=True)) == expected_lines(kb, [one, other])
    assert expected_lines(kb, [one, other])[0]["findings"] != expected_lines(kb, [one])[0]["findings"]


def expected_lines(kb: KnowledgeBase, lines: list[ServiceLine], **asked: Any) -> list[dict[str, Any]]:
    """The rows of a dense table, made of the results of lines one by one."""
    held = {*kb.codes(), None}
    return [
        {
            "row": number,
            **{name: getattr(line, name) for name in ("claim", "line", "code")},
            "policy": result.policy,
            "outcome": result.outcome,
            "pile": result.pile,
            "needs": " ".join(result.needs),
            "findings": [
                {name: getattr(row, name) for name in OF_FINDING}
                for row in rows([Checked("", line, result)], every=True)
            ],
        }
        for number, (line, result) in enumerate(zip(lines, check_lines(kb, lines, **asked), strict=True))
        if line.code in held
    ]


def dense(found: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = found.to_pylist()
    return listed


def expected_findings(
    kb: KnowledgeBase, paths: list[Path], defaults: Defaults, columns: Columns | None = None
) -> list[dict[str, Any]]:
    """The rows of a sparse file, made by the row readers and of the results of lines one by one."""
    read = [
        (str(path), number, completed(kb, line, defaults))
        for path in paths
        for number, line in enumerate(line for line in any_file.read(path, columns) if isinstance(line, ServiceLine))
    ]
    held = {*kb.codes(), None}
    results = check_lines(kb, [line for *_, line in read])
    return [
        {"row": number, **msgspec.structs.asdict(row)}
        for (file, number, line), result in zip(read, results, strict=True)
        if line.code in held
        for row in rows([Checked(file, line, result)])
    ]


def checked(kb: KnowledgeBase, paths: list[Path], folder: Path, **asked: Any) -> tuple[list[dict[str, Any]], Counts]:
    counts = check_file(kb, paths, folder / "found.parquet", **asked)
    found: list[dict[str, Any]] = pq.read_table(folder / "found.parquet").to_pylist()
    return found, counts


def test_every_column_of_a_sparse_and_a_dense_table(world: Pool) -> None:
    lines = random_lines(3, world, 1_000)
    kb, table = world.kb, as_table(lines)
    assert dense(check_table(kb, table, dense=True)) == expected_lines(kb, lines)
    sparse = [
        {**{name: line[name] for name in ("row", "claim", "line", "code", "policy", "outcome", "pile")}, **finding}
        for line in expected_lines(kb, lines)
        for finding in line["findings"]
        if finding["finding"] != "pass"
    ]
    assert dense(check_table(kb, table)) == sparse


def test_no_column_tells_whom_a_line_is_for(world: Pool, tmp_path: Path) -> None:
    hidden = {"member", "age", "diagnoses", "prior_authorization_number", "charge", "minutes", "payer_id"}
    lines = [msgspec.structs.replace(line, member=f"SECRET-{line.member}") for line in random_lines(5, world, 200)]
    for some in (False, True):
        found = check_table(world.kb, as_table(lines), dense=some)
        assert hidden.isdisjoint(found.column_names)
        assert "SECRET" not in str(found.to_pylist())
    pq.write_table(as_table(lines), tmp_path / "lines.parquet")
    check_file(world.kb, tmp_path / "lines.parquet", tmp_path / "found.csv")
    assert "SECRET" not in (tmp_path / "found.csv").read_text()


# What is told, and what is not


def one(kb: KnowledgeBase, **told: Any) -> dict[str, Any]:
    """The dense row of a table with one line, whose columns are those given."""
    columns = {"policy": ["zz/medicaid"], "code": ["H2024"], "date_of_service": [MARCH], **told}
    found: dict[str, Any] = check_table(kb, pa.table(columns), dense=True).to_pylist()[0]
    return found


def outcomes(row: dict[str, Any], rule: str) -> list[str]:
    return [finding["finding"] for finding in row["findings"] if finding["rule"] == rule]


def test_null_and_no_column_are_not_told_and_empty_tells_there_is_none(example: KnowledgeBase) -> None:
    for left_out in (
        {},
        {"prior_authorization_number": pa.nulls(1)},
        {"prior_authorization_number": pa.array([None], "str")},
    ):
        assert outcomes(one(example, **left_out), "prior-authorization") == ["cannot-tell"]
    assert outcomes(one(example, prior_authorization_number=[""]), "prior-authorization") == ["fail"]
    assert outcomes(one(example, prior_authorization_number=["A1"]), "prior-authorization") == ["pass"]
    empty = pa.array([[]], pa.list_(pa.string()))
    assert outcomes(one(example, modifiers=empty), "modifiers") == ["fail"]
    assert "cannot-tell" in outcomes(one(example, modifiers=pa.nulls(1)), "modifiers")


@pytest.mark.parametrize(
    "units",
    [
        pa.array([1]),
        pa.array([1.0]),
        pa.array([Decimal("1.000000000000000")]),
        pa.array([1], pa.uint8()),
        pa.array([1.0], pa.float32()),
        pa.array([Decimal("1.0")], pa.decimal256(40, 1)),
        pa.chunked_array([[1]]),
    ],
)
def test_a_number_may_have_any_type_of_number(example: KnowledgeBase, units: Any) -> None:
    assert one(example, units=units) == one(example, units=[Decimal(1)])
    assert outcomes(one(example, units=units), "unit") == ["pass"]


def test_texts_may_be_in_dictionaries_and_large(example: KnowledgeBase) -> None:
    plain = one(example, modifiers=[["U4", "HQ"]], place_of_service=["18"])
    modifiers = pa.array([["U4", "HQ"]], pa.large_list(pa.large_string()))
    assert plain == one(example, modifiers=modifiers, place_of_service=pa.array(["18"]).dictionary_encode())


@pytest.mark.parametrize(
    ("column", "error"),
    [
        ({"units": ["1"]}, "column 'units' must be decimal128(38, 15), not string"),
        ({"date_of_service": ["2025-03-03"]}, "column 'date_of_service' must be date32[day], not string"),
        ({"date_of_service": [dt.datetime(2025, 3, 3)]}, "column 'date_of_service' must be date32[day]"),
        ({"modifiers": ["HQ"]}, "column 'modifiers' must be list"),
        ({"code": [2024]}, "column 'code' must be string, not int64"),
        ({"age": [20.5]}, "column 'age' must be int64, not double"),
        ({"conditions_met": ["true"]}, "column 'conditions_met' must be bool, not string"),
    ],
)
def test_a_column_of_another_type_is_refused(example: KnowledgeBase, column: dict[str, Any], error: str) -> None:
    with pytest.raises(TypeError) as raised:
        one(example, **column)
    assert str(raised.value).startswith(error)


@pytest.mark.parametrize("units", [[float("nan")], [1e15], [Decimal(10) ** 15], [Decimal("1e-16")], [1e-16]])
def test_a_number_that_no_table_holds_is_refused_and_not_shown(example: KnowledgeBase, units: list[Any]) -> None:
    with pytest.raises(ValueError, match="column 'units' has"):
        one(example, units=units)


def test_sums_are_exact_to_the_fifteenth_digit_behind_the_point(example: KnowledgeBase) -> None:
    """The limit is 7 a week: 6.999999999999999 and as little again is within it, and one step more is over."""
    step = Decimal("0.000000000000001")
    for more, outcome in ((step, "pass"), (2 * step, "fail")):
        lines = [
            ServiceLine(policy="zz/medicaid", code=code, date_of_service=MARCH, member="M", units=units)
            for code, units in (("H2024", Decimal(1)), ("T2020", 6 - step), ("T2020", more))
        ]
        found = check_table(example, as_table(lines), dense=True).to_pylist()[0]
        assert found["findings"] == expected_lines(example, lines)[0]["findings"]
        assert outcomes(found, "limits")[-1] == outcome


def test_lines_of_other_codes_count_where_they_replace_a_claim(example: KnowledgeBase) -> None:
    first = {"policy": "zz/medicaid", "date_of_service": MARCH, "member": "M", "claim": "A"}
    lines = [ServiceLine(code="H2024", **first), ServiceLine(code="99213", frequency="7", **first)]
    found = check_table(example, as_table(lines), dense=True).to_pylist()
    assert [(row["row"], [finding["rule"] for finding in row["findings"]]) for row in found] == [(0, ["frequency"])]


def test_an_empty_table_has_the_columns_of_any(example: KnowledgeBase) -> None:
    for some in (False, True):
        full = check_table(example, as_table([ServiceLine(code="H2024")]), dense=some)
        assert check_table(example, as_table([]), dense=some).schema == full.schema
    assert check_table(example, pa.table({"code": ["99213"]})).num_rows == 0


def test_columns_nobody_knows_are_not_looked_at(example: KnowledgeBase) -> None:
    odd = {'units"; DROP TABLE lines; --': [1], "row": [7], "number": [3], "c0": ["x"], "file": [None]}
    assert one(example, **odd) == one(example)


def test_every_rule_looks_only_at_whether_an_authorization_number_is_given(pools: dict[str, Pool]) -> None:
    """SQL keeps no more of it; a rule that looked closer would be told less than it asks."""
    from h2024kb.claims.check import Checker

    for drawn in (pools["tests/example"], pools["tests/claims-example"]):
        check = Checker(drawn.kb)
        for policy in drawn.policies:
            for day in check.starts(policy, "H2024"):
                line = ServiceLine(code="H2024", date_of_service=day)
                version: Any = check.version(policy, line)
                looks = [cut for cut in version.alone.cuts if "authorized" in cut.fields]
                assert all(cut.kind == "told" for cut in looks)


# Files

CELLS: dict[str, tuple[str, ...]] = {
    "hcpcs_code": (
        "H2024",
        "H2024",
        "h2024 ",
        "\u00a0H2023",
        "T2020",
        "99213",
        "",
        "  ",
        "H2O24",
        "H2024-U4",
        "HC:H2023:HQ",
        "\u200bH2024",
        "~",
    ),
    "hcpcs_modifier_1": ("U4", "U4", "hq", " U4", "", "U44", "é1", "NULL"),
    "hcpcs_modifier_2": ("HQ", "", "", "22", "HQ U4"),
    "claim_line_start_date": (
        "2025-03-03",
        "20250304",
        "05-Mar-2025",
        "2025-03-06 00:00:00",
        "",
        "03/04/2025",
        "2025-02-30",
    ),
    "claim_line_end_date": ("", "", "2025-03-06", "2025-03-10", "2025-03-01", "soon"),
    "claim_start_date": ("2025-03-03", "2025-03-04", "", "soon"),
    "claim_end_date": ("2025-03-03", "2025-03-04", ""),
    "claim_type": ("professional", "", "institutional"),
    "service_unit_quantity": ("1", "1.0000", "2", "-1", "0.5", "", "one", "1,000", "1e3", ".5"),
    "charge_amount": ("60.00", "", "$60"),
    "place_of_service_code": ("18", "11", "", "2", "1A", " ~"),
    "diagnosis_code_1": ("F20.0", "f2081", "", "Z"),
    "diagnosis_code_2": ("", "Z00.00"),
    "payer": ("Example", "Example State Medicaid", "Nobody", ""),
    "claim_id": ("C1", " C1", "C2 ", "C 3", "", "\u3000C1", '"C1"', "C;1", "-C1", "NULL"),
    "claim_line_number": ("1", "2", "", "x", "\u200b2", "nan"),
    "person_id": ("P1", "P2 ", "P3", "", "É", " null", r"\N"),
    "frequency": ("1", "", "7", "8", " 8", "78"),
    "prior_authorization_number": ("A1", "", " ", "~", "NONE", " n/a", "0", "Unknown", "00A"),
    "birth_date": ("2000-01-01", "", "2030-01-01"),
    "submitted": ("2025-06-01", "2026-06-01", ""),
    "plan": ("not looked at", "\u2028"),
}
DEFAULTS = Defaults(payers={"Example": "zz/medicaid"}, fields={"conditions_met": True, "jurisdiction": "ZZ"})


def drawn_cells(seed: int, count: int) -> list[dict[str, str]]:
    rng = random.Random(seed)
    names = rng.sample(list(CELLS), len(CELLS) - rng.choice((0, 0, 3, 6)))
    names += [] if "hcpcs_code" in names else ["hcpcs_code"]
    return [{name: rng.choice(CELLS[name]) for name in names} for _ in range(count)]


def write_csv(path: Path, cells: list[dict[str, str]], separator: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.DictWriter(file, list(cells[0]), delimiter=separator, lineterminator=random.choice(("\n", "\r\n")))
        writer.writeheader()
        writer.writerows(cells)
    return path


def same_problems(counts: Counts, path: Path, columns: Columns | None = None) -> None:
    """What the row reader tells of cells that are looked at is told, at one of its places; nothing else is.

    The first place is that of the first row looked at: a row of a code that nobody holds may have the same problem.
    """
    told = [item for item in any_file.read(path, columns) if isinstance(item, Problem)]
    said = {problem.message.split(" (and so in ")[0]: problem for problem in counts.problems}
    assert said.keys() <= {problem.message for problem in told}
    for message, problem in said.items():
        assert (problem.line, problem.rule) in {(one.line, one.rule) for one in told if one.message == message}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("separator", [",", "|"])
def test_a_csv_file_is_read_as_rows_are(example: KnowledgeBase, tmp_path: Path, seed: int, separator: str) -> None:
    path = write_csv(tmp_path / "lines.csv", drawn_cells(seed, 400), separator)
    found, counts = checked(example, [path], tmp_path, defaults=DEFAULTS)
    assert found == expected_findings(example, [path], DEFAULTS)
    assert not counts.one_by_one
    assert counts.lines == 400
    same_problems(counts, path)


def test_rows_that_stray_quotes_join_are_read_one_by_one(example: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text('code,units,claim,payer\nH2024,1,a,"Example\nH2024,1,b,Example"\nH2024,1,c,Example\n', "utf-8")
    found, counts = checked(example, [path], tmp_path, defaults=DEFAULTS)
    assert found == expected_findings(example, [path], DEFAULTS)
    assert counts.lines == 3
    assert counts.one_by_one


def parquet_columns(cells: list[dict[str, str]]) -> dict[str, Any]:
    """The cells in columns of the types that tables of claims come in; a blank cell is sometimes null."""
    rng = random.Random(len(cells))
    columns = {name: [row[name] if row[name] or rng.random() < 0.5 else None for row in cells] for name in cells[0]}
    typed: dict[str, Any] = {name: pa.array(column) for name, column in columns.items()}
    days = [MARCH + dt.timedelta(days=n % 9) if n % 7 else None for n in range(len(cells))]
    for name, kind in (
        ("claim_line_start_date", pa.date32()),
        ("claim_line_end_date", pa.timestamp("us")),
        ("submitted", pa.date64()),
    ):
        if name in typed and rng.random() < 0.7:
            typed[name] = pa.array(
                [day and day + dt.timedelta(days=n % 4) for n, day in enumerate(days)], pa.date32()
            ).cast(kind)
    numbers = [None if n % 9 == 0 else Decimal(n % 5) / 2 for n in range(len(cells))]
    kind = rng.choice((pa.float64(), pa.float32(), pa.decimal128(9, 2), pa.decimal128(38, 18)))
    typed["service_unit_quantity"] = pa.array(
        [n if n is None or pa.types.is_decimal(kind) else float(n) for n in numbers], kind
    )
    typed["claim_line_number"] = pa.array(
        [n % 3 for n in range(len(cells))], rng.choice((pa.int8(), pa.int64(), pa.uint32()))
    )
    typed["place_of_service_code"] = pa.array(
        [rng.choice((18, 2, 11, None, 99)) for _ in cells], rng.choice((pa.int32(), pa.float64()))
    )
    typed["person_id"] = pa.array(
        [n % 40 for n in range(len(cells))], rng.choice((pa.int64(), pa.float64(), pa.decimal128(9, 1)))
    )
    typed["conditions_met"] = pa.array([rng.choice((True, False, None)) for _ in cells])
    typed["hcpcs_code"] = typed["hcpcs_code"].dictionary_encode() if rng.random() < 0.5 else typed["hcpcs_code"]
    return typed


@pytest.mark.parametrize("seed", range(8))
def test_a_parquet_file_is_read_as_rows_are(example: KnowledgeBase, tmp_path: Path, seed: int) -> None:
    path = tmp_path / "lines[1]*?.parquet"
    pq.write_table(pa.table(parquet_columns(drawn_cells(seed, 400 + seed))), path, row_group_size=100)
    found, counts = checked(example, [path], tmp_path, defaults=DEFAULTS)
    assert found == expected_findings(example, [path], DEFAULTS)
    assert not counts.one_by_one
    same_problems(counts, path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_read_once(example: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SOURCES", ())
    path = write_csv(tmp_path / "lines.csv", drawn_cells(1, 50))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(path.read_bytes(),))
    writer.start()
    counts = check_file(example, pipe, tmp_path / "found.parquet")
    writer.join()
    assert counts.lines == 50


def test_who_may_read_the_output_is_what_the_user_set(example: KnowledgeBase, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "lines.csv", drawn_cells(1, 50))
    before = os.umask(0o077)
    try:
        check_file(example, path, tmp_path / "found.csv")
    finally:
        os.umask(before)
    assert (tmp_path / "found.csv").stat().st_mode & 0o777 == 0o600

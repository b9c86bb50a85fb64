"""Files of claims checked from the command line: what is read, what is reported, and what never is."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest
from answers import EXAMPLE, ROOT

from h2024kb.cli import main

HEADER = (
    "claim,line,code,modifiers,date_of_service,units,place_of_service,payer,member,prior_authorization_number,charge"
)
ROWS = (
    "C1,1,H2024,U4,2026-03-03,1,18,ESM,M1,A9,61.20",
    "C1,2,H2024,U4 HQ,2026-03-04,2,11,Example Medicaid,M1,NONE,122.40",
    "C2,1,99213,,2026-03-04,1,11,ESM,M2,,10.00",
    "C3,1,H2024,U4,2026-03-04,1,18,Nobody Health,SECRET-MEMBER,A9,61.20",
)


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text("\n".join((HEADER, *ROWS)) + "\n", "utf-8")
    return path


def run(*arguments: str | Path) -> int:
    return main(["--policies", str(EXAMPLE), "validate", *map(str, arguments)])


def test_every_finding_names_its_line_by_claim_and_number(
    claims: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(claims, "--format", "jsonl") == 1
    out, err = capsysbinary.readouterr()
    found = [json.loads(line) for line in out.splitlines()]
    fails = {(row["claim"], row["line"], row["rule"]) for row in found if row["finding"] == "fail"}
    assert fails == {
        ("C1", "2", "limits"),
        ("C1", "2", "place-of-service"),
        ("C1", "2", "prior-authorization"),
        ("C1", "2", "unit"),
    }
    assert {row["rule"] for row in found if row["claim"] == "C3"} == {"payer"}
    assert not [row for row in found if row["claim"] == "C2"]
    counts = "lines: 4, not in the knowledge base: 1, fix: 1, answer: 2, ask: 0, clear: 0, not-checked: 1, problems: 0"
    assert err.decode().splitlines() == [counts]


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_claim_of_other_codes_takes_back_or_replaces_one_whose_code_is_held(
    claims: Path, capsysbinary: pytest.CaptureFixture[bytes], frequency: str
) -> None:
    later = f"C1,1,99213,,2026-03-04,1,11,ESM,M1,,10.00,{frequency}"
    claims.write_text("\n".join((f"{HEADER},frequency", *(f"{row},1" for row in ROWS), later)) + "\n", "utf-8")
    assert run(claims, "--format", "jsonl", "--every") == 0
    out, err = capsysbinary.readouterr()
    found = [json.loads(line) for line in out.splitlines()]
    assert [(row["line"], row["rule"]) for row in found if row["claim"] == "C1"] == [
        ("1", "frequency"),
        ("2", "frequency"),
    ]
    counts = "lines: 5, not in the knowledge base: 2, fix: 0, answer: 1, ask: 0, clear: 0, not-checked: 4, problems: 0"
    assert err.decode().splitlines() == [counts]


@pytest.mark.parametrize("format", ["table", "jsonl", "csv", "html"])
@pytest.mark.parametrize("every", [[], ["--every"]])
def test_no_report_holds_a_member_an_authorization_number_or_a_date_of_service(
    claims: Path, capsysbinary: pytest.CaptureFixture[bytes], format: str, every: list[str]
) -> None:
    run(claims, "--format", format, *every)
    out, err = capsysbinary.readouterr()
    for text in (out.decode(), err.decode()):
        assert "SECRET-MEMBER" not in text
        assert "2026-03-0" not in text
        assert "A9" not in text


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_claim_of_another_code_replaces_or_takes_back_a_line(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], frequency: str
) -> None:
    path = tmp_path / "claims.csv"
    rows = (f"{ROWS[1]},1", f"C1,1,99213,,2026-03-04,1,11,ESM,M1,,10.00,{frequency}")
    path.write_text("\n".join((f"{HEADER},frequency", *rows)), "utf-8")
    assert run(path, "--format", "jsonl", "--every") == 0
    out, err = capsysbinary.readouterr()
    assert [json.loads(row)["rule"] for row in out.splitlines()] == ["frequency"]
    counts = "lines: 2, not in the knowledge base: 1, fix: 0, answer: 0, ask: 0, clear: 0, not-checked: 2, problems: 0"
    assert err.decode().splitlines() == [counts]


HELD = [
    ([], 1), (["fix"], 1), (["answer"], 3), (["ask"], 0), (["ask,clear"], 0), (["fix, answer"], 1), (["none"], 0),
    (["not-checked"], 3),
]  # fmt: skip


@pytest.mark.parametrize(("held", "status"), HELD)
def test_the_piles_that_are_held_decide_the_exit_status(claims: Path, held: list[str], status: int) -> None:
    """One line is to be fixed, two leave something out, one has a code that no policy names."""
    assert run(claims, "--format", "jsonl", *(["--hold", *held] if held else [])) == status


@pytest.mark.parametrize("held", ["fail", "fix,", "fix answer", ""])
def test_a_pile_that_there_is_not_is_refused(
    claims: Path, capsysbinary: pytest.CaptureFixture[bytes], held: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(claims, "--hold", held)
    assert stopped.value.code == 2
    said = capsysbinary.readouterr().err.decode()
    assert said.endswith("--hold: write some of fix, answer, ask, clear, not-checked, with commas, or none\n")


def test_every_row_says_the_pile_of_its_line(claims: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    run(claims, "--format", "jsonl")
    rows = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    piles = {("C1", "1"): "answer", ("C1", "2"): "fix", ("C3", "1"): "answer"}
    assert {(row["claim"], row["line"]): row["pile"] for row in rows} == piles
    run(claims)
    table = capsysbinary.readouterr().out.decode()
    by_pile = [line.split() for line in table[table.index("By pile") :].splitlines()]
    counts = [(words[0], words[-1]) for words in by_pile if words and words[-1].isdigit()]
    assert counts == [("Fix", "1"), ("Answer", "2"), ("Ask", "0"), ("Clear", "0"), ("Not", "1")]


def test_the_report_goes_pile_by_pile_and_counts_them(claims: Path, tmp_path: Path) -> None:
    run(claims, "--output", tmp_path / "found.html", "--format", "html")
    page = re.sub("<[^>]*>", "", (tmp_path / "found.html").read_text("utf-8"))
    assert "Fix: 1, Answer: 2, Ask: 0, Clear: 0, Not checked: 1. Lines read: 4" in page
    assert re.findall(r"Claim (C\d), line (\d): (\w+)", page) == [
        ("C1", "2", "Fix"),
        ("C1", "1", "Answer"),
        ("C3", "1", "Answer"),
    ]


def test_lines_that_were_not_checked_are_named_on_request(claims: Path, tmp_path: Path) -> None:
    voided = "C1,9,99213,,2026-03-04,1,11,ESM,M1,,10.00,8"
    claims.write_text("\n".join((f"{HEADER},frequency", *(f"{row},1" for row in ROWS), voided)) + "\n", "utf-8")
    run(claims, "--format", "jsonl", "--output", tmp_path / "out.jsonl", "--not-checked", tmp_path / "not.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "not.csv").read_text("utf-8"))))
    perhaps = "A later claim may take back or replace the line; its number, days and order do not say."
    gone = "A later claim takes back or replaces the line, so it is not checked."
    other = "The code is not in the knowledge base."
    assert [(row["claim"], row["line"], row["code"], row["why"]) for row in rows] == [
        ("C1", "1", "H2024", perhaps),
        ("C1", "2", "H2024", gone),
        ("C2", "1", "99213", other),
        ("C1", "9", "99213", other),
    ]


def test_csv_and_parquet_hold_the_same_rows(
    claims: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for name in ("csv", "parquet"):
        run(claims, "--format", name, "--output", tmp_path / f"found.{name}")
    assert capsysbinary.readouterr().out == b""
    rows = list(csv.DictReader(io.StringIO((tmp_path / "found.csv").read_text("utf-8"))))
    table = parquet.read_table(tmp_path / "found.parquet").to_pylist()
    assert [{name: value or "" for name, value in row.items()} for row in table] == rows
    assert len(rows) > 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claims.csv", "found.csv", "found.parquet"]


def test_a_cell_that_a_spreadsheet_would_run_is_text(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(f"{HEADER}\n=cmd(),1,H2024,U4,2026-03-03,1,18,ESM,M1,,1\n", "utf-8")
    run(path, "--format", "csv")
    assert b"'=cmd()" in capsysbinary.readouterr().out


def test_a_mapping_file_says_what_columns_and_payers_mean(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "odd.csv").write_text("proc;mods;day;plan\nH2024;U4;03/03/2026;PLAN9\n", "utf-8")
    (tmp_path / "mapping.yaml").write_text(
        "columns:\n  code: proc\n  modifiers: mods\n  payer: plan\n"
        '  date_of_service: {column: day, format: "%m/%d/%Y"}\n'
        "payers: {PLAN9: zz/medicaid}\nseparator: ;\n",
        "utf-8",
    )
    run(tmp_path / "odd.csv", "--mapping", tmp_path / "mapping.yaml", "--format", "jsonl", "--every")
    rows = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert {row["policy"] for row in rows} == {"zz/medicaid"}
    assert {row["finding"] for row in rows if row["rule"] == "modifiers"} == {"pass"}


def test_a_mapping_file_with_a_problem_stops_before_any_line(
    claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mapping.yaml").write_text("colums: {code: proc}\n", "utf-8")
    assert run(claims, "--mapping", tmp_path / "mapping.yaml") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "mapping.yaml:1:1:" in err
    assert "columns" in err


def test_a_file_that_is_not_there_is_a_problem_and_the_others_are_checked(
    claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "gone.837", claims, "--format", "jsonl", "--output", tmp_path / "out.jsonl") == 1
    err = capsys.readouterr().err.splitlines()
    assert err[0] == f"{tmp_path}/gone.837:1:1: cannot be read: No such file or directory [file]"
    assert err[1].startswith("lines: 4, ")


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"\x1f\x8b\x08rest", "packed with gzip: unpack it first"), (b"\x00\x01\x02\xff" * 50, "")],
)
def test_bad_files_are_problems_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    path = tmp_path / "bad.dat"
    path.write_bytes(content)
    assert run(path) == 1
    err = capsys.readouterr().err
    assert says in err
    assert "Traceback" not in err
    assert err.startswith(f"{path}:1:")


def test_a_file_that_is_bad_in_every_row_shows_some_of_them_and_counts_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("code,date_of_service,units\n" + "H2024,03/03/2026,one\n" * 3000, "utf-8")
    assert run(path, "--output", tmp_path / "found.html", "--format", "html") == 1
    *told, last = capsys.readouterr().err.splitlines()
    assert len(told) == 40
    assert told[0].startswith(f"{path}:2:7: column 'date_of_service'")
    assert told[-2].endswith("such as %m/%d/%Y (and so in 2980 more places) [date]")
    assert last.endswith("problems: 6000")
    assert (tmp_path / "found.html").read_text("utf-8").count("such as %m/%d/%Y") == 20


def test_who_may_read_the_output_is_what_the_user_set(claims: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        run(claims, "--output", tmp_path / "found.csv")
    finally:
        os.umask(before)
    assert (tmp_path / "found.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("gone/found.csv", "there is no folder {0}/gone to write found.csv to: make it, or name another"),
        (".", "{0} is a folder: name a file in it"),
        ("claims.csv", "{0}/claims.csv is one of the files to be read: name another output"),
        ("mapping.yaml", "{0}/mapping.yaml is one of the files to be read: name another output"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_any_line_is_read(
    claims: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str, says: str
) -> None:
    (tmp_path / "mapping.yaml").write_text("payers: {PLAN9: zz/medicaid}\n", "utf-8")
    before = claims.read_bytes()
    assert run(claims, "--mapping", tmp_path / "mapping.yaml", "--output", tmp_path / output) == 2
    assert capsys.readouterr().err == f"h2024kb: {says.format(tmp_path)}\n"
    assert claims.read_bytes() == before


def test_what_is_told_for_every_line_never_changes_a_lines_own_word(
    claims: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(claims, "--payer", "Example Health Plan", "--format", "jsonl", "--every")
    rows = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert {row["policy"] for row in rows if row["claim"] == "C1"} == {"zz/medicaid"}


@pytest.mark.parametrize("folder", ["837p", "fhir"])
def test_every_public_sample_is_read_without_a_traceback(
    folder: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    samples = ROOT / ".." / "shared" / "samples" / folder
    if not samples.is_dir():
        pytest.skip("the public samples are not beside the project")
    files = [path for path in sorted(samples.rglob("*")) if path.is_file() and path.suffix != ".md"]
    run(*files, "--format", "jsonl")
    last = capsysbinary.readouterr().err.decode().splitlines()[-1]
    counts = dict(part.split(": ") for part in last.split(", "))
    assert int(counts["lines"]) > 60
    assert int(counts["fix"]) == 0


def test_dates_of_a_table_may_be_written_another_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("hcpcs_code,claim_line_start_date\nH2024,1/5/2026\n", "utf-8")
    asked = ["validate", str(path), "--policy", "md/brain-injury-waiver"]
    assert main(asked) == 1
    assert main([*asked, "--date-format", "%m/%d/%Y"]) == 0
    note, last = capsys.readouterr().err.splitlines()[-2:]
    assert note.startswith(f"note: {path}:1:1: read: hcpcs_code as code, claim_line_start_date as date_of_service")
    assert last.endswith("problems: 0")
    with pytest.raises(SystemExit):
        main([*asked, "--date-format", "%m/%d"])
    assert "write it as %m/%d/%Y" in capsys.readouterr().err

"""The command line: what it prints, and its exit statuses."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from answers import ROOT

import h2024kb
from h2024kb.cli import main, parser
from h2024kb.cli.terminal import Footnotes
from h2024kb.knowledge.answer import Asked

EXAMPLE = str(Path(__file__).parent / "example")
DAY = ["--date-of-service", "2026-11-23"]


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["--policies", EXAMPLE, *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_known_answer_exits_0_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ask(capsys, "coverage", "zz/medicaid", *DAY)
    assert status == 0
    assert "Covered with conditions" in out
    assert "[1] chapter 4" in out
    assert "https://medicaid.example.gov/se-manual-r3.pdf" in out


def test_an_unknown_answer_exits_3_and_says_where_one_looked(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ask(capsys, "modifiers", "zz/medicaid", "--modifier", "22", *DAY)
    assert status == 3
    assert "Unknown (not found in the payer's documents)" in " ".join(out.split())
    assert "looked in [1]" in out


def test_coverage_without_a_policy_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ask(capsys, "coverage", *DAY, "--json")
    assert status == 0
    assert [answer["question"]["policy"] for answer in json.loads(out)] == ["zz/medicaid", "zz/plan"]


def test_a_payer_may_be_named_instead(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["coverage", "--payer", "esm", "--jurisdiction", "ZZ", "--line-of-business", "medicaid", *DAY, "--json"]
    status, out, _ = ask(capsys, *asked)
    assert (status, json.loads(out)["value"]) == (0, "conditional")


def test_the_second_clock(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["modifiers", "zz/medicaid", "--modifier", "HQ", *DAY, "--json", "--as-known-on"]
    _, before, _ = ask(capsys, *asked, "2026-11-21")
    _, after, _ = ask(capsys, *asked, "2026-11-22")
    meanings = [json.loads(text)["modifiers"]["HQ"]["value"]["meaning"] for text in (before, after)]
    assert meanings == ["Group of two or three", "Group of two to four"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["coverage", "zz/medicade"], "no policy is named 'zz/medicade'; near it: zz/medicaid"),
        (
            ["coverage", "--payer", "exampel health plan"],
            "no payer is named 'exampel health plan'; near it: Example Health",
        ),
        (["coverage", "zz/plan", "--code", "H2O24"], "no code is named 'H2O24'; near it: H2024"),
        (["coverage", "--jurisdiction", "ZZ"], "several policies fit; name one of: zz/medicaid, zz/plan"),
        (["modifiers"], "name a policy, or its payer, jurisdiction and line_of_business"),
    ],
)
def test_a_wrong_name_exits_2(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    status, out, err = ask(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"h2024kb: {message}")


@pytest.mark.parametrize("text", ["2026-02-30", "23.11.2026", "20261123", "2026-W47-1", "today"])
def test_a_wrong_date_exits_2(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["coverage", "--date-of-service", text])
    assert stopped.value.code == 2
    assert f"'{text}' is not a date; write YYYY-MM-DD" in capsys.readouterr().err


def test_show_names_what_is_stated_for_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ask(capsys, "show", "zz/medicaid", *DAY)
    assert status == 0
    assert "(stated for every service of this payer)" in " ".join(out.split())
    assert "Nobody has looked yet for what is not listed here." in out


def test_a_source_of_a_followed_policy_is_not_mistaken_for_one_of_the_same_name(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    plan = tmp_path / "zz" / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("contract", "manual-r3"), "utf-8")
    kb = h2024kb.open(tmp_path)
    asked: Asked = {"code": "H2024", "date_of_service": dt.date(2026, 11, 23)}
    notes = Footnotes()
    assert notes.grounds(kb.prior_authorization("zz/plan", **asked)) == "looked in [1]"
    assert notes.grounds(kb.modifier("zz/plan", modifier="22", **asked)) == "looked in [2]"


def test_unknowns_leave_out_what_depends_on_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ask(capsys, "unknowns", *DAY, "--json")
    gaps = [(gap["question"]["policy"], gap["question"]["fact"]) for gap in json.loads(out)]
    assert gaps == [("zz/medicaid", "modifiers"), ("zz/plan", "prior_authorization"), ("zz/plan", "modifiers")]


def test_payers_lists_other_names(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ask(capsys, "payers", "--json")
    assert json.loads(out)[0]["aliases"] == ["ESM", "Example Medicaid"]
    assert "zz/plan" in ask(capsys, "payers")[1]


def test_search_finds_by_alias_and_says_when_nothing_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ask(capsys, "search", "esm", "--json")
    assert (status, json.loads(out)[0]["policy"]) == (0, "zz/medicaid")
    assert ask(capsys, "search", "zebra")[:2] == (3, "No policy or entry has all of these words.\n")


def test_fingerprint_reads_a_passage_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Supported   employment,\nPER DIEM"))
    assert ask(capsys, "fingerprint") == (0, "4:4883dca739fde6f996ca172f433a2b04\n", "")
    monkeypatch.setattr("sys.stdin", io.StringIO("…"))
    status, _, err = ask(capsys, "fingerprint")
    assert (status, err) == (2, "h2024kb: there is no word in this text: paste the passage that bears the fact\n")


def test_problems_in_the_policies_exit_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "zz").mkdir()
    (tmp_path / "zz" / "x.yaml").write_text("payer: X\n")
    assert main(["--policies", str(tmp_path), "coverage"]) == 1
    assert "x.yaml:1:1: 'rules' is missing [required]" in capsys.readouterr().err


def test_a_snapshot_written_is_one_that_opens(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, _ = ask(capsys, "snapshot", str(tmp_path / "s.json"))
    assert (status, "2 policies" in out) == (0, True)
    assert h2024kb.open(tmp_path / "s.json") == h2024kb.open(EXAMPLE)


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "h2024kb", "coverage", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_stats_refuses_a_day_of_knowledge_that_it_could_not_heed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(["stats", "--as-known-on", "2026-11-01"])
    assert exited.value.code == 2
    assert "unrecognized arguments: --as-known-on" in capsys.readouterr().err


def test_the_page_on_the_command_line_has_each_command_in_its_table_and_under_a_heading() -> None:
    [commands] = (action for action in parser()._actions if action.metavar == "COMMAND")
    page = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    assert list(commands.choices or ()) == re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)
    assert set(commands.choices or ()) <= set(re.findall(r"^## (.+)$", page, re.MULTILINE))


def test_help_keeps_the_names_of_formats_and_says_what_each_argument_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["validate", "--help"])
    assert "Check the lines in 837P, FHIR, CSV and Parquet files." in capsys.readouterr().out
    [commands] = (action for action in parser()._actions if action.metavar == "COMMAND")
    assert isinstance(commands.choices, dict)
    for name, made in commands.choices.items():
        assert made.description, name
        assert [action.dest for action in made._actions if not action.option_strings and not action.help] == [], name

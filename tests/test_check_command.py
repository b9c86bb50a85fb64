"""`h2024kb check`: every problem of every file in one run, sorted, in three formats."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from answers import EXAMPLE

from h2024kb.cli import main

INVALID = Path(__file__).parent / "invalid"
BROKEN = ("enum-no", "type-place-of-service", "unused-source", "yaml-tab", "core-facts", "tag-custom")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example with several broken files, seen from the folder above it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLE, tmp_path / "tree")
    for name in BROKEN:
        shutil.copy(INVALID / f"{name}.yaml", tmp_path / "tree" / "zz")
    return Path("tree")


def test_a_clean_folder_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(EXAMPLE)]) == 0
    assert capsys.readouterr() == ("", "files: 3, problems: 0\n")


def test_all_problems_of_all_files_in_one_run(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tree)]) == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()
    places = [re.fullmatch(r"tree/zz/(.+)\.yaml:(\d+):(\d+): .+ \[[a-z-]+\]", line) for line in lines]
    found = [(place[1], int(place[2]), int(place[3])) for place in places if place]
    assert len(found) == len(lines) == 11
    assert {name for name, _, _ in found} == set(BROKEN)
    assert found == sorted(found)
    assert said.err == "files: 9, problems: 11\n"


def test_lines_and_columns_sort_as_numbers(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "zz" / "many.yaml").write_bytes(b"payer: <\0" + b"\n\0" * 11)
    main(["check", str(tree / "zz" / "many.yaml")])
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split(":")[1]) for line in lines] == list(range(1, 13))


def test_files_named_one_by_one_say_the_same(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(tree)])
    whole = capsys.readouterr().out
    files = [str(path) for path in sorted(tree.rglob("*.yaml"), reverse=True)]
    assert main(["check", *files, str(tree / "zz")]) == 1
    assert capsys.readouterr().out == whole


def test_json_is_the_same_as_text(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(tree)])
    text = capsys.readouterr().out.splitlines()
    assert main(["check", str(tree), "--format", "json"]) == 1
    said = capsys.readouterr()
    rows = json.loads(said.out)
    assert [f"{r['path']}:{r['line']}:{r['column']}: {r['message']} [{r['rule']}]" for r in rows] == text
    assert {row["source_line"] for row in rows} >= {"        value: no", "        value: {allowed: [18]}"}
    assert said.err == ""


def test_json_of_a_clean_folder_is_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(EXAMPLE), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_github_annotates_each_line(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tree), "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("::error file=tree/zz/") for line in lines)
    enum = "'no' is not one of: required, not-required, conditional"
    assert f"::error file=tree/zz/enum-no.yaml,line=14,col=16,title=enum::{enum}" in lines


def test_a_path_that_is_not_there_is_a_problem(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tree / "code-sets"), "nowhere"]) == 1
    assert capsys.readouterr().out == "nowhere:1:1: this file or folder does not exist [unreadable]\n"


def test_without_a_path_the_policies_of_the_checkout_are_checked_with_their_cases(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check"]) == 0
    assert re.fullmatch(r"files: \d\d\d, problems: 0\n", capsys.readouterr().err)

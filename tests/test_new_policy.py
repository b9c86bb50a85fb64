"""`h2024kb new` lays out a policy file; what is still to be written in it is a problem, line by line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from answers import EXAMPLE, EXAMPLE_DAY

from h2024kb.cli import main
from h2024kb.editing.document import read_bytes
from h2024kb.editing.new_policy import new_policy
from h2024kb.editing.read_folder import read_folder
from h2024kb.knowledge.model import CORE_FACTS

# What a person writes over each TODO, by its key.
WRITTEN = {
    "payer": "Example State Medicaid",
    "program": "New waiver",
    "line_of_business": "medicaid",
    "about": "An invented waiver.",
    "reviewed": "2026-11-23",
    "title": "Manual",
    "publisher": "Example State",
    "url": "https://example.gov/manual",
    "published": "2026-01",
    "retrieved": "2026-11-20",
    "dated": "2026-01",
    "what": "Chapter 4.",
    "tier": "primary",
    "unknown": "Nothing is said of it.",
}


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "policies")


def test_every_gap_is_named_and_nothing_else(policies: Path) -> None:
    text = new_policy("zz/new")
    (policies / "zz" / "new.yaml").write_text(text, "utf-8")
    gaps = [(number, line) for number, line in enumerate(text.splitlines(), 1) if "TODO: " in line]
    problems = read_folder([policies], EXAMPLE_DAY).problems
    assert [problem.line for problem in problems] == [number for number, _ in gaps]
    keys = [line.strip(" -").partition(":")[0] for _, line in gaps]
    assert [str(problem).partition(": ")[2] for problem in problems] == [
        f"'{key}' is still to be written [still-to-write]" for key in keys
    ]


def test_written_over_it_has_no_problem(policies: Path) -> None:
    text = re.sub(r'(\w+): "TODO: .*"', lambda gap: f"{gap[1]}: {WRITTEN[gap[1]]}", new_policy("zz/new"))
    (policies / "zz" / "new.yaml").write_text(text, "utf-8")
    assert read_folder([policies], EXAMPLE_DAY).problems == []


def test_it_asks_for_each_core_fact_and_modifier_22() -> None:
    data = read_bytes(new_policy("us/new").encode(), "new.yaml").data
    assert isinstance(data, dict)
    (facts,) = data["rules"].values()
    assert list(facts) == [*CORE_FACTS, "modifiers"]
    assert data["jurisdiction"] == "US"


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("zz/ROW Waiver", "'zz/ROW Waiver' is not a policy id; write the path below policies/ without .yaml"),
        ("new-waiver", "'new-waiver' is not a policy id"),
        ("qq/new", "'qq' is not a state; write the two letters of a state or territory"),
        ("zz/medicaid", "medicaid.yaml exists already: change it, or name another policy"),
    ],
)
def test_what_cannot_be_laid_out(policies: Path, id: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in policies.rglob("*.yaml")}
    assert main(["--policies", str(policies), "new", id]) == 2
    assert message in capsys.readouterr().err
    assert {path: path.read_bytes() for path in policies.rglob("*.yaml")} == before


def test_the_command_says_what_to_do_next(policies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--policies", str(policies), "new", "ri/new"]) == 0
    assert (policies / "ri" / "new.yaml").read_text("utf-8") == new_policy("ri/new")
    said = capsys.readouterr().out
    assert [words in said for words in ("write over each TODO", "h2024kb check", "h2024kb cases ri/new --write")] == [
        True
    ] * 3


def test_without_a_folder_of_policies_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--policies", str(tmp_path / "nowhere"), "new", "ri/new"]) == 2
    assert "there is no folder of policies here" in capsys.readouterr().err

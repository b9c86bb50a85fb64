"""Evidence of today passes every test of the data: an entry, one withdrawn, and a new policy, in a copy of all this."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from answers import DAY, ROOT, TODAY
from slices import slice_of

READ = "2026-11-23"
"""The day on which the policies copied here were read; in the new one it is today."""
OLD = "us/cigna"
MODEL, NEW = "md/brain-injury-waiver", "ri/new-waiver"
SOURCE = f"""sources:
  guide-of-today:
    title: Administrative guide, read again
    publisher: Cigna
    url: https://payer.example/guide
    retrieved: {TODAY}
    copy: {{dated: {TODAY}}}
    read: whole
    tier: primary
"""
ENTRY = f"""    telehealth:
      - in_force_by: {TODAY}
        value: allowed
        source: guide-of-today
        locator: section 5
        passage: "14:45b4e9443b8531bda5c086081673d1b5"
    timely_filing:
      - effective_date: {TODAY}
        value: {{days: 120}}
        source: guide-of-today
        locator: section 4
        passage: "14:54b4e9443b8531bda5c086081673d1b5"
      - recorded: {TODAY}
        value: {{days: 90}}
        source: behavioral-getting-paid
        locator: section 4, timely filing
        passage: "38:7972570efeb5cda6b9953fdb6f280d51"
      - withdrawn: {{date: {TODAY}, because: The sentence on second payers was misread.}}
        value: {{days: 90}}
"""
"""A new rule, and one that takes the place of what was withdrawn."""
CASES = f"""
- name: The guide read today
  policy: {OLD}
  code: H2024
  date_of_service: {TODAY}
  expect: {{telehealth: allowed, timely_filing: {{days: 120}}}}
- name: The day before
  policy: {OLD}
  code: H2024
  date_of_service: {TODAY - DAY}
  expect: {{telehealth: {{unknown: weaker-evidence}}, timely_filing: {{unknown: weaker-evidence}}}}
"""
PAYER = """payers:
  New Payer:
    aliases: [Payer of today]
"""
WHAT_ASKS_THE_DATA = (
    *(f"tests/test_{name}.py" for name in ("cases", "passages", "tertiary", "stats")),
    *(f"tests/test_{name}.py" for name in ("register_pages", "unknowns_page", "feeds")),
)
ALL_WITHOUT_A_BROWSER = ("--ignore=tests/browser", "--ignore=tests/test_later_evidence.py")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that is tested, with evidence of today."""
    folder = tmp_path_factory.mktemp("later")
    for path in ROOT.iterdir():
        if path.name in ("benchmarks", "docs", "h2024kb", "policies", "schema", "tests", "theme"):
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.is_file():
            shutil.copy(path, folder)
    policies, cases = folder / "policies", folder / "tests" / "cases"
    before = "    timely_filing:\n      - value: {days: 90}\n"
    rewrite(policies / f"{OLD}.yaml", policies / f"{OLD}.yaml", {"sources:\n": SOURCE, before: ENTRY})
    rewrite(policies / "code-sets" / "payers.yaml", policies / "code-sets" / "payers.yaml", {"payers:\n": PAYER})
    with (cases / f"{OLD}.yaml").open("a", encoding="utf-8") as file:
        file.write(CASES)
    another = {"payer: Maryland Medicaid": "payer: New Payer", "jurisdiction: MD": "jurisdiction: RI", READ: str(TODAY)}
    rewrite(policies / f"{MODEL}.yaml", policies / f"{NEW}.yaml", another)
    rewrite(cases / f"{MODEL}.yaml", cases / f"{NEW}.yaml", {MODEL: NEW})
    return folder


def rewrite(path: Path, to: Path, new: dict[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, instead in new.items():
        assert old in text, (path, old)
        text = text.replace(old, instead)
    to.parent.mkdir(exist_ok=True)
    to.write_text(text, "utf-8")


def run(folder: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SITE"} | {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_copy_has_no_problem(copy: Path) -> None:
    run(copy, "h2024kb", "check", "policies", "tests/cases", "tests/example")


@pytest.mark.parametrize("what", slice_of((WHAT_ASKS_THE_DATA, ALL_WITHOUT_A_BROWSER), 1))
def test_the_copy_passes(copy: Path, what: tuple[str, ...]) -> None:
    run(copy, "pytest", "-q", "-p", "no:cacheprovider", *what)

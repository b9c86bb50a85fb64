"""A type checker refuses code that forgets the answer "unknown"."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ASKS = """
import datetime as dt
import h2024kb

kb = h2024kb.open()
answer = kb.{call}("us/medicare", code="H2024", date_of_service=dt.date(2026, 11, 23){more})
"""
FORGETS = "print(answer.value)\n"
REMEMBERS = "print(answer.value if isinstance(answer, h2024kb.Known) else answer.because)\n"
CALLS = {"coverage": "", "prior_authorization": "", "modifier": ', modifier="22"'}
MISTYPED = """
kb.coverage("us/medicare", code="H2024")
kb.coverage("us/medicare", code="H2024", date_of_service="2026-11-23")
kb.coverage("us/medicare", code="H2024", date_of_service=dt.date(2026, 11, 23), place_of_service=18)
answer.question.code = "H2023"
if isinstance(answer, h2024kb.Known) and answer.value == "denied":
    pass
"""


def checked(tmp_path: Path, text: str) -> list[str]:
    """The errors that `mypy --strict` finds in a script, as LINE: [code]."""
    script = tmp_path / "script.py"
    script.write_text(text)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path.parent / 'mypy'}"]
    done = subprocess.run([*command, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False)
    lines = [line.removeprefix("script.py:") for line in done.stdout.splitlines() if ": error: " in line]
    assert bool(lines) == (done.returncode == 1), done.stdout + done.stderr
    return [f"{line.partition(':')[0]}: [{line.rpartition('[')[2]}" for line in lines]


@pytest.mark.parametrize("call", CALLS)
def test_an_answer_has_a_value_only_if_it_is_known(call: str, tmp_path: Path) -> None:
    asks = ASKS.format(call=call, more=CALLS[call])
    assert checked(tmp_path, asks + FORGETS) == ["7: [union-attr]"]
    assert checked(tmp_path, asks + REMEMBERS) == []


def test_wrong_arguments_and_values_are_refused(tmp_path: Path) -> None:
    text = ASKS.format(call="coverage", more="") + MISTYPED
    errors = ["8: [call-arg]", "9: [arg-type]", "10: [arg-type]", "11: [misc]", "12: [comparison-overlap]"]
    assert checked(tmp_path, text) == errors

"""The examples in the documentation are what the checker accepts."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from answers import EXAMPLE_DAY

from h2024kb.editing.document import read_bytes
from h2024kb.editing.read_folder import read_folder

ROOT = Path(__file__).parent.parent
COMMENT = "# yaml-language-server: $schema=../../schema/policy.schema.json\n"


def blocks(path: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            assert key not in into, f"{key} is shown twice"
            into[key] = value


def policies_shown() -> list[dict[str, Any]]:
    """The policies that the blocks of schema/policy.md make together; the schema comment begins another."""
    made: list[dict[str, Any]] = []
    for block in blocks(ROOT / "schema" / "policy.md"):
        document = read_bytes(block.encode(), "schema/policy.md")
        assert (document.problems, document.ambiguous) == ([], {})
        assert isinstance(document.data, dict)
        if block.startswith("# yaml-language-server"):
            made.append({})
        merge(made[-1], document.data)
    return made


def test_the_format_page_shows_policies_without_a_problem(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "example" / "code-sets", tmp_path / "code-sets")
    (tmp_path / "zz").mkdir()
    for name, data in zip(("medicaid", "plan"), policies_shown(), strict=True):
        (tmp_path / "zz" / f"{name}.yaml").write_text(COMMENT + json.dumps(data), "utf-8")
    assert [str(problem) for problem in read_folder([tmp_path], EXAMPLE_DAY).problems] == []


@pytest.mark.parametrize(
    "fact", json.loads((ROOT / "schema" / "policy.schema.json").read_text())["$defs"]["rules"]["properties"]
)
def test_the_format_page_shows_every_fact(fact: str) -> None:
    rules = [facts for policy in policies_shown() for facts in policy["rules"].values()]
    assert any(fact in facts for facts in rules)


def test_the_analysts_page_is_yaml_that_reads_strictly() -> None:
    for block in blocks(ROOT / "policies" / "README.md"):
        document = read_bytes(block.encode(), "policies/README.md")
        assert (document.problems, document.ambiguous) == ([], {})

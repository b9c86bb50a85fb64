"""Every record of the evidence survey is used, or listed with the reason why it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
SURVEY = ROOT.parent / "shared" / "evidence"
LEFT_OUT: dict[str, str] = yaml.safe_load((ROOT / "tests" / "evidence-left-out.yaml").read_text("utf-8")) or {}

pytestmark = pytest.mark.skipif(not SURVEY.is_dir(), reason="the evidence survey stands outside the repository")


def records() -> list[dict[str, Any]]:
    files = [SURVEY / "national.yaml", SURVEY / "medicaid.yaml"]
    return [record for file in files if file.exists() for record in yaml.safe_load(file.read_text("utf-8"))]


@pytest.fixture(scope="module")
def cited() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "policies").rglob("*.yaml")))


def used(record: dict[str, Any], cited: str) -> bool:
    """Whether a policy file carries one of the record's passages, or its address."""
    url = " ".join(str(record["source"].get("url", "")).split())
    return any(passage in cited for passage in record.get("passages", ())) or bool(url and url in cited)


def test_every_record_is_cited_or_left_out_for_a_reason(cited: str) -> None:
    missing = [record["id"] for record in records() if not used(record, cited) and record["id"] not in LEFT_OUT]
    assert missing == []


def test_nothing_is_listed_as_left_out_that_is_cited_or_unheard_of(cited: str) -> None:
    known = {record["id"]: record for record in records()}
    assert [id for id in LEFT_OUT if id not in known or used(known[id], cited)] == []
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())

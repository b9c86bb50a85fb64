"""The search index: small enough for a thousand policies, and whole enough to find what a biller types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

MOST_AT_1000_POLICIES = 3_000_000
ROOT = Path(__file__).parent.parent
WRITTEN = {
    *(path.with_suffix(".html").name for path in (ROOT / "docs").glob("*.md")),
    *("rules.html", "glossary.html", "reference.html", "denials.html", "benchmarks.html"),
}
"""Pages that do not grow with the policies."""


@pytest.fixture(scope="module")
def index(site: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    return rows


def of_a_policy(row: dict[str, Any]) -> bool:
    return row["location"].count("/") == 2 and row["location"].startswith("policies/")


def size(rows: list[dict[str, Any]]) -> int:
    return sum(len(json.dumps(row)) + 2 for row in rows)


def test_it_stays_within_three_megabytes_at_a_thousand_policies(index: list[dict[str, Any]]) -> None:
    rows = [row for row in index if of_a_policy(row)]
    policies = {row["location"].partition("#")[0] for row in rows}
    others = [row for row in index if not of_a_policy(row)]
    written = size([row for row in others if row["location"].partition("#")[0] in WRITTEN])
    growing = size(rows) + size(others) - written
    assert len(policies) > 50
    assert growing / len(policies) * 1000 + written <= MOST_AT_1000_POLICIES


@pytest.mark.parametrize(
    ("words", "page"),
    [
        (("brain", "injury", "maryland"), "policies/md/brain-injury-waiver.html"),
        (("medicare", "gy"), "policies/us/medicare.html"),
        (("nursing", "facility", "level"), "policies/md/brain-injury-waiver.html"),
        (("scdhhs",), "policies/sc/dd-waivers.html"),
    ],
)
def test_a_policy_is_found_by_what_it_says(index: list[dict[str, Any]], words: tuple[str, ...], page: str) -> None:
    texts = {}
    for row in index:
        name = row["location"].partition("#")[0]
        texts[name] = f"{texts.get(name, '')} {row['title']} {row['text']}".casefold()
    assert page in [name for name, text in texts.items() if all(word in text for word in words)]

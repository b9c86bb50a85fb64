"""Everyday US English: words and turns of `words.yaml` stand nowhere that a user or a reader of the code meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from answers import ROOT

LISTED: dict[str, list[dict[str, str]]] = yaml.safe_load((ROOT / "tests" / "words.yaml").read_text("utf-8"))
KINDS = {".py", ".j2", ".md", ".json", ".yaml", ".yml", ".js", ".css", ".txt", ".html", ".toml"}
OURS = ("h2024kb", "docs", "schema", "theme", "README.md", "CONTRIBUTING.md", "policies/README.md", "pyproject.toml")
EVERYWHERE = (*OURS, "policies", "tests/cases", "tests/example", "tests/invalid", "benchmarks")
LEFT_OUT = {"docs/addresses.txt", "docs/moved.yaml", "docs/assets/iframe-worker.js"}
"""Addresses as they were published, and another's work."""


def lines(places: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each line with its place; titles of sources are as published, and tables in CONTRIBUTING name what not to say."""
    for place in places:
        start = ROOT / place
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            name = path.relative_to(ROOT).as_posix()
            if path.suffix not in KINDS or name in LEFT_OUT or "__pycache__" in name:
                continue
            for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
                published = name.startswith("policies/") and re.match(r"\s*(- )?title:", line)
                if not published and not (name == "CONTRIBUTING.md" and line.startswith("|")):
                    yield f"{name}:{number}", line


@pytest.mark.parametrize(
    ("word", "places"),
    [
        pytest.param(word, places, id=word["say"])
        for kind, places in (("spelling", EVERYWHERE), ("turns", OURS))
        for word in LISTED[kind]
    ],
)
def test_nobody_has_to_read(word: dict[str, Any], places: tuple[str, ...]) -> None:
    pattern = re.compile(rf"(?<![A-Za-z])(?:{word['not']})", re.IGNORECASE)
    found = [
        f"{place}: say {word['say']}: {line.strip()[:120]}" for place, line in lines(places) if pattern.search(line)
    ]
    assert found == []


def test_the_list_finds_what_it_names() -> None:
    said = "The programme's colour was not told, it is held here and the enrolment licence was looked for in vain."
    every = [word["not"] for kind in LISTED.values() for word in kind]
    found = [one for one in every if re.search(rf"(?<![A-Za-z])(?:{one})", said, re.IGNORECASE)]
    assert len(found) >= 7

"""Every passage that an answer cites was found at its source: its fingerprint is in the evidence gathered there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from answers import ROOT

from h2024kb.knowledge.answer import Known

EVIDENCE = ROOT.parent / "shared" / "evidence"
GATHERED = ROOT / "tests" / "passages-gathered.yaml"


@pytest.fixture(scope="module")
def found_at_sources() -> set[str]:
    survey = sorted(EVIDENCE.glob("*.yaml"))
    if not survey:
        pytest.skip("the evidence survey stands outside the repository, and is not here")
    return {passage for path in (*survey, GATHERED) for passage in fingerprints(path)}


def fingerprints(path: Path) -> list[str]:
    return re.findall(r"\b[1-9][0-9]*:[0-9a-f]{32}\b", path.read_text("utf-8"))


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """Every fingerprint in a policy file, with the file it stands in."""
    files = sorted((ROOT / "policies").rglob("*.yaml"))
    return {passage: path.stem for path in files for passage in fingerprints(path)}


def test_every_passage_cited_was_found(known_answers: tuple[Known[Any], ...], found_at_sources: set[str]) -> None:
    cited = {passage: answer.entry for answer in known_answers for passage in answer.citation.passage}
    assert cited
    assert {entry for passage, entry in cited.items() if passage not in found_at_sources} == set()


def test_every_passage_in_a_policy_was_found_answer_or_lead(
    written: dict[str, str], found_at_sources: set[str]
) -> None:
    assert {f"{file}: {passage}" for passage, file in written.items() if passage not in found_at_sources} == set()


def test_an_answer_without_a_passage_rests_on_structured_data(known_answers: tuple[Known[Any], ...]) -> None:
    bare = [answer for answer in known_answers if not answer.citation.passage]
    assert {answer.entry for answer in bare if not answer.citation.source.structured} == set()


def test_every_passage_gathered_since_the_survey_is_cited(written: dict[str, str]) -> None:
    assert set(fingerprints(GATHERED)) - set(written) == set()

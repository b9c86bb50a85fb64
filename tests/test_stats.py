"""The counts say what is in the knowledge base, and add up."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from answers import EXAMPLE, EXAMPLE_DAY, TODAY

import h2024kb
from h2024kb.cli import main
from h2024kb.knowledge.stats import counts, unknown_by_fact

WORLD = h2024kb.open(EXAMPLE)


def test_the_counts_of_a_policy_are_those_of_its_file() -> None:
    one = counts(WORLD, (WORLD.policy("zz/medicaid"),), EXAMPLE_DAY)
    assert (one.facts, one.silences) == (15, 2)
    assert (one.known, one.for_service, one.unknown) == (5, 0, 2)
    assert (one.primary, one.secondary) == (15, 0)


def test_withdrawn_entries_and_old_dates_count_for_what_they_are() -> None:
    before = counts(WORLD, (WORLD.policy("zz/medicaid"),), dt.date(2020, 1, 1))
    assert (before.known, before.unknown) == (0, 7)


def test_the_whole_is_the_sum_of_its_policies() -> None:
    kb = h2024kb.open()
    each = [counts(kb, (policy,), TODAY) for policy in kb.policies()]
    whole = counts(kb, kb.policies(), TODAY)
    for name in ("policies", "facts", "silences", "known", "for_service", "unknown", "primary", "secondary"):
        assert getattr(whole, name) == sum(getattr(one, name) for one in each), name
    assert whole.facts == whole.primary + whole.secondary
    assert whole.known + whole.unknown == 7 * len(kb.policies())


def test_unknown_by_fact_counts_each_gap_once() -> None:
    kb = h2024kb.open()
    assert sum(number for _, number in unknown_by_fact(kb, TODAY)) == len(kb.unknowns(TODAY))


def test_the_command_prints_the_same_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--date-of-service", "2026-11-23", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["all"]["policies"] == len(h2024kb.open().policies())
    assert list(said["unknown_by_fact"])[:3] == ["coverage", "prior_authorization", "modifiers"]
    assert main(["stats"]) == 0
    assert "Unknown, in the order a biller asks" in " ".join(capsys.readouterr().out.split())

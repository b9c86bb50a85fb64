"""The checker reads dates in YAML and the answerer in records: until when an entry holds, and what it asks, is one."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from answers import DAY, EXAMPLE, EXAMPLE_DAY, ROOT
from hypothesis import given
from hypothesis import strategies as st

from h2024kb.editing import build
from h2024kb.editing.checks import facts
from h2024kb.editing.document import read_bytes
from h2024kb.editing.policy_file import EntryList, PolicyFile, WrittenEntry, policy_file
from h2024kb.knowledge import in_force
from h2024kb.knowledge.model import Entry, Policy, When

FILES = sorted(path for folder in (ROOT / "policies", EXAMPLE) for path in folder.glob("[a-z][a-z]/*.yaml"))
DAYS = st.integers(0, 5).map(lambda number: EXAMPLE_DAY + number * DAY)
WHENS = st.fixed_dictionaries(
    {},
    optional={
        "modifiers": st.lists(st.sampled_from(("U4", "HQ")), min_size=1, unique=True),
        "place_of_service": st.just(["18"]),
        "age": st.sampled_from(({"from": 18}, {"to": 20}, {"from": 0, "to": 0})),
    },
)
WITHDRAWN = st.just({"date": str(EXAMPLE_DAY), "because": "It was misread."})
STARTS = st.one_of(
    st.just({}),
    DAYS.map(lambda day: {"effective_date": str(day)}),
    DAYS.map(lambda day: {"in_force_by": str(day)}),
)


def entry(start: dict[str, str], when: dict[str, Any], ends: dt.date | None, withdrawn: Any) -> dict[str, Any]:
    more = {"when": when, "termination_date": str(ends) if ends else None, "withdrawn": withdrawn}
    stated = {"value": "day", "source": "manual", "locator": "page 1"}
    return {**start, **{name: value for name, value in more.items() if value}, **stated}


def start_of(written: dict[str, Any]) -> str:
    return str(written.get("effective_date") or written.get("in_force_by") or "")


def newest_first(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a list is written: no two that stand start on one day for the same claim lines."""
    kept: dict[tuple[str, str, Any], dict[str, Any]] = {}
    for one in entries:
        when = [
            (name, sorted(asked) if isinstance(asked, list) else asked) for name, asked in one.get("when", {}).items()
        ]
        kept.setdefault((start_of(one), repr(sorted(when)), bool(one.get("withdrawn"))), one)
    return sorted(kept.values(), key=start_of, reverse=True)


ENTRIES = st.lists(st.builds(entry, STARTS, WHENS, st.none() | DAYS, st.none() | WITHDRAWN), min_size=1, max_size=7)


def read(text: str, id: str) -> tuple[PolicyFile, Policy]:
    file = policy_file(read_bytes(text.encode(), id), id, [])
    return file, build.policy(id, file.data)


def answered(policy: Policy, dated: EntryList) -> tuple[Entry[Any], ...]:
    """The entries that the answerer has for a list of the file."""
    found: Any = policy if not dated.heading else next(one for one in policy.rules if one.heading == dated.heading)
    if dated.modifier:
        return next(row.entries for row in found.modifiers if row.modifier == dated.modifier)
    return tuple(getattr(found, dated.fact))


def compare(file: PolicyFile, policy: Policy) -> int:
    """How many periods were compared; the two must have the same entries, first and last days, and weights."""
    number = 0
    for dated in file.lists:
        held = in_force.periods(in_force.known_by(policy, answered(policy, dated), None))
        checked = sorted(dated.periods, key=lambda period: period.entry.start, reverse=True)
        assert [(one.entry.start, one.last or dt.date.max) for one in checked] == [
            (one.entry.start, one.last_day or dt.date.max) for one in held
        ]
        weights = [facts._asks(one.entry.data["when"]) if "when" in one.entry.data else 0 for one in checked]
        assert weights == [in_force._asks(one) for one in held]
        number += len(held)
    return number


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_shipped_lists_are_read_alike(path: Path) -> None:
    assert compare(*read(path.read_text("utf-8"), f"{path.parent.name}/{path.stem}")) > 0


@given(ENTRIES.map(newest_first))
def test_any_list_is_read_alike(entries: list[dict[str, Any]]) -> None:
    head = {"payer": "A", "line_of_business": "medicaid", "jurisdiction": "ZZ", "about": "A.", "reviewed": "2026-11-23"}
    source = {"title": "Manual", "publisher": "A", "retrieved": "2026-11-23", "tier": "primary"}
    policy = {**head, "sources": {"manual": source}, "rules": {"H2024": {"unit": entries}}}
    compare(*read(json.dumps(policy), "zz/one"))


@pytest.mark.parametrize("key", ["modifiers", "only_modifiers"])
def test_lists_of_modifiers_are_sets_in_whatever_order_they_are_written(key: str) -> None:
    """The newer entry ends the older one, and of two that start together the first holds."""
    orders = (("U4", "HQ"), ("HQ", "U4"))
    for (one, other), days in itertools.product(itertools.permutations(orders), ((1, 0), (0, 0))):
        entries = [
            Entry(value="day", effective_date=EXAMPLE_DAY + days[n] * DAY, when=When(**{key: order}))
            for n, order in enumerate((one, other))
        ]
        held = in_force.periods(entries)
        assert [period.last_day for period in held] == ([None, EXAMPLE_DAY] if days[0] else [None])
        assert len(in_force.in_force(entries, EXAMPLE_DAY + 2 * DAY)) == 1
    written = [WrittenEntry({"when": {key: list(order)}}, ()).lines for order in orders]
    assert written[0] == written[1] != WrittenEntry({"when": {key: ["HQ"]}}, ()).lines

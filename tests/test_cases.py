"""The cases that a biller can read: each answer, and cases on both sides of every day on which an answer changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from answers import DAY, EXAMPLE, EXAMPLE_DAY, ROOT, TODAY

from h2024kb.editing.document import read_file
from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS, Entry, Policy
from h2024kb.load import load_folder

CASES = ROOT / "tests" / "cases"
FILES = sorted(CASES.glob("*/*.yaml"))
# The keys of a case that describe the question, and what the question calls them.
ASKED = {
    "as_known_on": "as_known_on",
    "modifiers_on_line": "modifiers",
    "place_of_service_on_line": "place_of_service",
    "age_of_member": "age",
}


def rows(path: Path) -> list[dict[str, Any]]:
    """The cases in a file, as the strict reader reads them."""
    document = read_file(path)
    assert document.problems == []
    assert isinstance(document.data, list)
    return document.data


def case_id(path: Path, case: dict[str, Any]) -> str:
    return f"{path.parent.name}/{path.stem}: {case['name']}"


ALL = {case_id(path, case): case for path in FILES for case in rows(path)}
POLICIES = {
    policy.id: policy
    for folder, today in ((ROOT / "policies", TODAY), (EXAMPLE, EXAMPLE_DAY))
    for policy in load_folder(folder, today).contents.policies
}


def test_no_two_cases_have_one_name() -> None:
    assert len(ALL) == sum(len(rows(path)) for path in FILES)


@pytest.mark.parametrize("id", ALL)
def test_case(id: str, shipped: KnowledgeBase, example: KnowledgeBase) -> None:
    case = ALL[id]
    kb = example if case["policy"].startswith("zz/") else shipped
    answers = dict(answers_of(kb, case))
    assert {name: written(answer) for name, answer in answers.items()} == dict(expected(case["expect"]))
    known = [answer for answer in answers.values() if not isinstance(answer, Unknown)]
    if "stated_for" in case:
        assert {answer.stated_for for answer in known} == {case["stated_for"]}
    if "source" in case:
        assert {answer.citation.source.id for answer in known} == {case["source"]}


def answers_of(kb: KnowledgeBase, case: dict[str, Any]) -> Iterator[tuple[str, Answer[Any]]]:
    asked = {"code": case["code"], "date_of_service": dt.date.fromisoformat(case["date_of_service"])}
    asked |= {name: case[key] for key, name in ASKED.items() if key in case}
    if "as_known_on" in asked:
        asked["as_known_on"] = dt.date.fromisoformat(asked["as_known_on"])
    if "modifiers" in asked:
        asked["modifiers"] = tuple(asked["modifiers"])
    for fact in case["expect"].keys() - {"modifiers"}:
        yield fact, kb.fact(fact, case["policy"], **asked)
    for modifier in case["expect"].get("modifiers", {}):
        yield modifier, kb.modifier(case["policy"], modifier=modifier, **asked)


def written(answer: Answer[Any]) -> object:
    """The answer as a case writes it."""
    if isinstance(answer, Unknown):
        return {"unknown": answer.why}
    return answer.value.use if answer.question.modifier else msgspec.json.decode(msgspec.json.encode(answer.value))


def expected(expect: dict[str, Any]) -> Iterator[tuple[str, object]]:
    yield from ((fact, value) for fact, value in expect.items() if fact != "modifiers")
    yield from expect.get("modifiers", {}).items()


def test_every_policy_has_cases_and_every_case_a_policy() -> None:
    assert {f"{path.parent.name}/{path.stem}" for path in FILES} == set(POLICIES)
    assert {id.partition(":")[0]: case["policy"] for id, case in ALL.items()} == {id: id for id in POLICIES}


class Edge(NamedTuple):
    """A day on which an answer changes, or the day on its other side; what changes, and for which code."""

    policy: str
    heading: str
    fact: str
    day: dt.date


def edges() -> Iterator[Edge]:
    for policy in POLICIES.values():
        for heading, fact, entry in entries(policy):
            yield from (Edge(policy.id, heading, fact, day) for day in days(entry))


def entries(policy: Policy) -> Iterator[tuple[str, str, Entry[Any]]]:
    yield from (("", "", entry) for entry in policy.follows)
    for rules in policy.rules:
        yield from ((rules.heading, fact, entry) for fact in FACTS for entry in getattr(rules, fact))
        yield from ((rules.heading, row.modifier, entry) for row in rules.modifiers for entry in row.entries)


def days(entry: Entry[Any]) -> Iterator[dt.date]:
    if entry.start != dt.date.min:
        yield from (entry.start - DAY, entry.start)
    if entry.termination_date:
        yield from (entry.termination_date, entry.termination_date + DAY)


@pytest.mark.parametrize("edge", sorted(set(edges())), ids=lambda edge: " ".join(map(str, edge)))
def test_both_sides_of_every_edge_have_a_case(edge: Edge) -> None:
    """A fact under a code must be asked for that code; one under a service for any."""
    cases = [case for case in ALL.values() if (case["policy"], case["date_of_service"]) == (edge.policy, str(edge.day))]
    if edge.heading.isupper():
        cases = [case for case in cases if case["code"] == edge.heading]
    asked = {name for case in cases for name, _ in expected(case["expect"])}
    assert edge.fact in asked or (not edge.fact and asked)

"""Where each claim rule is written: a file of its name, which says what passes, what fails and what stays open."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
from typing import Final

import pytest
from answers import ROOT, TODAY

from h2024kb.claims import RULES, rules
from h2024kb.claims.facts import Facts
from h2024kb.claims.plan import plan
from h2024kb.claims.rule import Branch, Part
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.load import load_folder

BEFORE_ANY_RULE: Final = {"payer": "which_policy", "dates": "check", "frequency": "check"}
"""Rules settled before the policy's own are asked, each with the module of `h2024kb.claims` that does it."""

SHARED: Final = {"not_beside", "vouched", "wording"}
"""Modules beside the rules that several of them use."""

FILES: Final = sorted({found.name for found in pkgutil.iter_modules(rules.__path__)} - SHARED)


def parts_of(name: str, kb: KnowledgeBase) -> list[Part]:
    """All that one file yields for any policy and code on any day."""
    module = importlib.import_module(f"{rules.__name__}.{name}")
    functions = [one for one in rules.IN_ORDER if one.__module__ == module.__name__]
    facts = [
        Facts(kb, policy, code, day, None)
        for policy in kb.policies()
        for code in sorted(kb.codes())
        for day in plan(kb, policy.id, code, None).starts
    ]
    return [part for one in facts for function in functions for part in function(one)]


def names_of(part: Part) -> set[str]:
    if not isinstance(part, Branch):
        return {part.name}
    chosen = (part.choose(values) for values in itertools.product(*(cut.domain for cut in part.cuts)))
    return {part.name, *(rule.name for some in chosen for rule in some)}


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load_folder(ROOT / "tests" / "claims-example", TODAY)


def test_every_rule_is_a_file_of_its_name_or_is_settled_before() -> None:
    assert sorted([*FILES, *(name.replace("-", "_") for name in BEFORE_ANY_RULE)]) == sorted(
        name.replace("-", "_") for name in RULES
    )


@pytest.mark.parametrize("name", BEFORE_ANY_RULE)
def test_a_rule_settled_before_is_named_where_it_is_settled(name: str) -> None:
    text = (ROOT / "h2024kb" / "claims" / f"{BEFORE_ANY_RULE[name]}.py").read_text("utf-8")
    assert f'"{name}"' in text


@pytest.mark.parametrize("name", FILES)
def test_a_file_yields_findings_of_its_own_name_only(name: str, kb: KnowledgeBase) -> None:
    found = parts_of(name, kb)
    assert {one for part in found for one in names_of(part)} == {name.replace("_", "-")}


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_what_passes_what_fails_and_what_stays_open(name: str) -> None:
    said = importlib.import_module(f"{rules.__name__}.{name}").__doc__ or ""
    starts = [line.partition(":")[0].partition(",")[0] for line in said.splitlines()]
    assert [one for one in starts if one in ("Passes", "Fails", "Stays open")] == ["Passes", "Fails", "Stays open"]

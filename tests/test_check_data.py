"""The data for the page that checks a line: every kind of cut, whole tables, and of a modest size."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import msgspec
from answers import EXAMPLE_DAY, ROOT

from h2024kb import site
from h2024kb.claims.cuts import READ
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.script_data.check_data import path, rules, shared, words
from h2024kb.site.script_data.check_tables import ARGS

MOST_BYTES = 100_000


def test_every_kind_of_cut_is_written_for_the_scripts() -> None:
    assert ARGS.keys() == READ.keys()


def test_every_policy_has_its_rules_and_none_is_large(shipped: KnowledgeBase, shipped_files: dict[str, bytes]) -> None:
    made = {name: text for name, text in shipped_files.items() if name.startswith("assets/data/check")}
    assert made.keys() == {"assets/data/check-words.js", *(path(policy.id) for policy in shipped.policies())}
    assert max(map(len, made.values())) < MOST_BYTES


def test_the_scripts_take_numbers_and_sentences_from_python_and_write_none_themselves(shipped: KnowledgeBase) -> None:
    given = words(shipped)["evaluator"]
    scripts = "\n".join(script.read_text("utf-8") for script in sorted((ROOT / "docs" / "assets").glob("check*.js")))
    assert [name for name in (*given, *given["says"]) if not re.search(rf"\b{name}\b", scripts)] == []
    code = re.sub(r"^ *//.*", "", scripts, flags=re.MULTILINE)
    sentences = [*given["says"].values(), *given["says"].pop("not_standing").values()]
    assert [says for says in sentences if isinstance(says, str) and says in code] == []
    assert [name for name in given["told_by"] if re.search(rf"\b{name}: '", scripts)] == []


def test_a_table_has_a_place_for_every_value_of_its_cuts(
    shipped: KnowledgeBase, shipped_files: dict[str, bytes], example: KnowledgeBase
) -> None:
    scripts = [shipped_files[path(policy.id)].decode() for policy in shipped.policies()]
    written = [json.loads(script.partition(" = ")[2].removesuffix(";\n")) for script in scripts]
    with_all = shared(example)
    for made in (*written, *(msgspec.to_builtins(rules(example, one.id, with_all)) for one in example.policies())):
        tables = [*made["rules"], *(part for part in made["parts"] if "branch" in part)]
        assert all(len(one["table"]) == _places(made, one) for one in tables)


def _places(made: dict[str, Any], table: dict[str, Any]) -> int:
    return math.prod(made["cuts"][cut]["values"] for cut in table.get("cuts", ()))


def test_a_rule_names_the_source_as_its_policy_page_numbers_it(shipped: KnowledgeBase) -> None:
    made = rules(shipped, "us/medicare", shared(shipped))
    listed = [source.id for source in shipped.policy("us/medicare").sources]
    numbered = {source["id"]: source["number"] for source in made["sources"] if "policy" in source}
    assert numbered
    assert all(listed[number - 1] == id for id, number in numbered.items())


def test_markup_in_a_policy_stays_text(example: KnowledgeBase) -> None:
    policies = [
        msgspec.structs.replace(policy, payer="<script>alert(1)</script>", program="</select>")
        for policy in example.contents.policies
    ]
    hostile = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=tuple(policies)))
    page = site.pages(hostile, EXAMPLE_DAY)["check.md"]
    assert "<script>alert" not in page
    assert page.count("</select>") == 2

"""The static JSON API: files below `api/v1`, the tables of all facts beside them, and `llms.txt`, by llmstxt.org."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record
from h2024kb.site.api import facts_table
from h2024kb.site.api.change_files import change_files, change_list
from h2024kb.site.api.code_files import code_files, code_list
from h2024kb.site.api.examples import examples
from h2024kb.site.api.index_file import HERE, SUMS, index
from h2024kb.site.api.making import Making, path
from h2024kb.site.api.openapi import openapi
from h2024kb.site.api.payer_files import payer_files, payer_list
from h2024kb.site.api.policy_files import PolicyResource, by_entry, policy_files, policy_list
from h2024kb.site.api.resources import ChangesSince, CodeFile, Payer
from h2024kb.site.api.schemas import RESOURCES, schema
from h2024kb.site.api.written import Written, sums, written
from h2024kb.site.parts.texts import text
from h2024kb.writing import flat_files
from h2024kb.writing.json_text import json_document

HASHED = ("api/v1/", "data/")


class Parts(NamedTuple):
    """The files of which there are many of a kind, each with what it holds."""

    policies: list[PolicyResource]
    codes: list[tuple[CodeFile, Written]]
    payers: list[tuple[Payer, Written]]
    since: list[tuple[ChangesSince, Written]]


def files(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, bytes]]:
    """Yields every file; equal contents on one day give equal bytes."""
    yield from ((file.path, file.content) for file in all_files(Making.of(kb, today)))
    yield "llms.txt", text("llms.txt").encode()


def hashes(made: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Returns the file with the SHA-256 of every file of the API and of every table, whoever makes it."""
    hashed = [Written(name, content) for name, content in made.items() if name.startswith(HASHED)]
    return sums(hashed, SUMS)


def all_files(making: Making) -> list[Written]:
    """Returns every file of the API, and the tables of all facts."""
    policies = list(policy_files(making))
    parts = Parts(
        policies=policies,
        codes=list(code_files(making)),
        payers=list(payer_files(making, policies)),
        since=list(change_files(making, by_entry(policies))),
    )
    lists = _lists(making, parts)
    made = [*_many(parts), *(written(path(name, "index.json"), one) for name, one in lists.items())]
    made += [*_tables(policies), *_schemas()]
    return [*made, *_described(making, parts, lists, made)]


def _many(parts: Parts) -> Iterator[Written]:
    yield from (one.file for one in parts.policies)
    yield from (file for _, file in (*parts.codes, *parts.payers, *parts.since))


def _lists(making: Making, parts: Parts) -> dict[str, Record]:
    return {
        "policies": policy_list(making, parts.policies),
        "codes": code_list(making, parts.codes),
        "payers": payer_list(making, parts.payers),
        "changes": change_list(making, parts.since),
    }


def _tables(policies: Iterable[PolicyResource]) -> Iterator[Written]:
    rows = [row for one in policies for row in facts_table.fact_rows(one.policy, one.resource.entries)]
    yield Written("data/facts.csv", flat_files.csv_file(facts_table.FactRow, rows))
    yield Written("data/facts.parquet", flat_files.parquet(facts_table.FactRow, rows))


def _schemas() -> Iterator[Written]:
    for name in RESOURCES:
        yield document(path("schemas", f"{name}.json"), schema(name))


def _described(making: Making, parts: Parts, lists: Mapping[str, Record], made: Iterable[Written]) -> Iterator[Written]:
    """The description and the index; the index in the description does not hold the description's own hash."""
    by_path = {file.path: file for file in made}
    counts = {name: len(getattr(parts, name)) for name in ("policies", "codes", "payers")}
    counts["changes"] = sum(change.posted == since.since for since, _ in parts.since for change in since.changes)
    several: dict[str, list[Record]] = {
        "policy": [one.resource for one in parts.policies],
        "code": [code for code, _ in parts.codes],
        "payer": [payer for payer, _ in parts.payers],
        "changes-since": [since for since, _ in parts.since],
    }
    shown = examples(several, {**lists, "index": index(making, by_path, **counts)})
    described = document(path("openapi.json"), openapi(making, shown))
    yield described
    yield written(HERE, index(making, by_path | {described.path: described}, **counts))


def document(where: str, value: object) -> Written:
    """Returns a document that people read too, with line breaks."""
    return Written(where, json_document(value))

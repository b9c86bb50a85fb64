"""Makes the things themselves out of documents that have no problem."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from h2024kb.editing.policy_file import mapping
from h2024kb.knowledge.code_sets import Benchmark, CodeSets
from h2024kb.knowledge.model import Policy

# The lists written as mappings, and what their keys are called in the model.
_KEYS_OF_CODE_SETS = {
    "sources": "id",
    "codes": "code",
    "modifiers": "modifier",
    "places_of_service": "place_of_service",
    "services": "service",
    "payers": "payer",
    "adjustment_reasons": "number",
    "remarks": "number",
    "denials": "id",
    "guides": "code",
}


def policy(id: str, data: dict[str, Any]) -> Policy:
    """Returns the policy that a valid document's data are.

    >>> rules = {"H2024": {"coverage": [{"unknown": "Nothing found.", "searched": ["s"]}]}}
    >>> made = policy("zz/x", {"payer": "X", "line_of_business": "medicaid", "jurisdiction": "ZZ",
    ...     "about": "An example.", "reviewed": "2026-11-23", "rules": rules})
    >>> made.rules[0].heading, made.rules[0].coverage[0].unknown
    ('H2024', 'Nothing found.')
    """
    made = {**data, "id": id, "rules": [_rules(heading, facts) for heading, facts in data["rules"].items()]}
    for key in ("sources", "searches", "documents"):
        made[key] = _listed(data.get(key), "id")
    made["own_codes"] = _listed(data.get("own_codes"), "code")
    return msgspec.convert(_passages_listed(made), Policy)


def _passages_listed(value: Any) -> Any:
    """The same data with a lone fingerprint as a list of one, so that everybody who reads them reads a list."""
    if isinstance(value, dict):
        return {
            key: [inner] if key == "passage" and isinstance(inner, str) else _passages_listed(inner)
            for key, inner in value.items()
        }
    return [_passages_listed(inner) for inner in value] if isinstance(value, list) else value


def _rules(heading: str, facts: dict[str, Any]) -> dict[str, Any]:
    modifiers = [
        {"modifier": modifier, "entries": entries} for modifier, entries in mapping(facts.get("modifiers")).items()
    ]
    return {**facts, "heading": heading, "modifiers": modifiers}


def _listed(rows: object, key: str) -> list[dict[str, Any]]:
    return [{**row, key: name} for name, row in mapping(rows).items()]


def code_sets(documents: Iterable[dict[str, Any]]) -> CodeSets:
    """Returns the code sets that several valid files make together; a source that two files share is kept once."""
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in _KEYS_OF_CODE_SETS}
    for data in documents:
        for name, key in _KEYS_OF_CODE_SETS.items():
            made[name] += [row for row in _listed(data.get(name), key) if row not in made[name]]
    return msgspec.convert(made, CodeSets)


def benchmark(id: str, data: dict[str, Any]) -> Benchmark:
    """Returns the benchmark that a valid document's data are."""
    made = {**data, "id": id}
    made |= {"sources": _listed(data["sources"], "id"), "codes": _listed(data["codes"], "code")}
    return msgspec.convert(made, Benchmark)

"""JSON Schemas of the API's files, made from the records they are written from."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args, get_type_hints

import msgspec

from h2024kb.knowledge import model
from h2024kb.knowledge.model import FACTS, ModifierUse, Record, Rules
from h2024kb.site.api.resources import (
    ChangeList,
    ChangesSince,
    CodeFile,
    CodeList,
    Index,
    Payer,
    PayerList,
    Policy,
    PolicyList,
)

RESOURCES: Final[Mapping[str, type[Record]]] = {
    "index": Index,
    "policies": PolicyList,
    "policy": Policy,
    "codes": CodeList,
    "code": CodeFile,
    "payers": PayerList,
    "payer": Payer,
    "changes": ChangeList,
    "changes-since": ChangesSince,
}
"""Every kind of file, by the name of its schema."""

WITH_VALUE: Final = ("KnownAnswer", "StatedEntry")
WITHOUT_VALUE: Final = ("UnknownAnswer", "UnknownCoverage", "SilentEntry")
"""Records that stand for what is known and have a value, and those that stand for what is not and have none."""


def schema(name: str) -> dict[str, Any]:
    """Returns the schema of one kind of file, whole in itself.

    >>> schema("code")["$ref"]
    '#/$defs/CodeFile'
    """
    kind = RESOURCES[name]
    parts = components([kind], "#/$defs/{name}")
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "title": f"{name}, h2024kb API v1", "$ref": f"#/$defs/{kind.__name__}", "$defs": parts}


def components(kinds: list[type[Record]], reference: str) -> dict[str, Any]:
    """Returns the schemas of these records and of all they hold, by name; `reference` is how one names another.

    A key that a later version adds is no fault: objects are open. What is not known has no `value`, and that is said.
    The type of a value is that of its fact.
    """
    values = {fact: kind for fact, kind in value_types().items() if _has_values(kinds)}
    written, parts = msgspec.json.schema_components([*kinds, *values.values()], ref_template=reference)
    by_fact = dict(zip(values, written[len(kinds) :], strict=True))
    made = {name: _open(part) for name, part in parts.items()}
    for name in made.keys() & set(WITH_VALUE):
        made[name]["allOf"] = list(_value_of_each_fact(by_fact))
    for name in made.keys() & set(WITHOUT_VALUE):
        made[name]["not"] = {"required": ["value"]}
    return dict(sorted(made.items()))


def _has_values(kinds: list[type[Record]]) -> bool:
    _, parts = msgspec.json.schema_components(kinds)
    return not parts.keys().isdisjoint(WITH_VALUE)


def value_types() -> dict[str, Any]:
    """Returns the type of each fact's value, by the fact's name; those of facts on a policy itself too.

    >>> value_types()["rate"], value_types()["follows"]
    (<class 'h2024kb.knowledge.model.Rate'>, <class 'str'>)
    """
    rules, policy = get_type_hints(Rules), get_type_hints(model.Policy)
    facts = {fact: rules[fact] for fact in FACTS}
    facts |= {fact: policy[fact] for fact in ("authority", "succeeded_by", "follows")}
    return {fact: get_args(get_args(hint)[0])[0] for fact, hint in facts.items()} | {"modifiers": ModifierUse}


def _value_of_each_fact(by_fact: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for fact, kind in by_fact.items():
        yield {"if": {"properties": {"fact": {"const": fact}}}, "then": {"properties": {"value": kind}}}


def _open(part: Any) -> Any:
    """A part of a schema with its texts on one line, and without what forbids keys that a later version adds."""
    if isinstance(part, list):
        return [_open(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _open(value) for key, value in part.items() if key != "additionalProperties"}
    if isinstance(kept.get("description"), str):
        kept["description"] = " ".join(inspect.cleandoc(kept["description"]).split())
    return kept

"""Lays out a policy file whose every gap is named, so that nothing half-filled passes `h2024kb check`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from h2024kb.editing.checks.facts import SERVICES_OF_CODE
from h2024kb.editing.checks.writing import SCHEMA_COMMENT
from h2024kb.editing.document import STILL_TO_WRITE
from h2024kb.knowledge.model import CORE_FACTS
from h2024kb.shipped import schema_text

_SOURCE = "the-source"
_ASKED_TOO = {"program", "url", "published", "unread"}
_VALUE = f"""
# What a source states is written so, with its own date; h2024kb fingerprint makes the passage:
#   unit:
#     - effective_date: 2022-01-01
#       value: day
#       source: {_SOURCE}
#       locator: page 3, definition of the unit
#       passage: "8:6cb450fe829ecfe6ba0f1e0f38102691"
# What was looked for and not found is unknown, as below. Under H2024 instead, where the source prints that code.
"""


def new_policy(id: str) -> str:
    r"""Returns the text of a new policy file: its head, one source, and a question for each core fact.

    What is still to be written begins with TODO. Raises ValueError for a text that is not the id of a policy, or not in
    the folder of a jurisdiction.

    >>> "payer: \"TODO" in new_policy("md/new-waiver")
    True
    """
    schema = json.loads(schema_text("policy"))
    pattern = schema["$defs"]["policy_id"]
    if not re.fullmatch(pattern["pattern"].strip("^$"), id):
        raise ValueError(f"'{id}' {pattern['patternErrorMessage']}")
    jurisdiction = id.split("/")[0].upper()
    known = schema["$defs"]["jurisdiction"]
    if jurisdiction not in known["enum"]:
        raise ValueError(f"'{jurisdiction.lower()}' is not a state; {known['errorMessage']}")
    return "\n".join(_lines(schema, jurisdiction))


def _lines(schema: dict[str, Any], jurisdiction: str) -> Iterator[str]:
    yield f"{SCHEMA_COMMENT}../../schema/policy.schema.json"
    yield "# Write over each TODO, or take its line out where nothing belongs there."
    yield from _keys(schema, schema, "", given={"jurisdiction": jurisdiction}, leave={"rules"})
    yield from ("", "sources:", f"  {_SOURCE}:")
    source = schema["properties"]["sources"]["additionalProperties"]
    yield from _keys(schema, source, "    ", given={"read": "part"}, leave=set())
    yield from (_VALUE.rstrip("\n"), "rules:", f"  {SERVICES_OF_CODE[0]}:")
    facts = schema["$defs"]["rules"]["properties"]
    for fact in CORE_FACTS:
        yield from (f"    {fact}:", *_unknown(facts[fact]["description"], "      "))
    yield from ("    modifiers:", '      "22":', *_unknown("What the payer does with modifier 22.", "        "), "")


def _unknown(question: str, indent: str) -> Iterator[str]:
    yield f"{indent}- unknown: {_todo(f'{question} Say what was looked for and not found.')}"
    yield f"{indent}  searched: [{_SOURCE}]"


def _keys(
    schema: dict[str, Any], part: dict[str, Any], indent: str, *, given: dict[str, str], leave: set[str]
) -> Iterator[str]:
    """A line for each key that a mapping must have, or that is asked for too, with what the schema says of it."""
    parts = [_resolved(schema, one) for one in part.get("allOf", [part])]
    required = {key for one in parts for key in one.get("required", ())}
    for key, value in {key: value for one in parts for key, value in one.get("properties", {}).items()}.items():
        if key in given:
            yield f"{indent}{key}: {given[key]}"
        elif key in (required | _ASKED_TOO) - leave:
            yield from _key(schema, key, value, indent)


def _key(schema: dict[str, Any], key: str, value: dict[str, Any], indent: str) -> Iterator[str]:
    shape = _resolved(schema, value)
    if "properties" in shape:
        yield f"{indent}{key}:"
        yield from _keys(schema, shape, f"{indent}  ", given={}, leave=set())
    elif shape.get("type") == "array":
        yield f"{indent}{key}:"
        first, *others = _keys(schema, _resolved(schema, shape["items"]), f"{indent}    ", given={}, leave=set())
        yield from (f"{indent}  - {first.strip()}", *others)
    else:
        listed = f" One of: {', '.join(shape['enum'])}." if "enum" in shape else ""
        yield f"{indent}{key}: {_todo(value.get('description', '') + listed)}"


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema with what it refers to; its own description stands before that one's."""
    if "$ref" not in part:
        return part
    referred: dict[str, Any] = schema["$defs"][part["$ref"].rpartition("/")[2]]
    return {**referred, **part}


def _todo(says: str) -> str:
    return json.dumps(f"{STILL_TO_WRITE}: {says}", ensure_ascii=False)

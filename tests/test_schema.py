"""The JSON Schemas: sound, described, and of one shape with the structs that hold what they admit."""

from __future__ import annotations

import json
import re
import textwrap
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec
import pytest
from answers import EXAMPLE, ROOT
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.retrieval import to_cached_resource

from h2024kb.editing.document import read_file
from h2024kb.editing.read_folder import kind_of
from h2024kb.editing.schema_problems import KINDS
from h2024kb.formats.table.cells import DATES, FIELDS, SEVERAL
from h2024kb.knowledge import code_sets, model
from h2024kb.knowledge.jurisdictions import JURISDICTIONS
from h2024kb.knowledge.model import FACTS

SCHEMAS: dict[str, dict[str, Any]] = {
    kind: json.loads((ROOT / "schema" / f"{kind}.schema.json").read_text("utf-8")) for kind in KINDS
}
BY_ADDRESS: Registry[Any] = Registry(
    retrieve=to_cached_resource()(lambda address: Path(url2pathname(urlsplit(address).path)).read_text("utf-8"))
)
FILES = sorted(
    path for folder in (ROOT / "policies", EXAMPLE, ROOT / "tests" / "cases") for path in folder.rglob("*.yaml")
)
# Each struct with the part of a schema that has its shape; the name it is listed under in YAML is a field in Python.
SHAPES: dict[type[msgspec.Struct], tuple[str, str, str]] = {
    model.Policy: ("policy", "", "id"),
    model.Rules: ("policy", "rules", "heading"),
    model.Entry: ("policy", "entry", ""),
    model.Source: ("policy", "source", "id"),
    model.Copy: ("policy", "copy", ""),
    model.Unread: ("policy", "unread", ""),
    model.Search: ("policy", "search", "id"),
    model.Document: ("policy", "document", "id"),
    model.Contact: ("policy", "contact", ""),
    model.Sighting: ("policy", "sighting", ""),
    model.When: ("policy", "when", ""),
    model.Span: ("policy", "span", ""),
    model.Rate: ("policy", "rate", ""),
    model.RateVaries: ("policy", "rate_varies", ""),
    model.FeeSchedule: ("policy", "fee_schedule", ""),
    model.BillingLine: ("policy", "billing_line", ""),
    model.ModifierUse: ("policy", "modifier_use", ""),
    model.Limit: ("policy", "limit", ""),
    model.PlaceOfService: ("policy", "place_of_service", ""),
    model.MinimumTime: ("policy", "minimum_time", ""),
    model.Rounding: ("policy", "rounding", ""),
    model.HoursCounted: ("policy", "hours_counted", ""),
    model.Diagnosis: ("policy", "diagnosis", ""),
    model.BillInstead: ("policy", "bill_instead", ""),
    model.SameDay: ("policy", "same_day", ""),
    model.Days: ("policy", "days", ""),
    model.Prerequisite: ("policy", "prerequisite", ""),
    model.OwnCode: ("policy", "own_code", "code"),
    model.Observed: ("policy", "observed", ""),
    model.Period: ("policy", "period", ""),
    model.Lead: ("policy", "lead", ""),
    model.Withdrawn: ("policy", "entry/properties/withdrawn", ""),
    code_sets.CodeSets: ("code-sets", "", ""),
    code_sets.Code: ("code-sets", "code_row", "code"),
    code_sets.Modifier: ("code-sets", "modifier_row", "modifier"),
    code_sets.PlaceOfServiceCode: ("code-sets", "place_of_service_row", "place_of_service"),
    code_sets.ServiceName: ("code-sets", "service_row", "service"),
    code_sets.PayerName: ("code-sets", "payer_row", "payer"),
    code_sets.Guide: ("code-sets", "guide", "code"),
    code_sets.Label: ("code-sets", "label_row", "number"),
    code_sets.Denial: ("code-sets", "denial", "id"),
    code_sets.Benchmark: ("benchmark", "", "id"),
    code_sets.Utilization: ("benchmark", "utilization", "code"),
    code_sets.StateUtilization: ("benchmark", "state_utilization", ""),
    code_sets.PaidPerClaim: ("benchmark", "paid_per_claim", ""),
}
# Structs that stand for a mapping or a folder, and so have no properties of their own in any schema.
WITHOUT_SHAPE = {model.Record, model.ModifierEntries, code_sets.Contents}


def part(kind: str, name: str) -> dict[str, Any]:
    """A definition in a schema, or what is at a path below one; the whole schema where no name is given."""
    found = SCHEMAS[kind]
    for step in ["$defs", *name.split("/")] if name else []:
        found = found[step]
    return found


@pytest.mark.parametrize("struct", SHAPES, ids=lambda struct: struct.__name__)
def test_a_struct_has_the_fields_of_its_schema(struct: type[msgspec.Struct]) -> None:
    kind, name, key = SHAPES[struct]
    fields = {field.encode_name: field.required for field in msgspec.structs.fields(struct)}
    shape = part(kind, name)
    assert set(fields) - {key} == set(shape["properties"])
    needed = {field for field, required in fields.items() if required} - {key}
    assert needed == set(shape.get("required", ())) & needed
    # What the schema asks for beyond the struct is kept as a list, which is empty where nothing is written.
    assert set(shape.get("required", ())) - needed <= {"rules"}


@pytest.mark.parametrize("struct", SHAPES, ids=lambda struct: struct.__name__)
def test_a_choice_in_a_struct_is_that_of_its_schema(struct: type[msgspec.Struct]) -> None:
    kind, name, key = SHAPES[struct]
    hints = typing.get_type_hints(struct)
    for field in msgspec.structs.fields(struct):
        if field.encode_name != key and (chosen := choices_of_type(hints[field.name])):
            written = choices_of_schema(kind, part(kind, name)["properties"][field.encode_name])
            # CMS's descriptors name fewer units than payers do for codes of their own.
            assert written == chosen or (struct is code_sets.Code and {"day", "session"} <= written <= chosen), field


def choices_of_type(hint: Any) -> set[str]:
    """The texts that a type allows, itself or as an item or the value of an entry; none where any text is allowed."""
    if typing.get_origin(hint) is typing.Literal:
        return set(typing.get_args(hint))
    return {choice for inner in typing.get_args(hint) for choice in choices_of_type(inner)}


def choices_of_schema(kind: str, node: dict[str, Any]) -> set[str]:
    """The same of a schema; what a mapping says of its own keys is asked of the struct that has its shape."""
    if "$ref" in node:
        kind, name = target(kind, node["$ref"])
        return choices_of_schema(kind, part(kind, name))
    if node.get("type") == "object":
        return set()
    inner = [*node.get("allOf", ()), node.get("items", {}), node.get("properties", {}).get("value", {})]
    return {*node.get("enum", ())} | {choice for one in inner if one for choice in choices_of_schema(kind, one)}


def test_no_struct_is_left_out() -> None:
    structs = {
        thing
        for module in (model, code_sets)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, msgspec.Struct)
    }
    assert structs - WITHOUT_SHAPE == set(SHAPES)


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_sound(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])
    assert SCHEMAS[kind]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMAS[kind]["$id"] == f"{kind}.schema.json"
    assert re.fullmatch(r"Version [1-9][0-9]* of this format\.", SCHEMAS[kind]["$comment"])


def test_every_reference_has_a_target_and_every_definition_a_use() -> None:
    targets = {target(kind, node["$ref"]) for kind in KINDS for node in nodes(SCHEMAS[kind]) if "$ref" in node}
    assert targets == {(kind, name) for kind in KINDS for name in SCHEMAS[kind]["$defs"]}


def test_no_schema_repeats_a_definition_of_another() -> None:
    names = [name for kind in KINDS for name in SCHEMAS[kind]["$defs"]]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_described(kind: str) -> None:
    bare = [name for name, node in properties(SCHEMAS[kind]) if not described(kind, node)]
    assert bare == []
    assert all("description" in node for node in SCHEMAS[kind]["$defs"].values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_pattern_and_every_choice_of_types_says_what_it_asks_for(kind: str) -> None:
    assert [node for node in nodes(SCHEMAS[kind]) if ("pattern" in node) != ("patternErrorMessage" in node)] == []
    several = [node for node in nodes(SCHEMAS[kind]) if isinstance(node.get("type"), list)]
    assert [node for node in several if "errorMessage" not in node] == []


def nodes(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from nodes(inner)


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property with its own schema, but for those that only forbid or compare one described elsewhere."""
    for node in nodes(schema):
        for name, property in node.get("properties", {}).items():
            if property != {"not": {}} and "const" not in property:
                yield name, property


def described(kind: str, node: dict[str, Any]) -> bool:
    referred = part(*target(kind, node["$ref"])) if "$ref" in node else {}
    return "description" in node or "description" in referred


def target(kind: str, reference: str) -> tuple[str, str]:
    """The kind and the name of the definition that a schema of this kind refers to."""
    file, name = reference.split("#/$defs/")
    return file.removesuffix(".schema.json") or kind, name


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_written_one_way(kind: str) -> None:
    """What fits a line stands on one line. After a change, write what `in_one_form` returns."""
    assert (ROOT / "schema" / f"{kind}.schema.json").read_text("utf-8") == in_one_form(SCHEMAS[kind]) + "\n"


def in_one_form(node: object, indent: str = "", before: int = 0) -> str:
    """JSON with each object and list on one line where it fits; `before` is the width of the key it stands after."""
    flat, inner = json.dumps(node, ensure_ascii=False), indent + "  "
    if len(indent) + before + len(flat) < 118 or not isinstance(node, dict | list):
        return flat
    if isinstance(node, dict):
        keys = {key: f"{json.dumps(key)}: " for key in node}
        lines = [f"{inner}{keys[key]}{in_one_form(value, inner, len(keys[key]))}" for key, value in node.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if all(isinstance(item, str) for item in node):
        text = textwrap.fill(flat[1:-1], 118, initial_indent=inner, subsequent_indent=inner, break_on_hyphens=False)
        return f"[\n{text}\n{indent}]"
    return "[\n" + ",\n".join(inner + in_one_form(item, inner) for item in node) + f"\n{indent}]"


def test_cases_may_expect_every_fact() -> None:
    facts = part("policy", "fact_name")["enum"]
    assert part("cases", "case")["properties"]["expect"]["propertyNames"]["$ref"].endswith("/fact_name")
    assert sorted(facts) == sorted([*FACTS, "modifiers"])


def test_a_mapping_file_may_name_every_field_of_a_line() -> None:
    parts = SCHEMAS["mapping"]["properties"]
    assert sorted(parts["constants"]["properties"]) == sorted(FIELDS)
    assert sorted(parts["columns"]["properties"]) == sorted([*FIELDS, "birth_date"])
    for name, fields in {"column_of_dates": DATES, "columns_of_several": SEVERAL}.items():
        columns = parts["columns"]["properties"].items()
        assert sorted(fields) == sorted(field for field, node in columns if node["$ref"] == f"#/$defs/{name}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_plain_jsonschema_takes_every_file(path: Path) -> None:
    """An editor has no more than the schema's address, and must not disagree."""
    assert plainly_wrong(path, kind_of(path)) == []


def test_plain_jsonschema_takes_a_mapping_file_and_no_broken_one() -> None:
    tables = ROOT / "tests" / "tabular"
    assert plainly_wrong(tables / "mapping.yaml", "mapping") == []
    assert plainly_wrong(tables / "broken-mapping.yaml", "mapping") != []


def plainly_wrong(path: Path, kind: str) -> list[str]:
    schema = {"$ref": (ROOT / "schema" / f"{kind}.schema.json").as_uri()}
    plain = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER, registry=BY_ADDRESS)
    return [error.message for error in plain.iter_errors(read_file(path).data)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_first_line_leads_to_the_schema(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert schema.resolve() == ROOT / "schema" / f"{kind_of(path)}.schema.json"


def test_the_jurisdictions_of_a_question_are_those_of_a_policy() -> None:
    assert tuple(part("policy", "jurisdiction")["enum"]) == JURISDICTIONS
    assert tuple(part("policy", "line_of_business")["enum"]) == typing.get_args(model.LineOfBusiness)

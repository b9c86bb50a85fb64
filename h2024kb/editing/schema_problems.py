"""Says in plain words where a document breaks its JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from referencing import Registry, Resource

from h2024kb.day import day
from h2024kb.editing.document import Document, Where
from h2024kb.near import near
from h2024kb.problem import Problem
from h2024kb.shipped import schema_text

KINDS = ("policy", "code-sets", "benchmark", "cases", "mapping")
_FEW = 12

_formats = FormatChecker(formats=())


@_formats.checks("date")
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or day(value) is not None


@_formats.checks("partial-date")
def _is_partial_date(value: object) -> bool:
    whole = f"{value}-01-01"[:10] if isinstance(value, str) and len(value) in (4, 7) else value
    return _is_date(whole)


@cache
def validator(kind: str) -> Any:
    """Returns the validator for one kind of file, one of `KINDS`."""
    checker = Draft202012Validator.TYPE_CHECKER.redefine(
        "number", lambda _, value: isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    )
    extend: Any = validators.extend
    strict = extend(Draft202012Validator, {"pattern": _pattern}, type_checker=checker)
    schemas = _schemas()
    return strict(schemas.contents(f"{kind}.schema.json"), format_checker=_formats, registry=schemas)


@cache
def _schemas() -> Registry[Any]:
    """All schemas by file name: as in an editor, one refers to definitions in another by the name of its file."""
    read: Registry[Any] = Registry()
    for kind in KINDS:
        read = Resource.from_contents(json.loads(schema_text(kind))) @ read
    return read


def _pattern(validator: Any, pattern: str, value: object, schema: Any) -> Iterator[ValidationError]:
    """A pattern's `$` is the end of the text; Python's own lets a line end follow it."""
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError("does not match")


def located_problems(document: Document, kind: str) -> list[tuple[Problem, Where]]:
    """Returns a problem for each place where the document breaks the schema of its kind, with its path in the document.

    >>> from h2024kb.editing.document import read_bytes
    >>> problem, path = located_problems(read_bytes(b"- {name: x}", "c.yaml"), "cases")[0]
    >>> str(problem), path
    ("c.yaml:1:3: 'code' is missing [required]", (0,))
    """
    seen: dict[Problem, Where] = {}
    for error in validator(kind).iter_errors(document.data):
        for problem, where in _translated(document, error):
            seen.setdefault(problem, where)
    return sorted(seen.items())


def _translated(document: Document, error: Any) -> Iterator[tuple[Problem, Where]]:
    where: Where = tuple(error.absolute_path)
    keyword = str(error.validator)
    if keyword == "pattern" and error.instance == "" and "minLength" in error.schema:
        return
    if "propertyNames" in error.schema_path:
        where, at_key = (*where, str(error.instance)), True
    elif keyword == "additionalProperties":
        for key in (one for one in error.instance if one not in error.schema.get("properties", {})):
            message = _unknown_key(key, error.schema["properties"])
            yield document.problem((*where, key), message, "unknown-key", at_key=True), (*where, key)
        return
    else:
        at_key = keyword == "not"
        where = (*where, _repeated(error.instance)) if keyword == "uniqueItems" else where
    rule, message = _says(error)
    yield document.problem(where, message, rule, at_key=at_key), where


def _unknown_key(key: str, known: dict[str, object]) -> str:
    close = near(key, known)
    hint = f"did you mean '{close[0]}'?" if close else f"the keys are: {', '.join(known)}"
    return f"'{key}' is not a key here; {hint}"


def _says(error: Any) -> tuple[str, str]:
    keyword, value, wants = str(error.validator), error.instance, error.validator_value
    messages: dict[str, Callable[[], str]] = {
        "type": lambda: _type_message(value, wants, error.schema),
        "enum": lambda: _enum_message(value, wants, error.schema),
        "required": lambda: error.message.replace(" is a required property", " is missing"),
        "pattern": lambda: f"'{value}' {error.schema['patternErrorMessage']}",
        "format": lambda: _format_message(value, wants),
        "anyOf": lambda: error.schema.get("errorMessage", f"{_shown(value)} is not one of the forms allowed here"),
        "not": lambda: _beside_message(error),
        "minItems": lambda: "write at least one item",
        "minProperties": lambda: "write at least one key",
        "minLength": lambda: "write some text",
        "maxLength": lambda: f"this is {len(value)} characters; write at most {wants}",
        "uniqueItems": lambda: f"{_shown(value[_repeated(value)])} appears twice",
        "minimum": lambda: f"write a number of at least {wants}",
    }
    rule = "incomplete" if keyword == "anyOf" and "errorMessage" in error.schema else _RULES.get(keyword, keyword)
    return rule, messages[keyword]()


_RULES = {
    "anyOf": "choice",
    "maxLength": "too-long",
    "minItems": "empty",
    "minLength": "empty",
    "minProperties": "empty",
    "not": "not-together",
    "uniqueItems": "repeated",
}


def _repeated(items: list[object]) -> int:
    """The number of the first item that an earlier one equals."""
    return next(number for number, item in enumerate(items) if item in items[:number])


def _type_message(value: object, wants: str | list[str], schema: dict[str, Any]) -> str:
    kinds = [wants] if isinstance(wants, str) else wants
    instead = f"write {_KIND_WORDS[wants]}" if isinstance(wants, str) else schema["errorMessage"]
    if value is None:
        return f"nothing is written here; {instead}"
    if "string" in kinds and isinstance(value, (bool, int, Decimal)):
        return f'write {_shown(value)} in quotes: "{_shown(value)}"'
    if kinds[0] in ("integer", "number", "boolean") and isinstance(value, str):
        return f"'{value}' is text; {instead} without quotes"
    return f"{instead.split(',')[0]} here, not {_shown(value)}"


_KIND_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list, each item on a line of its own after a hyphen",
    "object": "a mapping, keys with their values",
}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"'{value}'" if isinstance(value, str) else "nothing" if value is None else str(value)


def _enum_message(value: object, wants: list[str], schema: dict[str, Any]) -> str:
    if len(wants) <= _FEW:
        return f"{_shown(value)} is not one of: {', '.join(wants)}"
    advice = schema.get("errorMessage")
    close = near(str(value), wants, alike=0.6 if advice else 0.4)
    hint = f"; near it are: {', '.join(close)}" if close else f"; {advice}" if advice else ""
    return f"{_shown(value)} is not one of the {len(wants)} values allowed here{hint}"


def _beside_message(error: Any) -> str:
    keys = list(error.absolute_schema_path)
    beside = keys[keys.index("dependentSchemas") + 1]
    return f"'{error.absolute_path[-1]}' cannot be used together with '{beside}'"


def _format_message(value: str, wants: str) -> str:
    forms = {"date": "YYYY-MM-DD", "partial-date": "YYYY-MM-DD, YYYY-MM or YYYY"}
    return f"'{value}' is not a date; write {forms[wants]}"

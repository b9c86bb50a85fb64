"""Says in plain words where a document breaks its JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from referencing import Registry, Resource

from h2024kb.day import day, last_day
from h2024kb.editing.document import STILL_TO_WRITE, Document, Where
from h2024kb.near import did_you_mean, near
from h2024kb.problem import Problem
from h2024kb.shipped import schema_text

KINDS = ("policy", "code-sets", "benchmark", "cases", "mapping")
_FEW, _FEW_KEYS = 12, 4
# What people write for a word of the format that does not look like it.
_MEANT = {
    "mandatory": "required",
    "needed": "required",
    "per diem": "day",
    "daily": "day",
    "hourly": "hour",
    "quarter hour": "15-minutes",
    "15 min": "15-minutes",
    "monthly": "month",
    "weekly": "week",
    "annual": "year",
    "yearly": "year",
    "annually": "year",
    "forbidden": "not-allowed",
    "official": "primary",
}

_formats = FormatChecker(formats=())


@_formats.checks("date")
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or day(value) is not None


@_formats.checks("partial-date")
def _is_partial_date(value: object) -> bool:
    return not isinstance(value, str) or last_day(value) is not None


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
    for error in _one_each(validator(kind).iter_errors(document.data)):
        for problem, where in _translated(document, error):
            seen.setdefault(problem, where)
    return sorted(seen.items())


def _one_each(errors: Iterable[Any]) -> list[Any]:
    """The errors without those that follow from another: keys that stand beside the wrong one are one mistake."""
    found = list(errors)
    first: dict[tuple[Where, str], Any] = {}
    for error in found:
        if error.validator == "not":
            key = tuple(error.absolute_path)[:-1], _beside(error)
            if key not in first or error.absolute_path[-1] == "value":
                first[key] = error
    kept = [id(error) for error in first.values()]
    both = {
        where for (where, beside), error in first.items() if (beside, error.absolute_path[-1]) == ("unknown", "value")
    }
    return [error for error in found if id(error) in kept or not (error.validator == "not" or _follows(error, both))]


def _follows(error: Any, both: set[Where]) -> bool:
    """Whether an error only says what an entry lacks that has a value and is unknown too."""
    return tuple(error.absolute_path) in both and "dependentSchemas" in error.absolute_schema_path


def _beside(error: Any) -> str:
    """The key that the one at an error's path cannot stand beside; empty where that depends on its value."""
    keys = [*error.absolute_schema_path, "dependentSchemas", ""]
    return str(keys[keys.index("dependentSchemas") + 1])


def _translated(document: Document, error: Any) -> Iterator[tuple[Problem, Where]]:
    where: Where = tuple(error.absolute_path)
    keyword = str(error.validator)
    if keyword == "pattern" and error.instance == "" and "minLength" in error.schema:
        return
    if isinstance(error.instance, str) and error.instance.startswith(STILL_TO_WRITE) and where:
        yield document.problem(where, f"'{where[-1]}' is still to be written", "still-to-write"), where
        return
    if keyword == "anyOf" and (inner := [one for one in error.context if one.relative_path]):
        # One of the forms fits but for something inside it, which says more than that no form fits.
        for one in inner:
            yield from _translated(document, one)
        return
    if "propertyNames" in error.schema_path:
        where, at_key = (*where, str(error.instance)), True
    elif keyword == "additionalProperties":
        for key in (one for one in error.instance if one not in error.schema.get("properties", {})):
            message = _unknown_key(key, error.instance[key], error.schema["properties"])
            yield document.problem((*where, key), message, "unknown-key", at_key=True), (*where, key)
        return
    else:
        at_key = keyword == "not"
        where = (*where, _repeated(error.instance)) if keyword == "uniqueItems" else where
    rule, message = _says(error)
    yield document.problem(where, message, rule, at_key=at_key), where


def _unknown_key(key: str, value: object, known: dict[str, object]) -> str:
    if " " in key.strip():
        sign = "comma" if value is None else "colon"
        return f"'{key}' is not a key; if it is part of a sentence with a {sign}, put the whole sentence in quotes"
    close = near(key, known)
    hint = f"did you mean '{close[0]}'?" if close else f"the keys are: {', '.join(known)}"
    return f"'{key}' is not a key here; {hint}"


def _says(error: Any) -> tuple[str, str]:
    keyword, value, wants = str(error.validator), error.instance, error.validator_value
    messages: dict[str, Callable[[], str]] = {
        "type": lambda: _type_message(value, wants, error.schema),
        "enum": lambda: _enum_message(value, wants, error.schema),
        "required": lambda: error.message.replace(" is a required property", " is missing"),
        "pattern": lambda: _pattern_message(value, error.schema),
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
        amount = _amount(str(value)) if _is_money(schema) else None
        if amount and amount != str(value):
            return f'write {value} with cents and in quotes: "{amount}"'
        return f'write {_shown(value)} in quotes: "{_shown(value)}"'
    if "string" in kinds and isinstance(value, dict) and len(value) == 1:
        return f"{instead} here; if this is a sentence with a colon, put the whole sentence in quotes"
    if kinds[0] in ("integer", "number", "boolean") and isinstance(value, str):
        return f"'{value}' is text; {instead} without quotes"
    if kinds == ["object"] and not isinstance(value, list) and 0 < len(_keys(schema)) <= _FEW_KEYS:
        return f"write {_keys_of(schema, value)} here, not {_shown(value)}"
    if kinds == ["array"] and isinstance(value, str) and re.match("-[^ ]", value):
        return "write a space after each hyphen"
    return f"{instead.split(',')[0]} here, not {_shown(value)}"


def _keys_of(schema: dict[str, Any], value: object) -> str:
    """A mapping with the keys that a schema asks for, filled as far as what was written shows how."""
    keys = _keys(schema)
    numbers = re.fullmatch("([0-9]+) ?(?:-|to|\N{EN DASH}) ?([0-9]+)", str(value))
    if keys == ["from", "to"] and numbers:
        return f"{{from: {numbers[1]}, to: {numbers[2]}}}"
    if keys == ["from", "to"] and isinstance(value, int):
        return f"{{from: {value}}}, {{to: {value}}} or both"
    if len(keys) == 1 and isinstance(value, int):
        return f"{{{keys[0]}: {value}}}"
    return f"{{{', '.join(f'{key}: ...' for key in keys)}}}"


def _keys(schema: dict[str, Any]) -> list[str]:
    """The keys that a mapping needs, or where none is needed those it may have."""
    return list(schema.get("required") or schema.get("properties", ()))


def _pattern_message(value: str, schema: dict[str, Any]) -> str:
    if _is_money(schema) and (amount := _amount(value)):
        return f"'{value}' is not an amount; write \"{amount}\""
    return f"'{value}' {schema['patternErrorMessage']}"


def _is_money(schema: dict[str, Any]) -> bool:
    return bool(schema == _schemas().contents("policy.schema.json")["$defs"]["money"])


def _amount(text: str) -> str | None:
    """The amount that a text surely is, as the format writes it.

    >>> _amount("$1,250.5"), _amount("12.505"), _amount("a dollar")
    ('1250.50', None, None)
    """
    if match := re.fullmatch(r"\$? ?([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]{1,2})?", text.strip()):
        return f"{Decimal(match[1].replace(',', '') + (match[2] or '')):.2f}"
    return None


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
        meant = _MEANT.get(str(value).casefold(), str(value))
        return f"{_shown(value)} is not one of: {', '.join(wants)}{did_you_mean(meant, wants)}"
    advice = schema.get("errorMessage")
    close = near(str(value), wants, alike=0.6 if advice else 0.4)
    hint = f"; near it are: {', '.join(close)}" if close else f"; {advice}" if advice else ""
    return f"{_shown(value)} is not one of the {len(wants)} values allowed here{hint}"


def _beside_message(error: Any) -> str:
    key, beside = error.absolute_path[-1], _beside(error)
    if (key, beside) == ("value", "unknown"):
        return "an entry has a value or is unknown, not both: take out 'unknown' or 'value' with its source"
    return str(error.schema.get("errorMessage", f"'{key}' cannot be used together with '{beside}'"))


def _format_message(value: str, wants: str) -> str:
    forms = {"date": "YYYY-MM-DD", "partial-date": "YYYY-MM-DD, YYYY-MM or YYYY"}
    return f"'{value}' is not a date; write {forms[wants]}"

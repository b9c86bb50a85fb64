"""Signatures and types as people read them: as written in the source, with the words behind the names of lists."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from inspect import Parameter
from typing import Any, Final, Literal, NamedTuple, get_args, get_origin

import msgspec

WIDTH: Final = 80
"""A signature longer than this has a line for each parameter."""

_STARS: Final[dict[Any, str]] = {Parameter.VAR_KEYWORD: "**", Parameter.VAR_POSITIONAL: "*"}


class Field(NamedTuple):
    """A field of a record: its name, its type, and what stands for it when left out; None where it must be given."""

    name: str
    type: str
    default: str | None


def signature(function: Callable[..., Any], name: str) -> str:
    """Returns a function's signature, without `self`.

    >>> from h2024kb.site.parts.slug import slug
    >>> signature(slug, "slug")
    'slug(name: str) -> str'
    """
    found = inspect.signature(function)
    given = [one for one in found.parameters.values() if one.name not in ("self", "cls")]
    parts = list(_parts(given))
    back = "" if found.return_annotation is found.empty else f" -> {readable(found.return_annotation)}"
    line = f"{name}({', '.join(parts)}){back}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){back}"])


def _parts(parameters: list[Parameter]) -> Iterator[str]:
    """Each parameter, and a star before those that must be named."""
    marked = False
    for one in parameters:
        if one.kind is Parameter.KEYWORD_ONLY and not marked:
            yield "*"
        marked = marked or one.kind in (Parameter.KEYWORD_ONLY, Parameter.VAR_POSITIONAL)
        default = "" if one.default is Parameter.empty else f" = {one.default!r}"
        yield f"{_STARS.get(one.kind, '')}{one.name}: {readable(one.annotation)}{default}"


def readable(annotation: Any) -> str:
    """Returns a type as written in the source, with the whole names of modules.

    >>> readable("dt.date | Unpack[Asked]")
    'datetime.date | Asked'
    """
    text = str(getattr(annotation, "__forward_arg__", annotation))
    text = re.sub(r"\bdt\.", "datetime.", text).replace("_Path", "Path")
    return re.sub(r"\b(?:Unpack|Required)\[(.+)\]", r"\1", text)


def spelled_out(annotation: Any, module: Any, keep: tuple[str, ...] = ()) -> str:
    """Returns a type with the words of each list of words in place of its name; names in `keep` stay.

    >>> from h2024kb.knowledge import model
    >>> spelled_out("Telehealth | dt.date | None", model)
    "'allowed' | 'not-allowed' | 'conditional' | datetime.date | None"
    """
    text = re.sub(r"(?<![\w.'])[A-Z]\w+", lambda name: _words(name[0], module, keep), readable(annotation))
    return re.sub(r"Literal\[(.*?)\]", lambda found: found[1].replace('"', "'").replace(", ", " | "), text)


def _words(name: str, module: Any, keep: tuple[str, ...]) -> str:
    found = None if name in keep else getattr(module, name, None)
    return " | ".join(map(repr, get_args(found))) if get_origin(found) is Literal else name


def fields(record: type[Any], keep: tuple[str, ...] = ()) -> list[Field]:
    """Returns the fields of a record, in order; types named in `keep` are not spelled out.

    >>> from h2024kb.knowledge.model import Rate
    >>> fields(Rate, keep=("PerUnit",))
    [Field(name='amount', type='Decimal', default=None), Field(name='per', type='PerUnit', default=None)]
    """
    module, defaults = sys.modules[record.__module__], _defaults(record)
    made = getattr(record, "__dataclass_fields__", {})
    return [
        Field(name, spelled_out(note, module, keep), defaults.get(name))
        for name, note in record.__annotations__.items()
        if not name.startswith("_") and (name not in made or made[name].init)
    ]


def _defaults(record: type[Any]) -> dict[str, str]:
    if issubclass(record, msgspec.Struct):
        told = {field.name: field.default for field in msgspec.structs.fields(record)}
        return {name: repr(value) for name, value in told.items() if value is not msgspec.NODEFAULT}
    if hasattr(record, "__total__"):
        return {name: "None" for name, note in record.__annotations__.items() if "Required" not in str(note)}
    return {name: repr(value) for name, value in getattr(record, "_field_defaults", {}).items()}

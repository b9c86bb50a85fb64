"""What a line from a program or the command line must be: each field is read as one in a file is, or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, get_args

import msgspec

from h2024kb.formats import fields
from h2024kb.formats.fields import MAX_AGE, Unreadable
from h2024kb.knowledge.model import LineOfBusiness
from h2024kb.line import ServiceLine

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    **dict.fromkeys(ServiceLine.__struct_fields__, (str,)),
    **dict.fromkeys(("modifiers", "diagnoses"), (tuple,)),
    **dict.fromkeys(("date_of_service", "last_date_of_service", "submitted"), (dt.date,)),
    **dict.fromkeys(("units", "minutes", "charge"), (Decimal, int)),
    **dict.fromkeys(("age", "group_size"), (int,)),
    "conditions_met": (bool,),
}
_CODED: Final = ("code", "modifiers", "diagnoses", "place_of_service", "frequency", "jurisdiction", "line_of_business")
_LINES_OF_BUSINESS: Final = get_args(LineOfBusiness)


def as_read(line: ServiceLine) -> ServiceLine:
    """Returns a line with its codes as a file's would be read: upper case, no blanks, modifiers behind a code with it.

    It is the line itself where nothing changes. Raises TypeError for a value of another type and ValueError for one
    that is not valid, each with the field's name; what is not given, None, stays so.

    >>> as_read(ServiceLine(code=" h2024-u4", modifiers=("hq",))).modifiers
    ('U4', 'HQ')
    >>> as_read(ServiceLine(place_of_service="2"))
    Traceback (most recent call last):
        ...
    ValueError: place_of_service: a place of service is two digits: write 02
    """
    for name, types in _TYPES.items():
        value = getattr(line, name)
        if value is not None and type(value) not in types and not _is_one(value, types):
            wanted = " or ".join(one.__name__ for one in types)
            raise TypeError(f"{name} must be of type {wanted}, not {type(value).__name__}")
    if line.age is not None and not 0 <= line.age <= MAX_AGE:
        raise ValueError(f"age: not a whole number from 0 to {MAX_AGE}")
    if line.group_size is not None and line.group_size < 1:
        raise ValueError("group_size: not a whole number from 1")
    written = tuple(getattr(line, name) for name in _CODED)
    read = _coded(*written)
    return line if read == written else msgspec.structs.replace(line, **dict(zip(_CODED, read, strict=True)))


def _is_one(value: object, types: tuple[type, ...]) -> bool:
    # A truth value is a number and a moment is a date, as Python has it; neither is meant.
    return isinstance(value, types) and not isinstance(value, bool | dt.datetime)


@lru_cache(4096)
def _coded(
    code: str | None,
    modifiers: tuple[str, ...] | None,
    diagnoses: tuple[str, ...] | None,
    place: str | None,
    frequency: str | None,
    jurisdiction: str | None,
    line_of_business: str | None,
) -> tuple[Any, ...]:
    """The fields of a line that are of some list, each read; many lines have the same."""
    billed = _read("code", code, fields.billed)
    listed = _each("modifiers", modifiers, fields.modifier)
    return (
        billed.code if billed else None,
        fields.together(billed.modifiers, listed) if billed else listed,
        _each("diagnoses", diagnoses, fields.diagnosis),
        _read("place_of_service", place, fields.place_of_service),
        _read("frequency", frequency, fields.frequency),
        _read("jurisdiction", jurisdiction, fields.jurisdiction),
        _read("line_of_business", line_of_business, _line_of_business),
    )


def _read(name: str, text: str | None, reader: Callable[[str], Any]) -> Any:
    """What a reader makes of a text; a blank one says nothing, as in a file."""
    try:
        return reader(text) if text and fields.bare(text) else None
    except Unreadable as why:
        raise ValueError(f"{name}: {why.message}") from None


def _each(name: str, texts: tuple[str, ...] | None, reader: Callable[[str], str]) -> tuple[str, ...] | None:
    if texts is None:
        return None
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{name} must be a tuple of texts")
    parts = [_read(name, text, fields.split) for text in texts]
    return tuple(_read(name, one, reader) for part in parts for one in part or ())


def _line_of_business(text: str) -> str:
    found = fields.bare(text).lower()
    if not set(found.split()) <= set(_LINES_OF_BUSINESS):
        raise Unreadable(f"write one of: {', '.join(_LINES_OF_BUSINESS)}", "line-of-business")
    return found

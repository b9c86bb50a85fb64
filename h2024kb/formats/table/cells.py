"""What one cell of a table tells of a field of a service line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, get_args

from h2024kb.day import day
from h2024kb.knowledge.jurisdictions import JURISDICTIONS
from h2024kb.knowledge.model import LineOfBusiness, Record
from h2024kb.line import ServiceLine

FIELDS = ServiceLine.__struct_fields__
SEVERAL = ("modifiers", "diagnoses")
DATES = ("date_of_service", "last_date_of_service", "submitted", "birth_date")
NUMBERS = ("units", "minutes", "charge", "age", "group_size")
MAX_AGE = 130
NOTHING = ("~", "NULL", "null", r"\N")
"""What databases write into a cell for no value; it is read as a blank cell is."""

_BETWEEN = re.compile("[ ,;:|]+")
_MODIFIER = re.compile("[0-9A-Z]{2}")
_DIAGNOSIS = re.compile("[0-9A-Z]{3,7}")
_TWO_DIGITS = re.compile("[0-9]{2}")
_WHOLE = re.compile(r"([0-9]{1,4})(\.0*)?")
_NUMBER = re.compile(r"-?([0-9]{1,15}(\.[0-9]{1,15})?|\.[0-9]{1,15})")
_YEAR_FIRST = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00:00)?|([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH_NAMED = re.compile("([0-9]{2})-([A-Za-z]{3})-([0-9]{4})")
_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class ColumnRef(Record, frozen=True):
    """Where a field stands in a table: the column names as the file spells them.

    `modifiers` and `diagnoses` may have several columns; every other field has one. `format` is a date's, as strptime
    takes it. `separator` stands between the values of one cell; without it spaces, commas, semicolons, colons and bars
    do. `places` are the file, line and column where a person wrote each name down.
    """

    names: tuple[str, ...]
    format: str | None = None
    separator: str | None = None
    places: tuple[tuple[str, int, int], ...] = ()


class Unreadable(Exception):
    """Raised for a value that cannot be read; one that stands in a row as a value is reported like any other."""

    def __init__(self, message: str, rule: str) -> None:
        self.message, self.rule = message, rule
        super().__init__(message)


_Reader = Callable[[str, bool], Any]


def value(field: str, cell: object, ref: ColumnRef | None = None) -> Any:
    """Returns what one cell tells of a field, a tuple for modifiers and diagnoses; raises Unreadable.

    >>> value("modifiers", "hq u4"), value("place_of_service", 2), value("units", "1.0000")
    (('HQ', 'U4'), '02', Decimal('1.0000'))
    """
    ref = ref or ColumnRef(names=())
    number = type(cell) in (int, float, Decimal)
    text = _text(cell)
    if number and field not in NUMBERS:
        text = re.sub(r"\.0*$", "", text)
    if field in SEVERAL:
        return tuple(_READ[field](one, number) for one in _split(text, ref.separator))
    if not text:
        return "" if field == "prior_authorization_number" else None
    return _date(text, ref.format) if field in DATES else _READ[field](text, number)


def _text(cell: object) -> str:
    if isinstance(cell, str):
        text = cell.strip()
        return "" if text in NOTHING else text
    if cell is None:
        return ""
    if isinstance(cell, Unreadable):
        raise Unreadable(cell.message, cell.rule)  # the one in the row would gather a traceback of every row
    if isinstance(cell, float | Decimal):
        exact = Decimal(repr(cell)) if isinstance(cell, float) else cell
        if not exact.is_finite():
            raise Unreadable("this is no number: leave the cell blank where none is known", "number")
        return f"{exact:f}"
    return str(cell)


def _split(text: str, separator: str | None) -> Iterable[str]:
    parts = text.split(separator) if separator else _BETWEEN.split(text)
    return (part.strip() for part in parts if part.strip())


def _code(text: str, number: bool) -> str:
    if number and len(text) != 5:
        raise Unreadable("a column of numbers loses the zeros before a code: write codes as text", "code")
    return text.upper()


def _shaped(pattern: re.Pattern[str], what: str, rule: str, drop: str = "") -> _Reader:
    def read(text: str, number: bool) -> str:
        made = text.upper().replace(drop, "") if drop else text.upper()
        if not pattern.fullmatch(made):
            raise Unreadable(what, rule)
        return made

    return read


def _place_of_service(text: str, number: bool) -> str:
    padded = text.zfill(2)
    if not _TWO_DIGITS.fullmatch(padded) or (text != padded and not number):
        hint = f": write {padded}" if _TWO_DIGITS.fullmatch(padded) else ""
        raise Unreadable(f"a place of service is two digits{hint}", "place-of-service")
    return padded


def _date(text: str, format: str | None) -> dt.date:
    if format:
        try:
            return dt.datetime.strptime(text, format).date()  # a day has no time zone
        except ValueError:
            raise Unreadable(f"this is no date written {format}", "date") from None
    if found := _YEAR_FIRST.fullmatch(text):
        made = day("-".join(part for part in found.groups() if part))
    elif (found := _MONTH_NAMED.fullmatch(text)) and found[2].casefold() in _MONTHS:
        made = day(f"{found[3]}-{_MONTHS.index(found[2].casefold()):02}-{found[1]}")
    else:
        raise Unreadable("write the date as YYYY-MM-DD, or its format in a mapping file, such as %m/%d/%Y", "date")
    if made is None:
        raise Unreadable("there is no such day", "date")
    return made


def _decimal(text: str, number: bool) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise Unreadable("write a number as 1 or 12.50, without currency signs or thousands separators", "number")
    return Decimal(text)


def _whole(least: int, most: int) -> _Reader:
    def read(text: str, number: bool) -> int:
        found = _WHOLE.fullmatch(text)
        if not found or not least <= int(found[1]) <= most:
            raise Unreadable(f"this is no whole number from {least} to {most}", "number")
        return int(found[1])

    return read


def _one_of(choices: Mapping[str, Any], rule: str, what: str = "") -> _Reader:
    folded = {name.casefold(): choice for name, choice in choices.items()}

    def read(text: str, number: bool) -> Any:
        if text.casefold() not in folded:
            raise Unreadable(what or f"write one of: {', '.join(choices)}", rule)
        return folded[text.casefold()]

    return read


_READ: dict[str, _Reader] = {
    **dict.fromkeys(FIELDS, lambda text, _: text),
    **dict.fromkeys(("units", "minutes", "charge"), _decimal),
    "code": _code,
    "modifiers": _shaped(_MODIFIER, "a modifier is two letters or digits, kept as text", "modifier"),
    "diagnoses": _shaped(_DIAGNOSIS, "a diagnosis code is three to seven letters and digits", "diagnosis", drop="."),
    "place_of_service": _place_of_service,
    "age": _whole(0, MAX_AGE),
    "group_size": _whole(1, 999),
    "jurisdiction": _one_of({name: name for name in JURISDICTIONS}, "jurisdiction", "write MD for Maryland, and so on"),
    "line_of_business": _one_of({name: name for name in get_args(LineOfBusiness)}, "line-of-business"),
    "conditions_met": _one_of({"true": True, "false": False}, "true-or-false"),
}

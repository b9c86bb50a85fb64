"""What one cell of a table says of a field of a service line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

from h2024kb.formats import fields
from h2024kb.formats.fields import MAX_AGE, Unreadable
from h2024kb.knowledge.model import LineOfBusiness, Record
from h2024kb.line import ServiceLine

FIELDS = ServiceLine.__struct_fields__
SEVERAL = ("modifiers", "diagnoses")
DATES = ("date_of_service", "last_date_of_service", "submitted", "birth_date")
CLAIM_DATES = ("claim_first_date", "claim_last_date")
"""Days of the whole claim: where both are one day, they are that of its lines."""
NUMBERS = ("units", "minutes", "charge", "age", "group_size")
NOTHING = ("~", "NULL", "null", r"\N", "nan", "NaN", "NaT", "<NA>", "None", "N/A", "#N/A", "NA")
"""What databases, pandas and Excel write into a cell for no value; it is read as a blank cell is."""

_WHOLE = re.compile(r"([0-9]{1,4})(\.0*)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00:00(?:\.0+)?Z?)?|([0-9]{4})([0-9]{2})([0-9]{2})")
_ISO = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}.*")
# Days since 1899, as Excel keeps a date: these are of 1982 to 2064.
_SERIAL = re.compile(r"[3-5][0-9]{4}(?:\.[0-9]*)?")
_MONTH_NAMED = re.compile("([0-9]{2})-([A-Za-z]{3})-([0-9]{4})")
_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class ColumnRef(Record, frozen=True):
    """Where a field is in a table: the column names as the file spells them.

    `modifiers` and `diagnoses` may have several columns; every other field has one. `format` is a date's, as strptime
    takes it. `separator` stands between the values of one cell; without it spaces, commas, semicolons, colons and bars
    do. `places` are the file, line and column where a person wrote each name down.
    """

    names: tuple[str, ...]
    format: str | None = None
    separator: str | None = None
    places: tuple[tuple[str, int, int], ...] = ()


_Reader = Callable[[str, bool], Any]


def value(field: str, cell: object, ref: ColumnRef | None = None) -> Any:
    """Returns what one cell says of a field, a tuple for modifiers and diagnoses; raises Unreadable.

    Of a code it is the code with the modifiers that stand behind it.

    >>> value("modifiers", "hq u4"), value("place_of_service", 2), value("units", "1.0000")
    (('HQ', 'U4'), '02', Decimal('1.0000'))
    """
    ref = ref or ColumnRef(names=())
    number = type(cell) in (int, float, Decimal)
    text = _text(cell)
    # A column of whole numbers with a blank in it comes as floats: claim 7.0 is claim 7.
    if number and field not in NUMBERS:
        text = re.sub(r"\.0*$", "", text)
    if field in SEVERAL:
        return tuple(_READ[field](one, number) for one in fields.split(text, ref.separator))
    if not text:
        return None
    if field in DATES or field in CLAIM_DATES:
        return _date(text, ref.format)
    return text if field == "claim_type" else _READ[field](text, number)


def _text(cell: object) -> str:
    if isinstance(cell, str):
        text = fields.bare(cell)
        return "" if text in NOTHING else text
    if cell is None:
        return ""
    if isinstance(cell, Unreadable):
        raise Unreadable(cell.message, cell.rule)  # the one in the row would gather a traceback of every row
    if isinstance(cell, float | Decimal):
        # repr gives the shortest number that is this float: 0.1, and not 0.1000000000000000055 as Decimal(0.1) does.
        exact = Decimal(repr(cell)) if isinstance(cell, float) else cell
        if not exact.is_finite():
            raise Unreadable("not a number: leave the cell blank where no number is known", "number")
        return f"{exact:f}"
    return str(cell)


def _code(text: str, number: bool) -> fields.Billed:
    if number and len(text) != 5:
        raise Unreadable("a column of numbers loses the zeros before a code: write codes as text", "code")
    return fields.billed(text)


def _place_of_service(text: str, number: bool) -> str:
    # A column of numbers has lost the zero of 02; one of texts never had it, and 2 may be a slip for 20.
    return fields.place_of_service(text.zfill(2) if number else text)


def _date(text: str, format: str | None) -> dt.date:
    # 03/04/2026 may be in March or April: without a format it is a problem, never a guess.
    if format:
        try:
            return dt.datetime.strptime(text, format).date()  # a day has no time zone
        except ValueError:
            # An ISO date among others can be no other day.
            if not _ISO.fullmatch(text):
                raise Unreadable(f"not a date in the format {format}", "date") from None
    if found := _YEAR_FIRST.fullmatch(text):
        return fields.real_date(*(part for part in found.groups() if part))
    if (found := _MONTH_NAMED.fullmatch(text)) and found[2].casefold() in _MONTHS:
        return fields.real_date(found[3], f"{_MONTHS.index(found[2].casefold()):02}", found[1])
    if _SERIAL.fullmatch(text):
        raise Unreadable("this is a serial number of Excel: format the cells as dates, YYYY-MM-DD", "date")
    hint = "or its format in a mapping file or with --date-format, such as %m/%d/%Y"
    raise Unreadable(f"write the date as YYYY-MM-DD, {hint}", "date")


def _whole(least: int, most: int) -> _Reader:
    def read(text: str, number: bool) -> int:
        found = _WHOLE.fullmatch(text)
        if not found or not least <= int(found[1]) <= most:
            raise Unreadable(f"not a whole number from {least} to {most}", "number")
        return int(found[1])

    return read


def _one_of(choices: Mapping[str, Any], rule: str) -> _Reader:
    folded = {name.casefold(): choice for name, choice in choices.items()}

    def read(text: str, number: bool) -> Any:
        if text.casefold() not in folded:
            raise Unreadable(f"write one of: {', '.join(choices)}", rule)
        return folded[text.casefold()]

    return read


_READ: dict[str, _Reader] = {
    **dict.fromkeys(FIELDS, lambda text, _: text),
    **dict.fromkeys(("units", "minutes", "charge"), lambda text, _: fields.number(text)),
    "code": _code,
    "modifiers": lambda text, _: fields.modifier(text),
    "diagnoses": lambda text, _: fields.diagnosis(text),
    "place_of_service": _place_of_service,
    "age": _whole(0, MAX_AGE),
    "group_size": _whole(1, 999),
    "jurisdiction": lambda text, _: fields.jurisdiction(text),
    "line_of_business": _one_of({name: name for name in get_args(LineOfBusiness)}, "line-of-business"),
    "frequency": lambda text, _: fields.frequency(text),
    "conditions_met": _one_of({"true": True, "false": False}, "true-or-false"),
}

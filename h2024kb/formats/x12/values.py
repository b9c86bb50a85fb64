"""Values of X12 elements as values of Python: numbers, dates, ages, states, procedures; None where they are none."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_NUMBER = re.compile(r"-?(?:[0-9]{1,18}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_DAY = re.compile(r"[0-9]{8}")
_CODE = re.compile(r"[A-Z0-9]{2,12}")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_STATE = re.compile(r"[A-Z]{2}")
_PLACE = re.compile(r"[0-9]{2}")
_DIAGNOSIS = re.compile(r"[A-Z0-9]{3,8}")
_DIAGNOSES = ("ABK", "ABF", "BK", "BF")
_QUALIFIER = re.compile(r"[A-Z]{2,3}")
_HCPCS = "HC"
_OWN_CODE_OF_PAYER = "ER"


@lru_cache(4096)
def number(text: str) -> Decimal | None:
    """Returns a number as exact as it is written, or None for a text that is no X12 number, as `1,000` or `1E3` are.

    >>> number("12.50"), number("1E3")
    (Decimal('12.50'), None)
    """
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def day(text: str) -> dt.date | None:
    """Returns the date of a CCYYMMDD text, or None: 00000000 and 20260230 are no dates."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


@lru_cache(4096)
def days(qualifier: str, text: str) -> tuple[dt.date, dt.date] | None:
    """Returns the first and last day of a date (D8) or range (RD8), or None for what is neither.

    >>> days("RD8", "20260105-20260109")
    (datetime.date(2026, 1, 5), datetime.date(2026, 1, 9))
    """
    begin, dash, end = text.partition("-")
    first, last = day(begin), day(end) if dash else day(begin)
    if first is None or last is None or last < first or (qualifier, dash) not in (("D8", ""), ("RD8", "-")):
        return None
    return first, last


def whole_years(born: dt.date | None, on: dt.date | None) -> int | None:
    """Returns an age in whole years, or None where a date is not told or the birth is later.

    >>> born = dt.date(2000, 2, 29)
    >>> [whole_years(born, day) for day in (born, dt.date(2018, 2, 28), dt.date(2018, 3, 1), dt.date(2020, 2, 29))]
    [0, 17, 18, 20]
    """
    if born is None or on is None or on < born:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def state(text: str, country: str) -> str | None:
    """Returns a state by its two letters, or None: a province of another country may have the same letters."""
    text = text.strip().upper()
    return text if _STATE.fullmatch(text) and country.strip().upper() in ("", "US", "USA") else None


@lru_cache(256)
def place_of_service(text: str) -> str | None:
    """Returns a place of service, two digits, or None for a text that is none."""
    text = text.strip()
    return text if _PLACE.fullmatch(text) else None


@lru_cache(4096)
def diagnoses(elements: tuple[str, ...], component: str) -> tuple[str | None, ...]:
    """Returns the diagnosis codes of HI, without dots, in their order; None for one that cannot be read.

    So is one without a qualifier, as all are where another character than `component` parts them, and one left out
    before others, since SV107 counts it.

    >>> diagnoses(("ABK:F70", "BP:12345", "ABF"), ":")
    ('F70', None)
    """
    last = max((number for number, element in enumerate(elements, 1) if element.strip()), default=0)
    parts = [f"{element}{component}".upper().split(component) for element in elements[:last]]
    qualified = [(part[0].strip(), part[1].strip().replace(".", "")) for part in parts]
    return tuple(
        code if name in _DIAGNOSES and _DIAGNOSIS.fullmatch(code) else None
        for name, code in qualified
        if name in _DIAGNOSES or not _QUALIFIER.fullmatch(name)
    )


class Procedure(NamedTuple):
    """What SV101 tells: None where it cannot be read, and then `fault` says why."""

    code: str | None
    modifiers: tuple[str, ...] | None
    fault: str = ""


@lru_cache(4096)
def procedure(text: str, component: str) -> Procedure:
    """Returns code and modifiers of a line.

    A code of another list than HCPCS is left out, unless it is the payer's own (ER): the same letters would mean
    another thing. Of modifiers all are read or none.

    >>> procedure("HC:H2024:U4:HQ", ":")
    Procedure(code='H2024', modifiers=('U4', 'HQ'), fault='')
    >>> procedure("HC:H2024", ":").modifiers
    ()
    """
    qualifier, code, *more = (part.strip().upper() for part in f"{text}{component}".split(component))
    modifiers = tuple(part for part in more[:4] if part)
    if qualifier not in (_HCPCS, _OWN_CODE_OF_PAYER):
        return Procedure(None, None, "SV101 must begin with HC, for HCPCS: code and modifiers are left out")
    if not _CODE.fullmatch(code):
        return Procedure(None, None, "the second component of SV101 is no code: code and modifiers are left out")
    if not all(_MODIFIER.fullmatch(modifier) for modifier in modifiers):
        return Procedure(code, None, "a modifier in SV101 has not two characters: the modifiers are left out")
    return Procedure(code, modifiers)

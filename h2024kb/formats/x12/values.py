"""How X12 writes the values of a service line: which part of an element is which, and dates as CCYYMMDD."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, TypeVar

from h2024kb.formats import fields
from h2024kb.formats.fields import Unreadable
from h2024kb.formats.x12.envelope import Report

T = TypeVar("T")

_DAY = re.compile("[0-9]{8}")
# The principal diagnosis and the others, of ICD-10-CM (A...) and of ICD-9-CM, as claims of before 2015 have them.
_DIAGNOSES = ("ABK", "ABF", "BK", "BF")
_QUALIFIER = re.compile(r"[A-Z]{2,3}")
_HCPCS = "HC"
_OWN_CODE_OF_PAYER = "ER"


def read(name: str, text: str, reader: Callable[[str], T], report: Report) -> T | None:
    """Returns what an element holds; None for an empty one, and for one that is not valid, which is reported."""
    text = fields.bare(text)
    if not text:
        return None
    try:
        return reader(text)
    except Unreadable as why:
        report(f"{name}: {why.message}", why.rule)
        return None


def day(text: str) -> dt.date:
    """Returns the date of a CCYYMMDD text; raises Unreadable."""
    if not _DAY.fullmatch(text):
        raise Unreadable("write the date as CCYYMMDD", "date")
    return fields.real_date(text[:4], text[4:6], text[6:])


@lru_cache(4096)
def days(qualifier: str, text: str) -> tuple[dt.date, dt.date]:
    """Returns the first and last day of a date (D8) or range (RD8); raises Unreadable.

    >>> days("RD8", "20260105-20260109")
    (datetime.date(2026, 1, 5), datetime.date(2026, 1, 9))
    """
    begin, dash, end = text.partition("-")
    if (qualifier, dash) not in (("D8", ""), ("RD8", "-")):
        raise Unreadable("write one date as CCYYMMDD (D8), or two with a dash between them (RD8)", "date")
    first = day(begin)
    last = day(end) if dash else first
    if last < first:
        raise Unreadable("the last day is before the first", "date")
    return first, last


class Pointed(NamedTuple):
    """A diagnosis that SV107 can point to: the element of HI that names it, and its code, empty where it has none."""

    name: str
    code: str


@lru_cache(4096)
def diagnoses(elements: tuple[str, ...], component: str) -> tuple[Pointed, ...]:
    """Returns the diagnoses of HI in their order, as they are written.

    One without a qualifier has no code, as all have none where another character than `component` splits them; nor has
    one left out before others, which is returned all the same, since SV107 counts it.

    >>> diagnoses(("ABK:F70", "BP:12345", "ABF"), ":")
    (Pointed(name='HI01', code='F70'), Pointed(name='HI03', code=''))
    """
    last = max((number for number, element in enumerate(elements, 1) if element.strip()), default=0)
    parts = [f"{element}{component}".split(component) for element in elements[:last]]
    qualified = [(f"HI{number:02}", part[0].strip().upper(), part[1].strip()) for number, part in enumerate(parts, 1)]
    return tuple(
        Pointed(name, code if qualifier in _DIAGNOSES else "")
        for name, qualifier, code in qualified
        # A qualifier of something else than a diagnosis, such as BP of a procedure, is not counted.
        if qualifier in _DIAGNOSES or not _QUALIFIER.fullmatch(qualifier)
    )


class Procedure(NamedTuple):
    """What SV101 says: None where it cannot be read, and then `fault` says why, under the name of a rule."""

    code: str | None
    modifiers: tuple[str, ...] | None
    fault: str = ""
    rule: str = ""


@lru_cache(4096)
def procedure(text: str, component: str) -> Procedure:
    """Returns code and modifiers of a line.

    A code of another list than HCPCS is left out, unless it is the payer's own (ER): the same letters would mean
    another thing. Of modifiers all are read or none.

    >>> procedure("HC:H2024:U4:HQ", ":")
    Procedure(code='H2024', modifiers=('U4', 'HQ'), fault='', rule='')
    >>> procedure("HC:H2024", ":").modifiers
    ()
    """
    qualifier, code, *more = (part.strip() for part in f"{text}{component}".split(component))
    if qualifier.upper() not in (_HCPCS, _OWN_CODE_OF_PAYER):
        message = "SV101 must begin with HC, for HCPCS: code and modifiers are left out"
        return Procedure(None, None, message, "x12-segment")
    read: str | None = None
    try:
        read, written = fields.billed(code)
        listed = tuple(fields.modifier(part) for part in more[:4] if part)
        return Procedure(read, fields.together(written, listed))
    except Unreadable as why:
        return Procedure(read, None, f"SV101: {why.message}", why.rule)

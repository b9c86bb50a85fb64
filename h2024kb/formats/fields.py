"""What a value of a service line may be, and what is said of one that is not: the same for X12, FHIR and tables.

A format finds a value, knows what it means where nothing is written, and says where it stands; everything else is
decided here. Nothing is made up and nothing is dropped: what is written and is not valid is Unreadable.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from h2024kb.day import day as iso_date
from h2024kb.knowledge.jurisdictions import JURISDICTIONS

MAX_AGE: Final = 130
DIGITS: Final = 15
"""The most digits of a number before its point, and after it: what the tables of many lines hold."""
MOST: Final = Decimal(10) ** DIGITS
UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that web pages and spreadsheets leave around a text, and nobody sees."""

# Letters are matched as they are written, before upper(), which makes SS of one German letter and FL of a ligature:
# these would then be a modifier and Florida.
_CODE = re.compile("[0-9A-Za-z]{2,12}")
_MODIFIER = re.compile("[0-9A-Za-z]{2}")
# A code of HCPCS or CPT, such as H2024, 99213 or 0123T: only behind one of these is it plain what follows.
_LISTED = "[A-Za-z][0-9]{4}|[0-9]{4}[0-9A-Za-z]"
_BETWEEN = r"[-:^|*/.,; ]"
# What Excel (="H2024", 'H2024) and claims (HC:H2024) write around a code.
_AROUND = re.compile(r"=?[\"']?(?:HC(?:PCS)?[:^|*> ] *)?(.*?)[-\"'.: ]*", re.IGNORECASE)
_WITH_MODIFIERS = re.compile(rf"({_LISTED})((?: ?{_BETWEEN} ?[0-9A-Za-z]{{2}}){{1,4}})")
_DESCRIBED = re.compile(rf"({_LISTED})(?: *[-:\u2013\u2014])? +((?=.{{4}})[A-Za-z]{{3,}}\b.*)")
_SEPARATORS = re.compile("[ ,;:|]+")
_HOLE = re.compile(r"[0-9A-Za-z]\s*([,;:|])\s*\1[\s,;:|]*[0-9A-Za-z]")
_GLUED = re.compile("[A-Za-z][0-9]{4}(?:[0-9A-Za-z]{2}){1,4}")
# A letter O for a zero, or an I or L for a one, is seen by nobody who reads it.
_MISTYPED = re.compile("[A-Za-z](?=[0-9OoIiLl]{4}$)(?=.*[OoIiLl])(?=(?:.*[0-9]){2})....")
_AT_ENDS = re.compile(rf"\A[\s{UNSEEN}]+|[\s{UNSEEN}]+\Z")
# ICD-10-CM has 3 to 7 characters without the point; ICD-9-CM, of old claims, has 3 to 5.
_DIAGNOSIS = re.compile("[0-9A-Za-z]{3,7}")
_PLACE = re.compile("[0-9]{2}")
_FREQUENCY = re.compile("[0-9A-Za-z]")
_STATE = re.compile("[A-Za-z]{2}")
# The digits are bounded so that nobody makes a number of megabytes of them.
_NUMBER = re.compile(r"-?(?:[0-9]{1,80}(?:\.[0-9]{0,80})?|\.[0-9]{1,80})")
_UNITED_STATES = ("", "US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA")
_STEP = Decimal(10) ** -DIGITS
# The usual 28 digits would round a number that has 15 before its point and 15 after it.
_WIDE = Context(prec=4 * DIGITS)


class Unreadable(Exception):
    """Raised for a value that is not valid: what to write instead, without the value, and the name of the rule."""

    def __init__(self, message: str, rule: str) -> None:
        self.message, self.rule = message, rule
        super().__init__(message)


class Billed(NamedTuple):
    """A code, and the modifiers that stand with it where the code alone belongs."""

    code: str
    modifiers: tuple[str, ...] = ()


@lru_cache(4096)
def billed(text: str) -> Billed:
    """Returns a billed code, of HCPCS or the payer's own, in upper case, with modifiers written behind it.

    What Excel or a claim writes around a code is taken off, and so is its description. Raises Unreadable where it is
    not plain what the code is: one with a letter for a digit, or with modifiers glued to it, would be taken for a code
    of somebody else, and its line for none of ours.

    >>> billed("H2024-hq:U4"), billed("HC:H2024"), billed("H2024 - Supported employment").code
    (Billed(code='H2024', modifiers=('HQ', 'U4')), Billed(code='H2024', modifiers=()), 'H2024')
    """
    found = _AROUND.fullmatch(" ".join(bare(text).split()))
    text = found[1].strip() if found else ""
    if _GLUED.fullmatch(text):
        raise Unreadable("the code is followed by more: write modifiers apart from it, as in H2024:HQ", "code")
    if _MISTYPED.fullmatch(text):
        raise Unreadable("a letter O, I or L stands where a code has a digit: write 0 or 1", "code")
    if _CODE.fullmatch(text):
        return Billed(text.upper())
    if more := _WITH_MODIFIERS.fullmatch(text):
        return Billed(more[1].upper(), tuple(re.findall("[0-9A-Z]{2}", more[2].upper())))
    if (more := _DESCRIBED.fullmatch(text)) and not re.search(rf"\b(?:{_LISTED})\b", more[2]):
        return Billed(more[1].upper())
    if len(re.findall(rf"\b(?:{_LISTED})\b", text)) > 1:
        raise Unreadable("two codes stand here: write each on a line of its own", "code")
    raise Unreadable("a code is two to twelve letters and digits", "code")


def split(text: str, separator: str | None = None) -> list[str]:
    """Returns the values of one text, with a separator, else a space, comma, semicolon, colon or bar between them.

    Raises Unreadable where one is left out between two others, for it may be lost: a list with a hole is not a list.
    """
    if separator:
        parts = [bare(part) for part in text.split(separator)]
        holed = "" in parts[: len(parts) - next((n for n, one in enumerate(reversed(parts)) if one), len(parts))]
    else:
        parts, holed = _SEPARATORS.split(text), bool(_HOLE.search(text))
    if holed:
        raise Unreadable("nothing stands between two separators: write every value, or one in each column", "list")
    return [found for part in parts if (found := bare(part))]


def together(billed: tuple[str, ...], listed: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Returns the modifiers of a line: those behind its code, then those in their own place that are not among them.

    >>> together(("HQ",), ("HQ", "U4")), together(("HQ",), None), together((), None)
    (('HQ', 'U4'), ('HQ',), None)
    """
    if not billed:
        return listed
    return (*billed, *(one for one in listed or () if one not in billed))


def bare(text: str) -> str:
    """Returns a text without spaces around it, and without characters that nobody sees, such as a zero-width space."""
    return text.strip() if text.isascii() else _AT_ENDS.sub("", text)


@lru_cache(4096)
def modifier(text: str) -> str:
    """Returns a modifier in upper case; raises Unreadable."""
    return _shaped(_MODIFIER, text, "a modifier is two letters or digits, kept as text", "modifier")


@lru_cache(4096)
def diagnosis(text: str) -> str:
    """Returns a diagnosis code in upper case and without its point; raises Unreadable.

    >>> diagnosis("f84.0")
    'F840'
    """
    return _shaped(
        _DIAGNOSIS, text.replace(".", ""), "a diagnosis code is three to seven letters and digits", "diagnosis"
    )


@lru_cache(4096)
def place_of_service(text: str) -> str:
    """Returns a place of service; raises Unreadable, with the two digits to write where one zero is missing."""
    padded = bare(text).zfill(2)
    hint = f": write {padded}" if _PLACE.fullmatch(padded) else ""
    return _shaped(_PLACE, text, f"a place of service is two digits{hint}", "place-of-service")


def frequency(text: str) -> str:
    """Returns a claim frequency code, such as 7 for a replacement; raises Unreadable."""
    return _shaped(_FREQUENCY, text, "a claim frequency is one letter or digit", "frequency")


def jurisdiction(text: str) -> str:
    """Returns where a policy may hold: a state, a territory, or US for the whole country; raises Unreadable."""
    message = "write MD for Maryland, and so on"
    found = _shaped(_STATE, text, message, "jurisdiction")
    if found not in JURISDICTIONS:
        raise Unreadable(message, "jurisdiction")
    return found


def state(text: str, country: str) -> str | None:
    """Returns the state of an address; None in another country, whose provinces may have the same letters.

    Raises Unreadable for what is not a state or territory, as US, XX and AE (military mail) are not.

    >>> state("md", "USA"), state("AL", "MX")
    ('MD', None)
    """
    if country.strip().upper() not in _UNITED_STATES:
        return None
    found = jurisdiction(text)
    if found == "US":
        raise Unreadable("write MD for Maryland, and so on", "jurisdiction")
    return found


@lru_cache(4096)
def number(text: str) -> Decimal:
    """Returns a number of units, minutes or dollars as exact as it is written; raises Unreadable.

    >>> number("12.50"), number(".5")
    (Decimal('12.50'), Decimal('0.5'))
    """
    text = bare(text)
    if not _NUMBER.fullmatch(text):
        message = "write a number as 1 or 12.50, without currency signs or thousands separators"
        raise Unreadable(message, "number")
    return exact(Decimal(text))


def exact(number: Decimal) -> Decimal:
    """Returns a number that is not too long for the tables of many lines, which round none; raises Unreadable."""
    if not number.is_finite() or number.copy_abs() >= MOST or number != number.quantize(_STEP, context=_WIDE):
        raise Unreadable(f"write a number of at most {DIGITS} digits before its point and {DIGITS} after it", "number")
    return number


def real_date(year: str, month: str, day: str) -> dt.date:
    """Returns the date that four, two and two digits make; raises Unreadable, for 00000000 and February 30 too."""
    found = iso_date(f"{year}-{month}-{day}")
    if found is None:
        raise Unreadable("not a real date", "date")
    return found


def age(born: dt.date, on: dt.date) -> int:
    """Returns the age in whole years on the date of service; raises Unreadable for one that nobody has.

    Who is born on February 29 is a year older on March 1.

    >>> born = dt.date(2000, 2, 29)
    >>> [age(born, day) for day in (born, dt.date(2018, 2, 28), dt.date(2018, 3, 1), dt.date(2020, 2, 29))]
    [0, 17, 18, 20]
    """
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if not 0 <= years <= MAX_AGE:
        message = f"the birth date does not make an age of 0 to {MAX_AGE} on the date of service"
        raise Unreadable(message, "age")
    return years


def _shaped(pattern: re.Pattern[str], text: str, message: str, rule: str) -> str:
    text = bare(text)
    if not pattern.fullmatch(text):
        raise Unreadable(message, rule)
    return text.upper()

"""What a value of a service line may be, and what is said of one that is not: the same for X12, FHIR and tables.

A format finds a value, knows what it means where nothing is written, and says where it stands; everything else is
decided here. Nothing is made up and nothing is dropped: what is written and is not valid is Unreadable.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from h2024kb.day import day as iso_date
from h2024kb.knowledge.jurisdictions import JURISDICTIONS

MAX_AGE: Final = 130
DIGITS: Final = 15
"""The most digits of a number before its point, and after it: what the tables of many lines hold."""
MOST: Final = Decimal(10) ** DIGITS

# Letters are matched as they are written, before upper(), which makes SS of one German letter and FL of a ligature:
# these would then be a modifier and Florida.
_CODE = re.compile("[0-9A-Za-z]{2,12}")
_MODIFIER = re.compile("[0-9A-Za-z]{2}")
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


@lru_cache(4096)
def code(text: str) -> str:
    """Returns a billed code, of HCPCS or the payer's own, in upper case; raises Unreadable."""
    return _shaped(_CODE, text, "a code is two to twelve letters and digits", "code")


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
    padded = text.strip().zfill(2)
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
    text = text.strip()
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
    text = text.strip()
    if not pattern.fullmatch(text):
        raise Unreadable(message, rule)
    return text.upper()

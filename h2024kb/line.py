"""One service line of a claim, as far as it was given: what a check looks at."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from decimal import Decimal
from types import NoneType
from typing import Final

from h2024kb.knowledge.model import Record

BETWEEN: Final = "[^0-9A-Za-z]"
NO_NUMBER: Final = (
    "0*|NO|NONE|NA|NIL|NULL|NAN|UNK|UNKNOWN|NOTGIVEN|NOTKNOWN|NOTREQUIRED|NOTNEEDED|NOTAPPLICABLE|NOAUTH"
    "|NOAUTHORIZATION|TBD|PENDING|X+"
)
"""What people write for a number they do not have, in capitals and without what BETWEEN matches; SQL and scripts use
the two as they stand."""
_BETWEEN, _NO_NUMBER = re.compile(BETWEEN), re.compile(NO_NUMBER)


def is_authorization_number(text: str) -> bool:
    """Whether a text can be the number of an authorization, and not a word that says there is none.

    >>> [is_authorization_number(text) for text in ("A1234", "000123", " ", "N/A", "none", "0", "Unknown")]
    [True, True, False, False, False, False, False]
    """
    return not _NO_NUMBER.fullmatch(_BETWEEN.sub("", text).upper())


def hidden(*known: str) -> str:
    """Returns a text that is the same for one member id, and what else is known of a member, and shows none of it."""
    return hashlib.blake2b("\0".join(known).encode(), digest_size=16).hexdigest()


class ServiceLine(Record, frozen=True):
    """A service line; every field may be left out, and left out is not empty.

    None: not given. An empty tuple or text: given, and there is none, as `modifiers=()` and
    `prior_authorization_number=""` say; "NONE", "N/A", "0" and the like are not numbers either. Nothing here is changed
    on the way: codes and modifiers are upper case as the lists print them, and a number stays as exact as it was
    written.

    What is billed: `code`; `modifiers`, in the claim's order; `date_of_service`, with `last_date_of_service` where the
    line covers several days, both inclusive; `units` of what the code counts; `minutes` of service behind the whole
    line; `place_of_service`, two digits; `prior_authorization_number`; `diagnoses` of the claim
    without dots, the line's own first; `charge` in dollars.
    For whom: `age` in whole years on the date of service; `group_size`, how many members were served together.
    To whom: `policy`, an id, where the caller knows it; else `payer`, by any of its names, or `payer_id` as the claim
    writes it, with `jurisdiction` and `line_of_business`, of which several may stand with spaces between them where
    the claim only rules others out; `submitted`, the day the claim is sent.
    Which line: `claim`, the claim control number; `line`, its number there; `member`, any text that is the same for the
    lines of one member; `frequency`, where 7 replaces an earlier claim and 8 takes it back; `replaces`, the number of
    that earlier claim, where the claim names it (REF*F8, `related.claim`).
    `conditions_met`: whether what the payer asks and no claim can show (enrollment, plan of care, ...) holds.

    Raises TypeError for a text or list where a tuple belongs, since "HQ" would be read as two modifiers, and for a
    datetime.

    >>> ServiceLine(code="H2024", modifiers=("HQ",), units=Decimal(1)).modifiers
    ('HQ',)
    """

    code: str | None = None
    modifiers: tuple[str, ...] | None = None
    date_of_service: dt.date | None = None
    last_date_of_service: dt.date | None = None
    units: Decimal | None = None
    minutes: Decimal | None = None
    place_of_service: str | None = None
    prior_authorization_number: str | None = None
    diagnoses: tuple[str, ...] | None = None
    charge: Decimal | None = None
    age: int | None = None
    group_size: int | None = None
    policy: str | None = None
    payer: str | None = None
    payer_id: str | None = None
    jurisdiction: str | None = None
    line_of_business: str | None = None
    submitted: dt.date | None = None
    claim: str | None = None
    line: str | None = None
    member: str | None = None
    frequency: str | None = None
    replaces: str | None = None
    conditions_met: bool | None = None

    def __post_init__(self) -> None:
        for name in ("modifiers", "diagnoses"):
            if not isinstance(getattr(self, name), tuple | NoneType):
                raise TypeError(f"{name} must be a tuple of texts, not {type(getattr(self, name)).__name__}")
        for name in ("date_of_service", "last_date_of_service", "submitted"):
            if isinstance(getattr(self, name), dt.datetime):
                raise TypeError(f"{name} must be a datetime.date, not a datetime")
        for number in (self.units, self.minutes, self.charge):
            if number != number:  # only "not a number" differs from itself
                raise ValueError("units, minutes and charge must be numbers, or None where they are not given")

    @property
    def authorized(self) -> bool | None:
        """Whether the line has the number of an authorization; None where it does not say whether it has one."""
        number = self.prior_authorization_number
        return None if number is None else is_authorization_number(number)

    @property
    def last_day(self) -> dt.date | None:
        """The last day the line covers; a line with one date covers that day."""
        return self.last_date_of_service or self.date_of_service

    @property
    def days(self) -> int | None:
        """How many days the line covers, from its first to its last; None where no date is given."""
        if self.date_of_service is None:
            return None
        if self.last_date_of_service is None:
            return 1
        return (self.last_date_of_service - self.date_of_service).days + 1

    @property
    def days_to_submission(self) -> int | None:
        """How many days after its last day the claim is sent; None where either is not given."""
        last = self.last_date_of_service or self.date_of_service
        if self.submitted is None or last is None:
            return None
        return (self.submitted - last).days

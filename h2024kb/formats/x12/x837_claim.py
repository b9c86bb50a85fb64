"""What one claim of an 837P says, and one of its service lines: loops 2300 and 2400."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from h2024kb.formats import fields
from h2024kb.formats.x12.decoded_text import readable
from h2024kb.formats.x12.envelope import Report
from h2024kb.formats.x12.values import days, diagnoses, procedure, read
from h2024kb.formats.x12.x837_parties import Parties
from h2024kb.line import ServiceLine

OF_ANOTHER_PAYER = "2U"
"""What REF04 begins with where the number in REF02 is for another payer than the one the claim is sent to."""


class Claim:
    """A claim as far as it was read; one whose CLM segment is missing says nothing of its own.

    `doubt`: a segment of it could not be read, so what was not found may have stood there.
    """

    number: str | None = None
    frequency: str | None = None
    place_of_service: str | None = None
    authorization: str | None = None
    day: dt.date | None = None
    replaces: str | None = None

    def __init__(self, parties: Parties, doubt: bool) -> None:
        self.jurisdiction = parties.jurisdiction
        self.payer, self.payer_id = parties.payer, parties.payer_id
        self.line_of_business = parties.line_of_business
        self.member, self.born = parties.member, parties.born
        self.diagnoses: dict[str, str | None] = {}
        self.doubt = doubt

    def locate(self, state: str | None) -> None:
        """The state of the service facility, which goes before that of the billing provider."""
        self.jurisdiction = state

    def begin(self, elements: Sequence[str], component: str, report: Report) -> None:
        """CLM: number, place of service, frequency."""
        place, qualifier, frequency = f"{elements[5]}{component * 2}".split(component)[:3]
        self.number = readable(elements[1]) or None
        self.frequency = read("CLM05-3", frequency, fields.frequency, report)
        # B is the list of places of service. A is that of institutional bills, where 11 is a hospital, not an office.
        if qualifier.strip() in ("", "B"):
            self.place_of_service = read("CLM05-1", place, fields.place_of_service, report)
        else:
            report("CLM05-2 is not B: the first part of CLM05 is not read as a place of service", "x12-segment")

    def diagnose(self, elements: Sequence[str], component: str, report: Report) -> None:
        """HI: the diagnoses by the numbers that SV107 points with; None for one that cannot be read."""
        found = diagnoses(tuple(elements[1:]), component)
        if not all(one.code for one in found):
            message = "a diagnosis in HI is left out or has no qualifier: lines that point to it are read without any"
            report(message, "x12-segment")
        codes = [read(one.name, one.code, fields.diagnosis, report) for one in found]
        self.diagnoses |= {str(place): code for place, code in enumerate(codes, start=len(self.diagnoses) + 1)}

    def cover(self, elements: Sequence[str], report: Report) -> None:
        """DTP of the claim: where it covers one day, that is the day of its lines; where several, nobody knows."""
        first, last = read("DTP03", elements[3], partial(days, elements[2].strip()), report) or (None, None)
        self.day = first if first == last else None

    def pointed_to(self, pointers: list[str], report: Report) -> tuple[str, ...] | None:
        """Returns the diagnoses that SV107 points to, or all where it does not point; None rather than some of them."""
        if not (self.doubt or self.diagnoses.keys() >= set(pointers)):
            report("SV107 points to a diagnosis that HI does not have", "x12-segment")
        if not self.diagnoses:
            return None if self.doubt else ()
        chosen = [self.diagnoses.get(pointer) for pointer in pointers] or list(self.diagnoses.values())
        # Some of the diagnoses would look like all of them.
        told = tuple([code for code in chosen if code is not None])
        return told if len(told) == len(chosen) else None


class Line:
    """A service line as far as it was read.

    `billed`: its SV1 was found; `served`: a DTP*472 was; `doubt` as of a claim; `elsewhere`: it names a place of
    service of its own; `located`: it names a service facility of its own.
    """

    billed = served = doubt = elsewhere = located = False
    jurisdiction: str | None = None
    code: str | None = None
    modifiers: tuple[str, ...] | None = None
    charge: Decimal | None = None
    units: Decimal | None = None
    minutes: Decimal | None = None
    place_of_service: str | None = None
    diagnoses: tuple[str, ...] | None = None
    days: tuple[dt.date, dt.date] | None = None
    authorization: str | None = None

    def __init__(self, number: str) -> None:
        self.number = readable(number) or None

    def bill(self, elements: Sequence[str], component: str, claim: Claim, report: Report) -> None:
        """SV1: what is billed, how much of it, where, and for which of the claim's diagnoses."""
        self.billed = True
        self.code, self.modifiers, fault, rule = procedure(elements[1], component)
        if fault:
            report(fault, rule)
        self.charge = read("SV102", elements[2], fields.number, report)
        self._count(elements[3].strip().upper(), read("SV104", elements[4], fields.number, report), report)
        self.elsewhere = bool(elements[5].strip())
        self.place_of_service = read("SV105", elements[5], fields.place_of_service, report)
        pointers = [pointer for part in elements[7].split(component) if (pointer := part.strip())]
        self.diagnoses = claim.pointed_to(pointers, report)

    def locate(self, state: str | None) -> None:
        """The state of the line's own service facility."""
        self.located, self.jurisdiction = True, state

    def age(self, born: dt.date | None) -> int | None:
        """Returns the age on the first day of service; None where a date is not given. Raises Unreadable."""
        return None if born is None or self.days is None else fields.age(born, self.days[0])

    def serve(self, elements: Sequence[str], report: Report) -> None:
        """DTP*472: the days of service; a second one that says others leaves them open."""
        found = read("DTP03", elements[3] or "-", partial(days, elements[2].strip()), report)
        if self.served and found != self.days:
            report(
                "a second DTP*472 of this line gives other days: none is read, write each on a line of its own", "date"
            )
            found = None
        self.served, self.days = True, found

    def _count(self, unit: str, quantity: Decimal | None, report: Report) -> None:
        if unit == "UN":
            self.units = quantity
        elif unit == "MJ":
            self.minutes = quantity
        elif quantity is not None:
            report("SV103 is neither UN (units) nor MJ (minutes): the quantity is not read", "x12-segment")


def service_line(line: Line, claim: Claim, age: int | None, submitted: dt.date | None, whole: bool) -> ServiceLine:
    """Returns a line with what its claim says of all its lines.

    No segment says that there is no prior authorization or no diagnosis: none is there. So it is left open where
    one could not be read, or where the file breaks off within the line: then `whole` is False.
    """
    first, last = line.days or (None, None)
    sure = whole and not claim.doubt and not line.doubt
    return ServiceLine(
        code=line.code,
        modifiers=line.modifiers,
        date_of_service=first,
        last_date_of_service=None if last == first else last,
        units=line.units,
        minutes=line.minutes,
        # A line's own place that cannot be read is not replaced with the claim's: SV105 is sent where the two differ.
        place_of_service=line.place_of_service if line.elsewhere else claim.place_of_service,
        prior_authorization_number=line.authorization or claim.authorization or ("" if sure else None),
        diagnoses=line.diagnoses,
        charge=line.charge,
        age=age,
        payer=claim.payer,
        payer_id=claim.payer_id,
        jurisdiction=line.jurisdiction if line.located else claim.jurisdiction,
        line_of_business=claim.line_of_business,
        submitted=submitted,
        claim=claim.number,
        line=line.number,
        member=claim.member,
        frequency=claim.frequency,
        replaces=claim.replaces,
    )

"""Who bills, who is insured, who was treated and who pays, as the loops of an 837P before a claim say."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import partial

from h2024kb.formats import fields
from h2024kb.formats.x12.decoded_text import readable
from h2024kb.formats.x12.envelope import Report
from h2024kb.formats.x12.values import day, read

# What SBR09 leaves: MC may be Medicaid or one of its plans, and no commercial one; a plan with a network of its own
# (HM, 12 to 14) may be anybody's, but is neither Medicare's nor Medicaid's own; what is not here may be anything.
_PLANS = "commercial medicare-advantage medicaid-managed-care marketplace"
_LINES_OF_BUSINESS = {
    "MB": "medicare",
    "MA": "medicare medicare-advantage",
    "16": "medicare-advantage",
    "MC": "medicaid medicaid-managed-care state-funded",
    "BL": "commercial marketplace",
    "CI": "commercial",
    **dict.fromkeys(("HM", "12", "13", "14"), _PLANS),
}


class _Person:
    """A subscriber or patient, kept until the next one."""

    id = name = ""
    born: dt.date | None = None


class Parties:
    """The parties at one place of a transaction; a new level forgets what was below the level before.

    `jurisdiction` is the state of the billing provider (2010AA); `payer` and `payer_id` are of the payer the claim is
    sent to (2010BB). Names and birth dates are kept no longer than their level lasts.
    """

    def __init__(self, report: Report) -> None:
        self.jurisdiction: str | None = None
        self.payer: str | None = None
        self.payer_id: str | None = None
        self.line_of_business: str | None = None
        self._report = report
        self._entity = ""
        self._subscriber = _Person()
        self._patient: _Person | None = None

    def level(self, code: str) -> None:
        """HL: 20 begins a billing provider, 22 a subscriber, 23 a patient who is not the subscriber."""
        self._entity = ""
        if code == "20":
            self.jurisdiction = None
        if code in ("20", "22"):
            self._new_subscriber()
        else:
            self._patient = _Person()
        if code not in ("20", "22", "23"):
            self._report("HL03 is not 20, 22 or 23: this level is read as that of a patient", "x12-segment")

    def subscriber(self, elements: Sequence[str]) -> None:
        """SBR of 2000B: a new subscriber, even where HL is missing."""
        self._new_subscriber()
        self.line_of_business = _LINES_OF_BUSINESS.get(elements[9].strip().upper())

    def name(self, elements: Sequence[str]) -> None:
        """NM1 before a claim: one of the parties, or somebody of no interest here."""
        self._entity = elements[1].strip()
        if self._entity == "85":
            self.jurisdiction = None
            self._new_subscriber()
        elif self._entity == "IL":
            self._subscriber.id = readable(elements[9]).upper()
        elif self._entity == "QC":
            self._patient = self._patient or _Person()
            self._patient.name = " / ".join(filter(None, map(readable, elements[3:5]))).upper()
        elif self._entity == "PR" and self.payer is self.payer_id is None:
            self.payer = readable(elements[3]) or None
            self.payer_id = readable(elements[9]) or None

    def address(self, elements: Sequence[str]) -> None:
        """N4 before a claim: of the billing provider, or of no interest here."""
        if self._entity == "85":
            self.jurisdiction = state_of(elements, self._report)
            self._entity = ""

    def birth(self, elements: Sequence[str]) -> None:
        """DMG before a claim: of the patient where one was named, else of the subscriber."""
        person = self._patient or self._subscriber
        person.born = read("DMG02", elements[2], day, self._report)

    def forget_entity(self) -> None:
        """A segment that may have been NM1 could not be read: nobody knows whose address comes next."""
        self._entity = ""

    @property
    def born(self) -> dt.date | None:
        """The birth date of the patient."""
        return (self._patient or self._subscriber).born

    @property
    def member(self) -> str | None:
        """A text that is the same for the lines of one patient and shows nothing else; None where it cannot be made.

        Of a subscriber it is made from the id, of a dependent from the subscriber's id with birth date and name.
        """
        # Two children of one subscriber, both unnamed, would look like one member with twice the units.
        if not self._subscriber.id or (self._patient and not self._patient.name):
            return None
        known = [self._subscriber.id]
        if self._patient:
            known += [self._patient.name, str(self._patient.born)]
        # A member id on a terminal or in a report would be health information; its hash ties lines together as well.
        return hashlib.blake2b("\0".join(known).encode(), digest_size=16).hexdigest()

    def _new_subscriber(self) -> None:
        self.payer = self.payer_id = self.line_of_business = None
        self._subscriber, self._patient = _Person(), None


def state_of(address: Sequence[str], report: Report) -> str | None:
    """Returns the state of an N4 segment; None where there is none, and for what is not a state, which is reported."""
    return read("N402", address[2], partial(fields.state, country=address[4]), report)

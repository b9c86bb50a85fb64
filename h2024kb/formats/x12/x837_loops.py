"""The loops of one 837P transaction: which parties, claim and service line a segment belongs to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from h2024kb.formats.fields import Unreadable
from h2024kb.formats.x12.decoded_text import readable
from h2024kb.formats.x12.segments import SEGMENTS, Segments
from h2024kb.formats.x12.values import day, read
from h2024kb.formats.x12.x837_claim import OF_ANOTHER_PAYER, Claim, Line, service_line
from h2024kb.formats.x12.x837_parties import Parties, state_of
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

Handler = Callable[[list[str]], None]
"""Takes the elements of a segment, its name first, and empty ones for those left out at its end."""

_CLM05 = re.compile(r"[0-9]{2}([^A-Za-z0-9\s])[AB]?\1[0-9A-Z]")
# Service facility: 77 in 5010; in 4010 also the kinds of it, such as an independent laboratory (LI).
_FACILITIES = ("77", "FA", "LI", "TL")
# Days of service, which an 837P has on its lines and some senders write once for the claim: 472, and 434 of bills.
_CLAIM_DAYS = ("472", "434")
# No service line names these parties. Where one seems to, the HL segment before is missing.
_LEVELS = {"85": "20", "IL": "22", "QC": "23"}


class Found:
    """What was read of a file so far, and the segment being read: the place of the problems with it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.run: Segments | None = None
        self.index = 0
        self._found: list[ServiceLine | Problem] = []

    def add(self, line: ServiceLine) -> None:
        """Adds a service line."""
        self._found.append(line)

    def report(self, message: str, rule: str, at: tuple[Segments | None, int] | None = None) -> None:
        """Adds a problem with the segment that is read, or with an earlier one, by its `here`."""
        run, index = at or self.here
        line, column = run.place(index) if run else (1, 1)
        self._found.append(Problem(self.path, line, column, message, rule))

    @property
    def here(self) -> tuple[Segments | None, int]:
        """The segment that is read. Its place is found only when it is needed."""
        return self.run, self.index

    def take(self) -> list[ServiceLine | Problem]:
        """Returns what was added since it was last taken."""
        found, self._found = self._found, []
        return found


class Loops:
    """Where in a transaction one is: before a claim (2000, 2010), in it (2300), beside it (2320), in a line (2400).

    HL says where a level begins; the numbers in it are not used. Where an HL or CLM segment is missing and this can be
    seen from what follows, nothing of the level or claim before is taken over.
    """

    def __init__(self, found: Found) -> None:
        self.handlers: dict[str, Handler | None] = dict.fromkeys(SEGMENTS)
        self.handlers |= {
            "BHT": self._bht, "HL": self._hl, "SBR": self._sbr, "NM1": self._nm1, "N4": self._n4, "DMG": self._dmg,
            "CLM": self._clm, "HI": self._hi, "REF": self._ref, "LX": self._lx, "SV1": self._sv1, "DTP": self._dtp,
        }  # fmt: skip
        self._found, self._report = found, found.report
        self.begin("")

    def begin(self, component: str) -> None:
        """A transaction begins; this character splits its elements into components."""
        self.component = component
        self.billed = False
        self._submitted: dt.date | None = None
        self._parties = Parties(self._report)
        self._claim: Claim | None = None
        self._line: Line | None = None
        self._line_at = self._found.here
        self._entity, self._other_insurance = "", False

    def finish(self, whole: bool = True) -> None:
        """The claim ends; `whole` is False where the file breaks off."""
        self._finish_line(whole)
        self._claim = None
        self._entity, self._other_insurance = "", False

    def doubt(self) -> None:
        """A segment here could not be read, whatever it was."""
        self._parties.forget_entity()
        self._entity = self._entity if self._entity == "PR" else ""
        # The segment may have been a REF*G1 or an HI: then "none is there" would be a guess.
        if part := self._line or self._claim:
            part.doubt = True

    def _finish_line(self, whole: bool = True) -> None:
        line, self._line = self._line, None
        if line and self._claim:
            if not line.served and not line.doubt and self._claim.day:
                line.days = self._claim.day, self._claim.day
            if line.billed:
                self._found.add(service_line(line, self._claim, self._age(line), self._submitted, whole))
            else:
                message = "this service line has no SV1 that can be read: it is left out"
                self._report(message, "x12-segment", self._line_at)

    def _age(self, line: Line) -> int | None:
        try:
            return line.age(self._claim.born if self._claim else None)
        except Unreadable as why:
            # A birth date is that of all lines of a patient; the place of the problem is the line that it does not fit.
            self._report(f"DMG02: {why.message}", why.rule, self._line_at)
            return None

    def _bht(self, elements: list[str]) -> None:
        self._submitted = read("BHT04", elements[4], day, self._report)

    def _hl(self, elements: list[str]) -> None:
        self.finish()
        self._parties.level(elements[3].strip())

    def _sbr(self, elements: list[str]) -> None:
        if self._claim and not self._line:
            self._other_insurance = True
            return
        self._leave_line("SBR", "22")
        self._parties.subscriber(elements)

    def _nm1(self, elements: list[str]) -> None:
        entity = elements[1].strip()
        if self._line and entity in _LEVELS:
            self._leave_line("NM1", _LEVELS[entity])
        if self._claim:
            self._entity = entity
        else:
            self._parties.name(elements)

    def _leave_line(self, name: str, level: str) -> None:
        """Leaves the claim where a new level must have begun: other insurance and parties stand before all lines."""
        if self._line:
            self._report(f"the HL segment of level {level} is missing before this {name}", "x12-segment")
            self.finish()
            self._parties.level(level)

    def _n4(self, elements: list[str]) -> None:
        if self._claim is None:
            self._parties.address(elements)
        elif self._entity in _FACILITIES and not self._other_insurance:
            # An N4 without state and country does not say where; the billing provider is the best that is known.
            self._entity = ""
            if elements[2].strip() or elements[4].strip():
                (self._line or self._claim).locate(state_of(elements, self._report))

    def _dmg(self, elements: list[str]) -> None:
        if self._claim is None:
            self._parties.birth(elements)

    def _clm(self, elements: list[str]) -> None:
        self.finish()
        self._claim = Claim(self._parties, doubt=False)
        self._see_component(elements[5].strip())
        self._claim.begin(elements, self.component, self._report)

    def _see_component(self, place: str) -> None:
        # Some senders put claims into an envelope of others: CLM05, in nearly every claim, shows the right character.
        shown = _CLM05.fullmatch(place)
        if shown and shown[1] != self.component:
            self.component = shown[1]
            message = "ISA16 is not what splits CLM05 into components: the rest of this transaction is read by CLM05"
            self._report(message, "x12-delimiter")

    def _hi(self, elements: list[str]) -> None:
        claim = self._claim
        if claim is None or self._line:
            claim = self._unnamed_claim()
        claim.diagnose(elements, self.component, self._report)

    def _ref(self, elements: list[str]) -> None:
        part = self._line or self._claim
        # 5010 says in REF04, and 4010 by the NM1*PR before, that a number is that of another payer.
        other_payer = self._entity == "PR" or elements[4].startswith(OF_ANOTHER_PAYER)
        if part is None or self._other_insurance or other_payer:
            return
        if elements[1].strip() == "F8" and self._claim and not self._line:
            self._claim.replaces = readable(elements[2]) or None
        if elements[1].strip() != "G1":
            return
        part.authorization = readable(elements[2]) or None
        if part.authorization is None:
            self._report("REF*G1 has no REF02: whether there is a prior authorization is not given", "x12-segment")
            part.doubt = True

    def _lx(self, elements: list[str]) -> None:
        # Line numbers begin anew in each claim, so a second 1 after a segment that could not be read begins one.
        if self._line and self._line.doubt and elements[1].strip() == "1":
            self._unnamed_claim()
        self._begin_line(elements[1])

    def _sv1(self, elements: list[str]) -> None:
        if self._line is None or self._line.billed:
            self._report("LX is missing before this SV1: the line has no number", "x12-segment")
            self._begin_line("")
        self.billed = True
        if self._line and self._claim:
            self._line.bill(elements, self.component, self._claim, self._report)

    def _dtp(self, elements: list[str]) -> None:
        kind = elements[1].strip()
        if self._line and kind == "472":
            self._line.serve(elements, self._report)
        elif self._claim and not self._line and not self._other_insurance and kind in _CLAIM_DAYS:
            self._claim.cover(elements, self._report)

    def _begin_line(self, number: str) -> None:
        self._finish_line()
        if self._claim is None:
            self._unnamed_claim()
        self._line, self._line_at = Line(number), self._found.here
        self._entity, self._other_insurance = "", False

    def _unnamed_claim(self) -> Claim:
        self._report("a CLM segment is missing before this segment: what it may have said is left open", "x12-segment")
        self.finish()
        self._claim = Claim(self._parties, doubt=True)
        return self._claim

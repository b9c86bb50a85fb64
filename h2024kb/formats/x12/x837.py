"""Reads 837P files, 4010 and 5010, into service lines: tolerant of what is broken, in memory that does not grow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from h2024kb.formats.x12.decoded_text import readable
from h2024kb.formats.x12.envelope import Envelopes
from h2024kb.formats.x12.interchanges import read_segments
from h2024kb.formats.x12.segments import Segments
from h2024kb.formats.x12.x837_loops import Found, Handler, Loops
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

# Elements that a segment may leave out at its end: ISA13 is the last that is read of any.
_LEFT_OUT = [""] * 13
_SET = re.compile("[0-9]{3}")
_GUIDE = re.compile("[0-9]{6}X[0-9]{3}")
_PROFESSIONAL = ("X098", "X222")
_OTHER_GUIDES = {"X096": "837I", "X223": "837I", "X097": "837D", "X224": "837D"}


def read(stream: BinaryIO, path: str) -> Iterator[ServiceLine | Problem]:
    """Yields the service lines of an 837P file in file order, and a problem for each thing that cannot be read.

    The file may hold several interchanges, groups and transactions. What is not 837P, or is broken, is reported and
    passed over; all else is read. `path` only names the file in problems, which show no value of a claim.

    What may surprise: that a claim has no prior authorization or no diagnosis is said by leaving it out, so the line
    says "" and (); it says None where a segment that may have held it could not be read. `diagnoses` are those that
    SV107 points to. What other payers said (2320, 2330) is passed over. `jurisdiction` is that of the line's service
    facility, else of the claim's, else of the billing provider. A line of one day has no `last_date_of_service`.

    Raises nothing for what is in the file; an OSError of the stream is not caught.

    >>> import io
    >>> print(*read(io.BytesIO(b"code,units"), "claims.837"))
    claims.837:1:1: this is not an X12 file: it has no ISA segment that can be read [x12-envelope]
    """
    reader = _Reader(path)
    for found in read_segments(stream, path):
        if isinstance(found, Problem):
            yield from reader.pass_over(found)
        else:
            yield from reader.read(found)
    yield from reader.end()


class _Reader:
    """Which transaction of which interchange one is in, and what is done there with a segment, by its name."""

    def __init__(self, path: str) -> None:
        self._found = Found(path)
        self._envelopes = Envelopes(self._found.report)
        self._loops = Loops(self._found)
        self._passed = 0
        self._component = ""
        self._professional = False
        self._headers: dict[str, Handler | None] = {
            "ISA": self._isa, "GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge, "IEA": self._iea,
            "TA1": None,
        }  # fmt: skip
        others: dict[str, Handler | None] = {"SV2": self._sv2, "SV3": self._sv2}
        self._in_claims = self._loops.handlers | others | self._headers
        self._handlers = self._headers
        self._otherwise: Handler | None = self._headless
        self._reported = False

    def read(self, run: Segments) -> list[ServiceLine | Problem]:
        """Reads segments, and returns what they say."""
        self._found.run, self._component = run, run.component
        for self._found.index, text in enumerate(run.texts):
            elements = text.split(run.element)
            handle = self._handlers.get(elements[0], self._otherwise)
            if handle is not None:
                handle(elements + _LEFT_OUT)
        self._passed += len(run.texts)
        return self._found.take()

    def pass_over(self, problem: Problem) -> Iterator[ServiceLine | Problem]:
        """Notes that something in the file could not even be split into segments."""
        if problem.rule == "truncated":
            self._loops.finish(whole=False)
        elif problem.rule == "too-long":
            self._loops.doubt()
        yield from self._found.take()
        yield problem

    def end(self) -> list[ServiceLine | Problem]:
        """The file ends."""
        self._loops.finish(whole=not self._envelopes.in_transaction)
        self._envelopes.close("SE", "GE", "IEA", where="where the file ends")
        return self._found.take()

    def _isa(self, elements: list[str]) -> None:
        self._break_off()
        self._envelopes.interchange(elements)

    def _gs(self, elements: list[str]) -> None:
        self._break_off()
        self._envelopes.group(elements)

    def _st(self, elements: list[str]) -> None:
        self._break_off()
        self._envelopes.transaction(elements[2], self._passed + self._found.index)
        self._enter(elements[1].strip(), readable(elements[3]).upper() or self._envelopes.guide)

    def _se(self, elements: list[str]) -> None:
        self._loops.finish()
        self._envelopes.trailer("SE", elements, self._passed + self._found.index + 1)
        self._leave()

    def _ge(self, elements: list[str]) -> None:
        self._break_off()
        self._envelopes.trailer("GE", elements)

    def _iea(self, elements: list[str]) -> None:
        self._break_off()
        self._envelopes.trailer("IEA", elements)

    def _break_off(self) -> None:
        """Ends the claim that is read where SE is missing."""
        self._loops.finish(whole=not self._envelopes.in_transaction)
        self._leave()

    def _enter(self, transaction_set: str, guide: str) -> None:
        self._loops.begin(self._component)
        self._handlers, self._otherwise = self._in_claims, self._unknown
        self._professional = any(name in guide for name in _PROFESSIONAL)
        if why := _not_837p(transaction_set, guide):
            self._refuse(why)
        elif guide and not self._professional:
            message = "neither ST03 nor GS08 names a guide that can be read: this is read as 837P"
            self._found.report(message, "x12-envelope")

    def _refuse(self, why: str) -> None:
        """Passes over the rest of the transaction."""
        self._found.report(f"{why}: its lines are not read", "not-837p")
        self._loops.begin(self._component)
        self._handlers, self._otherwise = self._headers, None

    def _leave(self) -> None:
        self._handlers, self._otherwise = self._headers, self._headless
        self._reported = False

    def _headless(self, elements: list[str]) -> None:
        """A segment outside of all transaction sets: one of claims begins one whose ST is missing."""
        if elements[0] in self._in_claims:
            self._found.report("ST is missing before this segment; what follows is read all the same", "x12-envelope")
            # None: a control number that is missing cannot disagree with that of SE.
            self._envelopes.transaction(None, 0)
            self._enter("837", self._envelopes.guide)
            if handle := self._handlers.get(elements[0], self._otherwise):
                handle(elements)
        elif any(elements) and not self._reported:
            self._found.report("this segment is outside of all transaction sets: it is left out", "x12-segment")
            self._reported = True

    def _unknown(self, elements: list[str]) -> None:
        if any(elements):
            self._found.report("no segment of an 837P has this name: it is left out", "x12-segment")
            self._loops.doubt()
        else:
            # Two terminators in a row: SE01 does not count what is not there.
            self._passed -= 1

    def _sv2(self, elements: list[str]) -> None:
        """Where no guide is named, only its service lines show what a transaction is."""
        # In an 837P by its guide, or after an SV1, it is one line of another kind, and the others are good.
        if not (self._professional or self._loops.billed):
            kind = "837I" if elements[0] == "SV2" else "837D"
            self._refuse(f"this transaction set is {kind} by its {elements[0]}, not 837P")


def _not_837p(transaction_set: str, guide: str) -> str:
    """Says what a transaction set is if it is not 837P; a guide that cannot be read says nothing."""
    if transaction_set not in ("837", ""):
        name = transaction_set if _SET.fullmatch(transaction_set) else "of an unknown kind"
        return f"this transaction set is {name}, not 837"
    if _GUIDE.match(guide) and guide[6:10] not in _PROFESSIONAL:
        return f"this transaction set is {_OTHER_GUIDES.get(guide[6:10], 'another kind of 837')}, not 837P"
    return ""

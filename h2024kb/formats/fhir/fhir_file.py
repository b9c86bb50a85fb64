"""Reads claims in FHIR JSON: one resource, a Bundle, or NDJSON with a resource on each line."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from io import BytesIO
from itertools import islice
from typing import BinaryIO, NamedTuple

from h2024kb.formats.fhir.claim import CLAIMS, lines
from h2024kb.formats.fhir.element import Element, Fault, Found, Home, index
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

MIB = 2**20
# A claim in JSON has some kilobytes, one with all its history some megabytes; memory is bounded for what has more.
LINE = 64 * MIB
"""The longest line of NDJSON that is read; the first may be as long as a document, since it may be one."""
DOCUMENT = 512 * MIB
"""The largest file that is read as one JSON document."""


def _decimal(text: str) -> Decimal:
    """The exact number; one too large for any Decimal is infinite, which is a fault where it is used."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


NOT_FHIR = "write one FHIR resource, a Bundle of several, or one resource on each line (NDJSON)"
# Numbers never become floats: 183.60 stays 183.60, and 0.1 is not 0.1000000000000000055.
DECODER = json.JSONDecoder(parse_float=_decimal, parse_int=_decimal, parse_constant=Decimal)


def read(stream: BinaryIO, path: str) -> Iterator[ServiceLine | Problem]:
    """Yields the service lines of FHIR claims in the order of the file, and a problem for each fault among them.

    A Claim or ExplanationOfBenefit gives a line for each item; `claim.lines` says how. Other resources give none,
    but those of the same Bundle, or contained in the claim, give the payer, the patient's age and the facility's state.
    References that lead to another line or file are not followed. NDJSON is read line by line, a document at once.

    Nothing raises for what is in the file. A message gives the place as a path such as `entry[2].resource.item[0].net`
    with the line where the resource's document starts, and shows no value.

    >>> claim = b'{"resourceType": "Claim", "item": [{"productOrService": {"coding": [{"code": "H2024"}]}}]}'
    >>> [line.code for line in read(BytesIO(claim), "claim.json") if isinstance(line, ServiceLine)]
    ['H2024']
    """
    yield from _Reader(path).read(stream)


class _Parsed(NamedTuple):
    """What a piece of JSON holds; where it is broken `whole` is false, and only a Bundle's first entries are kept."""

    value: object
    whole: bool
    problems: tuple[Problem, ...] = ()


class _Reader:
    """One run through a file, and what was met there so far."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.documents = 0
        self.claims = 0
        self.said_encoding = False

    def read(self, stream: BinaryIO) -> Iterator[ServiceLine | Problem]:
        """Reads a file: one document if its first line alone is not JSON, else a resource on each line."""
        number, head = _first_line(stream)
        if not head or head.isspace():
            yield Problem(self.path, 1, 1, "the file is empty", "empty")
        elif len(head) > DOCUMENT and not head.endswith(b"\n"):
            yield self.too_long(number, DOCUMENT)
            _skip_line(stream)
            yield from self.each_line(stream, number)
        else:
            yield from self.from_first_line(stream, number, head.removeprefix(codecs.BOM_UTF8))
        if self.documents and not self.claims:
            yield Problem(self.path, 1, 1, "this file has no Claim and no ExplanationOfBenefit", "no-claims")

    def from_first_line(self, stream: BinaryIO, number: int, head: bytes) -> Iterator[ServiceLine | Problem]:
        first = self.parse(head, number)
        if first.whole:
            yield from self.document(first, number)
            yield from self.each_line(stream, number)
            return
        # The first line alone is not JSON: this is one document over several lines, or NDJSON with a broken first line.
        # The rest is read once, within the limit of a document, and the two are tried in this order.
        rest = _up_to(stream, DOCUMENT + 1 - len(head))
        every = self.whole(head, rest, first, number)
        if not every.whole and _has_line_of_json(rest):
            yield from self.document(first, number)
            # What was read may end within a line.
            rest += stream.readline(LINE)
            yield from self.each_line(BytesIO(rest), number)
            yield from self.each_line(stream, number + rest.count(b"\n"))
        else:
            yield from self.document(every, number)

    def whole(self, head: bytes, rest: bytes, first: _Parsed, number: int) -> _Parsed:
        """Reads the file as one document, if it is not too long for that; `first` is its first line alone."""
        if not rest:
            return first
        if len(head) + len(rest) > DOCUMENT:
            return _Parsed(None, False, (self.too_long(number, DOCUMENT),))
        return self.parse(head + rest, number)

    def each_line(self, stream: BinaryIO, number: int) -> Iterator[ServiceLine | Problem]:
        """Reads a resource on each line; `number` is that of the line before."""
        # One byte more than is read, so that a line of exactly this length is not taken for a longer one.
        while raw := stream.readline(LINE + 1):
            number += 1
            if len(raw) > LINE and not raw.endswith(b"\n"):
                yield self.too_long(number, LINE)
                _skip_line(stream)
            elif not raw.isspace():
                yield from self.document(self.parse(raw.removeprefix(codecs.BOM_UTF8), number), number)

    def parse(self, raw: bytes, line: int) -> _Parsed:
        text, problems = self.decode(raw.rstrip(), line)
        try:
            return _Parsed(DECODER.decode(text), True, problems)
        except json.JSONDecodeError as error:
            rule = "truncated" if _ends_early(error) else "json"
            message = "the JSON ends before it is complete" if rule == "truncated" else f"this is not JSON: {error.msg}"
            problem = Problem(self.path, line + error.lineno - 1, error.colno, message, rule)
            return _Parsed(_before_the_break(text, error), False, (*problems, problem))
        # Brackets nested 100,000 deep are JSON too, and a way to stop a reader.
        except RecursionError:
            return _Parsed(None, False, (*problems, self.too_deep(line)))

    def decode(self, raw: bytes, line: int) -> tuple[str, tuple[Problem, ...]]:
        try:
            return raw.decode(), ()
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode().split("\n")
            place = line + len(before) - 1, len(before[-1]) + 1
            message = "this is not UTF-8, and the file is read as Latin-1; save it as UTF-8"
            return raw.decode("latin-1"), (Problem(self.path, *place, message, "encoding"),)

    def document(self, parsed: _Parsed, line: int) -> Iterator[ServiceLine | Problem]:
        """Yields what a document says and its problems; a wrong encoding is reported once in a file."""
        for problem in parsed.problems:
            if problem.rule != "encoding" or not self.said_encoding:
                yield problem
            self.said_encoding |= problem.rule == "encoding"
        try:
            if isinstance(parsed.value, dict):
                yield from self.claims_of(parsed.value, line)
            elif parsed.whole:
                yield Problem(self.path, line, 1, NOT_FHIR, "not-fhir")
        except RecursionError:
            yield self.too_deep(line)

    def claims_of(self, value: dict[str, object], line: int) -> Iterator[ServiceLine | Problem]:
        faults: list[Fault] = []
        said: set[Fault] = set()
        found = list(_found(Home(Found("", "", value), {}, faults).root, ""))
        bundle = index(found)
        self.documents += "resourceType" in value
        for claim in (one for one in found if one.kind in CLAIMS):
            self.claims += 1
            name = claim.place.removesuffix(".resource") or f"line {line}"
            for service_line in lines(Home(claim, bundle, faults).root, name):
                yield from self.fresh(faults, said, line)
                yield service_line
        yield from self.fresh(faults, said, line)

    def fresh(self, faults: list[Fault], said: set[Fault], line: int) -> Iterator[Problem]:
        """Turns the faults not said before into problems, and empties the list."""
        new = [fault for fault in dict.fromkeys(faults) if fault not in said]
        said.update(new)
        faults.clear()
        for fault in new:
            yield Problem(self.path, line, 1, f"{fault.place}: {fault.message}", fault.rule)

    def too_long(self, line: int, limit: int) -> Problem:
        message = f"longer than {limit // MIB} MiB, which is not read; write one resource on each line (NDJSON)"
        return Problem(self.path, line, 1, message, "too-long")

    def too_deep(self, line: int) -> Problem:
        return Problem(self.path, line, 1, "this JSON is nested too deeply to be FHIR", "too-deep")


def _found(resource: Element, url: str) -> Iterator[Found]:
    """The resource, or those of the Bundle that it is; an entry without one is a note of the server."""
    if resource.text("resourceType") == "Bundle":
        if any(one.text("relation") == "next" for one in resource.elements("link")):
            message = "this is one page of a Bundle with more to come: limits need all of its lines, so give every page"
            resource.fault("link", message, "more-pages")
        for entry in resource.elements("entry"):
            if inner := entry.element("resource"):
                yield from _found(inner, entry.text("fullUrl") or "")
    elif "resourceType" in resource:
        yield Found(resource.place, url, resource.values)
    else:
        resource.fault("resourceType", "write the type of the resource, as Claim", "not-fhir")


def _first_line(stream: BinaryIO) -> tuple[int, bytes]:
    """The number and text of the first line that is not blank, as far as it may be a document."""
    number = 0
    while line := stream.readline(DOCUMENT + 1):
        number += 1
        if not line.isspace():
            break
    return number, line


def _skip_line(stream: BinaryIO) -> None:
    # A line that is too long may be all of the file: it is passed over in pieces, so that it is never in memory whole.
    while (piece := stream.readline(MIB)) and not piece.endswith(b"\n"):
        pass


def _up_to(stream: BinaryIO, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := stream.read(min(size, MIB))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _ends_early(error: json.JSONDecodeError) -> bool:
    """Whether the JSON could go on where it breaks: nothing is closed after that place."""
    rest = error.doc[error.pos :]
    return error.doc.lstrip()[:1] in ("{", "[") and (
        error.msg.startswith("Unterminated") or not re.search("[]}]", rest)
    )


def _before_the_break(text: str, error: json.JSONDecodeError) -> object:
    """What is whole before the place where JSON breaks: a value that more text follows, or entries of a Bundle."""
    if error.msg == "Extra data":
        return DECODER.decode(text[: error.pos])
    start = re.search(r'"entry"\s*:\s*\[', text)
    between = re.compile(r"[\s,]*")
    entries: list[object] = []
    at = start.end() if start else len(text)
    with suppress(json.JSONDecodeError, RecursionError):
        while gap := between.match(text, at):
            entry, at = DECODER.raw_decode(text, gap.end())
            entries.append(entry)
    return {"resourceType": "Bundle", "entry": entries} if entries else None


def _has_line_of_json(rest: bytes) -> bool:
    """Whether one of the next lines is a resource on its own, as in NDJSON whose first line is broken."""
    # Ten lines are enough to see NDJSON, and a document of millions of lines is not parsed twice for it.
    for line in islice(re.finditer(rb"(?m)^\{.*", rest), 10):
        with suppress(ValueError, RecursionError):
            value = json.loads(line[0])
            if isinstance(value, dict) and "resourceType" in value:
                return True
    return False

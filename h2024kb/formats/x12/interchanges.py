"""An X12 file as segments: one interchange after the other, each by delimiters of its own, in flat memory."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from h2024kb.formats.x12.decoded_text import Text, size
from h2024kb.formats.x12.delimiters import BLANKS, HEADER, Delimiters, find_delimiters, has_isa_layout, is_mark
from h2024kb.formats.x12.segments import Segments
from h2024kb.problem import Problem

# A segment of an 837 has some hundred characters; no more than this is kept in memory to find its terminator.
LONGEST = 1 << 20
"""How many characters a segment may have and still be read."""

_ISA = re.compile(r"ISA[^A-Za-z0-9\r\n\t ]")
# Some mainframes end a file with a control-Z.
_INK = re.compile(r"[^\r\n\t \x1a]")
# An ISA segment that begins nearer than this to the end of what was read may still be data.
_UNSURE = 130


def read_segments(stream: BinaryIO, path: str) -> Iterator[Segments | Problem]:
    """Yields the segments of every interchange, some thousands at a time, and what is wrong with the file as X12.

    What is outside of interchanges is passed over and reported, and so is a segment of more than 1,048,576
    characters. Nothing is raised for what is in the file; an OSError of the stream is.
    """
    text, first = Text(stream, path), True
    while True:
        outside = _Outside(path)
        delimiters = yield from _next_interchange(text, outside)
        yield from text.new_problems()
        yield from outside.problems(first, delimiters is None)
        if delimiters is None:
            return
        first = False
        yield from _interchange(text, path, delimiters)


class _Outside:
    """What is between interchanges: where it begins and how many bytes it has."""

    def __init__(self, path: str) -> None:
        self.path, self.bytes = path, 0
        self.place: tuple[int, int] | None = None

    def pass_over(self, text: Text, count: int) -> None:
        ink = None if self.place else _INK.search(text.window, 0, count)
        if ink:
            self.place = text.place(ink.start())
        self.bytes += size(text.window[:count])
        text.skip(count)

    def problems(self, first: bool, last: bool) -> Iterator[Problem]:
        if first and last and self.place is None:
            yield Problem(self.path, 1, 1, "this file is empty", "empty")
        elif self.place and first and last:
            message = "this is not an X12 file: it has no ISA segment that can be read"
            yield Problem(self.path, *self.place, message, "x12-envelope")
        elif self.place:
            where = "after the last interchange" if last else "before an ISA segment"
            message = f"{self.bytes} bytes {where} are not part of an interchange and are passed over"
            yield Problem(self.path, *self.place, message, "x12-envelope")


def _next_interchange(text: Text, outside: _Outside) -> Generator[Problem, None, Delimiters | None]:
    """Passes over what is not an interchange; returns the delimiters of the next one, or None where there is none."""
    looked_at = 0
    while True:
        found = _ISA.search(text.window, looked_at)
        if found is None and not text.ended:
            # An ISA may have begun, and the character before it says whether it is the end of another word.
            if len(text.window) > 4:
                outside.pass_over(text, len(text.window) - 4)
                looked_at = 1
            text.more()
            continue
        outside.pass_over(text, found.start() if found else len(text.window))
        if found is None:
            return None
        while len(text.window) < HEADER and text.more():
            pass
        part_of_a_word = found.start() > 0 and found.string[found.start() - 1].isalnum()
        if has_isa_layout(text.window, 0) or not part_of_a_word:
            if delimiters := find_delimiters(text.window):
                return delimiters
            message = "this ISA segment does not show the delimiters; it must have 106 characters"
            yield Problem(outside.path, *text.place(0), message, "x12-delimiter")
        outside.pass_over(text, len("ISA"))
        looked_at = 0


def _interchange(text: Text, path: str, delimiters: Delimiters) -> Iterator[Segments | Problem]:
    if delimiters.fault:
        yield Problem(path, *text.place(0), f"{delimiters.fault}; it is read all the same", "x12-delimiter")
    begun = len("ISA")
    while True:
        text.skip_blanks()
        if _too_long(text, delimiters):
            message = f"this segment has more than {LONGEST} characters; it is passed over up to its terminator"
            yield Problem(path, *text.place(0), message, "too-long")
            _pass_segment(text, delimiters)
        whole, end = _cut(text, delimiters, begun)
        if whole:
            yield from _run(text, path, delimiters, whole)
            begun = 0
        yield from text.new_problems()
        if end is not None:
            yield from _rest(text, path, end - whole)
            return
        text.more()


def _run(text: Text, path: str, delimiters: Delimiters, whole: int) -> Iterator[Segments | Problem]:
    run = Segments(text.window[:whole], (text.line, text.column), delimiters)
    for index in run.unterminated:
        message = "the terminator of this segment is missing; the line break after it is taken for one"
        yield Problem(path, *run.place(index), message, "x12-segment")
    yield run
    text.skip(whole)


# A segment cut in two is not guessed at: REF*G1*AUTH may have been AUTH17.
def _rest(text: Text, path: str, count: int) -> Iterator[Problem]:
    """Passes over a last segment without terminator: nobody knows what it would have said."""
    if ink := _INK.search(text.window, 0, count):
        then = "the file ends" if text.ended and count == len(text.window) else "the next interchange begins"
        message = f"{then} within this segment, which is left out; what is before it is read"
        yield Problem(path, *text.place(ink.start()), message, "truncated")
    text.skip(count)


def _too_long(text: Text, delimiters: Delimiters) -> bool:
    return len(text.window) > LONGEST and text.window.find(delimiters.segment, 0, LONGEST + 1) < 0


def _pass_segment(text: Text, delimiters: Delimiters) -> None:
    # What was searched is let go of, so that a segment of gigabytes takes no memory; an ISA within it is not skipped.
    text.skip(1)
    while True:
        isa, sure = _next_isa(text, delimiters, 0)
        terminator = text.window.find(delimiters.segment, 0, sure)
        if terminator >= 0:
            text.skip(terminator + 1)
            return
        text.skip(sure)
        if isa is not None or not text.more():
            return


def _cut(text: Text, delimiters: Delimiters, begun: int) -> tuple[int, int | None]:
    """How many characters hold whole segments of this interchange, and where it ends, if that was read yet.

    It ends after IEA, or where another ISA segment begins, or with the file. Only IEA may lack its terminator there.
    """
    window, mark = text.window, delimiters.segment
    isa, sure = _next_isa(text, delimiters, begun)
    # The window may end within a segment: only what has its terminator, or is followed by an ISA, is whole for sure.
    over = sure if isa is not None or text.ended else None
    iea = _find_segment("IEA" + delimiters.element, window, delimiters, sure)
    if iea is None:
        return window.rfind(mark, 0, sure) + 1, over
    end = window.find(mark, iea, sure) + 1 or over
    return end or window.rfind(mark, 0, iea) + 1, end


def _next_isa(text: Text, delimiters: Delimiters, begun: int) -> tuple[int | None, int]:
    """Where the next ISA segment begins, if one does, and up to where there is none for sure."""
    window, at = text.window, begun - 1
    while (at := window.find("ISA", at + 1)) >= 0:
        if not text.ended and at + _UNSURE > len(window):
            return None, at
        # A name may be ISA, so three letters are not enough: all separators must be where an ISA segment has them, or
        # it must begin where a segment can.
        if has_isa_layout(window, at) or (_is_isa(window, at) and _begins_segment(window, at, delimiters)):
            return at, at
    return None, len(window)


def _is_isa(window: str, at: int) -> bool:
    mark = window[at + 3 : at + 4]
    return is_mark(mark) and window.count(mark, at, at + _UNSURE) >= 16


def _find_segment(begin: str, window: str, delimiters: Delimiters, end: int) -> int | None:
    at = -1
    while (at := window.find(begin, at + 1, end)) >= 0:
        if _begins_segment(window, at, delimiters):
            return at
    return None


def _begins_segment(window: str, at: int, delimiters: Delimiters) -> bool:
    """After a terminator; or after a line break, unless the line before ends with a separator."""
    before = window[max(0, at - HEADER) : at]
    shown = before.rstrip(BLANKS)
    if not shown or shown[-1] == delimiters.segment:
        return True
    # Files in lines of 80 characters break anywhere: a line that ends with a separator goes on in the next.
    at_line_start = any(line_break in before[len(shown) :] for line_break in "\r\n")
    return at_line_start and shown[-1] != delimiters.element

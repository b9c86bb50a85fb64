"""Which characters split an X12 interchange into segments and elements, as its ISA segment shows them."""

from __future__ import annotations

import re
from typing import NamedTuple

BLANKS = "\r\n\t "
# An ISA segment and the name of the segment after it stand within this many characters.
HEADER = 1024
# ISA is the one segment of fixed width: its elements are padded with blanks, so that its delimiters can be found by
# counting before any of them is known. That makes 3 for the name, 16 separators, 86 for the elements and 1 for the
# terminator. ISA11 is the separator of repeated elements in 5010 and the letter U in 4010; nothing read here repeats.
_ISA_LENGTH = 106
_ISA_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_VERSION = re.compile("[0-9]{5}")
# What nearly every sender uses; CLM05 puts it right where a sender uses another (see Loops).
_USUAL_COMPONENT = ":"


class Delimiters(NamedTuple):
    """The delimiters of one interchange, and what is wrong with the ISA segment that shows them, if anything."""

    element: str
    component: str
    segment: str
    fault: str


def find_delimiters(text: str) -> Delimiters | None:
    """Returns the delimiters of the interchange that a text begins with, or None where they cannot be seen.

    The text begins with `ISA` and goes on for 1,024 characters or to the end of the file. They are read from what
    stands before the next segment, so an ISA segment may lack characters or have too many.

    >>> isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000001"
    >>> find_delimiters(isa + "*0*P*:~GS*HC")
    Delimiters(element='*', component=':', segment='~', fault='')
    """
    element = text[3:4]
    if not is_mark(element):
        return None
    # Counting alone would fail where a mail program or an editor has trimmed the padding, or a sender pads too much, so
    # the characters before the next segment decide; where none follows in time, there are still 16 separators to count.
    found = _before_next_segment(text[:HEADER], element) or _after_sixteen(text[:HEADER], element)
    if found is None or len({*found[:3]}) < 3 or not (is_mark(found.component) and is_mark(found.segment, "\r\n")):
        return None
    return found


def is_mark(character: str, also: str = "") -> bool:
    """Whether a character can be a delimiter: not a letter, digit or blank."""
    return len(character) == 1 and not character.isalnum() and (character not in BLANKS or character in also)


def has_isa_layout(text: str, at: int) -> bool:
    """Whether every separator of an ISA segment is where it must be, counted from a place in the text."""
    element = text[at + 3 : at + 4]
    return (
        len(text) >= at + _ISA_LENGTH
        and is_mark(element)
        and all(text[at + offset] == element for offset in _ISA_SEPARATORS)
    )


def _before_next_segment(text: str, element: str) -> Delimiters | None:
    mark = re.escape(element)
    # TA1 acknowledges another interchange, and IEA ends one without groups.
    following = re.search(rf"[^A-Za-z0-9{mark}](?:GS|TA1|IEA){mark}", text)
    if following is None:
        return None
    isa, rest = text[: following.start() + 1], text[following.start() + 1 :]
    shown = isa.rstrip(BLANKS)
    line_break = isa[len(shown) :].strip("\t ")[:1]
    before, last, length = shown[-2], shown[-1], _length(shown)
    # Neither ISA16 nor a terminator: segments can only end with their lines.
    if not is_mark(last) or last == element:
        return Delimiters(element, _USUAL_COMPONENT, line_break, _fault(length + 1))
    # One delimiter where two belong: it is ISA16 unless the lines below end with it.
    if before == element and line_break and not _ends_a_line(rest, last):
        return Delimiters(element, last, line_break, _fault(length + 1))
    component = before if is_mark(before) and before != element else _USUAL_COMPONENT
    # Some programs write the terminator into ISA and nowhere else.
    if line_break and _at_line_breaks(rest, element, last):
        return Delimiters(
            element, component, line_break, "segments end at line breaks, not at the terminator after ISA16"
        )
    return Delimiters(element, component, last, _fault(length))


def _ends_a_line(text: str, mark: str) -> bool:
    return text.partition("\n")[0].rstrip(BLANKS).endswith(mark)


def _at_line_breaks(text: str, element: str, mark: str) -> bool:
    """Whether the segment after ISA ends with its line, and has no terminator."""
    first, _, second = text.partition("\n")
    return mark not in first and second.startswith((f"ST{element}", f"ISA{element}", f"GS{element}"))


def _after_sixteen(text: str, element: str) -> Delimiters | None:
    parts = text.split(element, 16)
    if len(parts) < 17 or len(parts[16]) < 2 or not _VERSION.fullmatch(parts[12]):
        return None
    length = _length(text[: len(text) - len(parts[16])]) + 2
    return Delimiters(element, parts[16][0], parts[16][1], _fault(length))


def _fault(length: int) -> str:
    return "" if length == _ISA_LENGTH else f"ISA has {length} characters and must have {_ISA_LENGTH}"


def _length(isa: str) -> int:
    """How many characters an ISA segment has, without the line breaks of a file in short lines."""
    return sum(1 for character in isa if character not in "\r\n")

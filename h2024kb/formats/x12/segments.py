"""Segments that follow one another in an X12 interchange, split at terminators, each with its line and column."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate

from h2024kb.formats.x12.delimiters import BLANKS, Delimiters

_NAMES = (
    "AMT|BHT|CAS|CL1|CLM|CN1|CR1|CR2|CR3|CR4|CR5|CR6|CR7|CR8|CRC|CTP|CUR|DMG|DN1|DN2|DSB|DTP|FRM|GE|GS|HCP|HI|HL|HSD|"
    "IEA|IMM|ISA|K3|LIN|LQ|LX|MEA|MIA|MOA|N2|N3|N4|NM1|NTE|OI|PAT|PER|PRV|PS1|PWK|QTY|REF|SBR|SE|ST|SV1|SV2|SV3|SV4|"
    "SV5|SV6|SV7|SVD|TA1|TOO|UR"
)
SEGMENTS = frozenset(_NAMES.split("|"))
"""The names of all segments that an 837 or its envelope can have."""

_INK = re.compile(r"[^\r\n\t ]")
_LINE_BREAKS = re.compile("[\r\n]+")


class Segments:
    r"""Segments in file order, without terminators and line breaks, and the delimiters to split them further.

    `texts` are whole segments: most are never looked into, so they are not split into elements here.
    `unterminated` are the indexes of those that end at a line break where a terminator belongs.

    >>> run = Segments("ST*837~\nHI*BK:F70\nLX*1~", (7, 1), Delimiters("*", ":", "~", ""))
    >>> run.texts, run.unterminated, run.place(2)
    (['ST*837', 'HI*BK:F70', 'LX*1'], [1], (9, 1))
    """

    def __init__(self, region: str, start: tuple[int, int], delimiters: Delimiters) -> None:
        self.element, self.component = delimiters.element, delimiters.component
        self.unterminated: list[int] = []
        self._region, self._start, self._terminator = region, start, delimiters.segment
        self._offsets: list[int] | None = None
        self._counted = (0, start[0])
        self.texts = self._split()

    def place(self, index: int) -> tuple[int, int]:
        """Returns the line and column of a segment's first character."""
        # Worked out for the first problem only: most files have none.
        if self._offsets is None:
            lengths = (len(text) + 1 for text in self._region.split(self._terminator))
            self._offsets = list(accumulate(lengths, initial=0))
        offset = self._offsets[index]
        ink = _INK.search(self._region, offset)
        offset = ink.start() if ink else offset
        start = self._region.rfind("\n", 0, offset)
        return self._line(offset), offset - start if start >= 0 else self._start[1] + offset

    def _line(self, offset: int) -> int:
        """Counts from where it last counted, in either direction: places are asked for nearly in order."""
        before, line = self._counted
        first, last = sorted((before, offset))
        breaks = self._region.count("\n", first, last)
        self._counted = offset, line + breaks if offset >= before else line - breaks
        return self._counted[1]

    def _split(self) -> list[str]:
        # Nearly every file has a segment a line or no line breaks at all; only others are looked at line by line.
        text = self._region
        for line_break in ("\r\n", "\n"):
            if line_break != self._terminator:
                text = text.replace(self._terminator + line_break, self._terminator)
        texts = text.removesuffix(self._terminator).split(self._terminator)
        if any(blank in text and blank != self._terminator for blank in ("\r", "\n", f"{self._terminator} ", "\t")):
            return self._split_at_lines()
        return texts

    def _split_at_lines(self) -> list[str]:
        """Looks at every line break that follows no terminator: it ends a segment, or only a line within one."""
        self._offsets = []
        texts: list[str] = []
        offset = 0
        for whole in self._region.removesuffix(self._terminator).split(self._terminator):
            start = len(whole) - len(whole.lstrip(BLANKS))
            for end in _segment_at_line_start(self.element).finditer(whole, start):
                self.unterminated.append(len(texts))
                texts.append(_one_line(whole[start : end.start()]))
                self._offsets.append(offset + start)
                start = end.end()
            texts.append(_one_line(whole[start:]))
            self._offsets.append(offset + start)
            offset += len(whole) + 1
        return texts


def _one_line(text: str) -> str:
    return _LINE_BREAKS.sub("", text).strip(BLANKS)


@lru_cache(16)
def _segment_at_line_start(element: str) -> re.Pattern[str]:
    """Not where the line before ends with a separator: then an element is cut, and `HI*` may be Hawaii."""
    mark = re.escape(element)
    return re.compile(rf"(?<![{mark}\r\n])[\r\n]+(?=[\t ]*(?:{_NAMES}){mark})")

"""Divides a row of a CSV file into cells, and says where each cell of a row is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from h2024kb.formats.table.csv_lines import Record

SEPARATORS = (",", "|", ";", "\t")

# Possessive (++, *+): a match that fails is not tried again from each quote on, which is slow in a long line.
_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')
_CLOSING = re.compile(r'(?:[^"]++|"")*+"')
_LINE_END = re.compile("\r\n|[\r\n]")


class Cells:
    """Divides rows into cells: a quote counts where a cell starts, and inside a quoted one it is written twice."""

    def __init__(self, separator: str) -> None:
        self.separator = separator
        other = f"[^{re.escape(separator)}]*"
        self.cell = re.compile(rf'"(?P<quoted>(?:[^"]++|"")*+)"(?P<after>{other})|(?P<plain>{other})')

    def matches(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        """Yields a match for each cell."""
        while match := self.cell.match(text, start):
            yield match
            start = match.end() + 1
            if start > len(text):
                return

    def split(self, text: str) -> list[str]:
        """Returns what the cells of a row hold."""
        # Nearly every row of nearly every file, and much faster than a match for each cell.
        if '"' not in text:
            return text.split(self.separator)
        return self._well_formed(text) or [
            match["plain"] or (match["quoted"] or "").replace('""', '"') + (match["after"] or "")
            for match in self.matches(text)
        ]

    def left_open(self, line: str, inside: bool) -> bool:
        """Whether a quoted cell runs on behind the end of a line, which may have started inside one."""
        start = 0
        if inside:
            closing = _CLOSING.match(line)
            if closing is None:
                return True
            start = line.find(self.separator, closing.end()) + 1
            if start == 0:
                return False
        elif self._well_formed(line):
            return False
        return any(match["quoted"] is None and match[0].startswith('"') for match in self.matches(line, start))

    def opened(self, line: str) -> int:
        """Returns which cell of a line is opened by a quote and not closed; the first cell where there is none."""
        found = (n for n, one in enumerate(self.matches(line)) if (one["plain"] or "").startswith('"'))
        return next(found, 0)

    def count(self, text: str) -> int:
        """Returns how many cells a row has."""
        return sum(1 for _ in self.matches(text.rstrip("\r\n")))

    def well_quoted(self, text: str) -> bool:
        """Whether every cell that begins with a quote ends with its second one."""
        found = self.matches(text.rstrip("\r\n"))
        return not any((one["after"] or "").strip() or (one["plain"] or "").startswith('"') for one in found)

    def _well_formed(self, text: str) -> list[str] | None:
        """The cells where nothing is odd, which a faster reader finds; None for a cell of over 128 KiB too."""
        # The csv module in its strict mode reads what RFC 4180 allows and refuses the rest, which `matches` reads with
        # patience. It refuses cells of over 128 KiB too; its limit is of the whole process, and not ours to change.
        try:
            return next(csv.reader([text], delimiter=self.separator, strict=True))
        except csv.Error:
            return None

    def place(self, record: Record, index: int) -> tuple[int, int]:
        """Returns the line and column where a cell of a row starts."""
        starts = [match.start() for match in self.matches(record.text)]
        before = _LINE_END.split(record.text[: starts[index]])
        return record.line + len(before) - 1, len(before[-1]) + 1


def separator(header: str) -> str:
    """Returns the separator that is in a header most often outside quotes."""
    bare = _QUOTED.sub("", header)
    return max(SEPARATORS, key=bare.count)

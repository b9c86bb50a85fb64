"""Joins the lines of a CSV file to rows where a quoted cell runs over several, and finds quotes that open no cell."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Literal

from h2024kb.formats.table import csv_lines
from h2024kb.formats.table.csv_cells import Cells
from h2024kb.formats.table.csv_lines import Record
from h2024kb.problem import Problem

EACH = 128
"""How many bytes a line takes beside its text, while it is in memory."""
FEW = 3
"""Of so many cells a line of free text may look like a row by chance."""


class Lines(Iterator[Record | Problem]):
    """The lines of a file, of which some may be put back."""

    def __init__(self, lines: Iterator[Record | Problem]) -> None:
        self._lines = lines
        self._back: deque[Record | Problem] = deque()

    def __next__(self) -> Record | Problem:
        return self._back.popleft() if self._back else next(self._lines)

    def put_back(self, lines: Sequence[Record | Problem]) -> None:
        """Puts lines back, to be read next."""
        self._back.extendleft(reversed(lines))


def records(lines: Lines, cells: Cells, path: str, width: int = 0) -> Iterator[Record | Problem]:
    """Joins lines to rows where a quoted cell runs over several; `width` is how many cells a row should have."""
    for line in lines:
        if isinstance(line, Problem):
            yield line
        elif '"' in line.text and cells.left_open(line.text, inside=False):
            yield from _joined(line, lines, cells, path, width)
        else:
            yield line._replace(text=line.text.rstrip("\r\n"))


def _joined(first: Record, lines: Lines, cells: Cells, path: str, width: int) -> Iterator[Record | Problem]:
    taken, how = _up_to_quote(first, lines, cells)
    texts = [first.text, *(line.text for line in taken if isinstance(line, Record))]
    whole = first._replace(text="".join(texts).rstrip("\r\n"))
    if _is_stray(texts, whole.text if how == "closed" else None, cells, width):
        message = "a quote opens a cell of this row, and no quote closes it there: it is read as a letter"
        yield Problem(path, *cells.place(first, cells.opened(first.text)), message, "quote")
        yield first._replace(text=first.text.rstrip("\r\n"))
        lines.put_back(taken)
    elif how == "closed":
        yield from (line for line in taken if isinstance(line, Problem))
        yield whole
    elif how == "too-long":
        yield _passed_over(first, lines, cells, path)
    else:
        message = "a quoted cell of this row is never closed: the row is left out"
        yield Problem(path, first.line, 1, message, "truncated")
        lines.put_back(taken)


def _up_to_quote(
    first: Record, lines: Lines, cells: Cells
) -> tuple[list[Record | Problem], Literal["closed", "too-long", "broken-off"]]:
    """The lines after one that leaves a quoted cell open, and how that cell ends."""
    taken: list[Record | Problem] = []
    size = len(first.text)
    for line in lines:
        taken.append(line)
        if isinstance(line, Problem):
            if line.rule != "encoding":
                break
        elif not cells.left_open(line.text, inside=True):
            return taken, "closed"
        else:
            size += len(line.text) + EACH
        # Lines that may have to be put back are kept, but no more of them than one row may have.
        if size > csv_lines.MAX_BYTES:
            return taken, "too-long"
    return taken, "broken-off"


# RFC 4180 lets a quoted cell run over lines, and people write "Acme without closing it. Read by the book, such a quote
# swallows every row up to the next quote, which may be thousands of lines on, or the end of the file. The width of the
# header tells the two apart.
def _is_stray(texts: Sequence[str], whole: str | None, cells: Cells, width: int) -> bool:
    """Whether a quote opens no cell: its line and the next are whole rows, and together they are none, or all are."""
    # A cell that really runs over lines leaves a first line that is too short to be a row.
    if len(texts) < 2 or any(cells.count(text) != width for text in texts[:2]):
        return False
    fits = whole is not None and cells.count(whole) == width and cells.well_quoted(whole)
    # Both readings fit where lines of free text have as many separators as a row. With many columns that does not
    # happen by chance, and the rows win; with few it does, and the book wins.
    return not fits or (width > FEW and all(cells.count(text) == width for text in texts))


def _passed_over(first: Record, lines: Lines, cells: Cells, path: str) -> Problem:
    """Passes over the rest of a row whose quoted cell is too long, and says so."""
    more = (line.text for line in lines if isinstance(line, Record))
    if any(not cells.left_open(text, inside=True) for text in more):
        message = f"a quoted cell of this row makes it over {csv_lines.MAX_BYTES >> 20} MiB: it is left out"
        return Problem(path, first.line, 1, message, "too-long")
    message = "a quoted cell of this row is never closed: the row and all after it are left out"
    return Problem(path, first.line, 1, message, "truncated")

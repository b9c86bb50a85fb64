"""Reads a CSV file of service lines in bounded memory, however long its lines are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

import msgspec

from h2024kb.formats.table.columns import Columns, Fault, described, fit, service_line
from h2024kb.formats.table.csv_cells import Cells, separator
from h2024kb.formats.table.csv_lines import CHUNK, Record, as_latin, lines
from h2024kb.formats.table.csv_rows import Lines, records
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

# What Excel writes and reads as a line before the header.
_SEPARATOR = re.compile('"?sep=(.)"?', re.IGNORECASE)
_LINES_ABOVE = 10
"""In so many lines below the first a header is looked for: reports have a title and a date above it."""
_BOM = b"\xef\xbb\xbf"


def read(stream: BinaryIO, path: str, columns: Columns | None = None) -> Iterator[ServiceLine | Problem]:
    r"""Yields the service line of each row, and before it a problem for each cell that cannot be read.

    The first line is the header; without `columns` it says what the columns are, and which of comma, bar, semicolon and
    tab is between them. A row that is too short is read as far as it goes, unless what it has cannot be read
    either. One that is too long is left out, since nobody can see which cells have moved; so is one over 16 MiB. A
    quote that seems to open a cell over several lines is read as a letter where its line is a whole row without them.

    >>> import io
    >>> rows = read(io.BytesIO(b"code,modifiers,units\nH2024,HQ,1\n"), "a.csv")
    >>> [(line.code, line.modifiers, line.units) for line in rows]
    [('H2024', ('HQ',), Decimal('1'))]
    """
    try:
        head = (stream.read(CHUNK) or b"").removeprefix(_BOM)
        given = columns or Columns()
        yield from _rows(lines(stream, head, path, given.encoding or "utf-8"), path, given)
    except (OSError, EOFError):
        yield Problem(path, 1, 1, "the file cannot be read to its end; what could be read was", "unreadable")


class _Layout(NamedTuple):
    """How the rows of one file are read."""

    path: str
    cells: Cells
    columns: Columns
    width: int
    needed: Mapping[str, int]
    positions: Mapping[str, int]


def _rows(read: Iterator[Record | Problem], path: str, given: Columns) -> Iterator[ServiceLine | Problem]:
    for first in read:
        if isinstance(first, Problem):
            yield first
            if first.rule != "encoding":
                return
        elif found := _SEPARATOR.fullmatch(first.text.strip()):
            given = msgspec.structs.replace(given, separator=given.separator or found[1])
        elif first.text.strip():
            cells = Cells(given.separator or separator(first.text))
            yield from _under_header(Lines(chain([first], read)), cells, path, given)
            return
    yield Problem(path, 1, 1, "the file is empty", "empty")


def _under_header(below: Lines, cells: Cells, path: str, given: Columns) -> Iterator[ServiceLine | Problem]:
    header = next(records(below, cells, path))
    if isinstance(header, Problem):
        yield header
        return
    layout, faults = _layout(header, cells, path, given)
    if not layout.columns.fields and (lower := _lower_header(below, path, given)):
        header, (layout, faults) = lower
        message = f"the header is in line {header.line}; what stands above it is passed over"
        yield Problem(path, header.line, 1, message, "header")
    yield from (_problem(fault, header, layout) for fault in faults)
    if not layout.columns.fields:
        return
    names = [as_latin(name, given.encoding or "utf-8") for name in layout.cells.split(header.text)]
    if read := described(layout.columns, names):
        yield Problem(path, header.line, 1, read, "columns-read")
    empty = True
    for record in records(below, layout.cells, path, layout.width):
        empty = False
        yield from (record,) if isinstance(record, Problem) else _row(record, layout)
    if empty:
        yield Problem(path, header.line, 1, "no row is under the header", "empty")


def _lower_header(below: Lines, path: str, given: Columns) -> tuple[Record, tuple[_Layout, list[Fault]]] | None:
    """The header where it is not in the first line, and how the rows below it are read; None where there is none."""
    passed: list[Record | Problem] = []
    for line in islice(below, _LINES_ABOVE):
        passed.append(line)
        if isinstance(line, Record):
            header = line._replace(text=line.text.rstrip("\r\n"))
            found = _layout(header, Cells(given.separator or separator(header.text)), path, given)
            # Two known names stand in no row by chance, and one of them tells the code unless the caller does.
            if len(found[0].columns.fields) > 1 and not found[1]:
                return header, found
    below.put_back(passed)
    return None


def _layout(header: Record, cells: Cells, path: str, given: Columns) -> tuple[_Layout, list[Fault]]:
    names = [as_latin(name, given.encoding or "utf-8") for name in cells.split(header.text)]
    columns, faults = fit(given, names)
    positions = {name: n for n, name in enumerate(names)}
    needed = {name: positions[name] for ref in columns.fields.values() for name in ref.names}
    return _Layout(path, cells, columns, len(names), needed, positions), faults


def _row(record: Record, layout: _Layout) -> Iterator[ServiceLine | Problem]:
    cells = layout.cells.split(record.text)
    if not any(cell.strip() for cell in cells):
        return
    row = {name: cells[n] for name, n in layout.needed.items() if n < len(cells)}
    if not record.text.isascii():
        encoding = layout.columns.encoding or "utf-8"
        # ASCII is the same in every encoding, and nearly every row has nothing else.
        row = {name: as_latin(cell, encoding) for name, cell in row.items()}
    line, faults = service_line(layout.columns, row)
    # A short row has lost cells at its end, as spreadsheets drop empty ones, or in the middle. If all that is left can
    # be read, the first is likely; if a cell makes no sense, the cells have moved.
    left_out = len(cells) > layout.width or (len(cells) < layout.width and bool(faults))
    if len(cells) != layout.width:
        end = "it is left out" if left_out else "the missing ones are taken to be its last"
        message = f"the row has {len(cells)} cells and the header {layout.width}: {end}"
        yield Problem(layout.path, record.line, 1, message, "ragged")
    if not left_out:
        yield from (_problem(fault, record, layout) for fault in faults)
        yield line


def _problem(fault: Fault, record: Record, layout: _Layout) -> Problem:
    if fault.place:
        return Problem(*fault.place, fault.message, fault.rule)
    place = layout.cells.place(record, layout.positions.get(fault.column, 0))
    return Problem(layout.path, *place, fault.message, fault.rule)

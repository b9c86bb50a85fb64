"""CSV files as Arrow parses them: many rows at once, of which only those that are wanted are kept.

A file is read so only where Arrow and the row reader see the same cells: without a quote in the header or a quoted cell
of several lines, without NUL bytes, without rows that are blank, too short, too long or of other bytes than the
encoding's.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from h2024kb.batch.cells import InFile
from h2024kb.batch.database import Connection, inserted
from h2024kb.batch.distinct_cells import Source, Unscannable
from h2024kb.batch.request import Request
from h2024kb.claims.check import counted_codes
from h2024kb.claims.standing import LATER
from h2024kb.formats.table.columns import Columns, Fault, described, fit
from h2024kb.formats.table.csv_cells import SEPARATORS
from h2024kb.problem import Problem, Problems

# Arrow keeps a block and its cells in memory, and fails at a row that is longer than one.
BLOCK: Final = 4 << 20
"""So many bytes are parsed at once; a file with a longer row is read a row at a time."""

HEADER: Final = 256 << 10
BOM: Final = b"\xef\xbb\xbf"


class Layout(NamedTuple):
    """What the first line of a file says of those below it."""

    names: tuple[str, ...]
    separator: str
    encoding: str


def csv_source(database: Connection, request: Request, problems: Problems) -> Source:
    """Returns CSV files with one header as one source, a table of the wanted rows; or raises Unscannable."""
    layouts = {_layout(path, request.columns or Columns()) for path in request.paths}
    if len(layouts) > 1:
        raise Unscannable
    layout = layouts.pop()
    columns, faults = fit(request.columns, layout.names)
    if not columns.fields:
        raise Unscannable
    _say(faults, described(columns, layout.names), request, problems)
    reader = InFile(request.kb, columns, request.defaults)
    places = {name: f"c{n}" for n, name in enumerate(layout.names)}
    needed = {name: places[name] for ref in columns.fields.values() for name in ref.names}
    kinds = [*((cell, pa.string()) for cell in sorted(needed.values())), ("row", pa.int64()), ("file", pa.int32())]
    inserted(database, "streamed", pa.schema(kinds).empty_table())
    kept = _Kept(reader, counted_codes(request.kb), needed)
    starts, straight = [0], True
    for number, path in enumerate(request.paths):
        watched = _Watched(path)
        for batch in _batches(watched, layout, sorted(needed.values())):
            inserted(database, "streamed", kept.of(batch, number), new=False)
        starts.append(kept.rows)
        straight = straight and watched.lines() == kept.rows - starts[number] + 1
        if watched.quotes and not straight:
            raise Unscannable
    if not kept.rows:
        raise Unscannable
    return Source(
        relation="streamed",
        row="row",
        columns=needed,
        kinds=dict.fromkeys(needed, "VARCHAR"),
        reader=reader,
        file="file",
        starts=tuple(starts),
        left_out=kept.left_out,
        header=1 if straight else None,
    )


def _say(faults: list[Fault], read: str, request: Request, problems: Problems) -> None:
    """Says what is wrong with the header, which is that of each file, and which of its columns are read."""
    for fault in faults:
        problems.add(Problem(*(fault.place or (str(request.paths[0]), 1, 1)), fault.message, fault.rule))
    for path in request.paths if read else ():
        problems.add(Problem(str(path), 1, 1, read, "columns-read"))


def _layout(path: Path, columns: Columns) -> Layout:
    encoding = columns.encoding or "utf-8"
    try:
        with path.open("rb") as file:
            first = file.read(HEADER).removeprefix(BOM).splitlines(keepends=True)[0]
        text = first.decode(encoding)
    except (OSError, IndexError, UnicodeDecodeError):
        raise Unscannable from None
    if not text.strip() or not text.endswith(("\n", "\r")) or '"' in text or "\0" in text:
        raise Unscannable
    separator = columns.separator or max(SEPARATORS, key=text.count)
    return Layout(tuple(text.rstrip("\r\n").split(separator)), separator, encoding)


def _batches(watched: _Watched, layout: Layout, needed: list[str]) -> Iterator[Any]:
    """Yields the cells of the needed columns as texts; raises Unscannable for a file that is not all plain rows."""
    read = csv.ReadOptions(
        column_names=[f"c{n}" for n in range(len(layout.names))],
        skip_rows=1,
        block_size=BLOCK,
        encoding=layout.encoding,
    )
    parse = csv.ParseOptions(delimiter=layout.separator, newlines_in_values=True)
    convert = csv.ConvertOptions(include_columns=needed, column_types=dict.fromkeys(needed, pa.string()))
    try:
        with pa.PythonFile(watched, mode="r") as file:
            yield from csv.open_csv(file, read_options=read, parse_options=parse, convert_options=convert)
    except (pa.ArrowException, OSError, ValueError):
        raise Unscannable from None
    # A quote that is never closed: Arrow may have taken the rest of the file for one cell, as the row reader does not.
    if watched.quotes % 2:
        raise Unscannable


class _Watched(io.RawIOBase):
    """The bytes of a file, and what was seen in them; raises Unscannable for a NUL byte, which no text has."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.quotes = 0
        self._ends = 0
        self._last = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        if b"\0" in block:
            raise Unscannable
        self.quotes += block.count(b'"')
        self._ends += block.count(b"\n")
        self._last = block[-1:] or self._last
        return block

    def lines(self) -> int:
        """How many lines there are, of which the last may have no end."""
        return self._ends + (self._last != b"\n")

    def close(self) -> None:
        self._file.close()
        super().close()


class _Kept:
    """Keeps the rows whose code is in the knowledge base or bears on others, those without a code, and replacements."""

    def __init__(self, reader: InFile, codes: frozenset[str], needed: Mapping[str, str]) -> None:
        self.reader = reader
        self.needed = needed
        self.rows = 0
        self.left_out = 0
        told = reader.names(("frequency",)) and reader.tells("member")
        # None too: a code that cannot be read may be any, and its problem is reported.
        wanted: dict[str, frozenset[str | None]] = {"code": codes | {None}}
        self._wanted = wanted | ({"frequency": frozenset(LATER)} if told else {})
        self._known: dict[str, dict[str, bool]] = {field: {} for field in self._wanted}

    def of(self, batch: Any, file: int) -> Any:
        """Returns the kept rows of an Arrow batch, with their numbers and the number of their file."""
        numbers = pa.array(range(self.rows, self.rows + batch.num_rows), pa.int64())
        files = pa.repeat(pa.scalar(file, pa.int32()), batch.num_rows)
        numbered = batch.append_column("row", numbers).append_column("file", files)
        flags = [self._flags(batch, field) for field in self._wanted]
        made = numbered.filter(functools.reduce(pc.or_, flags)) if self.reader.names(("code",)) else numbered
        self.rows += batch.num_rows
        self.left_out += batch.num_rows - made.num_rows
        if made.num_rows and pc.any(_blank(made.select(list(self.needed.values())))).as_py():
            raise Unscannable
        return made

    def _flags(self, batch: Any, field: str) -> Any:
        """Whether the cell that gives a field is wanted, row by row; each different cell is read once."""
        known = self._known[field]
        cells = batch.column(self.needed[self.reader.names((field,))[0]]).dictionary_encode()
        new = [cell for cell in cells.dictionary.to_pylist() if cell not in known]
        read = self.reader.lines((field,), pa.record_batch({"cell": pa.array(new, pa.string())}))
        for cell, (line, _) in zip(new, read, strict=True):
            known[cell] = getattr(line, field) in self._wanted[field]
        return pc.take(pa.array([known[cell] for cell in cells.dictionary.to_pylist()], pa.bool_()), cells.indices)


def _blank(rows: Any) -> Any:
    """Whether every cell of a row is blank."""
    return functools.reduce(pc.and_, (pc.equal(pc.utf8_trim_whitespace(column), "") for column in rows.columns))

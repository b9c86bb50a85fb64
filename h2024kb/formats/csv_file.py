"""Reads a CSV file of service lines in bounded memory, however long its lines are."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import BinaryIO, Literal, NamedTuple

from h2024kb.formats.columns import Columns, Fault, fit, service_line
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

SEPARATORS = (",", "|", ";", "\t")
MAX_BYTES = 16 << 20
CHUNK = 256 << 10
EACH = 128
"""How many bytes a line takes beside its text, where it is held."""
FEW = 3
"""Of so many cells a line of free text may look like a row by chance."""

_BOM = b"\xef\xbb\xbf"
_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')
_CLOSING = re.compile(r'(?:[^"]++|"")*+"')
_LINE_END = re.compile("\r\n|[\r\n]")
_NOT_CSV = (
    (b"PAR1", "this is a Parquet file: read it as one", "not-csv"),
    (b"PK\x03\x04", "this is a workbook or a zip file: save the table as CSV", "not-csv"),
    (b"\x1f\x8b", "this is compressed: unpack it first", "not-csv"),
    (b"\xd0\xcf\x11\xe0", "this is a workbook of an old kind: save the table as CSV", "not-csv"),
    (b"%PDF-", "this is a PDF: save the table as CSV", "not-csv"),
    (b"<", "this is XML or HTML: save a table as CSV, and write FHIR as JSON", "not-csv"),
    (b"\xff\xfe", "this is UTF-16: save the file as UTF-8", "encoding"),
    (b"\xfe\xff", "this is UTF-16: save the file as UTF-8", "encoding"),
)


def read(stream: BinaryIO, path: str, columns: Columns | None = None) -> Iterator[ServiceLine | Problem]:
    r"""Yields the service line of each row, and before it a problem for each cell that cannot be read.

    The first line is the header; without `columns` it says what the columns are, and which of comma, bar, semicolon and
    tab stands between them. A row that is too short is read as far as it goes, unless what it has cannot be read
    either. One that is too long is left out, since nobody can tell which cells have moved; so is one over 16 MiB. A
    quote that seems to open a cell over several lines is read as a letter where its line is a whole row without them.

    >>> import io
    >>> rows = read(io.BytesIO(b"code,modifiers,units\nH2024,HQ,1\n"), "a.csv")
    >>> [(line.code, line.modifiers, line.units) for line in rows]
    [('H2024', ('HQ',), Decimal('1'))]
    """
    try:
        head = (stream.read(CHUNK) or b"").removeprefix(_BOM)
        if refusal := _refusal(head):
            yield Problem(path, 1, 1, *refusal)
            return
        given = columns or Columns()
        yield from _rows(_lines(stream, head, path, given.encoding or "utf-8"), path, given)
    except (OSError, EOFError):
        yield Problem(path, 1, 1, "the file cannot be read to its end; what could be read was", "unreadable")


class _Record(NamedTuple):
    """One row, or one line of the file, as written."""

    line: int
    text: str


class _Layout(NamedTuple):
    """How the rows of one file are read."""

    path: str
    cells: _Cells
    columns: Columns
    width: int
    needed: Mapping[str, int]
    positions: Mapping[str, int]


class _Cells:
    """Divides rows into cells: a quote counts where a cell starts, and inside a quoted one it stands twice."""

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
        """Returns which cell of a line a quote opens and none closes; the first one where none is so."""
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
        try:
            return next(csv.reader([text], delimiter=self.separator, strict=True))
        except csv.Error:
            return None

    def place(self, record: _Record, index: int) -> tuple[int, int]:
        """Returns the line and column where a cell of a row starts."""
        starts = [match.start() for match in self.matches(record.text)]
        before = _LINE_END.split(record.text[: starts[index]])
        return record.line + len(before) - 1, len(before[-1]) + 1


def _rows(lines: Iterator[_Record | Problem], path: str, given: Columns) -> Iterator[ServiceLine | Problem]:
    for first in lines:
        if isinstance(first, Problem):
            yield first
            if first.rule != "encoding":
                return
        elif first.text.strip():
            cells = _Cells(given.separator or _separator(first.text))
            yield from _under_header(_Lines(chain([first], lines)), cells, path, given)
            return
    yield Problem(path, 1, 1, "the file is empty", "empty")


def _under_header(lines: _Lines, cells: _Cells, path: str, given: Columns) -> Iterator[ServiceLine | Problem]:
    header = next(_records(lines, cells, path))
    if isinstance(header, Problem):
        yield header
        return
    layout, faults = _layout(header, cells, path, given)
    yield from (_problem(fault, header, layout) for fault in faults)
    if not layout.columns.fields:
        return
    empty = True
    for record in _records(lines, cells, path, layout.width):
        empty = False
        yield from (record,) if isinstance(record, Problem) else _row(record, layout)
    if empty:
        yield Problem(path, header.line, 1, "no row stands under the header", "empty")


def _layout(header: _Record, cells: _Cells, path: str, given: Columns) -> tuple[_Layout, list[Fault]]:
    names = [_as_latin(name, given.encoding or "utf-8") for name in cells.split(header.text)]
    columns, faults = fit(given, names)
    positions = {name: n for n, name in enumerate(names)}
    needed = {name: positions[name] for ref in columns.fields.values() for name in ref.names}
    return _Layout(path, cells, columns, len(names), needed, positions), faults


def _row(record: _Record, layout: _Layout) -> Iterator[ServiceLine | Problem]:
    cells = layout.cells.split(record.text)
    if not any(cell.strip() for cell in cells):
        return
    row = {name: cells[n] for name, n in layout.needed.items() if n < len(cells)}
    if not record.text.isascii():
        encoding = layout.columns.encoding or "utf-8"
        row = {name: _as_latin(cell, encoding) for name, cell in row.items()}
    line, faults = service_line(layout.columns, row)
    left_out = len(cells) > layout.width or (len(cells) < layout.width and bool(faults))
    if len(cells) != layout.width:
        end = "it is left out" if left_out else "the missing ones are taken to be its last"
        message = f"the row has {len(cells)} cells and the header {layout.width}: {end}"
        yield Problem(layout.path, record.line, 1, message, "ragged")
    if not left_out:
        yield from (_problem(fault, record, layout) for fault in faults)
        yield line


def _problem(fault: Fault, record: _Record, layout: _Layout) -> Problem:
    if fault.place:
        return Problem(*fault.place, fault.message, fault.rule)
    place = layout.cells.place(record, layout.positions.get(fault.column, 0))
    return Problem(layout.path, *place, fault.message, fault.rule)


def _separator(header: str) -> str:
    """The separator that stands most often in a header outside quotes."""
    bare = _QUOTED.sub("", header)
    return max(SEPARATORS, key=bare.count)


class _Lines(Iterator[_Record | Problem]):
    """The lines of a file, of which some may be put back."""

    def __init__(self, lines: Iterator[_Record | Problem]) -> None:
        self._lines = lines
        self._back: deque[_Record | Problem] = deque()

    def __next__(self) -> _Record | Problem:
        return self._back.popleft() if self._back else next(self._lines)

    def put_back(self, lines: Sequence[_Record | Problem]) -> None:
        """Puts lines back, to be read next."""
        self._back.extendleft(reversed(lines))


def _records(lines: _Lines, cells: _Cells, path: str, width: int = 0) -> Iterator[_Record | Problem]:
    """Joins lines to rows where a quoted cell runs over several; `width` is how many cells a row should have."""
    for line in lines:
        if isinstance(line, Problem):
            yield line
        elif '"' in line.text and cells.left_open(line.text, inside=False):
            yield from _joined(line, lines, cells, path, width)
        else:
            yield line._replace(text=line.text.rstrip("\r\n"))


def _joined(first: _Record, lines: _Lines, cells: _Cells, path: str, width: int) -> Iterator[_Record | Problem]:
    taken, how = _up_to_quote(first, lines, cells)
    texts = [first.text, *(line.text for line in taken if isinstance(line, _Record))]
    whole = first._replace(text="".join(texts).rstrip("\r\n"))
    if _is_stray(texts, whole.text if how == "closed" else None, cells, width):
        message = "a quote opens a cell of this row, and none closes it there: it is read as a letter"
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
    first: _Record, lines: _Lines, cells: _Cells
) -> tuple[list[_Record | Problem], Literal["closed", "too-long", "broken-off"]]:
    """The lines after one that leaves a quoted cell open, and how that cell ends."""
    taken: list[_Record | Problem] = []
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
        if size > MAX_BYTES:
            return taken, "too-long"
    return taken, "broken-off"


def _is_stray(texts: Sequence[str], whole: str | None, cells: _Cells, width: int) -> bool:
    """Whether a quote opens no cell: its line and the next are whole rows, and together they are none, or all are."""
    if len(texts) < 2 or any(cells.count(text) != width for text in texts[:2]):
        return False
    fits = whole is not None and cells.count(whole) == width and cells.well_quoted(whole)
    return not fits or (width > FEW and all(cells.count(text) == width for text in texts))


def _passed_over(first: _Record, lines: _Lines, cells: _Cells, path: str) -> Problem:
    """Passes over the rest of a row whose quoted cell is too long, and says so."""
    more = (line.text for line in lines if isinstance(line, _Record))
    if any(not cells.left_open(text, inside=True) for text in more):
        message = f"a quoted cell of this row makes it over {MAX_BYTES >> 20} MiB: it is left out"
        return Problem(path, first.line, 1, message, "too-long")
    message = "a quoted cell of this row is never closed: the row and all after it are left out"
    return Problem(path, first.line, 1, message, "truncated")


def _refusal(head: bytes) -> tuple[str, str] | None:
    """Why a file that starts so is no CSV; None where it may be."""
    for start, message, rule in _NOT_CSV:
        if head.lstrip(b" \t\r\n").startswith(start):
            return message, rule
    first = head.partition(b"\n")[0]
    if b"\0" not in first:
        return None
    half = len(first) // 2
    if max(first[::2].count(0), first[1::2].count(0)) > half * 0.9:
        return "this looks like UTF-16: save the file as UTF-8", "encoding"
    return "this is no text: it has NUL bytes", "binary"


def _raw_lines(stream: BinaryIO, head: bytes) -> Iterator[bytes | None]:
    """Yields the lines of a file with their ends; None for one that is too long, which is never held whole."""
    held, too_long = head, False
    while True:
        lines = held.splitlines(keepends=True)
        held = b"" if not lines or lines[-1].endswith(b"\n") else lines.pop()
        for line in lines:
            yield None if too_long or len(line) > MAX_BYTES else line
            too_long = False
        if too_long or len(held) > MAX_BYTES:
            held, too_long = b"\r" * held.endswith(b"\r"), True
        chunk = stream.read(CHUNK)
        if not chunk:
            break
        held += chunk
    if held or too_long:
        yield None if too_long else held


def _lines(stream: BinaryIO, head: bytes, path: str, encoding: str) -> Iterator[_Record | Problem]:
    """Yields the lines as text, and a problem instead for one that is none; bytes of another encoding are kept."""
    said = False
    for number, raw in enumerate(_raw_lines(stream, head), 1):
        if raw is None:
            message = f"this line has over {MAX_BYTES >> 20} MiB and is left out: write each row on a line of its own"
            yield Problem(path, number, 1, message, "too-long")
            continue
        if b"\0" in raw:
            column = raw.index(b"\0") + 1
            yield Problem(path, number, column, "a NUL byte stands here: the line is left out", "binary")
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            text = raw.decode(encoding, "surrogateescape")
            if not said:
                column = len(raw[: error.start].decode(encoding, "surrogateescape")) + 1
                yield Problem(path, number, column, _other_bytes(encoding), "encoding")
            said = True
        yield _Record(number, text)


def _other_bytes(encoding: str) -> str:
    return f"this byte is not {encoding}: cells that have such are read as latin-1; save the file as UTF-8"


def _as_latin(text: str, encoding: str) -> str:
    """The text, or that of its bytes where some of them are of another encoding."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "surrogateescape").decode("latin-1")
    return text

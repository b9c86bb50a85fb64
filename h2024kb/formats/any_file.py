"""Reads a file of claims, whichever of the known formats it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from h2024kb.formats.fhir import fhir_file
from h2024kb.formats.rewound import told_again
from h2024kb.formats.table import csv_file, parquet_file
from h2024kb.formats.table.columns import Columns
from h2024kb.formats.x12 import x837
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

FIRST_BYTES = 65536
Watch = Callable[[BinaryIO], AbstractContextManager[BinaryIO]]

# A header of CSV may begin with PK or BZ too, so as much is looked at as no header has.
_PACKED = (
    (
        re.compile(rb"PK(\x03\x04|\x05\x06)"),
        "this is a workbook or a zip file: save a table as CSV, and unpack a zip file",
    ),
    (re.compile(rb"\x1f\x8b"), "this is packed with gzip: unpack it first"),
    (re.compile(rb"BZh[1-9]1AY"), "this is packed with bzip2: unpack it first"),
    (re.compile(rb"7z\xbc\xaf"), "this is packed with 7z: unpack it first"),
    (re.compile(rb"\xfd7zXZ"), "this is packed with xz: unpack it first"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "this is packed with zstd: unpack it first"),
)
# It may begin with STATE, ST or ISACTIVE: a segment is looked for, not its name alone.
_X12 = re.compile(rb"ISA([^\w\s])[0-9 ]{0,2}\1|GS([^\w\s])HC\2|ST([^\w\s])[0-9]{3}\3")
_ISA_WITHIN = re.compile(rb"ISA([^\w\s])0[0-9]\1.{10}\1")
_MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"


def read(path: Path, columns: Columns | None = None, watch: Watch | None = None) -> Iterator[ServiceLine | Problem]:
    """Yields the service lines of a file, and a problem for each thing in it that could not be read.

    The format is seen from the first bytes: Parquet, X12 (an 837P), JSON (FHIR), and everything else as CSV. `columns`
    says what the columns of a table mean, where its header does not. `watch` may wrap the stream to show progress; a
    Parquet file is not read as a stream. A pipe is read like a file, unless it holds Parquet. Raises OSError where the
    file cannot be opened.
    """
    found = _read(path, columns, watch)
    first = next(found, None)
    yield first or Problem(str(path), 1, 1, "no service line stands in this file", "no-lines")
    yield from found


def _read(path: Path, columns: Columns | None, watch: Watch | None) -> Iterator[ServiceLine | Problem]:
    with path.open("rb") as file, (watch or nullcontext)(file) as stream:
        head = stream.read(FIRST_BYTES)
        if packed := next((message for begins, message in _PACKED if begins.match(head)), None):
            yield Problem(str(path), 1, 1, packed, "packed")
        elif head.startswith(b"PAR1") and not file.seekable():
            message = "this is Parquet, which cannot be read from a pipe: write it to a file, and name that"
            yield Problem(str(path), 1, 1, message, "unreadable")
        elif head.startswith(b"PAR1"):
            yield from parquet_file.read(path, columns)
        else:
            yield from _streamed(path, head, told_again(head, stream), columns)


def _streamed(path: Path, head: bytes, stream: BinaryIO, columns: Columns | None) -> Iterator[ServiceLine | Problem]:
    if _is_x12(path, head):
        yield from x837.read(stream, str(path))
    elif head.lstrip(_MARKS)[:1] in (b"{", b"["):
        yield from fhir_file.read(stream, str(path))
    else:
        yield from csv_file.read(stream, str(path), columns)


def _is_x12(path: Path, head: bytes) -> bool:
    named = path.suffix.lower() in (".837", ".x12", ".edi", ".837p")
    text = head.replace(b"\0", b"")
    return named or bool(_X12.match(text.lstrip(_MARKS)) or _ISA_WITHIN.search(text))

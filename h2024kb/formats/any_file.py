"""Reads a file of claims, whichever of the known formats it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from h2024kb.formats import first_bytes
from h2024kb.formats.fhir import fhir_file
from h2024kb.formats.rewound import from_the_start
from h2024kb.formats.table import csv_file, parquet_file
from h2024kb.formats.table.columns import Columns
from h2024kb.formats.x12 import x837
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

# So much is searched for an ISA segment within mail or XML.
FIRST_BYTES = 65536
Watch = Callable[[BinaryIO], AbstractContextManager[BinaryIO]]

# A header of CSV may begin with STATE, ST or ISACTIVE: a segment is looked for, not its name alone.
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
    yield first or Problem(str(path), 1, 1, "this file has no service line", "no-lines")
    yield from found


def _read(path: Path, columns: Columns | None, watch: Watch | None) -> Iterator[ServiceLine | Problem]:
    with path.open("rb") as file, (watch or nullcontext)(file) as stream:
        head = stream.read(FIRST_BYTES)
        if refusal := first_bytes.packed(head):
            yield Problem(str(path), 1, 1, *refusal)
        elif head.startswith(first_bytes.PARQUET) and not file.seekable():
            # A Parquet file says at its end where its columns are, and a pipe has no end to go to.
            message = "this is Parquet, which cannot be read from a pipe: write it to a file, and name that"
            yield Problem(str(path), 1, 1, message, "unreadable")
        elif head.startswith(first_bytes.PARQUET):
            yield from parquet_file.read(path, columns)
        else:
            yield from _streamed(path, head, from_the_start(head, stream), columns)


def _streamed(path: Path, head: bytes, stream: BinaryIO, columns: Columns | None) -> Iterator[ServiceLine | Problem]:
    # X12 comes first: senders wrap it in XML or mail, and it is read in UTF-16 too.
    if _is_x12(path, head):
        yield from x837.read(stream, str(path))
    elif refusal := first_bytes.not_text(head):
        yield Problem(str(path), 1, 1, *refusal)
    elif head.lstrip(_MARKS)[:1] in (b"{", b"["):
        yield from fhir_file.read(stream, str(path))
    else:
        yield from csv_file.read(stream, str(path), columns)


def _is_x12(path: Path, head: bytes) -> bool:
    named = path.suffix.lower() in (".837", ".x12", ".edi", ".837p")
    text = head.replace(b"\0", b"")
    return named or bool(_X12.match(text.lstrip(_MARKS)) or _ISA_WITHIN.search(text))

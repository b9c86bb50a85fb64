"""Reads a file of claims, whichever of the known formats it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from h2024kb.formats import csv_file, fhir, parquet_file, x837
from h2024kb.formats.columns import Columns
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

FIRST_BYTES = 65536
PACKED = {b"\x1f\x8b": "gzip", b"PK": "zip", b"7z": "7z", b"BZ": "bzip2"}
Watch = Callable[[BinaryIO], AbstractContextManager[BinaryIO]]


def read(path: Path, columns: Columns | None = None, watch: Watch | None = None) -> Iterator[ServiceLine | Problem]:
    """Yields the service lines of a file, and a problem for each thing in it that could not be read.

    The format is seen from the first bytes: Parquet, X12 (an 837P), JSON (FHIR), and everything else as CSV. `columns`
    says what the columns of a table mean, where its header does not. `watch` may wrap the stream to show progress; a
    Parquet file is not read as a stream. Raises OSError where the file cannot be opened.
    """
    with path.open("rb") as file, (watch or nullcontext)(file) as stream:
        head = stream.read(FIRST_BYTES)
        stream.seek(0)
        if packed := PACKED.get(head[:2]):
            yield Problem(str(path), 1, 1, f"is packed with {packed}; unpack it first", "packed")
        elif head[:4] == b"PAR1":
            yield from parquet_file.read(path, columns)
        elif _is_x12(path, head):
            yield from x837.read(stream, str(path))
        elif head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            yield from fhir.read(stream, str(path))
        else:
            yield from csv_file.read(stream, str(path), columns)


def _is_x12(path: Path, head: bytes) -> bool:
    named = path.suffix.lower() in (".837", ".x12", ".edi", ".837p")
    text = head.replace(b"\0", b"")
    return named or text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"ISA", b"GS", b"ST")) or b"ISA*00" in text

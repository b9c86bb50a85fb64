"""Reads the lines of a text file in bounded memory, however long they are, whatever bytes stand in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from h2024kb.problem import Problem

MAX_BYTES = 16 << 20
CHUNK = 256 << 10

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


class Record(NamedTuple):
    """One row, or one line of the file, as written."""

    line: int
    text: str


def refusal(head: bytes) -> tuple[str, str] | None:
    """Returns why a file that starts so is no CSV; None where it may be."""
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


def lines(stream: BinaryIO, head: bytes, path: str, encoding: str) -> Iterator[Record | Problem]:
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
        yield Record(number, text)


def _other_bytes(encoding: str) -> str:
    return f"this byte is not {encoding}: cells that have such are read as latin-1; save the file as UTF-8"


def as_latin(text: str, encoding: str) -> str:
    """Returns the text, or that of its bytes where some of them are of another encoding."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "surrogateescape").decode("latin-1")
    return text

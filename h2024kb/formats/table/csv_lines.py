"""Reads the lines of a text file in bounded memory, however long they are, whatever bytes are in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from h2024kb.problem import Problem

MAX_BYTES = 16 << 20
CHUNK = 256 << 10


class Record(NamedTuple):
    """One row, or one line of the file, as written."""

    line: int
    text: str


def _raw_lines(stream: BinaryIO, head: bytes) -> Iterator[bytes | None]:
    """Yields the lines of a file with their ends; None for one that is too long, which is never kept whole."""
    held, too_long = head, False
    while True:
        # Bytes are split at CR, LF and CRLF only; text would be split at form feeds too, which cells may have.
        lines = held.splitlines(keepends=True)
        # A chunk that ends with CR may be cut within CRLF, so only LF ends its last line for sure.
        held = b"" if not lines or lines[-1].endswith(b"\n") else lines.pop()
        for line in lines:
            yield None if too_long or len(line) > MAX_BYTES else line
            too_long = False
        if too_long or len(held) > MAX_BYTES:
            # The text is let go of, but not a CR at its end, which may be half of the line end.
            held, too_long = b"\r" * held.endswith(b"\r"), True
        chunk = stream.read(CHUNK)
        if not chunk:
            break
        held += chunk
    if held or too_long:
        yield None if too_long else held


def lines(stream: BinaryIO, head: bytes, path: str, encoding: str) -> Iterator[Record | Problem]:
    """Yields the lines as text, or a problem for one that is not text; bytes of another encoding are kept."""
    said = False
    for number, raw in enumerate(_raw_lines(stream, head), 1):
        if raw is None:
            message = f"this line has over {MAX_BYTES >> 20} MiB and is left out: write each row on a line of its own"
            yield Problem(path, number, 1, message, "too-long")
            continue
        if b"\0" in raw:
            column = raw.index(b"\0") + 1
            yield Problem(path, number, column, "this is a zero byte: the line is left out", "binary")
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            # One name in Latin-1 must not cost a file of a million lines: the bytes are kept, and the cells that have
            # them are read as Latin-1 (see as_latin).
            text = raw.decode(encoding, "surrogateescape")
            if not said:
                column = len(raw[: error.start].decode(encoding, "surrogateescape")) + 1
                yield Problem(path, number, column, _other_bytes(encoding), "encoding")
            said = True
        yield Record(number, text)


def _other_bytes(encoding: str) -> str:
    return f"this byte is not {encoding}: cells with such bytes are read as latin-1; save the file as UTF-8"


def as_latin(text: str, encoding: str) -> str:
    """Returns the text, or that of its bytes where some of them are of another encoding."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "surrogateescape").decode("latin-1")
    return text

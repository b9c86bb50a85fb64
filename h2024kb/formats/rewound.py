"""Reads the beginning of a stream a second time, of a pipe too, which cannot be wound back."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, cast

CHUNK = 1 << 18


def from_the_start(head: bytes, stream: BinaryIO) -> BinaryIO:
    """Returns a stream of what was read of another one, and then of the rest of that.

    >>> pipe = io.BytesIO(b"one two")
    >>> from_the_start(pipe.read(3), pipe).read()
    b'one two'
    """
    # A file is wound back, which costs nothing: to put its beginning before the rest would copy every byte of it.
    if stream.seekable():
        stream.seek(0)
        return stream
    # Readers ask for lines, which a raw stream would look for a byte at a time.
    return cast(BinaryIO, io.BufferedReader(_HeadThenRest(head, stream), CHUNK))


class _HeadThenRest(io.RawIOBase):
    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        # Never both in one call: to wait for more of a pipe while there is something to give would hold it up.
        piece = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)

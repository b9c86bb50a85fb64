"""Reads the beginning of a stream a second time, of a pipe too, which cannot be wound back."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, cast

CHUNK = 1 << 18


def told_again(head: bytes, stream: BinaryIO) -> BinaryIO:
    """Returns a stream of what was read of another one, and then of the rest of that.

    >>> pipe = io.BytesIO(b"one two")
    >>> told_again(pipe.read(3), pipe).read()
    b'one two'
    """
    if stream.seekable():
        stream.seek(0)
        return stream
    return cast(BinaryIO, io.BufferedReader(_Again(head, stream), CHUNK))


class _Again(io.RawIOBase):
    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)

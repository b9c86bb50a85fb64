"""The text of a file in pieces: decoded as it is needed, with the line and column of every character."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from h2024kb.formats.first_bytes import UTF_16
from h2024kb.problem import Problem

CHUNK = 1 << 18
_MARKS = {
    codecs.BOM_UTF8: (codecs.BOM_UTF8, "utf-8", "the file begins with a byte order mark, which X12 does not have"),
    codecs.BOM_UTF16_LE: (b"", "utf-16", UTF_16.message),
    codecs.BOM_UTF16_BE: (b"", "utf-16", UTF_16.message),
    b"I\0S\0": (b"", "utf-16-le", UTF_16.message),
    b"\0I\0S": (b"", "utf-16-be", UTF_16.message),
}
# Bytes that are not UTF-8 become the characters DC80 to DCFF, one each; `readable` turns them into letters.
_STRANGE = re.compile("[\0\udc80-\udcff]")


class Text:
    """A window on a file's text: what was read and not yet passed, and the place of its first character.

    What is wrong with the encoding is a problem once for a file, and does not stop the reading.
    """

    def __init__(self, stream: BinaryIO, path: str) -> None:
        self.window = ""
        self.line = self.column = 1
        self.ended = False
        self._problems: list[Problem] = []
        self._stream, self._path, self._strange = stream, path, False
        raw, self._decoder = self._begin()
        self._add(self._decoder.decode(raw))

    def more(self) -> bool:
        """Reads on; False where the file has ended."""
        raw = self._stream.read(CHUNK)
        self.ended = not raw
        self._add(self._decoder.decode(raw, final=self.ended))
        return not self.ended

    def skip(self, count: int) -> None:
        """Passes the first characters of the window."""
        self.line, self.column = self.place(count)
        self.window = self.window[count:]

    def skip_blanks(self) -> None:
        """Passes line breaks, tabs and spaces."""
        self.skip(len(self.window) - len(self.window.lstrip("\r\n\t ")))

    def new_problems(self) -> list[Problem]:
        """Returns what was found wrong since it was last asked."""
        found, self._problems = self._problems, []
        return found

    def place(self, offset: int) -> tuple[int, int]:
        """Returns the line and column of a character of the window."""
        start = self.window.rfind("\n", 0, offset)
        if start < 0:
            return self.line, self.column + offset
        return self.line + self.window.count("\n", 0, offset), offset - start

    def _begin(self) -> tuple[bytes, codecs.IncrementalDecoder]:
        raw = b""
        # A pipe may give a single byte at a time.
        while len(raw) < 4 and (piece := self._stream.read(CHUNK)):
            raw += piece
        for mark, (passed, codec, message) in _MARKS.items():
            if raw.startswith(mark):
                rule = "byte-order-mark" if mark == codecs.BOM_UTF8 else "encoding"
                self._problems.append(Problem(self._path, 1, 1, message, rule))
                return raw.removeprefix(passed), _decoder(codec)
        return raw, _decoder("utf-8")

    def _add(self, text: str) -> None:
        before, self.window = len(self.window), self.window + text
        # Said once a file: a file in Latin-1 has such a byte in every other name.
        if self._strange or (text.isascii() and "\0" not in text):
            return
        if strange := _STRANGE.search(self.window, before):
            self._strange = True
            self._problems.append(
                Problem(self._path, *self.place(strange.start()), _message(strange.group()), "encoding")
            )


def _decoder(codec: str) -> codecs.IncrementalDecoder:
    # A byte of another encoding must not cost the file, nor the place of what follows it: it stays one character, and
    # `size` finds it again.
    return codecs.getincrementaldecoder(codec)("surrogateescape" if codec == "utf-8" else "replace")


def _message(strange: str) -> str:
    if strange == "\0":
        return "this is a zero byte: the file is binary, or was damaged; what looks like X12 is read"
    return "this byte is not UTF-8; such bytes are read as Latin-1: save the file as UTF-8"


def readable(text: str) -> str:
    r"""Returns a text without blanks around it, with Latin-1 letters for bytes that were not UTF-8.

    >>> readable(" Caf\udce9 ")
    'Café'
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = "".join(chr(ord(one) - 0xDC00) if "\udc80" <= one <= "\udcff" else one for one in text)
    return "".join(one for one in text if one.isprintable()).strip()


def size(text: str) -> int:
    """Returns how many bytes of the file a text was."""
    return len(text.encode("utf-8", "surrogateescape"))

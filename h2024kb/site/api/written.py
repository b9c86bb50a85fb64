"""Files of the API as they are written: JSON with one line end, and their SHA-256."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from h2024kb.knowledge.model import Record
from h2024kb.site.parts.render import asset


class Written(NamedTuple):
    """A file: its path below the site, and its bytes."""

    path: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def written(path: str, resource: Record) -> Written:
    """Returns a resource as a file; equal resources give equal bytes."""
    return Written(path, msgspec.json.encode(resource) + b"\n")


def sums(files: list[Written], path: str) -> Written:
    r"""Returns the file that `sha256sum -c` reads, run in the folder where it stands.

    >>> sums([Written("api/v1/index.json", b""), Written("data/facts.csv", b"")], "api/v1/SHA256SUMS").content[64:81]
    b'  ../../data/fact'
    """
    lines = sorted(f"{file.sha256}  {asset(path, file.path)}\n" for file in files)
    return Written(path, "".join(sorted(lines, key=lambda line: line[66:])).encode())

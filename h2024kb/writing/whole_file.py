"""Writes a file whole or not at all, so that no reader ever meets half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def check_place(path: Path, reads: Iterable[Path] = ()) -> None:
    """Raises ValueError, which says what to write instead, for a place where no file can be.

    One of the files to be read cannot be the output, too: writing would destroy it.
    """
    if path.is_dir():
        raise ValueError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {path.parent} to write {path.name} to: make it, or name another")
    if path.exists() and any(read.exists() and path.samefile(read) for read in reads):
        raise ValueError(f"{path} is one of the files to be read: name another output")


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all: beside its place first, then put in its place in one step.

    Raises ValueError where no file can be at the place. Who may read it is what the user set for all new files. A link
    stays a link, and what it names is written.
    """
    check_place(path)
    if path.exists() and not path.is_file():
        # A pipe or a device, such as /dev/stdout, has to be written to; a file in its place would take it away.
        path.write_bytes(content)
        return
    place = path.resolve()
    handle, beside = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            # Without this a power cut just after the renaming may leave an empty file under the name.
            os.fsync(file.fileno())
        # A temporary file is its owner's alone.
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    # It can only be read by setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask

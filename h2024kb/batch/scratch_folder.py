"""A folder beside the output for what a run writes until it is whole: a run that is killed leaves no half output."""

from __future__ import annotations

import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

LOCK = "lock"


@contextmanager
def beside(output: Path) -> Iterator[Path]:
    """Yields a folder beside an output, which only its owner may enter, and removes it at the end.

    It may contain claim lines that did not fit into memory. What a killed run has left is removed by the next one for
    the same output.
    """
    for left in output.parent.glob(f".{glob.escape(output.name)}.*/{LOCK}"):
        if _abandoned(left):
            shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as name, _locked(Path(name)):
        yield Path(name)


def put_in_place(written: Path, output: Path) -> None:
    """Puts a whole file in the place of the output in one step."""
    # On the disk first: after a crash, the name must not lead to a file whose contents were still to be written.
    with written.open("rb") as file:
        os.fsync(file.fileno())
    written.replace(output)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Locks a file in a folder until the end; the file has its name only once it is locked."""
    # The system releases a lock when a process dies, however it dies, which no file with a process number in it would
    # show. Locked first and then named, so that no other run finds a lock that is not yet taken.
    waiting = folder / f"{LOCK}.new"
    with waiting.open("wb") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
            waiting.rename(folder / LOCK)
        yield


def _abandoned(lock: Path) -> bool:
    """Whether the run that locked a file is gone; never known on Windows, which has no such lock."""
    try:
        with lock.open("rb") as file:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
    except OSError:
        pass
    return False

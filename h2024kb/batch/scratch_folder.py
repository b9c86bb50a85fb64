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

    It may hold claim lines that did not fit into memory. What a killed run has left is removed by the next for the same
    output.
    """
    for left in output.parent.glob(f".{glob.escape(output.name)}.*/{LOCK}"):
        if _abandoned(left):
            shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as name, _locked(Path(name)):
        yield Path(name)


def put_in_place(written: Path, output: Path) -> None:
    """Puts a whole file in the place of the output in one step."""
    with written.open("rb") as file:
        os.fsync(file.fileno())
    written.replace(output)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Holds a lock in a folder, which is there only once it is held."""
    waiting = folder / f"{LOCK}.new"
    with waiting.open("wb") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
            waiting.rename(folder / LOCK)
        yield


def _abandoned(lock: Path) -> bool:
    """Whether nobody holds a lock any more."""
    try:
        with lock.open("rb") as file:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
    except OSError:
        pass
    return False

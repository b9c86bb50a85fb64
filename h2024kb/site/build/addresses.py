"""The addresses of every page ever published: none is ever lost, each still is a page or leads to one.

`python -m h2024kb.site.build.addresses docs` adds the pages of today to `docs/addresses.txt`; `make addresses` runs it.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Final

import h2024kb
from h2024kb import site

FILE: Final = "addresses.txt"


def current(docs: Path, today: dt.date) -> set[str]:
    """Returns the address of every page there is: made from the policies, moved, or written by hand."""
    names = {*site.pages(h2024kb.open(), today)}
    names |= {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    return {name.removesuffix(".md") + ".html" for name in names}


def published(docs: Path) -> set[str]:
    """Returns every address ever published, as written down."""
    return set((docs / FILE).read_text("utf-8").split()) if (docs / FILE).exists() else set()


def lost(docs: Path, today: dt.date) -> list[str]:
    """Returns the published addresses at which no page stands any more; there must be none."""
    return sorted(published(docs) - current(docs, today))


def add(docs: Path, today: dt.date) -> None:
    """Writes down the addresses of today beside those written before."""
    every = sorted(published(docs) | current(docs, today))
    (docs / FILE).write_text("\n".join(every) + "\n", "utf-8")


if __name__ == "__main__":
    add(Path(sys.argv[1]), dt.date.today())

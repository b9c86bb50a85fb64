"""Where each jurisdiction stands on a map of tiles."""

from __future__ import annotations

from typing import Final

# fmt: off
TILES: Final = (
    "AK .. .. .. .. .. .. .. .. .. ME",
    ".. .. .. .. .. .. .. .. .. VT NH",
    "WA ID MT ND MN IL WI MI NY RI MA",
    "OR NV WY SD IA IN OH PA NJ CT ..",
    "CA UT CO NE MO KY WV VA MD DE ..",
    ".. AZ NM KS AR TN NC SC DC .. ..",
    ".. .. .. OK LA MS AL GA .. .. ..",
    "HI .. .. TX .. .. .. .. FL .. ..",
    "AS GU MP .. .. .. .. .. .. PR VI",
)
"""The map, row by row: each state where a reader looks for it, the territories in the last row."""
# fmt: on


def tile(code: str) -> tuple[int, int] | None:
    """Returns the row and the column of a jurisdiction's tile, both from 1; None for what has none.

    >>> tile("AK"), tile("ME"), tile("US")
    ((1, 1), (1, 11), None)
    """
    for number, row in enumerate(TILES, 1):
        if code in row.split():
            return number, row.split().index(code) + 1
    return None

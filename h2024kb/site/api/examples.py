"""Examples for the description: real files, cut short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from h2024kb.knowledge.model import Record
from h2024kb.site.api.statements import KnownAnswer
from h2024kb.site.parts.views import CODE

ROWS: Final = 2
"""How many rows of a list an example shows."""

_LISTS: Final = ("policies", "codes", "payers", "coverage", "days", "changes")


def examples(several: Mapping[str, list[Record]], lists: Mapping[str, Record]) -> dict[str, Record]:
    """Returns one file of each resource that has one; `several` holds those of which there are many.

    Of the policies it is the shortest whose coverage is known, of the codes H2024, else the first.
    """
    chosen = {name: _best(files) for name, files in several.items() if files}
    return {name: _cut(one) for name, one in (chosen | dict(lists)).items()}


def _best(files: list[Record]) -> Record:
    return min(files, key=_rank)


def _rank(one: Record) -> tuple[bool, bool, int]:
    coverage = next(iter(getattr(one, "answers", [])), None)
    return not isinstance(coverage, KnownAnswer), getattr(one, "code", "") != CODE, len(getattr(one, "entries", ()))


def _cut(one: Record) -> Record:
    lists = {name: held[:ROWS] for name in _LISTS if isinstance(held := getattr(one, name, None), tuple)}
    return msgspec.structs.replace(one, **lists)

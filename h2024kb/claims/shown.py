"""What a line shows for all cuts of a version, read field by field: cuts of one field are worked out together, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter

from h2024kb.claims.cuts import Cut, Seen, Value, value
from h2024kb.line import ServiceLine

MOST_KEPT = 1024
"""So many raw values of a field are remembered with what they show; further ones are worked out each time."""


@dataclass(frozen=True, slots=True)
class Column:
    """The cuts that read the same fields; what an identifying text shows is never remembered by its text."""

    cuts: tuple[Cut, ...]
    read: Callable[[ServiceLine], Value]
    _kept: dict[Value, tuple[Value, ...]] = field(default_factory=dict, repr=False, compare=False)

    def values(self, line: ServiceLine, seen: Seen | None) -> tuple[Value, ...]:
        """Returns what the line shows for each cut."""
        raw = self.read(line)
        found = self._kept.get(raw) if seen is None else None
        if found is None:
            found = tuple(value(cut, line, seen) for cut in self.cuts)
            if seen is None and len(self._kept) < MOST_KEPT:
                self._kept[raw] = found
        return found


def columns(cuts: tuple[Cut, ...]) -> tuple[Column, ...]:
    """Groups cuts by the fields they read."""
    groups: dict[tuple[str, ...], list[Cut]] = {}
    for cut in cuts:
        only_told = ("told",) if cut.kind == "told" else ()
        groups.setdefault((*only_told, *cut.fields), []).append(cut)
    return tuple(Column(tuple(group), _reader(group[0])) for group in groups.values())


def _reader(cut: Cut) -> Callable[[ServiceLine], Value]:
    if cut.kind == "told":
        return _whether_told(cut.fields[0])
    fields = ["days" if name == "other_lines" else name for name in cut.fields]
    return attrgetter(*fields)


def _whether_told(name: str) -> Callable[[ServiceLine], Value]:
    def read(line: ServiceLine) -> Value:
        given = getattr(line, name)
        return None if given is None else bool(given)

    return read

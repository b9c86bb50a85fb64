"""What a line shows for all cuts of a version, read field by field: cuts of one field are worked out together, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter

from h2024kb.claims.cuts import READ, Cut, Seen, Value, value
from h2024kb.line import ServiceLine

MOST_KEPT = 1024
"""So many raw values of a field are remembered with what they show; further ones are worked out each time."""


@dataclass(frozen=True, slots=True)
class CutGroup:
    """Cuts that read the same fields, and what raw values of these fields show for them, as far as kept.

    `rest` is what every value shows that is not kept, and None where that has to be worked out. So an identifying text,
    such as an authorization number, is never kept: a rule sees only whether it is given.
    """

    cuts: tuple[Cut, ...]
    read: Callable[[ServiceLine], Value]
    kept: dict[Value, tuple[Value, ...]] = field(default_factory=dict, repr=False, compare=False)
    rest: tuple[Value, ...] | None = None

    def row(self, line: ServiceLine) -> tuple[Value, ...]:
        """Returns what the line shows for each cut, where the member's other lines are not given."""
        # Equal raw values show the same for every cut of the group, since these fields are all that its cuts read.
        raw = self.read(line)
        found = self.kept.get(raw, self.rest)
        if found is None:
            found = tuple(value(cut, line, None) for cut in self.cuts)
            if len(self.kept) < MOST_KEPT:
                self.kept[raw] = found
        return found

    def row_beside(self, line: ServiceLine, seen: Seen) -> tuple[Value, ...]:
        """Returns the row where the member's other lines are given; for cuts that look at these alone."""
        return tuple([READ[cut.kind](line, seen, *cut.args) for cut in self.cuts])


class CutValues:
    """Cuts that look at the line alone, in groups; what is kept is looked up here, without a call for each group."""

    def __init__(self, cuts: tuple[Cut, ...]) -> None:
        # Cuts of one field together: a line's modifiers are looked up once for all rules on modifiers.
        by_fields: dict[tuple[str, ...], list[Cut]] = {}
        for cut in cuts:
            by_fields.setdefault(cut.fields, []).append(cut)
        groups = [_group(tuple(some)) for some in by_fields.values()]
        self.cuts = tuple(cut for group in groups for cut in group.cuts)
        self._lookups = tuple((one.read, one.kept.get, one.rest, one.row) for one in groups)

    def rows(self, line: ServiceLine) -> list[tuple[Value, ...]]:
        """Returns what a line shows, a row for each group."""
        return [kept(read(line), rest) or row(line) for read, kept, rest, row in self._lookups]


def _group(cuts: tuple[Cut, ...]) -> CutGroup:
    read = attrgetter(*cuts[0].fields)
    if any(cut.kind != "told" for cut in cuts):
        return CutGroup(cuts, read)
    # All that says "no" is kept from the start, and the rest says "yes": so nothing is ever remembered of the numbers.
    no, yes = tuple(False for _ in cuts), tuple(True for _ in cuts)
    not_given = tuple(value(cut, ServiceLine(), None) for cut in cuts)
    return CutGroup(cuts, read, {None: not_given, False: no, "": no, (): no}, yes)


def beside(cuts: tuple[Cut, ...]) -> CutGroup:
    """Returns the one column of all cuts that look at a member's other lines."""
    fields = dict.fromkeys(name for cut in cuts for name in cut.fields if name != "other_lines")
    return CutGroup(cuts, attrgetter("days", *fields))

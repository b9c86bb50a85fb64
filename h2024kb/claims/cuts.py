"""What a rule looks at in a line, cut to as few values as the rule can tell apart.

A rule never sees the line itself. It declares cuts and is judged by their values alone; so two lines with equal values
have equal findings, by construction. A cut is plain data: its kind, the fields it reads, all the values there are (a
line that leaves a field out is completed with each of them), and what its kind needs to know.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from h2024kb.knowledge.model import Span
from h2024kb.line import ServiceLine

Value: TypeAlias = Hashable
Sets: TypeAlias = frozenset[frozenset[str]]

OTHER = "··"
"""Stands for every value that no rule names; no code, modifier or place of service is written so."""


TOLD_BY: Final = {
    "days_to_submission": "submitted",
    "days": "date_of_service",
    "authorized": "prior_authorization_number",
}
"""The field that has to be given for one that is worked out."""


class Cut(NamedTuple):
    """One thing in a line that a rule looks at."""

    kind: str
    fields: tuple[str, ...]
    domain: tuple[Value, ...]
    args: tuple[Any, ...] = ()


class Missing(NamedTuple):
    """The value of a cut where the line leaves something out: the fields it would have to give."""

    fields: tuple[str, ...]


class Total(NamedTuple):
    """What a limit counts: one measure, over these codes of a member, in one period.

    `by_day`: a unit is a day, and no line can have two of them on one day; `per_diem` are the codes of which that is so
    where it is not of all.
    """

    codes: frozenset[str]
    per: str
    measure: str
    by_day: bool
    per_diem: frozenset[str] = frozenset()


class Seen(Protocol):
    """What the member's other lines show."""

    def within(self, line: ServiceLine, total: Total, bound: Decimal, /) -> str:
        """Says whether a total that the line belongs to is `within` a bound, `over` it, or whether that is `unsure`."""

    def beside(self, line: ServiceLine, codes: frozenset[str], per: str, /) -> str:
        """Says whether another line of these codes is `beside` it in a day or a month, `apart`, or `unsure`."""


def given(field: str) -> Cut:
    """Whether a list is given that is not empty; False where the line says that there is none."""
    # The kind's name is part of the tables that the site ships, so it stays as it is.
    return Cut("told", (field,), (True, False), (field,))


def authorized() -> Cut:
    """Whether the line has the number of an authorization; False where it says that there is none."""
    # The kind's name is part of the tables that the site ships, so it stays as it is.
    return Cut("told", ("authorized",), (True, False), ("authorized",))


def attested() -> Cut:
    """Whether somebody vouches for what no claim line shows."""
    # The kind's name is part of the tables that the site ships, so it stays as it is.
    return Cut("told", ("conditions_met",), (True, False), ("conditions_met",))


def named(field: str, values: frozenset[str]) -> Cut:
    """A field's value where the rule names it, else OTHER."""
    return Cut("named", (field,), (*sorted(values), OTHER), (field, values))


def has(modifier: str) -> Cut:
    """Whether one modifier is on the line."""
    return Cut("has", ("modifiers",), (True, False), (modifier,))


def beyond(known: frozenset[str]) -> Cut:
    """Whether the line has a modifier that is not one of these."""
    return Cut("beyond", ("modifiers",), (True, False), (known,))


def showing(sets: Sets) -> Cut:
    """Which of several sets of modifiers the line shows whole, as their union; order and repetition are free."""
    # A line may show several sets at once, so the values are all their unions, not the sets alone.
    unions: set[frozenset[str]] = {frozenset()}
    for one in sets:
        unions |= {union | one for union in unions}
    domain: list[frozenset[str]] = sorted(unions, key=_listed)
    return Cut("showing", ("modifiers",), tuple(domain), (sets,))


def _listed(names: frozenset[str]) -> list[str]:
    return sorted(names)


def row(rows: Sets, free: frozenset[str]) -> Cut:
    """Which row of a table the line is: all modifiers of the row, and beyond them only free ones; OTHER where none."""
    listed: list[frozenset[str]] = sorted(rows, key=_listed)
    return Cut("row", ("modifiers",), (*listed, OTHER), (rows, free))


def at_most(field: str, bound: Decimal, times: str | None = None, plus: Decimal = Decimal(0)) -> Cut:
    """Whether a number of the line is at most a bound, times another number of it where one is named, `plus` more."""
    return Cut("at-most", (field, times) if times else (field,), (True, False), (field, bound, times, plus))


def at_least(field: str, bound: Decimal, times: str | None = None, plus: Decimal = Decimal(0)) -> Cut:
    """Whether a number of the line is at least a bound, times another number of it where one is named, `plus` more."""
    return Cut("at-least", (field, times) if times else (field,), (True, False), (field, bound, times, plus))


def can_be(field: str, above: Decimal, *, whole: bool = False) -> Cut:
    """Whether a number of the line, if it is given, is more than a bound, and `whole` where it must be."""
    return Cut("can-be", (field,), (True, False), (field, above, whole))


def bands(field: str, *spans: Span) -> Cut:
    """A whole number, cut to the first number of the band it lies in; bands begin and end where a span does.

    >>> bands("age", Span(from_=18, to=60)).domain
    (17, 18, 61)
    """
    # Inside a band no span begins or ends, so any number of it stands for all; its first is the plainest.
    starts = {span.from_ for span in spans if span.from_ is not None}
    edges = tuple(sorted(starts | {span.to + 1 for span in spans if span.to is not None}))
    return Cut("bands", (field,), (edges[0] - 1, *edges), (field, edges))


def diagnosed(codes: tuple[str, ...]) -> Cut:
    """Whether one of the claim's diagnoses begins with one of these codes."""
    return Cut("diagnosed", ("diagnoses",), (True, False), (codes,))


def within(total: Total, bound: Decimal) -> Cut:
    """Whether what is counted with the line stays within a bound."""
    return Cut("within", (total.measure, "other_lines"), ("within", "over"), (total, bound))


def beside(codes: frozenset[str], per: str) -> Cut:
    """Whether the member has another line with one of these codes on a day, or in a month, of this line."""
    return Cut("beside", ("other_lines",), ("apart", "beside"), (codes, per))


def value(cut: Cut, line: ServiceLine, seen: Seen | None) -> Value:
    """Returns what a line shows for a cut: a value, or what is missing for one.

    >>> value(authorized(), ServiceLine(prior_authorization_number="NONE"), None)
    False
    >>> value(at_most("minutes", Decimal(60)), ServiceLine(), None)
    Missing(fields=('minutes',))
    """
    if "other_lines" not in cut.fields and cut.kind != "can-be":
        missing = [field for field in cut.fields if getattr(line, field) is None]
        if missing:
            return Missing(tuple(TOLD_BY.get(field, field) for field in missing))
    return READ[cut.kind](line, seen, *cut.args)


def _told(line: ServiceLine, seen: Seen | None, field: str) -> Value:
    return bool(getattr(line, field))


def _named(line: ServiceLine, seen: Seen | None, field: str, values: frozenset[str]) -> Value:
    shown: str = getattr(line, field)
    return shown if shown in values else OTHER


def _has(line: ServiceLine, seen: Seen | None, modifier: str) -> Value:
    return modifier in (line.modifiers or ())


def _beyond(line: ServiceLine, seen: Seen | None, known: frozenset[str]) -> Value:
    return not known.issuperset(line.modifiers or ())


def _showing(line: ServiceLine, seen: Seen | None, sets: Sets) -> Value:
    shown: frozenset[str] = frozenset()
    return shown.union(*(one for one in sets if one.issubset(line.modifiers or ())))


def _row(line: ServiceLine, seen: Seen | None, rows: Sets, free: frozenset[str]) -> Value:
    shown = frozenset(line.modifiers or ())
    # Two rows may fit where one has a free modifier of its own. The one that says more of the line is the row.
    fits = [one for one in rows if one <= shown and shown - one <= free]
    return max(fits, key=lambda one: (len(one), sorted(one))) if fits else OTHER


def _at_most(line: ServiceLine, seen: Seen | None, field: str, *bound: Any) -> Value:
    number: Decimal = getattr(line, field)
    return number <= _bound(line, *bound)


def _at_least(line: ServiceLine, seen: Seen | None, field: str, *bound: Any) -> Value:
    number: Decimal = getattr(line, field)
    return number >= _bound(line, *bound)


def _bound(line: ServiceLine, bound: Decimal, times: str | None, plus: Decimal) -> Decimal:
    return (bound * getattr(line, times) if times else bound) + plus


def _can_be(line: ServiceLine, seen: Seen | None, field: str, above: Decimal, whole: bool) -> Value:
    number: Decimal | int | None = getattr(line, field)
    return number is None or (number > above and not (whole and number % 1))


def _bands(line: ServiceLine, seen: Seen | None, field: str, edges: tuple[int, ...]) -> Value:
    number: int = getattr(line, field)
    return max((edge for edge in edges if edge <= number), default=edges[0] - 1)


def _diagnosed(line: ServiceLine, seen: Seen | None, codes: tuple[str, ...]) -> Value:
    return any(diagnosis.startswith(codes) for diagnosis in line.diagnoses or ())


def _within(line: ServiceLine, seen: Seen | None, total: Total, bound: Decimal) -> Value:
    own: Decimal | None = getattr(line, total.measure)
    if seen is None:
        # A line over the bound on one day breaks the limit by itself; one over several days may lie in two periods.
        over = own is not None and line.days == 1 and own > bound
        return "over" if over else Missing(("other_lines",) if own is not None else (total.measure, "other_lines"))
    state = seen.within(line, total, bound)
    # The others may already be over the bound, whatever this line adds.
    return Missing((total.measure,)) if own is None and state != "over" else state


def _beside(line: ServiceLine, seen: Seen | None, codes: frozenset[str], per: str) -> Value:
    return Missing(("other_lines",)) if seen is None else seen.beside(line, codes, per)


READ: Final[dict[str, Callable[..., Value]]] = {
    "told": _told,
    "named": _named,
    "has": _has,
    "beyond": _beyond,
    "showing": _showing,
    "row": _row,
    "at-most": _at_most,
    "at-least": _at_least,
    "can-be": _can_be,
    "bands": _bands,
    "diagnosed": _diagnosed,
    "within": _within,
    "beside": _beside,
}
"""How each kind of cut reads a line that gives what it needs."""

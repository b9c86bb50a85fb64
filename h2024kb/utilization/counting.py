"""What service lines show of how codes are used: how much, over how many days, with what modifiers and where.

These are figures of the lines given, and of nobody else: no payer's rule, and no nation's figure. What a line leaves
out is counted as not given. No figure names a member, a claim or a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from decimal import Decimal
from typing import Final

from h2024kb.knowledge.answer import NameNotFound
from h2024kb.knowledge.code_sets import Code, CodeUnit
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record
from h2024kb.line import ServiceLine
from h2024kb.utilization.lines import Used, kept_lines, standing
from h2024kb.utilization.months import MemberMonth, days_billed, member_months
from h2024kb.utilization.spread import Spread, rounded, spread, total

BINS: Final = ((0, 0), (1, 5), (6, 10), (11, 15), (16, 20), (21, 25), (26, 31))
"""How many days of a member-month are shown together, both ends inside."""


class Share(Record, frozen=True):
    """The lines that show one value; `name` is None where they leave it out, and empty where they say there is none.

    A claim or member with several values is counted under each. `share` is that of the lines, to four decimals.
    """

    name: str | None
    lines: int
    claims: int
    members: int
    share: Decimal


class Bin(Record, frozen=True):
    """How many member-months have a number of days, from `least` to `most`."""

    least: int
    most: int
    member_months: int


class Year(Record, frozen=True):
    """One year, or the lines without a date: lines, claims, units and charge by first day; days where they fall."""

    year: int | None
    lines: int
    claims: int
    members: int
    member_months: int
    days: int
    units: Decimal | None
    charge: Decimal
    days_per_member_month: Spread


class Figures(Record, frozen=True):
    """What the lines of one code show, or those of all codes together, whose `code` is None.

    `members`, `member_months` and `days` (of service: one member on one day) leave out lines without a member. `unit`
    is what the code counts by its descriptor. Where codes that count different things are taken together it is None,
    and nothing is said about units: they do not add up. `charge` adds the charges that are given. `charge_per_claim`
    is what one claim charges for these lines, over claims whose lines all give one. `not_given` counts lines by what
    they leave out.
    """

    code: str | None
    unit: CodeUnit | None
    lines: int
    claims: int
    members: int
    member_months: int
    days: int
    units: Decimal | None
    charge: Decimal
    days_per_member_month: Spread
    units_per_line: Spread | None
    units_per_member_month: Spread | None
    charge_per_line: Spread
    charge_per_unit: Spread | None
    charge_per_claim: Spread
    days_of_member_months: tuple[Bin, ...]
    modifiers: tuple[Share, ...]
    places_of_service: tuple[Share, ...]
    payers: tuple[Share, ...]
    jurisdictions: tuple[Share, ...]
    years: tuple[Year, ...]
    not_given: dict[str, int]


class LineUtilization(Record, frozen=True):
    """The figures of each code that has lines, and of all together; every line read is in one of the counts.

    `lines_read` = `counted` + `taken_back_or_replaced` + `of_other_codes` + `without_a_code`.
    """

    asked: tuple[str, ...]
    lines_read: int
    counted: int
    taken_back_or_replaced: int
    of_other_codes: int
    without_a_code: int
    together: Figures
    codes: tuple[Figures, ...]


def family(kb: KnowledgeBase) -> tuple[str, ...]:
    """Returns the codes that the benchmarks cover; without a benchmark, every code in the knowledge base.

    >>> import h2024kb
    >>> family(h2024kb.open())
    ('H2023', 'H2024', 'H2025', 'H2026', 'T2014', 'T2015', 'T2018', 'T2019')
    """
    codes = {row.code for benchmark in kb.contents.benchmarks for row in benchmark.codes}
    return tuple(sorted(codes or kb.codes()))


def utilization(kb: KnowledgeBase, lines: Iterable[ServiceLine], codes: Sequence[str] | None = None) -> LineUtilization:
    """Counts what lines show of some codes, by default the benchmarks' family.

    Lines that are taken back (frequency 8) or replaced (7) by another of the lines given are not counted, nor are those
    that take back. A member is a member of whichever payer: the same text is the same person. Raises NameNotFound for a
    code that is not in the knowledge base.

    >>> import datetime, h2024kb
    >>> day = datetime.date(2026, 3, 2)
    >>> line = ServiceLine(code="H2024", member="a", date_of_service=day, modifiers=("HQ",), units=Decimal(1))
    >>> found = utilization(h2024kb.open(), [line])
    >>> found.together.days, found.together.member_months, found.together.modifiers[0].name
    (1, 1, 'HQ')
    """
    asked = tuple(dict.fromkeys(codes)) if codes else family(kb)
    for code in asked:
        if code not in kb.codes():
            raise NameNotFound("code", code, sorted(kb.codes()))
    kept, others, no_code = kept_lines(kb, lines, frozenset(asked))
    stand = standing(kept)
    ours = [one for one in kept if one.line.code in asked]
    counted = [one for one in ours if id(one.line) in stand]
    rows = {row.code: row for row in kb.contents.code_sets.codes}
    by_code = {code: [one for one in counted if one.line.code == code] for code in asked}
    return LineUtilization(
        asked=asked,
        lines_read=len(ours) + others + no_code,
        counted=len(counted),
        taken_back_or_replaced=len(ours) - len(counted),
        of_other_codes=others,
        without_a_code=no_code,
        together=_figures(None, counted, rows),
        codes=tuple(_figures(code, some, rows) for code, some in by_code.items() if some),
    )


def _figures(code: str | None, lines: Sequence[Used], rows: dict[str, Code]) -> Figures:
    per_diem = {row.code for row in rows.values() if row.unit == "day"}
    months = member_months((one.line for one in lines), per_diem)
    units = {rows[one.line.code].unit if one.line.code in rows else None for one in lines}
    alike = len(units) == 1 and (code is not None or None not in units)
    days = spread([month.days if month.days_known else None for month in months])
    return Figures(
        code=code,
        unit=units.pop() if alike else None,
        lines=len(lines),
        claims=_claims(lines),
        members=_members(lines),
        member_months=len(months),
        days=sum(month.days for month in months),
        units=total(one.line.units for one in lines) if alike else None,
        charge=total(one.line.charge for one in lines),
        days_per_member_month=days,
        units_per_line=spread([one.line.units for one in lines]) if alike else None,
        units_per_member_month=spread([m.units if m.units_known else None for m in months]) if alike else None,
        charge_per_line=spread([one.line.charge for one in lines]),
        charge_per_unit=spread([_per_unit(one.line) for one in lines]) if alike else None,
        charge_per_claim=spread(_claim_charges(lines)),
        days_of_member_months=_bins(months),
        years=_years(lines, months, alike=alike),
        not_given=_not_given(lines, per_diem),
        **{name: _mix(lines, value) for name, value in MIXES.items()},
    )


MIXES: Final[dict[str, Callable[[Used], str | None]]] = {
    "modifiers": lambda one: None if one.line.modifiers is None else " ".join(sorted(set(one.line.modifiers))),
    "places_of_service": lambda one: one.line.place_of_service,
    "payers": lambda one: one.payer,
    "jurisdictions": lambda one: one.line.jurisdiction,
}
"""What the lines are divided by; a set of modifiers is one value, in whatever order it is billed."""


def _mix(lines: Sequence[Used], value: Callable[[Used], str | None]) -> tuple[Share, ...]:
    groups: dict[str | None, list[Used]] = defaultdict(list)
    for one in lines:
        groups[value(one)].append(one)
    shares = [
        Share(
            name=name,
            lines=len(some),
            claims=_claims(some),
            members=_members(some),
            share=rounded(Decimal(len(some)) / len(lines)),
        )
        for name, some in groups.items()
    ]
    return tuple(sorted(shares, key=lambda row: (row.name is None, -row.lines, row.name or "")))


def _years(lines: Sequence[Used], months: Sequence[MemberMonth], *, alike: bool) -> tuple[Year, ...]:
    found: dict[int | None, tuple[list[Used], list[MemberMonth]]] = defaultdict(lambda: ([], []))
    for one in lines:
        day = one.line.date_of_service
        found[day.year if day else None][0].append(one)
    for month in months:
        found[month.year][1].append(month)
    return tuple(
        Year(
            year=year,
            lines=len(some),
            claims=_claims(some),
            members=len({one.member for one in some if one.member} | {month.member for month in inside}),
            member_months=len(inside),
            days=sum(month.days for month in inside),
            units=total(one.line.units for one in some) if alike else None,
            charge=total(one.line.charge for one in some),
            days_per_member_month=spread([month.days if month.days_known else None for month in inside]),
        )
        for year, (some, inside) in sorted(found.items(), key=lambda item: (item[0] is None, item[0] or 0))
    )


def _bins(months: Iterable[MemberMonth]) -> tuple[Bin, ...]:
    days = [month.days for month in months if month.days_known]
    counts = (sum(least <= n <= most for n in days) for least, most in BINS)
    return tuple(Bin(least=least, most=most, member_months=n) for (least, most), n in zip(BINS, counts, strict=True))


def _not_given(lines: Sequence[Used], per_diem: Collection[str]) -> dict[str, int]:
    days = [one for one in lines if days_billed(one.line, per_diem) is None]
    return {
        "claim": sum(one.claim is None for one in lines),
        "member": sum(one.member is None for one in lines),
        "date_of_service": sum(one.line.date_of_service is None for one in lines),
        "days": sum(one.line.date_of_service is not None for one in days),
        **{name: sum(getattr(one.line, name) is None for one in lines) for name in ("units", "charge")},
        **{name: sum(value(one) is None for one in lines) for name, value in MIXES.items()},
    }


def _claim_charges(lines: Iterable[Used]) -> list[Decimal | None]:
    charges: dict[Hashable, list[Decimal | None]] = defaultdict(list)
    for one in lines:
        if one.claim is not None:
            charges[one.claim].append(one.line.charge)
    return [None if None in some else total(some) for some in charges.values()]


def _per_unit(line: ServiceLine) -> Decimal | None:
    return line.charge / line.units if line.charge is not None and line.units is not None and line.units > 0 else None


def _claims(lines: Iterable[Used]) -> int:
    return len({one.claim for one in lines if one.claim is not None})


def _members(lines: Iterable[Used]) -> int:
    return len({one.member for one in lines if one.member})

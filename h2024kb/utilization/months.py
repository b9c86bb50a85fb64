"""Which days and months of service lines show of each member.

A line on one day shows that day. A line over several days shows each of them where it bills a per-diem code with as
many units as days. With other units it shows as many days as units, at most all it covers, and does not say which: they
are laid on its first days that no other line of the member fills. A line over several days that counts anything but
days, or gives no units, does not show its days. Units of zero or less show no day.

A month is one of service, in which the member has a line; no claim shows whether the member was enrolled in others.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import islice
from typing import NamedTuple

from h2024kb.line import ServiceLine

YearMonth = tuple[int, int]


class MemberMonth(NamedTuple):
    """What the lines of one member show of a calendar month.

    `days` are those surely known to be days of service. `days_known` and `units_known` are False where a line that
    touches the month does not show how many of its days, or units, fall in it.
    """

    member: str
    year: int
    month: int
    days: int
    units: Decimal
    days_known: bool
    units_known: bool


def days_billed(line: ServiceLine, per_diem: Collection[str]) -> int | None:
    """Returns how many days of service a line shows; None where it does not show that.

    >>> first, last = dt.date(2026, 3, 2), dt.date(2026, 3, 6)
    >>> line = ServiceLine(code="H2024", date_of_service=first, last_date_of_service=last, units=Decimal(3))
    >>> days_billed(line, {"H2024"}), days_billed(line, set())
    (3, None)
    """
    if line.days is None or line.days < 1:
        return None
    if line.units is not None and line.units <= 0:
        return 0
    if line.days == 1:
        return 1
    if line.units is None or line.code not in per_diem:
        return None
    return min(int(line.units.to_integral_value(ROUND_CEILING)), line.days)


def member_months(lines: Iterable[ServiceLine], per_diem: Collection[str]) -> list[MemberMonth]:
    """Returns each month of each member with a line in it; lines without a member or a date have none.

    Units of a line that bills each of its days fall on these days; all others are counted in the month of the line's
    first day.
    """
    by_member: dict[str, list[ServiceLine]] = defaultdict(list)
    for line in lines:
        if line.member and line.date_of_service is not None:
            by_member[line.member].append(line)
    return [month for member, own in by_member.items() for month in _months(member, own, per_diem)]


def _months(member: str, lines: Sequence[ServiceLine], per_diem: Collection[str]) -> Iterator[MemberMonth]:
    days = Counter((day.year, day.month) for day in days_of_service(lines, per_diem))
    units: dict[YearMonth, Decimal] = defaultdict(Decimal)
    for line in lines:
        for month, amount in _units(line, per_diem):
            units[month] += amount
    open_days = [_span(line) for line in lines if not _shows_days(line, per_diem)]
    open_units = [_span(line) for line in lines if not _shows_units(line, per_diem)]
    for at in sorted(units.keys() | days.keys()):
        days_known = not any(first <= at <= last for first, last in open_days)
        units_known = not any(first <= at <= last for first, last in open_units)
        yield MemberMonth(member, *at, days[at], units[at], days_known, units_known)


def days_of_service(lines: Iterable[ServiceLine], per_diem: Collection[str]) -> set[dt.date]:
    """Returns the days of service that one member's lines show."""
    filled: set[dt.date] = set()
    not_placed: list[tuple[dt.date, int, ServiceLine]] = []
    for line in lines:
        count = days_billed(line, per_diem)
        if count and count == line.days:
            filled.update(_covered(line))
        elif count and line.last_day:
            not_placed.append((line.last_day, count, line))
    for _, count, line in sorted(not_placed, key=lambda one: one[:2]):
        filled.update(list(islice((day for day in _covered(line) if day not in filled), count)))
    return filled


def _covered(line: ServiceLine) -> Iterator[dt.date]:
    """Each day a line covers, one by one: a last day may be written as the end of time."""
    if line.date_of_service is not None:
        for n in range(line.days or 0):
            yield line.date_of_service + dt.timedelta(days=n)


def _units(line: ServiceLine, per_diem: Collection[str]) -> Iterator[tuple[YearMonth, Decimal]]:
    (first, last), amount = _span(line), line.units or Decimal(0)
    if first != last and _bills_each_day(line, per_diem):
        for day in _covered(line):
            yield (day.year, day.month), Decimal(1)
    else:
        yield first, amount


def _shows_days(line: ServiceLine, per_diem: Collection[str]) -> bool:
    count = days_billed(line, per_diem)
    return count == 0 or (count is not None and _in_known_months(line, per_diem))


def _shows_units(line: ServiceLine, per_diem: Collection[str]) -> bool:
    return line.units is not None and _in_known_months(line, per_diem)


def _in_known_months(line: ServiceLine, per_diem: Collection[str]) -> bool:
    first, last = _span(line)
    return first == last or _bills_each_day(line, per_diem)


def _bills_each_day(line: ServiceLine, per_diem: Collection[str]) -> bool:
    return line.code in per_diem and line.units == line.days


def _span(line: ServiceLine) -> tuple[YearMonth, YearMonth]:
    """The first and the last month a line touches; the first alone where it ends before it starts."""
    first = line.date_of_service or dt.date.min
    last = max(first, line.last_day or first)
    return (first.year, first.month), (last.year, last.month)

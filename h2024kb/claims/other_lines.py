"""What the other lines of a member show: totals over a period, and what stands beside a line on its days.

A payer rarely says on which day its week, half-year or year begins, and a line that covers several days does not say on
which of them its units were given. So a total is a range, from the least to the most it can be; a limit is broken where
even the least is over it, and kept where even the most is within it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from h2024kb.claims.cuts import Total
from h2024kb.line import ServiceLine


class Window(NamedTuple):
    """One period: which of the ways to lay periods over the calendar it belongs to, and its number there."""

    laid: int
    number: int


class Share(NamedTuple):
    """The least and the most of a line that falls in a window; `most` is None where the line does not tell it."""

    least: Decimal
    most: Decimal | None


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


NUMBERS: Final[dict[str, tuple[int, Callable[[dt.date, int], int]]]] = {
    "day": (1, lambda day, laid: day.toordinal() + laid),
    "week": (7, lambda day, laid: (day.toordinal() + laid) // 7),
    "month": (1, lambda day, laid: _months(day) + laid),
    "six-months": (6, lambda day, laid: (_months(day) + laid) // 6),
    "year": (12, lambda day, laid: (_months(day) + laid) // 12),
}
"""For each period: in how many ways it is laid over the calendar, and the number of the period that a day lies in.

A week may begin on any day; half a year and a year on the first day of any month; a month is the calendar's.
"""


def days_of(line: ServiceLine) -> tuple[dt.date, ...]:
    """Returns every day a line covers; none where its dates are not told or end before they start."""
    if line.date_of_service is None or line.days is None:
        return ()
    return tuple(line.date_of_service + dt.timedelta(days=n) for n in range(line.days))


def shares(line: ServiceLine, total: Total) -> Iterator[tuple[Window, Share]]:
    """Yields each window that a line touches with its share there."""
    ways, number = NUMBERS[total.per]
    days = days_of(line)
    for laid in range(ways):
        inside: dict[int, int] = defaultdict(int)
        for day in days:
            inside[number(day, laid)] += 1
        for window, count in inside.items():
            yield Window(laid, window), _share(getattr(line, total.measure), count, len(days), by_day=total.by_day)


def _share(amount: Decimal | None, inside: int, days: int, *, by_day: bool) -> Share:
    """The share of an amount given on `days` days that falls on the `inside` ones of them."""
    if amount is None:
        return Share(Decimal(0), None)
    if inside == days:
        return Share(amount, amount)
    if by_day and amount <= days:
        return Share(max(Decimal(0), amount - (days - inside)), min(amount, Decimal(inside)))
    return Share(min(Decimal(0), amount), max(Decimal(0), amount))


class MemberLines:
    """The lines of one member to one payer, the checked line among them."""

    def __init__(self, lines: Sequence[ServiceLine]) -> None:
        self._lines = counted(lines)
        self._totals: dict[Total, dict[Window, Share]] = {}

    def within(self, line: ServiceLine, total: Total, bound: Decimal) -> str:
        """Says whether a total that the line belongs to is `within` a bound, `over` it, or whether that is `unsure`.

        The least is taken over the ways to lay the period, and within each way over the windows the line touches its
        greatest; the most is the greatest of all.
        """
        sums = self._sums(total)
        touched: dict[int, list[Share]] = defaultdict(list)
        for window, _ in shares(line, total):
            touched[window.laid].append(sums[window])
        least = min((max(share.least for share in of_one) for of_one in touched.values()), default=Decimal(0))
        if least > bound:
            return "over"
        most = [share.most for of_one in touched.values() for share in of_one]
        return "within" if all(amount is not None and amount <= bound for amount in most) else "unsure"

    def beside(self, line: ServiceLine, codes: frozenset[str]) -> str:
        """Says whether another line with one of these codes is `beside` it on a day, `apart`, or that is `unsure`.

        Where one of two lines covers several days they share a day for sure only if both bill every day they cover.
        """
        states = {_beside(line, other) for other in self._lines if other is not line and other.code in codes}
        return "beside" if "beside" in states else "unsure" if "unsure" in states else "apart"

    def _sums(self, total: Total) -> dict[Window, Share]:
        if total not in self._totals:
            sums: dict[Window, Share] = defaultdict(lambda: Share(Decimal(0), Decimal(0)))
            for line in self._lines:
                if line.code in total.codes:
                    for window, share in shares(line, total):
                        sums[window] = _added(sums[window], share)
            self._totals[total] = sums
        return self._totals[total]


def _added(one: Share, other: Share) -> Share:
    most = None if one.most is None or other.most is None else one.most + other.most
    return Share(one.least + other.least, most)


def _beside(line: ServiceLine, other: ServiceLine) -> str:
    if line.date_of_service is None or other.date_of_service is None or line.last_day is None or other.last_day is None:
        return "unsure"
    if line.date_of_service > other.last_day or other.date_of_service > line.last_day:
        return "apart"
    return "beside" if _every_day(line) and _every_day(other) else "unsure"


def _every_day(line: ServiceLine) -> bool:
    return line.days == 1 or line.units == line.days


def counted(lines: Sequence[ServiceLine]) -> tuple[ServiceLine, ...]:
    """Returns the lines that still stand: neither taken back nor replaced by a later claim of the same number.

    A claim with frequency 8 takes back the claim of its number, itself included; one with 7 replaces it.

    >>> first = ServiceLine(claim="A", line="1", units=Decimal(2))
    >>> again = ServiceLine(claim="A", line="1", units=Decimal(1), frequency="7")
    >>> [line.units for line in counted([first, again])]
    [Decimal('1')]
    """
    voided = {line.claim for line in lines if line.frequency == "8" and line.claim is not None}
    replaced = {line.claim for line in lines if line.frequency == "7" and line.claim is not None}
    return tuple(
        line
        for line in lines
        if line.frequency != "8" and line.claim not in voided and not (line.claim in replaced and line.frequency != "7")
    )

"""What the other lines of a member show: totals over a period, and which lines share a day with a line.

A payer rarely says on which day its week, half-year or year begins, and a line that covers several days does not say on
which of them its units were given. So a total is a range, from the least to the most it can be; a limit is broken where
even the least is over it, and kept where even the most is within it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from h2024kb.claims.cuts import Total
from h2024kb.claims.standing import MOST_DAYS_COVERED, Standing, days_of, standings
from h2024kb.line import ServiceLine


class Window(NamedTuple):
    """One period: which of the ways to lay periods over the calendar it belongs to, and its number there."""

    laid: int
    number: int


class Share(NamedTuple):
    """The least and the most of a line that falls in a window; `most` is None where the line does not give it."""

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


ANYWHERE: Final = Window(-1, 0)
"""Where a line counts that does not give its days: in any period, or in none."""


NOTHING: Final = Share(Decimal(0), Decimal(0))


FEW_DAYS: Final = 7
"""Where a line covers no more days, the windows it touches are remembered for all lines of these days."""


def windows(line: ServiceLine, per: str) -> Sequence[tuple[Window, int]]:
    """Returns each window that a line touches, or may touch, with how many of its days lie in it."""
    if line.date_of_service is not None and 0 < (line.days or 0) <= FEW_DAYS:
        return _of_few_days(line.date_of_service, line.days or 0, per)
    days = days_of(line)
    return _touched(days, per) if days else ((ANYWHERE, 0),)


@lru_cache(maxsize=4096)
def _of_few_days(first: dt.date, count: int, per: str) -> Sequence[tuple[Window, int]]:
    return _touched(tuple(first + dt.timedelta(days=n) for n in range(count)), per)


def _touched(days: Sequence[dt.date], per: str) -> Sequence[tuple[Window, int]]:
    ways, number = NUMBERS[per]
    return tuple(Counter(Window(laid, number(day, laid)) for laid in range(ways) for day in days).items())


def shares(line: ServiceLine, total: Total, *, doubtful: bool = False) -> Iterator[tuple[Window, Share]]:
    """Yields each window that a line touches, or may touch, with its share there; `doubtful`: it may count or not."""
    amount, days = getattr(line, total.measure), line.days or 0
    whole = Share(amount or Decimal(0), amount)
    for window, inside in windows(line, total.per):
        share = _share(amount, inside, days, by_day=total.by_day) if 0 < inside < days else whole
        yield window, _maybe(share) if doubtful or not inside else share


def _maybe(share: Share) -> Share:
    """The share of a line that may count or not: it is in doubt, or has no days that place it in a period."""
    return Share(min(Decimal(0), share.least), None if share.most is None else max(Decimal(0), share.most))


def _share(amount: Decimal | None, inside: int, days: int, *, by_day: bool) -> Share:
    """The share of an amount given on `days` days that falls on the `inside` ones of them."""
    if amount is None:
        return Share(Decimal(0), None)
    # With at most one unit a day, what does not fit on the days outside must lie inside. Otherwise all of it may lie on
    # one day: then the share is anything from nothing to the whole, on either side of zero for an amount taken back.
    if by_day and amount <= days:
        return Share(max(Decimal(0), amount - (days - inside)), min(amount, Decimal(inside)))
    return Share(min(Decimal(0), amount), max(Decimal(0), amount))


class MemberLines:
    """The lines of one member to one payer, in the order sent, the checked line among them."""

    def __init__(self, lines: Sequence[ServiceLine], found: Sequence[Standing] | None = None) -> None:
        kept = [
            (line, standing)
            for line, standing in zip(lines, found or standings(lines), strict=True)
            if standing in ("stands", "perhaps") and line.frequency != "8"
        ]
        self._lines = tuple(line for line, _ in kept)
        # By identity, not by value: two lines of a claim may be equal in every field, and each counts.
        self._doubtful = {id(line) for line, standing in kept if standing == "perhaps" or line.code is None}
        self._totals: dict[Total, dict[Window, Share]] = {}
        self._ranges: dict[tuple[Total, dt.date | None, dt.date | None], Share] = {}

    def within(self, line: ServiceLine, total: Total, bound: Decimal) -> str:
        """Says whether a total that the line belongs to is `within` a bound, `over` it, or whether that is `unsure`.

        The least is taken over the ways to lay the period, and within each way over the windows the line touches its
        greatest; the most is the greatest of all.
        """
        # Its own share would count in any period or in none, so nothing can be sure.
        if not 0 < (line.days or 0) <= MOST_DAYS_COVERED:
            return "unsure"
        # The range is that of the days, not of the line: all lines of a member on one day share it.
        touched = (total, line.date_of_service, line.last_date_of_service)
        found = self._ranges.get(touched)
        if found is None:
            found = self._ranges[touched] = self._range(line, total)
        if found.least > bound:
            return "over"
        return "within" if found.most is not None and found.most <= bound else "unsure"

    def _range(self, line: ServiceLine, total: Total) -> Share:
        sums = self._sums(total)
        anywhere = sums.get(ANYWHERE)
        touched = [(window.laid, sums.get(window, NOTHING)) for window, _ in windows(line, total.per)]
        if anywhere is not None:
            touched = [(laid, _added(share, anywhere)) for laid, share in touched]
        # The payer lays its period in one way, unknown to us. Laid so, one window over the limit breaks it, hence the
        # greatest within a way; that it is broken is sure only if it is in every way, hence the least over the ways.
        # For "within", no window of any way may be over, hence the greatest of all.
        least: dict[int, Decimal] = {}
        for laid, share in touched:
            least[laid] = max(share.least, least.get(laid, share.least))
        most = [share.most for _, share in touched if share.most is not None]
        return Share(min(least.values()), max(most) if len(most) == len(touched) else None)

    def beside(self, line: ServiceLine, codes: frozenset[str], per: str) -> str:
        """Says whether another line with one of these codes is `beside` it in a day or a month, `apart`, or `unsure`.

        Two lines share a day or a month for sure only where each lies in one: a longer one does not say where it bills.
        """
        # A line without a code may be one of these, so it leaves open what else would be apart.
        states = {
            _beside(line, other, per, doubtful=id(other) in self._doubtful)
            for other in self._lines
            if other is not line and other.code in {*codes, None}
        }
        return "beside" if "beside" in states else "unsure" if "unsure" in states else "apart"

    def _sums(self, total: Total) -> dict[Window, Share]:
        if total not in self._totals:
            sums: dict[Window, Share] = {}
            for line in self._lines:
                # A line without a code may count: its share then begins at nothing.
                if line.code in total.codes or line.code is None:
                    for window, share in shares(line, total, doubtful=id(line) in self._doubtful):
                        sums[window] = _added(sums[window], share) if window in sums else share
            self._totals[total] = sums
        return self._totals[total]


def _added(one: Share, other: Share) -> Share:
    most = None if one.most is None or other.most is None else one.most + other.most
    return Share(one.least + other.least, most)


def _beside(line: ServiceLine, other: ServiceLine, per: str, *, doubtful: bool) -> str:
    days, others = days_of(line), days_of(other)
    if not days or not others:
        return "unsure"
    # Days and months are the calendar's, which is laid in one way.
    _, number = NUMBERS[per]
    first, last, other_first, other_last = (number(day, 0) for day in (days[0], days[-1], others[0], others[-1]))
    if first > other_last or other_first > last:
        return "apart"
    sure = first == last and other_first == other_last and not doubtful
    return "beside" if sure else "unsure"

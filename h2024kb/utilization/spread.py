"""How values spread: their mean and the percentiles that show how far apart they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Context, Decimal

from h2024kb.knowledge.model import Record

PLACES = Decimal("0.0001")
WIDE = Context(prec=60)


class Spread(Record, frozen=True):
    """How values spread: `of` is how many there are, `left_out` how many lines give none; with none, the rest is None.

    A percentile that falls between two values lies between them in proportion, as PERCENTILE.INC of a spreadsheet has
    it. All are rounded to four decimals.
    """

    of: int
    left_out: int = 0
    mean: Decimal | None = None
    p10: Decimal | None = None
    p25: Decimal | None = None
    median: Decimal | None = None
    p75: Decimal | None = None
    p90: Decimal | None = None


def spread(values: Sequence[Decimal | int | None]) -> Spread:
    """Returns how values spread; None among them is one that is not given.

    >>> found = spread([1, 3, None])
    >>> found.of, found.left_out, found.median
    (2, 1, Decimal('2.0000'))
    """
    given = sorted(Decimal(value) for value in values if value is not None)
    left_out = len(values) - len(given)
    if not given:
        return Spread(of=0, left_out=left_out)
    p10, p25, median, p75, p90 = (percentile(given, percent) for percent in (10, 25, 50, 75, 90))
    mean = rounded(total(given) / len(given))
    return Spread(of=len(given), left_out=left_out, mean=mean, p10=p10, p25=p25, median=median, p75=p75, p90=p90)


def percentile(ordered: Sequence[Decimal], percent: int) -> Decimal:
    """Returns a percentile of values in order; between two of them in proportion.

    >>> percentile([Decimal(1), Decimal(2), Decimal(4)], 75)
    Decimal('3.0000')
    """
    place = Decimal(percent * (len(ordered) - 1)) / 100
    low = int(place.to_integral_value(ROUND_FLOOR))
    high = min(low + 1, len(ordered) - 1)
    return rounded(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Returns the sum of what is given."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def rounded(number: Decimal, places: Decimal = PLACES) -> Decimal:
    """Returns a number to four decimals, or to those of `places`."""
    return number.quantize(places, context=WIDE)

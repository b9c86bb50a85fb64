"""Which counts may be shown, and how numbers are written.

The cell-size policy of CMS asks that no count of 1 to 10 be published, nor any that another figure gives away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from h2024kb.utilization.counting import Bin, Figures, Share
from h2024kb.utilization.spread import WIDE, Spread, rounded

SMALLEST: Final = 11
SMALL: Final = "<11"
HIDDEN: Final = "*"
CENTS: Final = Decimal("0.01")
HIDING: Final = (
    "Counts of 1 to 10 are shown as <11, as the cell-size policy of CMS asks. An asterisk stands for a figure that "
    "fewer than 11 members, claims or lines stand behind, and for the next smallest part where one part alone of a "
    "whole would be hidden; what all codes have together is left out where it would give a hidden part away. A hidden "
    "count may still be worked out from several tables, or from another report on the same lines: look for that before "
    "you publish."
)
SHOWING: Final = "Counts below 11 are shown here. The cell-size policy of CMS asks that they are not published."

Cell = int | Decimal | str


class Part(NamedTuple):
    """One part of a whole as it may be shown: its share is None where its count is hidden."""

    label: str
    counted: Cell
    share: Decimal | None
    claims: Cell = ""
    members: Cell = ""


def count(number: int, hide: bool) -> Cell:
    """Returns a count as it may be shown.

    >>> [count(n, hide=True) for n in (0, 10, 11)]
    [0, '<11', 11]
    """
    return SMALL if hide and 0 < number < SMALLEST else number


def counts(numbers: Sequence[int], hide: bool) -> list[Cell]:
    """Returns the parts of a whole as they may be shown together; where one is hidden, so is the next smallest.

    >>> counts([40, 3, 15], hide=True)
    [40, '<11', '*']
    """
    cells = [count(number, hide) for number in numbers]
    if cells.count(SMALL) == 1:
        left = [at for at, number in enumerate(numbers) if number and cells[at] != SMALL]
        if left:
            cells[min(left, key=lambda at: numbers[at])] = HIDDEN
    return cells


def parts(shares: Iterable[Share], names: dict[str, str], hide: bool) -> list[Part]:
    """Returns the parts that lines are divided into; `names` say a value in words."""
    listed = list(shares)
    lines, claims, members = (
        counts([getattr(one, name) for one in listed], hide) for name in ("lines", "claims", "members")
    )
    return [
        Part(
            label="not given" if one.name is None else names.get(one.name, one.name) or "none",
            counted=lines[at],
            share=None if isinstance(lines[at], str) else one.share,
            claims=claims[at],
            members=members[at],
        )
        for at, one in enumerate(listed)
    ]


def bin_parts(bins: Sequence[Bin], hide: bool) -> list[Part]:
    """Returns the member-months by how many days they have; none where no member-month shows its days."""
    whole = sum(one.member_months for one in bins)
    bins = [one for one in bins if one.most or one.member_months]
    cells = counts([one.member_months for one in bins], hide)
    return [
        Part(
            label=f"{one.least} to {one.most} days" if one.most else "no day",
            counted=cell,
            share=None if isinstance(cell, str) else rounded(Decimal(one.member_months) / whole),
        )
        for one, cell in zip(bins, cells, strict=True)
        if whole
    ]


def may_show(spread: Spread | None, figures: Figures, hide: bool) -> bool:
    """Whether a spread may be shown: enough values, of enough members."""
    if spread is None or spread.of == 0:
        return False
    return not hide or (spread.of >= SMALLEST and not 0 < figures.members < SMALLEST)


def money(amount: Decimal | None) -> Cell:
    """Returns dollars and cents; an empty text for none."""
    return "" if amount is None else rounded(amount, CENTS)


def number(amount: Decimal | None) -> Cell:
    """Returns a number with two decimals at the most.

    >>> number(Decimal("12.5000")), number(Decimal("20.0000"))
    (Decimal('12.5'), Decimal('20'))
    """
    return "" if amount is None else Decimal(f"{rounded(amount, CENTS).normalize(WIDE):f}")


def percent(share: Decimal | None) -> Cell:
    """Returns a share in percent, with one decimal; hidden where there is none."""
    return HIDDEN if share is None else (share * 100).quantize(Decimal("0.1"))


def shown(cell: Cell) -> str:
    """Returns a cell as people read it.

    >>> shown(60306), shown(Decimal("16617602.20")), shown("<11")
    ('60,306', '16,617,602.20', '<11')
    """
    return cell if isinstance(cell, str) else f"{cell:,}"

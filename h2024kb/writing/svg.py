"""Draws figures as SVG: bars, and ranges between percentiles. Every one has its value as text beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from textwrap import wrap
from typing import Final, NamedTuple

WIDTH: Final = 340
LINE: Final = 16
LABEL_CHARACTERS: Final = 33
TEXT_CHARACTERS: Final = 52
HOW_TO_READ: Final = "Line: 10th to 90th percentile. Box: 25th to 75th. Bar: median."


class Bar(NamedTuple):
    """A bar as long as its share of the whole width, with its value as text; a hidden one has no share."""

    label: str
    value: str
    share: Decimal | None


class Range(NamedTuple):
    """Five percentiles of an amount, or in `says` why there are none; `here` for that of the lines given."""

    label: str
    percentiles: tuple[Decimal, ...]
    says: str
    mean: Decimal | None = None
    here: bool = False


class Drawing(NamedTuple):
    """What is drawn, and how high it is; it is as wide as all are."""

    drawn: str
    height: int


def bars(title: str, found: Sequence[Bar], note: str = "") -> Drawing:
    """Returns a bar for each, below one another, with a note below all."""
    drawn, top = [text(0, LINE, title, "title")], 2 * LINE
    for one in found:
        label = wrap(one.label, LABEL_CHARACTERS)
        drawn.append(text(WIDTH, top + LINE, one.value, "value"))
        drawn += lines(label, top)
        top += len(label) * LINE + 6
        drawn.append(_bar(one.share, top))
        top += 16
    notes = wrap(note, TEXT_CHARACTERS)
    drawn += lines(notes, top)
    return Drawing("\n".join(drawn), top + len(notes) * LINE + 8)


def _bar(share: Decimal | None, top: int) -> str:
    if share is None:
        return f'<rect class="hidden" x="0.5" y="{top + 0.5}" width="{WIDTH - 1}" height="7"/>'
    track = f'<rect class="track" x="0" y="{top}" width="{WIDTH}" height="8"/>'
    return f'{track}<rect class="bar" x="0" y="{top}" width="{share * WIDTH:.2f}" height="8"/>'


def ranges(title: str, found: Sequence[Range], note: str) -> Drawing:
    """Returns a line from the 10th to the 90th percentile for each, boxed from the 25th to the 75th, on one scale."""
    values = [value for one in found for value in (*one.percentiles, *([one.mean] if one.mean else []))]
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    drawn, top = [text(0, LINE, title, "title")], 2 * LINE
    for one in found:
        said = [*wrap(one.label, TEXT_CHARACTERS), *wrap(one.says, TEXT_CHARACTERS)]
        drawn += lines(said, top)
        top += len(said) * LINE + 8
        if one.percentiles and high > low:
            drawn.append(_range(one, low, WIDTH / (high - low), top))
            top += 24
    notes = wrap(note, TEXT_CHARACTERS)
    drawn += lines(notes, top)
    return Drawing("\n".join(drawn), top + len(notes) * LINE + 8)


def _range(one: Range, low: Decimal, scale: Decimal, top: int) -> str:
    at = [f"{(value - low) * scale:.2f}" for value in one.percentiles]
    box = f"{(one.percentiles[3] - one.percentiles[1]) * scale:.2f}"
    middle = top + 7
    dot = ""
    if one.mean is not None:
        dot = f'<circle class="mean" cx="{(one.mean - low) * scale:.2f}" cy="{middle}" r="4"/>'
    reach = (f'<line class="reach" x1="{x}" x2="{to}" y1="{middle}" y2="{middle}"/>' for x, to in (at[:2], at[3:]))
    return (
        f'<rect class="{"bar" if one.here else "there"}" x="{at[1]}" y="{top}" width="{box}" height="14"/>'
        f'<line class="middle" x1="{at[2]}" x2="{at[2]}" y1="{top - 2}" y2="{top + 16}"/>{"".join(reach)}{dot}'
    )


def inline(drawing: Drawing, name: str, title: str, describes: str) -> str:
    """Returns a drawing as an element of a page; the description says the same in words."""
    size = f'viewBox="0 0 {WIDTH} {drawing.height}" width="{WIDTH}" height="{drawing.height}"'
    opened = f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" {size} {named(name, title, describes)}'
    return f"{opened}\n{drawing.drawn}\n</svg>"


def named(name: str, title: str, describes: str) -> str:
    """Returns the end of an element's first tag, with its title and description."""
    name = escape(name)
    return (
        f'role="img" aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(describes)}</desc>'
    )


def text(x: float, y: float, said: str, kind: str = "") -> str:
    """Returns a text at a place.

    >>> text(0, 16, "A & B", "title")
    '<text x="0" y="16" class="title">A &amp; B</text>'
    """
    given = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{given}>{escape(said)}</text>'


def lines(texts: Iterable[str], top: int) -> list[str]:
    """Returns texts below one another."""
    return [text(0, top + (n + 1) * LINE, said) for n, said in enumerate(texts)]

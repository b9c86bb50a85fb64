"""Draws figures of use as SVG: bars for what lines are divided into, ranges for charges beside what was paid.

Every bar has its value as text, and every chart a description that says the same in words, so that nothing is said by
color or length alone. What may not be shown has neither a bar nor a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from textwrap import wrap
from typing import Final, NamedTuple

from h2024kb.knowledge.code_sets import PaidPerClaim
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.utilization.cells import HIDING, Part, bin_parts, may_show, money, number, parts, shown
from h2024kb.utilization.counting import Figures, LineUtilization
from h2024kb.utilization.spread import Spread
from h2024kb.utilization.tables import BESIDE, NONE, TOGETHER, place_names, shown_groups
from h2024kb.writing import svg
from h2024kb.writing.svg import HOW_TO_READ, LINE, WIDTH, Range

MOST_BARS: Final = 12
MARGIN: Final = 24
FILE_WIDTH: Final = 2 * WIDTH + 3 * MARGIN
PERCENTILES: Final = {"p10": "10th", "p25": "25th", "median": "median", "p75": "75th", "p90": "90th"}
STYLE: Final = """
.chart text { font: 12px system-ui, sans-serif; fill: currentColor; }
.chart .title { font-size: 14px; font-weight: 600; } .chart .value { text-anchor: end; }
.chart .ground { fill: #ffffff; }
.chart { color: #1b1b1b; --bar: #4a80cc; --track: #0000001f; print-color-adjust: exact; }
.chart .track { fill: var(--track); } .chart .bar { fill: var(--bar); }
.chart .hidden { fill: none; stroke: currentColor; stroke-dasharray: 3 3; }
.chart .reach, .chart .there { fill: none; stroke: var(--bar); stroke-width: 2; }
.chart .middle { stroke: currentColor; stroke-width: 3; } .chart .mean { fill: currentColor; }
@media (prefers-color-scheme: dark) {
  .chart { color: #ececec; --track: #ffffff2b; } .chart .ground { fill: #121212; }
}
"""


class Chart(NamedTuple):
    """A drawing of a fixed width: what of which code, in words too; `hides` where a part of it may not be shown."""

    code: str
    what: str
    describes: str
    drawn: str
    height: int
    hides: bool = False

    @property
    def title(self) -> str:
        """The heading above it."""
        return f"{self.code}: {self.what}"

    @property
    def name(self) -> str:
        """What its parts are called by in a page."""
        return f"{self.code}-{self.what.split()[0]}".lower()


def charts(kb: KnowledgeBase, found: LineUtilization, *, hide: bool) -> list[tuple[Figures, list[Chart]]]:
    """Returns the charts of each code, and of all together as far as they give away nothing that is hidden of one."""
    made = [(one, _charts_of(kb, one, hide)) for one in shown_groups(found)]
    leaks = {chart.what for one, drawn in made if one.code for chart in drawn if chart.hides}
    return [(one, [c for c in drawn if c.height and (one.code or c.what not in leaks)]) for one, drawn in made]


def _charts_of(kb: KnowledgeBase, one: Figures, hide: bool) -> list[Chart]:
    code, places = one.code or TOGETHER, place_names(kb)
    days = bin_parts(one.days_of_member_months, hide)
    return [
        bars(code, "modifier mix, lines", parts(one.modifiers, {}, hide)),
        bars(code, "place-of-service mix, lines", parts(one.places_of_service, places, hide)),
        bars(code, "member-months by days of service", days, _days_words(one, hide)),
        ranges(code, "charged and paid per claim, $", _ranges(kb, one, hide), BESIDE[1]),
    ]


def bars(code: str, what: str, found: Sequence[Part], more: str = "") -> Chart:
    """Returns a bar a part, as long as its share of the whole width; a part that is hidden has an empty one."""
    rest = f"{MOST_BARS} of {len(found)} are drawn; the table has all." if len(found) > MOST_BARS else ""
    shows = [svg.Bar(part.label, _value(part), part.share) for part in found[:MOST_BARS]]
    made = svg.bars(f"{code}: {what}", shows, f"{rest} {more}".strip())
    words = (f"{part.label}: {shown(part.counted)}{_in_words(part.share)}" for part in found)
    describes, height = f"{'; '.join(words)}. {more}".strip(), made.height if found else 0
    return Chart(code, what, describes, made.drawn, height, any(part.share is None for part in found))


def _value(part: Part) -> str:
    share = "" if part.share is None else f"{part.share * 100:.1f}%, "
    return f"{share}{shown(part.counted)}"


def _in_words(share: Decimal | None) -> str:
    return "" if share is None else f", {share * 100:.1f} percent"


def ranges(code: str, what: str, found: Sequence[Range], more: str) -> Chart:
    """Returns a line from the 10th to the 90th percentile for each range, boxed from the 25th to the 75th."""
    made = svg.ranges(f"{code}: {what}", found, f"{HOW_TO_READ} Dot: mean. {more}")
    describes = " ".join(f"{one.label}: {one.says}." for one in found) + f" {more}"
    return Chart(code, what, describes, made.drawn, made.height)


def _ranges(kb: KnowledgeBase, one: Figures, hide: bool) -> list[Range]:
    charged = one.charge_per_claim
    made = [_charged(charged, may_show(charged, one, hide))]
    for benchmark in kb.contents.benchmarks:
        row = next((row.paid_per_claim for row in benchmark.codes if row.code == one.code), None)
        made.append(_paid(row, f"{benchmark.period.from_:%Y} to {benchmark.period.to:%Y}"))
    return made


def _charged(spread: Spread, may_be_shown: bool) -> Range:
    label = "Charge per claim, these lines, $"
    if not may_be_shown:
        says = "not shown, fewer than 11 members or claims stand behind it" if spread.of else "no claim gives it"
        return Range(label, (), says, here=True)
    values = tuple(getattr(spread, name) for name in PERCENTILES)
    mean = spread.mean or Decimal(0)
    return Range(label, values, f"{_percentile_words(values)}, mean {shown(money(mean))}", mean, here=True)


def _paid(row: PaidPerClaim | None, years: str) -> Range:
    label = f"Paid per claim, providers' averages, benchmark {years}, $"
    if row is None:
        return Range(label, (), NONE)
    values = tuple(getattr(row, name) for name in PERCENTILES)
    return Range(label, values, _percentile_words(values))


def _percentile_words(values: Sequence[Decimal]) -> str:
    return ", ".join(f"{name} {shown(money(value))}" for name, value in zip(PERCENTILES.values(), values, strict=True))


def _days_words(one: Figures, hide: bool) -> str:
    spread = one.days_per_member_month
    if not may_show(spread, one, hide):
        return ""
    named = {"mean": spread.mean, "median": spread.median, "10th percentile": spread.p10, "90th": spread.p90}
    return "Days: " + ", ".join(f"{name} {shown(number(value))}" for name, value in named.items()) + "."


def inline(chart: Chart) -> str:
    """Returns a chart as an element of a page that has the style."""
    made = svg.Drawing(chart.drawn, chart.height)
    return svg.inline(made, chart.name, chart.title, chart.describes)


def as_file(kb: KnowledgeBase, found: LineUtilization, *, hide: bool) -> bytes:
    """Returns all charts as one SVG file, two beside each other, with the cautions of the benchmark below."""
    drawn, top = [], MARGIN
    for _, made in charts(kb, found, hide=hide):
        for pair in (made[at : at + 2] for at in range(0, len(made), 2)):
            drawn += [_placed(chart, MARGIN + n * (WIDTH + MARGIN), top) for n, chart in enumerate(pair)]
            top += max(chart.height for chart in pair) + MARGIN
    cautions = [text for benchmark in kb.contents.benchmarks for text in benchmark.cautions]
    below = [line for text in (*cautions, *((HIDING,) if hide else ())) for line in wrap(text, 110)]
    drawn += [svg.text(MARGIN, top + n * LINE, line) for n, line in enumerate(below or ["No line of these codes."], 1)]
    height = top + (len(below) + 1) * LINE + MARGIN
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {FILE_WIDTH} {height}" '
        f'width="{FILE_WIDTH}" height="{height}" role="img" aria-labelledby="whole">\n'
        f'<title id="whole">How the lines use the codes</title>\n<style>{STYLE}</style>\n'
        f'<rect class="ground" width="{FILE_WIDTH}" height="{height}"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    ).encode()


def _placed(chart: Chart, x: int, y: int) -> str:
    size = f'x="{x}" y="{y}" width="{WIDTH}" height="{chart.height}"'
    return f"<svg {size} {svg.named(chart.name, chart.title, chart.describes)}\n{chart.drawn}\n</svg>"

"""The page of utilization figures: charts with their cautions beside them, and the same figures as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from h2024kb.knowledge.code_sets import Benchmark, PaidPerClaim, StateUtilization
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.parts.render import render
from h2024kb.site.parts.slug import slug
from h2024kb.writing.svg import HOW_TO_READ, Bar, Drawing, Range, bars, inline, ranges

RELATIVE = "The longest bar is the largest figure; the others are to its scale."


class Shown(NamedTuple):
    """A benchmark with its charts: those by code, and those by state."""

    benchmark: Benchmark
    by_code: Sequence[str]
    by_state: Sequence[str]


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    labels = {row.code: row.long for row in kb.contents.code_sets.codes}
    shown = [Shown(one, _by_code(one, labels), _by_state(one)) for one in kb.contents.benchmarks]
    yield (
        "benchmarks.md",
        render("benchmarks.md.j2", "benchmarks.md", shown=shown, labels=labels),
    )


def _by_code(one: Benchmark, labels: dict[str, str]) -> list[str]:
    names = {row.code: f"{row.code} {labels.get(row.code, '')}".strip() for row in one.codes}
    claims = [(names[row.code], Decimal(row.claims), f"{row.claims:,}") for row in one.codes]
    paid = [(names[row.code], row.paid, _dollars(row.paid)) for row in one.codes]
    spreads = [
        Range(names[row.code], _percentiles(row.paid_per_claim), _said(row.paid_per_claim), here=row.code == "H2024")
        for row in one.codes
    ]
    return [
        _bars(f"{one.id}-claims", "Claims, by code", claims),
        _bars(f"{one.id}-paid", "Dollars paid, by code", paid),
        _ranges(f"{one.id}-per-claim", "Paid per claim, by code", spreads),
    ]


def _by_state(one: Benchmark) -> list[str]:
    rows = one.by_jurisdiction
    claims = [(_place(row), Decimal(row.claims), f"{row.claims:,}") for row in rows]
    paid = [(_place(row), row.paid, _dollars(row.paid)) for row in rows]
    if not rows:
        return []
    return [
        _bars(f"{one.id}-claims-by-state", "Claims, by state", claims),
        _bars(f"{one.id}-paid-by-state", "Dollars paid, by state", paid),
    ]


def _place(row: StateUtilization) -> str:
    return f"{row.code}, {row.jurisdiction or 'state not named'}"


def _bars(name: str, title: str, rows: Sequence[tuple[str, Decimal, str]]) -> str:
    """A bar for each row of label, figure, and the figure as text; the largest is as long as the drawing is wide."""
    most = max((figure for _, figure, _ in rows), default=Decimal(0))
    found = [Bar(label, said, figure / most if most else Decimal(0)) for label, figure, said in rows]
    return _inline(bars(title, found, RELATIVE), name, title, [f"{label}: {said}" for label, _, said in rows])


def _ranges(name: str, title: str, found: Sequence[Range]) -> str:
    made = ranges(title, found, f"Providers' averages. {HOW_TO_READ} A claim may hold many days.")
    return _inline(made, name, title, [f"{one.label}: {one.says}" for one in found])


def _inline(drawing: Drawing, name: str, title: str, words: Sequence[str]) -> str:
    return inline(drawing, slug(name), title, "; ".join(words))


def _percentiles(row: PaidPerClaim) -> tuple[Decimal, ...]:
    return row.p10, row.p25, row.median, row.p75, row.p90


def _said(row: PaidPerClaim) -> str:
    return f"10th ${row.p10:,}, median ${row.median:,}, 90th ${row.p90:,}"


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.0f}"

"""Figures of use as one HTML page that needs nothing else: charts, tables, the benchmark and its cautions."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.utilization.cells import Cell, shown
from h2024kb.utilization.chart import STYLE as CHART_STYLE
from h2024kb.utilization.chart import charts, inline
from h2024kb.utilization.counting import LineUtilization
from h2024kb.utilization.tables import Table, remarks, summed, tables
from h2024kb.writing.html_page import html_page

TITLE: Final = "How claim lines use the codes"
MORE_STYLE: Final = """
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1.5rem 2rem; }
.charts figure { margin: 0; break-inside: avoid; } .charts svg { width: 100%; height: auto; max-width: 26rem; }
.wide table { width: 100%; } caption { text-align: left; font-weight: 600; }
td, tbody th { font-weight: 400; } tbody td.number { text-align: right; font-variant-numeric: tabular-nums; }
thead th.number { text-align: right; } tbody tr + tr > * { border-top: 1px solid #8883; } tbody th { border-bottom: 0; }
section { border-top: 0; break-inside: auto; } tr { break-inside: avoid; } li { overflow-wrap: anywhere; }
@media screen and (max-width: 45rem) {
  .wide table, .wide caption, .wide tbody, .wide tr { display: block; } .wide thead { display: none; }
  .wide tr { padding: .3rem 0; border-top: 1px solid #8883; } .wide tr + tr > * { border-top: 0; }
  .wide tr > * { display: inline-block; padding: 0 .8rem 0 0; }
  .wide tr > th, .wide tr > .about { display: inline; } .wide td.about { font-weight: 600; }
  .wide td[data-label]::before { content: attr(data-label) ": "; font-size: .875rem; opacity: .8; }
}
@media print {
  h2 { break-after: avoid; } .charts { break-before: avoid; } table { font-size: .75rem; }
  th, td { padding-right: .4rem; }
}
"""


def page(kb: KnowledgeBase, found: LineUtilization, *, jurisdiction: str | None = None, hide: bool) -> str:
    """Returns the page; with `hide` small counts are hidden in its tables and charts alike."""
    made = tables(kb, found, jurisdiction=jurisdiction, hide=hide)
    body = "\n".join(
        [
            f"<h1>{TITLE}</h1>\n<p>{escape(summed(found, hide=hide).capitalize())}. "
            "These figures are of the lines that were read, and of nobody else.</p>",
            *_charts(kb, found, hide),
            "<h2>Tables</h2>",
            *map(_table, made),
            *_cautions(kb),
            f"<h2>How this is counted</h2>\n<ul>{_items(remarks(hide=hide))}</ul>",
            f"<p class=cite>Made with the knowledge base of contents {escape(kb.content_hash[:16])}….</p>",
        ]
    )
    return html_page(TITLE, body, MORE_STYLE + CHART_STYLE)


def _charts(kb: KnowledgeBase, found: LineUtilization, hide: bool) -> Iterator[str]:
    if not found.counted:
        yield "<p>No line of these codes.</p>"
    for one, made in charts(kb, found, hide=hide):
        drawn = "\n".join(f"<figure>{inline(chart)}</figure>" for chart in made)
        yield f"<h2>{escape(one.code or 'All codes together')}</h2>\n<div class=charts>\n{drawn}\n</div>"


def _table(table: Table) -> str:
    """A table that keeps what it is, by its roles, where a narrow screen shows its rows as blocks."""
    numeric = [any(not isinstance(row[at], str) for row in table.rows) for at in range(len(table.columns))]
    kinds = [" class=number" if is_number else "" for is_number in numeric]
    head = "".join(
        f"<th scope=col role=columnheader{kind}>{escape(name)}" for name, kind in zip(table.columns, kinds, strict=True)
    )
    rows = "\n".join(f"<tr role=row>{''.join(_cells(table, row, kinds))}" for row in table.rows)
    title = escape(table.title)
    return (
        f"<section class=wide><table role=table>\n<caption>{title}</caption>\n"
        f"<thead role=rowgroup><tr role=row>{head}</thead>\n<tbody role=rowgroup>\n{rows}\n</tbody></table></section>"
    )


def _cells(table: Table, row: tuple[Cell, ...], kinds: list[str]) -> Iterator[str]:
    yield f"<th scope=row role=rowheader>{escape(shown(row[0]))}"
    if table.keys == 2:
        yield f"<td role=cell class=about>{escape(shown(row[1]))}"
    for name, cell, kind in list(zip(table.columns, row, kinds, strict=True))[table.keys :]:
        label = f' data-label="{escape(name)}"' if cell != "" else ""
        yield f"<td role=cell{label}{kind}>{escape(shown(cell))}"


def _cautions(kb: KnowledgeBase) -> Iterator[str]:
    for benchmark in kb.contents.benchmarks:
        yield f"<h2>Read the benchmark with care</h2>\n<p>{escape(benchmark.title)}.</p>"
        yield f"<ul>{_items(benchmark.cautions)}</ul>\n<p class=cite>Sources: "
        yield "; ".join(
            f"{escape(source.title)}, {escape(source.publisher)}, read {source.retrieved}"
            for source in benchmark.sources
        )
        yield "</p>"


def _items(texts: tuple[str, ...]) -> str:
    return "".join(f"<li>{escape(text)}" for text in texts)

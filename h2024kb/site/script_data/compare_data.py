"""What the page of comparisons loads when it is asked to: all cells of a code, and the table of core facts as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from h2024kb.knowledge import words
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS
from h2024kb.site.pages.compare.cells import CORE, Cell, Compared, compared
from h2024kb.site.parts.script_file import script_data
from h2024kb.site.parts.views import CODE, SIBLINGS
from h2024kb.site.script_data.interned import Numbered
from h2024kb.writing.csv_text import comma_separated

COLUMNS: Final = (
    "policy", "payer", "program", "jurisdiction", "line_of_business", "code", "fact", "known", "answer", "in_full",
    "dates", "evidence", "stated_for", "said_by", "source", "locator", "url",
)  # fmt: skip
"""The columns of the CSV: one row for each policy and core fact."""


def files(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, bytes]]:
    """Yields a script with the cells of each code, and the CSV for H2024."""
    for code in filter(kb.codes().__contains__, SIBLINGS):
        rows = compared(kb, code, today)
        name = f"compare-{code.lower()}"
        yield f"assets/data/{name}.js", script_data(name, record(rows))
        if code == CODE:
            yield "data/compare.csv", table(rows, code)


def record(rows: list[Compared]) -> dict[str, Any]:
    """Returns the cells by policy and fact, as numbers of a list that holds each cell once.

    What nobody looked for is not in it: for a code beside H2024 that is nearly everything. Each text stands once too.
    """
    texts, cells = Numbered[str](), Numbered[Cell]()
    by_policy = {
        row.policy.id: [
            [cells.place(one) for one in row.core],
            {name: cells.place(one) for name, one in row.more.items()},
        ]
        for row in rows
    }
    packed = [_packed(cell, texts) for cell in cells.items()]
    facts = [words.FACT_WORDS[fact] for fact in FACTS]
    return {
        "facts": facts,
        "fields": Cell.__struct_fields__,
        "texts": texts.items(),
        "cells": packed,
        "policies": by_policy,
    }


def _packed(cell: Cell, texts: Numbered[str]) -> list[Any]:
    """The cell's fields in order, a text as its number, without the empty ones at the end."""

    def put(text: str) -> int:
        return texts.place(text) if text else -1

    fields = [getattr(cell, name) for name in Cell.__struct_fields__]
    packed = [[put(line) for line in field] if isinstance(field, tuple) else put(field) for field in fields]
    while packed and packed[-1] == -1:
        packed.pop()
    return packed


def table(rows: list[Compared], code: str) -> bytes:
    """Returns the core facts as CSV."""
    cells = ((row, name, cell) for row in rows for (_, name), cell in zip(CORE, row.core, strict=True))
    return comma_separated(COLUMNS, (_line(row, code, name, cell) for row, name, cell in cells))


def _line(row: Compared, code: str, fact: str, cell: Cell) -> tuple[str, ...]:
    policy = row.policy
    where = (policy.id, policy.payer, policy.program or "", policy.jurisdiction, policy.line_of_business, code, fact)
    known = "known" if cell.known else "unknown"
    said = (cell.short, " | ".join(cell.lines), cell.dates, cell.label, cell.stated_for, cell.said_by)
    return (*where, known, *said, cell.source, cell.locator, cell.url)

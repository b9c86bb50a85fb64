"""The scan of a table: only lines whose code is in the knowledge base are taken, and those that bear on them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import pyarrow as pa

from h2024kb.batch.database import Connection, inserted
from h2024kb.batch.distinct_cells import Readings, made_of
from h2024kb.batch.versions import CODE, FREQUENCY
from h2024kb.claims.check import counted_codes
from h2024kb.claims.standing import LATER
from h2024kb.knowledge.knowledge_base import KnowledgeBase


class Scan(NamedTuple):
    """Which rows of a table are taken, as SQL has it; how many it has; and how many have a code that is not known."""

    where: str
    rows: int
    not_held: int


def scanned(database: Connection, kb: KnowledgeBase, readings: Readings) -> Scan:
    """Reads each different code and frequency of a table, and says which rows to take."""
    _list(database, "known_codes", kb.codes())
    _list(database, "wanted", counted_codes(kb))
    # A line without a code may be any, and so may count toward a limit.
    wanted = "value IS NULL OR value IN (FROM wanted)"
    where = [_rows_read(database, readings, CODE, wanted)]
    if readings.source.reader.names(FREQUENCY):
        # A claim that replaces another, or takes it back, bears on the lines of that one whatever code it bills now.
        # Whose claims these are is known only where the member is given.
        later = f"value IN ({', '.join(repr(one) for one in LATER)})"
        of_later = _rows_read(database, readings, FREQUENCY, later)
        where += [of_later] if readings.source.reader.tells("member") else []
    else:
        readings.read("(SELECT 0 AS nothing)", FREQUENCY, readings.texts("frequency"))
    counted = "SELECT sum(rows), sum(rows) FILTER (WHERE value NOT IN (FROM known_codes)) FROM rows_of_code AS cells"
    rows, not_held = (n or 0 for n in database.execute(counted + readings.joined(CODE)).fetchall()[0])
    left_out = readings.source.left_out
    return Scan(" OR ".join(where), rows + left_out, not_held + left_out)


def _rows_read(database: Connection, readings: Readings, fields: tuple[str, ...], wanted: str) -> str:
    """Reads the different cells that give one field, and returns SQL for the rows whose value is wanted."""
    field, table = fields[0], f"rows_of_{fields[0]}"
    source, cells = readings.source, readings.cells(fields)
    made = f"CREATE TABLE {table} AS SELECT count(*) AS rows{readings.selected([fields])}"
    made_of(source, database, made, "true", "GROUP BY ALL")
    readings.read(table, fields, readings.texts(field))
    # With no column for the field, its value is the same for all rows: a constant, or none at all.
    if not cells:
        return f"EXISTS (FROM read_{field} WHERE {wanted})"
    # By the cells as they are written: the condition is then on the source's own column, and rows that nobody wants are
    # left out before anything is made of them. NULL is in no list, so blank cells need a condition of their own.
    column = source.columns[source.reader.names(fields)[0]]
    wanted = f"FROM read_{field} WHERE ({wanted})"
    blank = database.execute(f"SELECT count(*) {wanted} AND {cells[0]} IS NULL").fetchall()[0][0]
    return f"{column} IN (SELECT {cells[0]} {wanted})" + (f" OR {column} IS NULL" if blank else "")


def _list(database: Connection, table: str, codes: Collection[str]) -> None:
    inserted(database, table, pa.table({"code": pa.array(sorted(codes), pa.string())}))

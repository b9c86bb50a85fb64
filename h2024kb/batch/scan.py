"""The scan of a table: only lines whose code is held are taken, and those that bear on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import pyarrow as pa

from h2024kb.batch.database import Connection, inserted
from h2024kb.batch.distinct_cells import Readings, made_of
from h2024kb.batch.versions import CODE, FREQUENCY
from h2024kb.claims.other_lines import LATER
from h2024kb.knowledge.knowledge_base import KnowledgeBase


class Scan(NamedTuple):
    """Which rows of a table are taken, as SQL has it; how many it has; and how many have a code that is not held."""

    where: str
    rows: int
    not_held: int


def scanned(database: Connection, kb: KnowledgeBase, readings: Readings) -> Scan:
    """Reads each different code and frequency of a table, and says which rows to take."""
    _list(database, "held", kb.codes())
    _list(database, "wanted", wanted_codes(kb))
    wanted = "value IS NULL OR value IN (FROM wanted)"
    where = [_rows_read(database, readings, CODE, wanted)]
    if readings.source.reader.names(FREQUENCY):
        later = f"value IN ({', '.join(repr(one) for one in LATER)})"
        of_later = _rows_read(database, readings, FREQUENCY, later)
        where += [of_later] if all(map(readings.source.reader.tells, ("member", "claim"))) else []
    else:
        readings.read("(SELECT 0 AS nothing)", FREQUENCY, readings.texts("frequency"))
    counted = "SELECT sum(rows), sum(rows) FILTER (WHERE value NOT IN (FROM held)) FROM rows_of_code AS cells"
    rows, not_held = (n or 0 for n in database.execute(counted + readings.joined(CODE)).fetchall()[0])
    left_out = readings.source.left_out
    return Scan(" OR ".join(where), rows + left_out, not_held + left_out)


def _rows_read(database: Connection, readings: Readings, fields: tuple[str, ...], wanted: str) -> str:
    """Reads the different cells that tell one field, and returns SQL for the rows whose value is wanted."""
    field, table = fields[0], f"rows_of_{fields[0]}"
    source, cells = readings.source, readings.cells(fields)
    made = f"CREATE TABLE {table} AS SELECT count(*) AS rows{readings.selected([fields])}"
    made_of(source, database, made, "true", "GROUP BY ALL")
    readings.read(table, fields, readings.texts(field))
    if not cells:
        return f"EXISTS (FROM read_{field} WHERE {wanted})"
    column = source.columns[source.reader.names(fields)[0]]
    wanted = f"FROM read_{field} WHERE ({wanted})"
    blank = database.execute(f"SELECT count(*) {wanted} AND {cells[0]} IS NULL").fetchall()[0][0]
    return f"{column} IN (SELECT {cells[0]} {wanted})" + (f" OR {column} IS NULL" if blank else "")


def _list(database: Connection, table: str, codes: Collection[str]) -> None:
    inserted(database, table, pa.table({"code": pa.array(sorted(codes), pa.string())}))


def wanted_codes(kb: KnowledgeBase) -> frozenset[str]:
    """Returns the codes that are held, and every code that a limit counts or that is not payable on the same day."""
    return kb.codes() | frozenset(_bearing_on_others(kb))


def _bearing_on_others(kb: KnowledgeBase) -> Iterator[str]:
    for row in kb.contents.code_sets.services:
        yield from row.codes
    for policy in kb.contents.policies:
        for rules in policy.rules:
            for limits in rules.limits:
                for limit in limits.value or ():
                    yield from limit.together_with
            for days in rules.same_day:
                for same_day in days.value or ():
                    yield from (name for name in (same_day.code, same_day.service) if name)

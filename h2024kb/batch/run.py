"""The results of all lines of a table, in one run."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from h2024kb.batch.database import Connection, batches
from h2024kb.batch.distinct_cells import Readings, Source
from h2024kb.batch.line_classes import Classes
from h2024kb.batch.line_columns import gather, looked_at, take
from h2024kb.batch.other_lines import look, strike_out
from h2024kb.batch.scan import Scan, scanned
from h2024kb.batch.versions import Placing, Verdicts
from h2024kb.claims.check import checker
from h2024kb.claims.result import Result
from h2024kb.knowledge.knowledge_base import KnowledgeBase

Say = Callable[[str], None]
AT_ONCE: Final = 500_000
"""About so many lines are sorted together."""


class Settled(NamedTuple):
    """The results of a table's lines: queries for the number of each line's result, together in order of the lines."""

    queries: list[str]
    results: list[Result]
    scan: Scan
    readings: Readings

    def batches(self) -> Iterator[Any]:
        """Yields all lines with the numbers of their results, in Arrow batches."""
        for query in self.queries:
            yield from batches(self.readings.database, query)


def settle(database: Connection, kb: KnowledgeBase, source: Source, as_known_on: dt.date | None, say: Say) -> Settled:
    """Checks all lines of a source; raises Unscannable where it cannot be read to its end."""
    readings, verdicts = Readings(database, source), Verdicts()
    say("reading the codes")
    scan = scanned(database, kb, readings)
    say("reading the lines")
    take(database, readings, scan.where)
    say("finding the rules")
    check = checker(kb, as_known_on)
    placing = Placing(database, check, readings, verdicts)
    placing.place()
    fields = looked_at(verdicts, readings)
    gather(database, readings, scan.where, fields)
    say("looking at the lines of each member together")
    strike_out(database, verdicts, [check.payer(policy) for policy in placing.policies])
    look(database, verdicts, check.payer, readings)
    say("settling each kind of line")
    classes = Classes(verdicts, fields, readings.kept)
    classes.settle(database)
    queries = [_query(classes, stretch) for stretch in _stretches(database)]
    return Settled(queries, verdicts.results, scan, readings)


def _stretches(database: Connection) -> Iterator[str]:
    """Yields conditions that split the lines into stretches of rows, so that no long table is sorted as a whole."""
    # Quantiles of the row numbers, since these have gaps where rows were not taken. Rough ones will do: a stretch may
    # be longer than another, but each row is in exactly one.
    count = database.execute("SELECT count(*) FROM lines").fetchall()[0][0]
    parts = count // AT_ONCE + 1
    shares = [part / parts for part in range(1, parts)]
    found = database.execute(f"SELECT approx_quantile(row, {shares}) FROM lines").fetchall()[0][0] if shares else []
    cuts = sorted(set(found))
    for low, high in itertools.pairwise([None, *cuts, None]):
        bounds = (f"row >= {low}" if low is not None else "", f"row < {high}" if high is not None else "")
        yield " AND ".join(filter(None, bounds)) or "true"


def _query(classes: Classes, stretch: str) -> str:
    # A line's result is the one of its class, or the one found with its payer or its dates; a line that may not
    # stand has its own, whatever else holds of it. Lines taken only because they bear on others drop out here.
    return f"""
        WITH some_lines AS (FROM lines WHERE {stretch}), some_slots AS (FROM slots WHERE {stretch})
        SELECT one.file, one.row, one.claim, one.line, one.code,
            coalesce(gone.verdict, one.verdict, settled.result) AS result
        FROM (
            SELECT lines.file, lines.row, claim, line, code, verdict, {classes.cut()}
            FROM some_lines AS lines LEFT JOIN looks USING (version) LEFT JOIN some_slots USING (row)
            WHERE code IS NULL OR code IN (FROM known_codes)
        ) AS one
        LEFT JOIN settled ON {classes.same("one")}
        LEFT JOIN gone USING (row)
        ORDER BY one.row"""

"""The results of all lines of a table, in one run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from h2024kb.batch.classes import Classes
from h2024kb.batch.database import Connection
from h2024kb.batch.lines import gather, looked_at, take
from h2024kb.batch.other_lines import look, strike_out
from h2024kb.batch.readings import Readings, Source
from h2024kb.batch.scan import Scan, scanned
from h2024kb.batch.versions import Placing, Verdicts
from h2024kb.claims.check import REPLACED, checker
from h2024kb.claims.finding import Result
from h2024kb.knowledge_base import KnowledgeBase

Say = Callable[[str], None]


class Settled(NamedTuple):
    """The results of a table's lines: a query for the number of each line's result, in order of the lines."""

    query: str
    results: list[Result]
    scan: Scan
    readings: Readings


def settle(database: Connection, kb: KnowledgeBase, source: Source, as_known_on: dt.date | None, say: Say) -> Settled:
    """Checks all lines of a source; raises Unscannable where it cannot be read to its end."""
    readings, verdicts = Readings(database, source), Verdicts()
    say("reading the codes")
    scan = scanned(database, kb, readings)
    say("reading the lines")
    take(database, readings, scan.where)
    say("finding the rules")
    placing = Placing(database, checker(kb, as_known_on), readings, verdicts)
    placing.place()
    fields = looked_at(verdicts, readings)
    gather(database, readings, scan.where, fields)
    say("looking at the lines of each member together")
    strike_out(database)
    look(database, verdicts, placing.policies, readings)
    say("settling each kind of line")
    classes = Classes(verdicts, fields, readings.kept)
    classes.settle(database)
    return Settled(_query(classes, verdicts.of_result(REPLACED)), verdicts.results, scan, readings)


def _query(classes: Classes, replaced: int) -> str:
    return f"""
        SELECT one.file, one.row, one.claim, one.line, one.code,
            CASE WHEN gone.row IS NULL THEN coalesce(one.verdict, settled.result) ELSE {replaced} END AS result
        FROM (
            SELECT lines.file, lines.row, claim, line, code, verdict, {classes.cut()}
            FROM lines LEFT JOIN looks USING (version) LEFT JOIN slots USING (row)
            WHERE code IS NULL OR code IN (FROM held)
        ) AS one
        LEFT JOIN settled ON {classes.same("one")}
        LEFT JOIN gone USING (row)
        ORDER BY one.row"""

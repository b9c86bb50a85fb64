"""Which rules each line falls under: its policy, by the names it gives, and the version of that policy's rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from h2024kb.batch.cells import WHO, Fields
from h2024kb.batch.database import Columns, Connection, widened
from h2024kb.batch.distinct_cells import Readings
from h2024kb.claims.check import Checker
from h2024kb.claims.plan import Version
from h2024kb.claims.result import Result
from h2024kb.knowledge.in_force import DAY
from h2024kb.line import ServiceLine

CODE: Final = ("code",)
FREQUENCY: Final = ("frequency",)
FIRST: Final = ("date_of_service",)
LAST: Final = ("last_date_of_service",)
PLACED_BY: Final[tuple[Fields, ...]] = (WHO, CODE, FREQUENCY, FIRST, LAST)
"""What decides which rules a line falls under."""

KIND: Final = """
    read_policy.policy,
    read_code.value AS code,
    read_frequency.value AS frequency,
    read_date_of_service.value AS first,
    coalesce(read_last_date_of_service.value, first) AS last,
    read_date_of_service.stretch,
    coalesce(read_last_date_of_service.stretch, read_date_of_service.stretch) AS last_stretch,
    sign(last - first) AS turn"""
"""What decides it, as SQL selects it; `turn` is -1 for a line that ends before it starts."""


class Verdicts:
    """Every different result, and every version of rules that a line falls under, by number.

    A checker keeps each version, and each result of it, once; so identity is enough to tell them apart, and quicker
    than comparing results with all their findings.
    """

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.versions: list[Version] = []
        self._numbers: dict[int, int] = {}

    def of_result(self, result: Result) -> int:
        """Returns the number of a result."""
        return self._number(self.results, result)

    def of_version(self, version: Version) -> int:
        """Returns the number of a version."""
        return self._number(self.versions, version)

    def _number(self, known: list[Any], one: Any) -> int:
        number = self._numbers.setdefault(id(one), len(known))
        if number == len(known):
            known.append(one)
        return number


class Placing:
    """Finds the rules for the lines of a table: SQL gathers the few different kinds, and the checker places each."""

    def __init__(self, database: Connection, checker: Checker, readings: Readings, verdicts: Verdicts) -> None:
        self.database = database
        self.checker = checker
        self.readings = readings
        self.verdicts = verdicts
        self.policies: list[str] = []

    def place(self) -> None:
        """Reads the policies and days that stand in table `cells`, and makes a table `placed` of the rules for each.

        Of lines whose days lie in the same stretches between changes of the rules, in the same order, one stands for
        all: nothing else decides which version they fall under.
        """
        # First the payers, since it depends on the policies on which days rules change; then the days, each with its
        # stretch among all these days together. More stretches than one policy needs only make a few more kinds.
        cells = dict.fromkeys(cell for fields in PLACED_BY for cell in self.readings.cells(fields))
        self.database.execute(f"CREATE TABLE kinds AS SELECT DISTINCT {', '.join(cells) or '0'} FROM cells")
        self.readings.read("kinds", WHO, self._who)
        starts = sorted({day for start in self._starts() for day in start})
        for fields in (FIRST, LAST):
            self.readings.read("kinds", fields, self.readings.days(fields[0], starts))
        joins = "".join(self.readings.joined(fields) for fields in PLACED_BY)
        # A line for which no policy is found has its result from its payer already, so it is in no kind.
        kinds = f"""
            SELECT policy, code, stretch, last_stretch, turn, frequency IS NOT DISTINCT FROM '8' AS taken_back,
                any_value({{'first': first, 'last': last}}) AS one
            FROM (SELECT {KIND} FROM kinds AS cells{joins})
            WHERE policy IS NOT NULL
            GROUP BY ALL"""
        widened(self.database, kinds, "placed", self._placed)

    def _who(self, lines: Iterator[ServiceLine]) -> Columns:
        found = [self.checker.policy(line) for line in lines]
        policies = [self._number(one) if isinstance(one, str) else None for one in found]
        results = [None if isinstance(one, str) else self.verdicts.of_result(one) for one in found]
        return {"policy": (pa.int32(), policies), "verdict": (pa.int32(), results)}

    def _number(self, policy: str) -> int:
        if policy not in self.policies:
            self.policies.append(policy)
        return self.policies.index(policy)

    def _starts(self) -> Iterator[tuple[dt.date, ...]]:
        """Yields the days on which rules may change, for each policy and code that some line has."""
        joins = self.readings.joined(WHO) + self.readings.joined(CODE)
        yield (self.checker.last_day + DAY,)
        together = f"SELECT DISTINCT policy, read_code.value FROM kinds AS cells{joins} WHERE policy IS NOT NULL"
        for policy, code in self.database.execute(together).fetchall():
            yield self.checker.starts(self.policies[policy], code)

    def _placed(self, batch: Any) -> Columns:
        versions: list[int | None] = []
        results: list[int | None] = []
        for kind in batch.to_pylist():
            line = ServiceLine(
                code=kind["code"],
                date_of_service=kind["one"]["first"],
                last_date_of_service=kind["one"]["last"],
                frequency="8" if kind["taken_back"] else None,
            )
            found = self.checker.version(self.policies[kind["policy"]], line)
            versions.append(self.verdicts.of_version(found) if isinstance(found, Version) else None)
            results.append(None if isinstance(found, Version) else self.verdicts.of_result(found))
        return {"version": (pa.int32(), versions), "verdict": (pa.int32(), results)}

"""The different cells of a table, each read once, and the service lines that SQL then puts together from them."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import duckdb
import pyarrow as pa

from h2024kb.batch.cells import IDENTIFYING, Fields, Reader
from h2024kb.batch.database import Columns, Connection, widened
from h2024kb.formats.fields import MOST
from h2024kb.formats.table.columns import Fault
from h2024kb.line import ServiceLine

NUMBERS: Final = ("units", "minutes", "charge")
LONG: Final = "DECIMAL(38,15)"
SHORT: Final = "DECIMAL(18,4)"


class Source(NamedTuple):
    """A table of lines: where SQL finds it, its columns as SQL names them, with their types, and how they are read.

    `row` is SQL for a number of its own for each row, rising from file to file, and `file` for the number of the file;
    `starts` holds the number of each file's first row. `left_out` is how many rows were left out before, since nothing
    in the knowledge base names their codes. `places` are the numbers of columns in their file, and `header` the lines
    above its first row, None where rows and lines do not go together.
    """

    relation: str
    row: str
    columns: Mapping[str, str]
    kinds: Mapping[str, str]
    reader: Reader
    file: str = "0"
    starts: tuple[int, ...] = (0,)
    left_out: int = 0
    places: Mapping[str, int] = {}
    header: int | None = 0


class Unscannable(Exception):
    """Raised where a table cannot be read many rows at once, as rows are one by one."""


def made_of(source: Source, database: Connection, made: str, where: str, tail: str = "") -> None:
    """Makes a table of rows of a source; raises Unscannable, which repeats nothing that DuckDB says of its contents."""
    try:
        database.execute(f"{made} FROM {source.relation} WHERE {where} {tail}")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        raise Unscannable from None


class Readings:
    """What the different cells of one table were read as: a table for each group of fields, and what no SQL type holds.

    `kept` are the values of a field that SQL knows by their number only.
    """

    def __init__(self, database: Connection, source: Source) -> None:
        self.database = database
        self.source = source
        self.faults: list[Fault] = []
        self.faulty: dict[Fields, None] = {}
        self.short = True
        self.kept: dict[str, list[Any]] = {}
        self._places: dict[str, str] = {}

    def place(self, name: str) -> str:
        """Returns what a column of the source is called in the tables made of it."""
        return self._places.setdefault(name, f"c{len(self._places)}")

    def cells(self, fields: Fields) -> list[str]:
        """Returns what the columns that give some fields are called in the tables made of the source."""
        return [self.place(name) for name in self.source.reader.names(fields)]

    def selected(self, groups: Sequence[Fields]) -> str:
        """Returns the columns that give some groups of fields, as a SELECT of the source names them."""
        names = dict.fromkeys(name for fields in groups for name in self.source.reader.names(fields))
        return "".join(f", {self.source.columns[name]} AS {self.place(name)}" for name in names)

    def read(self, table: str, fields: Fields, values: Callable[[Iterator[ServiceLine]], Columns]) -> None:
        """Reads the different cells of a table that give some fields, into a table named after the first of them."""
        cells = self.cells(fields)
        distinct = f"SELECT DISTINCT {', '.join(cells)} FROM {table}" if cells else "SELECT 0 AS nothing"

        def worked_out(batch: Any) -> Columns:
            read = list(self.source.reader.lines(fields, batch))
            faults = [self._fault(found) for _, found in read]
            if any(fault is not None for fault in faults):
                self.faulty[fields] = None
            return {**values(line for line, _ in read), "fault": (pa.int32(), faults)}

        widened(self.database, distinct, f"read_{fields[0]}", worked_out)

    def _fault(self, faults: list[Fault]) -> int | None:
        if not faults:
            return None
        if faults[0] not in self.faults:
            self.faults.append(faults[0])
        return self.faults.index(faults[0])

    def joined(self, fields: Fields) -> str:
        """Returns the join of a table that has the cells with what they were read as."""
        table = relation = f"read_{fields[0]}"
        cells = self.cells(fields)
        if fields[0] in NUMBERS:
            relation = f"(SELECT * REPLACE (CAST(value AS {self.measure()}) AS value) FROM {table}) AS {table}"
        # A blank cell of Parquet is NULL, which is equal to nothing: "=" would lose its row.
        same = " AND ".join(f"cells.{cell} IS NOT DISTINCT FROM {table}.{cell}" for cell in cells)
        return f" LEFT JOIN {relation} ON {same}" if cells else f" CROSS JOIN {relation}"

    def measure(self) -> str:
        """Returns the type in which SQL adds numbers up: a short one where it holds every number that was read."""
        return SHORT if self.short else LONG

    def texts(self, field: str) -> Callable[[Iterator[ServiceLine]], Columns]:
        """Returns how a field is read whose values SQL holds as texts."""
        return lambda lines: {"value": (pa.string(), [getattr(line, field) for line in lines])}

    def numbers(self, field: str) -> Callable[[Iterator[ServiceLine]], Columns]:
        """Returns how a number is read; whether SQL may hold it in a short type is remembered."""

        def values(lines: Iterator[ServiceLine]) -> Columns:
            found = [getattr(line, field) for line in lines]
            self.short = self.short and all(map(_fits_short, found))
            return {"value": (pa.decimal128(38, 15), found)}

        return values

    def numbered(self, field: str) -> Callable[[Iterator[ServiceLine]], Columns]:
        """Returns how a field is read whose values are kept here, and known to SQL by number."""
        numbers: dict[Any, int] = {}
        kept = self.kept.setdefault(field, [])

        def number(value: Any) -> int | None:
            if value is None:
                return None
            if value not in numbers:
                numbers[value] = len(kept)
                kept.append(value)
            return numbers[value]

        return lambda lines: {"value": (pa.int32(), [number(getattr(line, field)) for line in lines])}

    def days(self, field: str, starts: Sequence[dt.date] = ()) -> Callable[[Iterator[ServiceLine]], Columns]:
        """Returns how a day is read, with the number of the last of some days that it does not lie before."""

        def values(lines: Iterator[ServiceLine]) -> Columns:
            found = [getattr(line, field) for line in lines]
            stretches = [None if day is None else bisect_right(starts, day) for day in found]
            return {"value": (pa.date32(), found), "stretch": (pa.int32(), stretches)}

        return values

    def direct(self, field: str) -> str | None:
        """Returns SQL that reads a field without its table: an identifying text, where SQL reads it as Python does."""
        names = self.source.reader.names((field,))
        if field not in IDENTIFYING or len(names) != 1:
            return None
        return self.source.reader.as_sql(field, f"cells.{self.place(names[0])}", self.source.kinds[names[0]])


def _fits_short(number: Decimal | None) -> bool:
    """Whether the short type holds a number; the long one holds each, since the readers take no longer one."""
    return number is None or (abs(number) < MOST / 100 and number == round(number, 4))

"""The DuckDB database of one run: it cannot reach the network, and writes only into a folder of its own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

MEMORY = "130MB"
THREADS = 2
"""Each thread takes blocks of its own: with more threads, the memory above is not enough, whatever the machine has."""

ROWS = 10_000
"""So many rows are handed to Python at a time."""

Connection = duckdb.DuckDBPyConnection
Columns = Mapping[str, tuple[Any, Sequence[Any]]]
"""For each column its Arrow type and its values."""

_NAMES = itertools.count()


class NoRoom(OSError):
    """Raised where lines fit neither into memory nor beside the output; it repeats nothing that they contain."""

    def __init__(self) -> None:
        super().__init__("there is no room for the lines: free some of the disk that the output is on, and memory")


def opened(folder: Path, reads: Sequence[Path] = (), *, in_memory: bool = False) -> Connection:
    """Returns a database that may read some files, and may write into one folder alone.

    Its tables lie in a file in that folder, where they need no memory; `in_memory`: only what does not fit goes there.
    """
    database = duckdb.connect(
        ":memory:" if in_memory else str(folder / "lines.duckdb"),
        config={
            "memory_limit": MEMORY,
            "threads": THREADS,
            "temp_directory": str(folder),
            # An extension would be fetched from the network, or run code that this package never asked for.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # A table whose name is missing is an error, and never a variable of Python that is called so.
            "python_enable_replacements": False,
            # Keeping rows in order costs memory; where the order matters, a query says so.
            "preserve_insertion_order": False,
        },
    )
    paths = [name for path in reads for name in dict.fromkeys((str(path.absolute()), literal(path)))]
    # In this order: once external access is off and the configuration is locked, no path can be allowed.
    database.execute(f"SET allowed_directories = {texts([folder])}; SET allowed_paths = {texts(paths)}")
    database.execute("SET enable_progress_bar = false")
    database.execute("SET enable_external_access = false; SET lock_configuration = true")
    return database


def quoted(name: str) -> str:
    """Returns a name as SQL takes it, whatever stands in it.

    >>> quoted('units"; DROP')
    '"units""; DROP"'
    """
    return '"' + name.replace('"', '""') + '"'


def texts(values: Iterable[object]) -> str:
    """Returns a list of texts as SQL takes it, whatever stands in them.

    >>> texts(["a.csv", "it's"])
    "['a.csv', 'it''s']"
    """
    return "[" + ", ".join("'" + str(value).replace("'", "''") + "'" for value in values) + "]"


def literal(path: Path) -> str:
    """Returns a path in which no character stands for others, as DuckDB reads file names.

    >>> literal(Path("/claims/a[1]*.parquet"))
    '/claims/a[[]1][*].parquet'
    """
    return re.sub(r"([*?\[])", r"[\1]", str(path.absolute()))


def batches(database: Connection, query: str) -> Iterator[Any]:
    """Yields the rows of a query as Arrow batches; other statements may run meanwhile."""
    yield from database.cursor().sql(query).to_arrow_reader(ROWS)


def inserted(database: Connection, table: str, rows: Any, *, new: bool = True) -> None:
    """Makes a table of an Arrow table, or appends it to one."""
    # A new name each time: tables are made while a reader of another cursor is still open.
    name = f"arrow_{next(_NAMES)}"
    database.register(name, rows)
    database.execute(f"CREATE TABLE {table} AS FROM {name}" if new else f"INSERT INTO {table} FROM {name}")
    database.unregister(name)


def widened(database: Connection, query: str, table: str, worked_out: Callable[[Any], Columns]) -> None:
    """Makes a table of a query's rows and of columns that Python works out for them, many rows at a time."""
    # From a cursor, since making a table ends a reader of the same connection. The first batch makes the table, and
    # there is one even without rows, so that the table always exists, with its types.
    reader = database.cursor().sql(query).to_arrow_reader(ROWS)
    first = next(reader, pa.RecordBatch.from_pylist([], schema=reader.schema))
    for number, batch in enumerate(itertools.chain([first], reader)):
        made = pa.Table.from_batches([batch])
        for name, (kind, values) in worked_out(batch).items():
            made = made.append_column(name, pa.array(values, kind))
        inserted(database, table, made, new=number == 0)

"""Parquet files as DuckDB scans them: many rows at once, and only the columns that are needed."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from h2024kb.batch.cells import InFile
from h2024kb.batch.database import Connection, literal, quoted, texts
from h2024kb.batch.distinct_cells import Source, Unscannable
from h2024kb.batch.request import Request
from h2024kb.formats.fields import Unreadable
from h2024kb.formats.table.columns import described, fit
from h2024kb.formats.table.parquet_file import MAX_INFLATED, MAX_RATIO, footer
from h2024kb.problem import Problem, Problems

types = pa.types
TAKEN: Final = frozenset({"file_row_number", "file_index", "filename", "rowid"})
"""Names under which DuckDB adds columns of its own."""

FILE: Final = "CAST(file_index AS INTEGER)"
"""The number of the file a row is of; DuckDB's own is of a type that counts no place in a list."""

KINDS: Final = (
    (("string", "large_string", "binary", "large_binary"), "VARCHAR"),
    (("integer",), "BIGINT"),
    (("float32", "float64", "decimal128", "date", "boolean", "null"), "OTHER"),
)
"""The Arrow types of which DuckDB makes the same Python values as the row reader, with those in which SQL sees them."""


def parquet_source(database: Connection, request: Request, problems: Problems) -> Source:
    """Returns Parquet files as one source; raises Unscannable where DuckDB may read them differently from rows."""
    files = [_opened(path) for path in request.paths]
    header = files[0].schema_arrow.names
    columns, faults = fit(request.columns, header)
    names = list(dict.fromkeys(name for ref in columns.fields.values() for name in ref.names))
    kinds = [_kinds(file, names) for file in files]
    if not names or any(file.schema_arrow.names != header for file in files) or any(one != kinds[0] for one in kinds):
        raise Unscannable
    starts = tuple(accumulate((file.metadata.num_rows for file in files), initial=0))
    if starts[-1] == 0:
        raise Unscannable
    places = {name: number for number, name in enumerate(header, 1)}
    for fault in faults:
        place = fault.place or (str(request.paths[0]), 1, places.get(fault.column, 1))
        problems.add(Problem(*place, fault.message, fault.rule))
    read = described(columns, header)
    for path in request.paths if read else ():
        problems.add(Problem(str(path), 1, 1, read, "columns-read"))
    paths = texts(literal(path) for path in request.paths)
    return Source(
        relation=f"read_parquet({paths}, hive_partitioning = false, binary_as_string = true)",
        row="file_row_number" if len(files) == 1 else f"file_row_number + {list(starts)}[{FILE} + 1]",
        columns={name: quoted(name) for name in names},
        kinds=kinds[0],
        reader=InFile(request.kb, columns, request.defaults),
        file="0" if len(files) == 1 else FILE,
        starts=starts,
        places=places,
    )


def _opened(path: Path) -> Any:
    try:
        return pq.ParquetFile(path, metadata=footer(path), coerce_int96_timestamp_unit="us")
    except (pa.ArrowException, OSError, ValueError, Unreadable):
        raise Unscannable from None


def _kinds(file: Any, names: list[str]) -> dict[str, str]:
    """The SQL types of some columns; raises Unscannable for one that SQL reads differently, or that would swell."""
    schema, metadata = file.schema_arrow, file.metadata
    folded = [name.casefold() for name in schema.names]
    if len(set(folded)) < len(folded) or TAKEN & set(folded):
        raise Unscannable
    numbers = [n for n in range(metadata.num_columns) if metadata.schema.column(n).path in names]
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for chunk in map(group.column, numbers):
            if chunk.total_uncompressed_size > max(MAX_INFLATED, MAX_RATIO * chunk.total_compressed_size):
                raise Unscannable
    return {name: _kind(schema.field(name).type) for name in names}


def _kind(type_: Any) -> str:
    if types.is_dictionary(type_) and not types.is_integer(type_.value_type):
        return _kind(type_.value_type)
    if types.is_timestamp(type_) and type_.tz is None and type_.unit != "ns":
        return "OTHER"
    for names, kind in KINDS:
        if any(getattr(types, f"is_{name}")(type_) for name in names):
            return kind
    raise Unscannable

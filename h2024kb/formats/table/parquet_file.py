"""Reads a Parquet file of service lines, a few rows at a time and only the columns that are needed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from h2024kb.formats.fields import Unreadable
from h2024kb.formats.table.columns import Columns, Fault, described, fit, service_line
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem
from h2024kb.writing.parquet import MissingExtra, pyarrow_or_say

MAX_VALUE = 16 << 20
MAX_INFLATED = 256 << 20
MAX_RATIO = 1000
BATCH_BYTES = 16 << 20
BATCH_ROWS = 4096
# A plain footer of a file with encrypted columns is signed; to ask pyarrow for their sizes would end the process.
SIGNATURE = 12 + 16

_MIB = 1 << 20
_TOO_LONG = Unreadable(f"the value has over {MAX_VALUE // _MIB} MiB", "too-long")
_BROKEN = Unreadable("the value is out of range, or not text", "unreadable")
_ONE_VALUE = "holds lists, structures or times of a time zone: write one text, number or date in each cell"
_Cells = list[tuple[object, ...]]


class _Table(NamedTuple):
    """An open file, what of it is read, and where its columns are."""

    path: str
    file: Any
    columns: Columns
    names: list[str]
    positions: dict[str, int]


def read(path: Path, columns: Columns | None = None) -> Iterator[ServiceLine | Problem]:
    """Yields the service line of each row, and before it a problem for each cell that cannot be read.

    A problem's line is the number of the row, and its column that of the column, both from 1. A row group is left out
    from where it is damaged, and wholly where a column of it inflates over a thousandfold to over 256 MiB; the others
    are read. A place of service in a column of numbers gets back the zero it lost; a code in one is reported.
    """
    try:
        file = _opened(path)
    except Unreadable as why:
        yield Problem(str(path), 1, 1, why.message, why.rule)
        return
    with file:
        names = list(file.schema_arrow.names)
        fitting, faults = fit(columns, names)
        known, unfit = _of_plain_types(fitting, file.schema_arrow)
        needed = list(dict.fromkeys(name for ref in known.fields.values() for name in ref.names))
        table = _Table(str(path), file, known, needed, {name: n for n, name in enumerate(names, 1)})
        yield from (_problem(table, 1, fault) for fault in (*faults, *unfit))
        if known.fields and (read := described(known, names)):
            yield Problem(table.path, 1, 1, read, "columns-read")
        yield from _rows(table)


def _opened(path: Path) -> Any:
    """The open file, with texts as dictionaries, so that one repeated often is in memory once; or raises Unreadable."""
    try:
        pyarrow, parquet = pyarrow_or_say()
    except MissingExtra as missing:
        raise Unreadable(str(missing), "missing-package") from None
    try:
        metadata = footer(path)
        leaves = [metadata.schema.column(n) for n in range(metadata.num_columns)]
        texts = [one.path for one in leaves if one.physical_type == "BYTE_ARRAY" and one.logical_type.type != "DECIMAL"]
        return parquet.ParquetFile(
            path,
            metadata=metadata,
            read_dictionary=texts,
            buffer_size=_MIB,
            pre_buffer=False,
            page_checksum_verification=True,
            coerce_int96_timestamp_unit="us",
        )
    except FileNotFoundError:
        raise Unreadable("there is no such file", "unreadable") from None
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise Unreadable(f"the file {_why(error)}", "damaged") from None


def footer(path: Path) -> Any:
    """Returns the metadata of a Parquet file; raises Unreadable where it is not whole or has encrypted columns."""
    _, parquet = pyarrow_or_say()
    size, metadata = _footer_size(path), parquet.read_metadata(path)
    if size - metadata.serialized_size == SIGNATURE:
        raise Unreadable("columns of the file are encrypted: give one that is not", "encrypted")
    return metadata


def _footer_size(path: Path) -> int:
    """How long the footer is, which says where the columns are; raises Unreadable for a file that is not whole."""
    if path.is_dir():
        raise Unreadable("this is a folder: name each file in it", "unreadable")
    with path.open("rb") as file:
        start, size = file.read(4), file.seek(0, 2)
        file.seek(max(0, size - 8))
        end = file.read(8)
    if size == 0:
        raise Unreadable("the file is empty", "empty")
    if b"PARE" in (start, end[-4:]):
        raise Unreadable("the file is encrypted: give one that is not", "encrypted")
    if start != b"PAR1":
        raise Unreadable("this is not a Parquet file: it does not start with PAR1", "not-parquet")
    if end[-4:] != b"PAR1" or size < 12:
        raise Unreadable(
            "the file ends before the footer, without which no row can be found: copy it again", "truncated"
        )
    return int.from_bytes(end[:4], "little")


def _why(error: Exception) -> str:
    """What is wrong in words of our own, since an error's may show what the file holds."""
    if isinstance(error, PermissionError):
        return "cannot be opened"
    if "ncrypt" in str(error) or "ecrypt" in str(error):
        return "is encrypted: give one that is not"
    if isinstance(error, pyarrow_or_say()[0].ArrowNotImplementedError):
        return "uses a compression or an encoding that pyarrow does not read"
    return "is damaged: copy it again"


def _of_plain_types(columns: Columns, schema: Any) -> tuple[Columns, list[Fault]]:
    """The columns without those that hold lists, structures or moments, which are not one value or not one day."""
    from pyarrow import types

    plain = ("string", "large_string", "binary", "large_binary", "fixed_size_binary", "integer", "floating", "decimal")
    fields, faults = dict(columns.fields), []
    for field, ref in columns.fields.items():
        for name in ref.names:
            type_ = schema.field(name).type
            kind = type_.value_type if types.is_dictionary(type_) else type_
            if types.is_timestamp(kind) and kind.tz is None:
                continue
            if not any(getattr(types, f"is_{one}")(kind) for one in (*plain, "date", "boolean", "null")):
                message = f"column '{name}' {_ONE_VALUE}"
                faults.append(Fault(message, "type", name))
                fields.pop(field, None)
    return msgspec.structs.replace(columns, fields=fields), faults


def _rows(table: _Table) -> Iterator[ServiceLine | Problem]:
    if not table.columns.fields:
        return
    if table.file.metadata.num_rows == 0:
        yield Problem(table.path, 1, 1, "the file has no rows", "empty")
    row = 0
    for group in range(table.file.num_row_groups):
        yield from _group(table, group, row)
        row += table.file.metadata.row_group(group).num_rows


def _group(table: _Table, group: int, row: int) -> Iterator[ServiceLine | Problem]:
    """Yields the lines of a row group, of which `row` rows are before it."""
    import pyarrow

    last = row + table.file.metadata.row_group(group).num_rows
    batches = _batches(table, group)
    while True:
        try:
            batch = next(batches, None)
        except Unreadable as why:
            yield Problem(table.path, row + 1, 1, f"rows {row + 1} to {last} are left out: {why.message}", why.rule)
            return
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            message = f"rows {row + 1} to {last} are left out: this part of the file {_why(error)}"
            yield Problem(table.path, row + 1, 1, message, "damaged")
            return
        if batch is None:
            return
        for cells in batch:
            row += 1
            line, faults = service_line(table.columns, dict(zip(table.names, cells, strict=True)))
            yield from (_problem(table, row, fault) for fault in faults)
            yield line


def _problem(table: _Table, row: int, fault: Fault) -> Problem:
    if fault.place:
        return Problem(*fault.place, fault.message, fault.rule)
    return Problem(table.path, row, table.positions.get(fault.column, 1), fault.message, fault.rule)


def _batches(table: _Table, group: int) -> Iterator[_Cells]:
    """Yields the cells of a few rows at a time, fewer the longer they are; raises Unreadable for what would swell."""
    metadata = table.file.metadata.row_group(group)
    if metadata.total_byte_size > MAX_INFLATED:
        _refuse_swelling(metadata, table.names)
    # Rows of long texts come fewer at a time, so that a batch takes about the same memory whatever is in it.
    rows = max(1, min(BATCH_ROWS, BATCH_BYTES * metadata.num_rows // max(1, metadata.total_byte_size)))
    options = {"batch_size": rows, "row_groups": [group], "columns": table.names, "use_threads": False}
    for batch in table.file.iter_batches(**options):
        yield list(zip(*(_cells(batch.column(name)) for name in table.names), strict=True))


def _refuse_swelling(metadata: Any, names: list[str]) -> None:
    """Raises Unreadable for a row group with a column that takes little of the file and much of the memory.

    Only asked of a large row group: where what is said of a column is damaged, pyarrow ends the process.
    """
    for n in range(metadata.num_columns):
        chunk = metadata.column(n)
        packed, size = max(1, chunk.total_compressed_size), chunk.total_uncompressed_size
        if chunk.path_in_schema in names and size > MAX_INFLATED and size > MAX_RATIO * packed:
            message = f"column '{chunk.path_in_schema}' inflates from {packed} to {size} bytes"
            raise Unreadable(message, "too-large")


def _cells(array: Any) -> list[object]:
    """What the cells of a column hold, as Python has it; a number with a point as the decimal it is written as."""
    from pyarrow import compute, string, types

    if types.is_dictionary(array.type):
        indices = array.indices.to_pylist()
        used = set(indices) - {None}
        if used and not 0 <= min(used) <= max(used) < len(array.dictionary):
            raise ValueError("an index lies outside its dictionary")
        known = {None: None} | {n: _cell(array.dictionary[n]) for n in used}
        return [known[n] for n in indices]
    if types.is_floating(array.type):
        texts = compute.cast(array, string()).to_pylist()
        return [None if text is None else Decimal(text) for text in texts]
    try:
        if types.is_fixed_size_binary(array.type):
            raise ValueError
        return list(array.to_pylist())
    except (ValueError, OverflowError):
        return [_cell(scalar) for scalar in array]


def _cell(scalar: Any) -> object:
    try:
        buffer = scalar.as_buffer() if hasattr(scalar, "as_buffer") else None
        if buffer is None:
            return scalar.as_py()
        return _TOO_LONG if buffer.size > MAX_VALUE else buffer.to_pybytes().decode()
    except (ValueError, OverflowError):
        return _BROKEN

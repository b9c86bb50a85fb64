"""Writes rows of results to a file, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

Write = Callable[[Path, Any, Iterable[Any]], None]


def write_parquet(path: Path, schema: Any, batches: Iterable[Any]) -> None:
    """Writes Arrow batches to a Parquet file, each while the next is made."""
    # Findings repeat a few texts, so these are stored once; row numbers only rise, so their differences are stored.
    texts = [field.name for field in schema if field.type != pa.int64()]
    options = {"use_dictionary": texts, "column_encoding": {"row": "DELTA_BINARY_PACKED"}, "write_statistics": ["row"]}
    with pq.ParquetWriter(path, schema, compression="zstd", **options) as writer, ThreadPoolExecutor(1) as aside:
        # One batch is compressed while the next is made, and never more wait, or memory would not be bounded.
        waiting = aside.submit(lambda: None)
        for batch in batches:
            waiting.result()
            waiting = aside.submit(writer.write_batch, batch)
        waiting.result()


def write_csv(path: Path, schema: Any, batches: Iterable[Any]) -> None:
    """Writes Arrow batches to a CSV file; a cell that a spreadsheet would take for a formula is written as text."""
    plain = pa.schema([(field.name, field.type if field.type == pa.int64() else pa.string()) for field in schema])
    with csv.CSVWriter(path, plain) as writer:
        for batch in batches:
            writer.write_batch(pa.record_batch([_as_text(column) for column in batch.columns], schema=plain))


def _as_text(column: Any) -> Any:
    if column.type == pa.int64():
        return column
    return pc.replace_substring_regex(column.cast(pa.string()), pattern=r"^([=+\-@\t\r])", replacement=r"'\1")


WRITERS: Final[dict[str, Write]] = {".parquet": write_parquet, ".csv": write_csv}

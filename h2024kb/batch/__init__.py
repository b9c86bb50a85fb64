"""Checks tables of service lines, of any length, and says the same of each as `check_lines`; needs `h2024kb[batch]`."""

from h2024kb.formats.parquet_file import MissingExtra

try:
    import duckdb as _duckdb
    import pyarrow as _pyarrow
except ImportError:
    raise MissingExtra("checking tables needs duckdb and pyarrow: pip install 'h2024kb[batch]'") from None

from h2024kb.batch.files import BadInput, Counts, check_file
from h2024kb.batch.streams import check_batches
from h2024kb.batch.tables import check_table

__all__ = ["BadInput", "Counts", "check_batches", "check_file", "check_table"]

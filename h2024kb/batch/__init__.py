"""Checks tables of service lines, however long, and says about each line what `check_lines` says."""

from importlib.util import find_spec

from h2024kb.writing.parquet import MissingExtra

if not (find_spec("duckdb") and find_spec("pyarrow")):
    raise MissingExtra("checking tables needs duckdb and pyarrow: pip install 'h2024kb[batch]'")

from h2024kb.batch.files import BadInput, Counts, check_file
from h2024kb.batch.streams import check_batches, output_schema
from h2024kb.batch.tables import check_table

__all__ = ["BadInput", "Counts", "check_batches", "check_file", "check_table", "output_schema"]

"""The packages that write and read Parquet, which not every installation has."""

from __future__ import annotations

from typing import Any


class MissingExtra(ImportError):
    """Raised where a package that only some installations have is missing, with what to install."""


def pyarrow_or_say() -> tuple[Any, Any]:
    """Returns the packages pyarrow and pyarrow.parquet; raises MissingExtra, which says what to install."""
    # Imported here and not above: every command imports this module, and most never need pyarrow, which loads slowly.
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra("Parquet needs pyarrow: pip install 'h2024kb[batch]'") from None
    return pyarrow, parquet

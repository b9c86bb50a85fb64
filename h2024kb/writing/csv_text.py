"""Writes CSV with a header, in which no text can run as a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Sequence


def comma_separated(columns: Sequence[str], rows: Iterable[Iterable[object]], figures: Container[str] = ()) -> bytes:
    r"""Returns CSV with a header. The columns in `figures` hold numbers only, which may begin with a minus.

    >>> comma_separated(("what", "much"), [("=1+1", "-5")], figures=("much",))
    b"what,much\r\n'=1+1,-5\r\n"
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        named = zip(columns, row, strict=True)
        writer.writerow([value if name in figures else cell(value) for name, value in named])
    return text.getvalue().encode()


def cell(value: object) -> str:
    """Returns a value as a cell: nothing as an empty one, text that a spreadsheet would run after an apostrophe.

    >>> import datetime
    >>> cell("=1+1"), cell("Covered"), cell(-1), cell(True), cell(None), cell(datetime.date(2026, 1, 1))
    ("'=1+1", 'Covered', '-1', 'true', '', '2026-01-01')
    """
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return f"'{value}" if isinstance(value, str) and value.startswith(tuple("=+-@\t\r")) else str(value)

"""Writes rows for other programs: CSV, JSON lines or Parquet, one column for each field of a record.

A record is a class with typed fields, a msgspec struct or a named tuple: its fields are the columns, in their order.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any, Final, NewType, get_args, get_type_hints

import msgspec

from h2024kb.writing.csv_text import comma_separated
from h2024kb.writing.parquet import pyarrow_or_say

Number = NewType("Number", str)
"""A number as text, which keeps all its digits; in CSV it may begin with a minus."""

_ARROW_TYPES: Final = {str: "string", Number: "string", bool: "bool", dt.date: "date32"}


def columns(record: type) -> tuple[str, ...]:
    """Returns the names of a record's columns.

    >>> from typing import NamedTuple
    >>> class Price(NamedTuple):
    ...     code: str
    ...     amount: Number | None
    >>> columns(Price)
    ('code', 'amount')
    """
    return tuple(get_type_hints(record))


def csv_file(record: type, rows: Iterable[Any]) -> bytes:
    r"""Returns CSV with a header. Text that a spreadsheet would run as a formula stands after an apostrophe.

    >>> from typing import NamedTuple
    >>> class Price(NamedTuple):
    ...     code: str
    ...     amount: Number | None
    >>> csv_file(Price, [Price("=1+1", Number("-5")), Price("H2024", None)])
    b"code,amount\r\n'=1+1,-5\r\nH2024,\r\n"
    """
    names = columns(record)
    numbers = [name for name, hint in get_type_hints(record).items() if Number in _types(hint)]
    return comma_separated(names, ([getattr(row, name) for name in names] for row in rows), numbers)


def json_lines(record: type, rows: Iterable[Any]) -> bytes:
    r"""Returns one JSON object a line, each with every column; a column without a value is null.

    >>> from typing import NamedTuple
    >>> class Price(NamedTuple):
    ...     code: str
    ...     amount: Number | None
    >>> json_lines(Price, [Price("H2024", None)])
    b'{"code":"H2024","amount":null}\n'
    """
    names = columns(record)
    return b"".join(msgspec.json.encode({name: getattr(row, name) for name in names}) + b"\n" for row in rows)


def parquet(record: type, rows: Iterable[Any]) -> bytes:
    """Returns a Parquet file of texts, dates and truth values; equal rows give equal bytes.

    Raises MissingExtra where pyarrow is not installed, and TypeError for a field of another type.
    """
    pa, pq = pyarrow_or_say()
    listed, out = list(rows), io.BytesIO()
    arrays = {
        name: pa.array([getattr(row, name) for row in listed], pa.type_for_alias(_arrow_type(name, hint)))
        for name, hint in get_type_hints(record).items()
    }
    pq.write_table(pa.table(arrays), out, compression="zstd")
    return out.getvalue()


def _types(hint: Any) -> tuple[Any, ...]:
    """The types of a field, without the None of one that may be empty."""
    return tuple(one for one in get_args(hint) or (hint,) if one is not type(None))


def _arrow_type(name: str, hint: Any) -> str:
    match [_ARROW_TYPES.get(one) for one in _types(hint)]:
        case [str(alias)]:
            return alias
        case _:
            raise TypeError(f"no type of Parquet is chosen for {name}: {hint}")

"""Checks a table of lines that is in memory."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from h2024kb.batch.cells import Exact
from h2024kb.batch.database import opened, quoted
from h2024kb.batch.distinct_cells import NUMBERS, Source
from h2024kb.batch.results import Table
from h2024kb.batch.run import settle
from h2024kb.claims.result import Result
from h2024kb.formats.fields import MOST
from h2024kb.formats.table.cells import FIELDS
from h2024kb.knowledge.knowledge_base import KnowledgeBase

types = pa.types
TEXTS: Final = pa.list_(pa.string())
KINDS: Final[dict[str, Any]] = {
    **dict.fromkeys(FIELDS, pa.string()),
    **dict.fromkeys(("modifiers", "diagnoses"), TEXTS),
    **dict.fromkeys(("date_of_service", "last_date_of_service", "submitted"), pa.date32()),
    **dict.fromkeys(NUMBERS, pa.decimal128(38, 15)),
    **dict.fromkeys(("age", "group_size"), pa.int64()),
    "conditions_met": pa.bool_(),
}
"""The Arrow type of each field of a service line."""


def check_table(kb: KnowledgeBase, lines: Any, *, as_known_on: dt.date | None = None, dense: bool = False) -> Any:
    """Returns, as an Arrow table, what `check_lines` says about each line of an Arrow table.

    The columns are the fields of a `ServiceLine`, and others are not looked at; a field without a column is not given,
    and neither is a null. An empty list or text says that there is none. `row` is the number of the line from 0.

    A row for each finding that is not met; `dense`: a row for each line, with all findings. Lines whose code is not in
    the knowledge base have no row. Raises TypeError for a column of another type than the field's, and ValueError for a
    number of more than 15 digits before or behind its point.

    >>> import h2024kb, pyarrow as pa, datetime
    >>> day = datetime.date(2026, 11, 2)
    >>> lines = pa.table({"policy": ["us/medicare"], "code": ["H2024"], "date_of_service": [day]})
    >>> found = check_table(h2024kb.open(), lines)
    >>> found.select(["row", "outcome", "rule", "finding"]).slice(0, 1).to_pylist()
    [{'row': 0, 'outcome': 'fail', 'rule': 'coverage', 'finding': 'fail'}]
    """
    numbers, results = numbered(kb, lines, as_known_on)
    table = Table(results, [""], [0], dense=dense)
    return pa.Table.from_batches([table.batch(batch) for batch in (EMPTY, *numbers)]).drop_columns(["file"])


def numbered(kb: KnowledgeBase, lines: Any, as_known_on: dt.date | None = None) -> tuple[list[Any], list[Result]]:
    """Returns the lines whose code is known, in Arrow batches, with the numbers of their results; and the results."""
    given = as_given(lines)
    # In memory, as the table is; what does not fit beside it goes to a folder that is removed with the database.
    with tempfile.TemporaryDirectory(prefix="h2024kb-") as folder, opened(Path(folder), in_memory=True) as database:
        database.register("given", given.append_column("number", pa.array(range(len(given)), pa.int64())))
        settled = settle(database, kb, source("given", given.column_names), as_known_on, lambda _: None)
        return list(settled.batches()), settled.results


EMPTY: Final = pa.RecordBatch.from_pylist(
    [],
    schema=pa.schema(
        {
            "file": pa.int32(),
            "row": pa.int64(),
            **dict.fromkeys(("claim", "line", "code"), pa.string()),
            "result": pa.int32(),
        }
    ),
)
"""No line, with the columns that results are made of."""


def source(relation: str, given: Sequence[str]) -> Source:
    """Returns the source that a relation with columns of `KINDS`, and a column `number`, is."""
    kinds = {name: "VARCHAR" if KINDS[name] == pa.string() else "" for name in given}
    return Source(relation, "number", {name: quoted(name) for name in given}, kinds, Exact(frozenset(given)))


def as_given(lines: Any) -> Any:
    """Returns the columns that are fields of a line, in the types of `KINDS`; raises TypeError or ValueError."""
    names = [name for name in FIELDS if name in lines.column_names]
    return pa.table({name: _as_given(name, lines.column(name)) for name in names}).combine_chunks()


def _as_given(name: str, column: Any) -> Any:
    wanted, given = KINDS[name], column.type
    # A text that stands in many rows may be stored once; that changes nothing about what it says.
    if types.is_dictionary(given):
        column, given = column.cast(given.value_type), given.value_type
    if not _fits(wanted, given):
        raise TypeError(f"column '{name}' must be {wanted}, not {given}")
    try:
        if types.is_floating(given) and types.is_decimal(wanted):
            # By way of its text: the price 0.1 is then 0.1, and not the nearest binary fraction with 15 digits.
            column = pc.cast(column, pa.string())
        made = column.cast(wanted)
    except pa.ArrowInvalid:
        # Without the cause, which repeats the value.
        raise ValueError(f"column '{name}' has a value that is not a {wanted}") from None
    if name in NUMBERS and pc.any(pc.greater_equal(pc.abs(made), MOST)).as_py():
        raise ValueError(f"column '{name}' has a number of more than 15 digits before its point")
    return made


def _fits(wanted: Any, given: Any) -> bool:
    if types.is_null(given):
        return True
    if wanted == TEXTS:
        return (types.is_list(given) or types.is_large_list(given)) and _fits(pa.string(), given.value_type)
    if wanted == pa.string():
        return bool(types.is_string(given) or types.is_large_string(given))
    if types.is_decimal(wanted):
        return bool(types.is_decimal(given) or types.is_floating(given) or types.is_integer(given))
    if wanted == pa.int64():
        return bool(types.is_integer(given))
    return bool(given == wanted or (types.is_date(wanted) and types.is_date(given)))

"""Checks a stream of Arrow batches in which the lines of a member follow one another: a partition, wherever it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from h2024kb.batch.tables import KINDS, check_table
from h2024kb.knowledge.knowledge_base import KnowledgeBase

AT_ONCE: Final = 50_000
"""So many lines are checked together; more only where one member has more."""


def check_batches(
    kb: KnowledgeBase,
    batches: Iterable[Any],
    *,
    as_known_on: dt.date | None = None,
    dense: bool = False,
    at_once: int = AT_ONCE,
) -> Iterator[Any]:
    """Yields what `check_table` says about the lines of Arrow batches, which are sorted by `member`.

    Lines of one member are seen together though they come in several batches. `row` is left out: the lines of a
    partition have no number of their own, and claim and line name them.
    """
    for table in _by_member(batches, at_once):
        found = check_table(kb, table, as_known_on=as_known_on, dense=dense)
        yield from plain(found).to_batches()


def output_schema(kb: KnowledgeBase, *, dense: bool = False) -> Any:
    """Returns the Arrow schema of what `check_batches` yields."""
    return plain(check_table(kb, pa.schema(KINDS).empty_table(), dense=dense)).schema


def plain(found: Any) -> Any:
    """Returns findings without row numbers, and without dictionaries, which not every engine reads."""
    kept = found.drop_columns(["row"])
    return kept.cast(pa.schema([(field.name, _plain(field.type)) for field in kept.schema]))


def _plain(kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _plain(field.type)) for field in kind.fields])
    return kind


def _by_member(batches: Iterable[Any], at_once: int) -> Iterator[Any]:
    """Yields tables of about so many lines, split only between members."""
    waiting: list[Any] = []
    for batch in batches:
        if batch.num_rows:
            waiting.append(pa.Table.from_batches([batch]))
        if sum(table.num_rows for table in waiting) < at_once:
            continue
        table = pa.concat_tables(waiting)
        cut = _last_change(table)
        if cut:
            yield table.slice(0, cut)
        # The last member's lines wait, since the next batch may have more of them.
        waiting = [table.slice(cut)]
    if any(table.num_rows for table in waiting):
        yield pa.concat_tables(waiting)


def _last_change(table: Any) -> int:
    """The row where the last member of a table begins, 0 if there is only one.

    A line without a member is checked by itself, so a table may be split after it.
    """
    if "member" not in table.column_names:
        return int(table.num_rows)
    members = table.column("member").combine_chunks()
    last = members[len(members) - 1]
    if not last.is_valid:
        return len(members)
    other = pc.indices_nonzero(pc.fill_null(pc.not_equal(members, last), True))
    return int(other[len(other) - 1].as_py()) + 1 if len(other) else 0

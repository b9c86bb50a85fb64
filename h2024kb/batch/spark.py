"""Checks a Spark data frame of service lines with the function that checks tables; needs `h2024kb[spark]` and Java."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql.functions import col, monotonically_increasing_id
from pyspark.sql.pandas.types import from_arrow_schema

from h2024kb.batch import check_batches, output_schema
from h2024kb.claims.check import counted_codes
from h2024kb.claims.standing import LATER
from h2024kb.formats.table.cells import FIELDS
from h2024kb.knowledge import snapshot
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.version import __version__


def check_frame(
    kb: KnowledgeBase, lines: DataFrame, *, as_known_on: dt.date | None = None, dense: bool = False
) -> DataFrame:
    """Says of each line of a data frame what `check_lines` says of it; a row for each finding that is not met.

    The columns are those of `batch.check_table`; `claim` and `line` name a line. Lines of codes that are not in the
    knowledge base are left out where the source is scanned. The rest are laid out by `member`, for its lines are seen
    together in the order of the frame, and checked in Arrow batches. `dense`: a row for each line, with all findings.
    """
    packed = lines.sparkSession.sparkContext.broadcast(snapshot.to_bytes(kb, __version__))

    def check(batches: Iterator[Any]) -> Iterator[Any]:
        yield from check_batches(_opened(packed.value), batches, as_known_on=as_known_on, dense=dense)

    schema = from_arrow_schema(output_schema(kb, dense=dense))
    told = [name for name in FIELDS if name in lines.columns]
    wanted = lines.where(_wanted(kb, lines.columns)).select(*told)
    if "member" in told:
        # Lines are moved between machines, and a later claim strikes out only what was sent before it.
        sent = wanted.withColumn("_sent", monotonically_increasing_id())
        wanted = sent.repartition("member").sortWithinPartitions("member", "_sent").drop("_sent")
    return wanted.mapInArrow(check, schema)


def _wanted(kb: KnowledgeBase, columns: list[str]) -> Any:
    wanted = col("code").isin(*sorted(counted_codes(kb))) | col("code").isNull()
    return wanted | col("frequency").isin(*LATER) if "frequency" in columns else wanted


@cache
def _opened(content: bytes) -> KnowledgeBase:
    """A worker opens the knowledge base once."""
    return snapshot.from_bytes(content)

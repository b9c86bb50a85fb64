"""Files of any format read a row at a time, for those that cannot be read many rows at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyarrow as pa

from h2024kb.batch.database import Connection, inserted
from h2024kb.batch.distinct_cells import Source
from h2024kb.batch.request import Request
from h2024kb.batch.tables import KINDS, source
from h2024kb.claims.check import counted_codes
from h2024kb.claims.standing import LATER
from h2024kb.formats import any_file
from h2024kb.formats.table.cells import FIELDS
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem, Problems
from h2024kb.validation.validate import completed, not_opened

AT_ONCE: Final = 10_000


def row_source(database: Connection, request: Request, problems: Problems) -> Source:
    """Returns the lines of files as one source, a table of those that are wanted; what else was read are problems."""
    codes = {*counted_codes(request.kb), None}
    starts, left_out = [0], 0
    inserted(database, "streamed", _table([], 0))
    for number in range(len(request.paths)):
        rows = enumerate(_lines(request, number, problems), starts[-1])
        end = starts[-1]
        while some := list(itertools.islice(rows, AT_ONCE)):
            # Lines of other codes bear on nothing, but one that replaces a claim takes back the lines of it that do.
            kept = [(row, line) for row, line in some if line.code in codes or line.frequency in LATER]
            inserted(database, "streamed", _table(kept, number), new=False)
            left_out += len(some) - len(kept)
            end = some[-1][0] + 1
        starts.append(end)
    made = source("streamed", FIELDS)
    return made._replace(file="file", starts=tuple(starts), left_out=left_out)


def _lines(request: Request, number: int, problems: Problems) -> Iterator[ServiceLine]:
    path = request.paths[number]
    try:
        for item in any_file.read(path, request.columns):
            if isinstance(item, Problem):
                problems.add(item)
            else:
                yield completed(request.kb, item, request.defaults)
    except OSError as error:
        problems.add(not_opened(path, error))


def _table(rows: Sequence[tuple[int, ServiceLine]], file: int) -> Any:
    columns = {name: pa.array([getattr(line, name) for _, line in rows], kind) for name, kind in KINDS.items()}
    numbers = pa.array([row for row, _ in rows], pa.int64())
    return pa.table({"number": numbers, "file": pa.array([file] * len(rows), pa.int32()), **columns})

"""Checks files of lines, of any length, and writes what was found to a file."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from h2024kb.batch.csv_source import csv_source
from h2024kb.batch.database import Connection, NoRoom, opened
from h2024kb.batch.distinct_cells import Source, Unscannable
from h2024kb.batch.parquet_source import parquet_source
from h2024kb.batch.request import Request
from h2024kb.batch.results import Table
from h2024kb.batch.row_source import row_source
from h2024kb.batch.run import Say, Settled, settle
from h2024kb.batch.scratch_folder import beside, put_in_place
from h2024kb.batch.tables import EMPTY
from h2024kb.batch.writers import WRITERS
from h2024kb.claims.piles import PILES, Pile
from h2024kb.formats.table.columns import Columns
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record
from h2024kb.problem import Problem, Problems
from h2024kb.validation.validate import Defaults
from h2024kb.writing.whole_file import check_place

Way = Callable[[Connection, Request, Problems], Source]
SOURCES: Final[tuple[Way, ...]] = (parquet_source, csv_source, row_source)
"""Ways to read files, the fastest first; the last reads every file there is, and a pipe, which is read but once."""


INTERRUPTED: Final = "Query interrupted"
"""What DuckDB says when somebody stops a run from the keyboard."""


class BadInput(ValueError):
    """Raised where no line can be read, with every problem found; nothing is written then."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Counts(Record, frozen=True):
    """What checking files came to.

    `lines` are all that were read; of these `not_in_knowledge_base` have a code that no policy names, and the
    others passed, failed, or could not be decided. `piles` counts all lines by pile. `rows` were written. `one_by_one`
    says that the files had to be read a row at a time, which is slower. A problem of many rows is listed once, where
    it comes first.
    """

    lines: int
    not_in_knowledge_base: int
    passed: int
    failed: int
    cannot_tell: int
    piles: dict[Pile, int]
    rows: int
    one_by_one: bool
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def check_file(
    kb: KnowledgeBase,
    source: Path | Sequence[Path],
    output: Path,
    *,
    columns: Columns | None = None,
    defaults: Defaults | None = None,
    as_known_on: dt.date | None = None,
    dense: bool = False,
    progress: Say | None = None,
) -> Counts:
    """Checks every line in files whose code is known, as `check_lines` would, and writes what was found.

    Lines of one member are seen together, across all files. `columns` says what the columns of a table mean, where its
    header does not; `defaults` stand in for what lines leave out. The output is Parquet or CSV, by its name: a row for
    each finding that is not met; `dense`: a row for each line. `row` is the line's number in its file from 0, not
    counting what could not be read. No column says whom a line is for.

    What cannot be read is counted among the problems, and the rest checked all the same. Raises BadInput where no line
    can be read, ValueError for an output of another name, and NoRoom where memory and disk are too small. The output is
    there whole or not at all.
    """
    paths = (source,) if isinstance(source, Path) else tuple(source)
    request = Request(kb, paths, columns, defaults or Defaults(), as_known_on)
    _may_be_written(output, paths)
    with beside(output) as folder:
        written = folder / output.name
        # A faster way reads most files. Where it cannot read one as the row reader would, the next one starts from the
        # beginning, which only files on a disk allow; a pipe is read once.
        for way in SOURCES if all(path.is_file() for path in paths) else (row_source,):
            try:
                counts = _checked(way, request, written, dense, progress or (lambda _: None))
            except Unscannable:
                continue
            put_in_place(written, output)
            return counts
    raise NoRoom


def _may_be_written(output: Path, sources: Sequence[Path]) -> None:
    """Raises ValueError for an output that could not be put in its place, before anything is read."""
    if output.suffix.lower() not in WRITERS:
        raise ValueError(f"name the output {' or '.join(f'*{suffix}' for suffix in WRITERS)}, not {output.name}")
    check_place(output, sources)


def _checked(way: Way, request: Request, written: Path, dense: bool, say: Say) -> Counts:
    """Checks files that are read in one way, and writes what was found; raises Unscannable where that does not work.

    It does not work where lines are missing, as they are where a Parquet file's own statistics wrongly say that it has
    none of a code.
    """
    problems = Problems(each=1)
    with _database(written.parent, request.paths) as database:
        source = way(database, request, problems)
        settled = settle(database, request.kb, source, request.as_known_on, say)
        _add_faults(database, settled, request, problems)
        if not settled.scan.rows:
            raise BadInput(tuple(problems))
        say("writing")
        suffix = written.suffix.lower()
        files = [str(path) for path in request.paths]
        table = Table(settled.results, files, source.starts, dense=dense, flat=suffix == ".csv")
        rows = (table.batch(batch) for batch in settled.batches())
        WRITERS[suffix](written, table.batch(EMPTY).schema, rows)
        if table.counts.total() != settled.scan.rows - settled.scan.not_held:
            raise Unscannable
        table.piles["not-checked"] += settled.scan.not_held
    return Counts(
        lines=settled.scan.rows,
        not_in_knowledge_base=settled.scan.not_held,
        passed=table.counts["pass"],
        failed=table.counts["fail"],
        cannot_tell=table.counts["cannot-tell"],
        piles={pile: table.piles[pile] for pile in PILES},
        rows=table.rows,
        one_by_one=way is row_source,
        problems=tuple(problems),
        notes=problems.notes,
    )


@contextmanager
def _database(folder: Path, reads: Sequence[Path]) -> Iterator[Connection]:
    """Yields a database in a new folder, both removed at the end; raises NoRoom where lines do not fit."""
    with tempfile.TemporaryDirectory(dir=folder) as own, opened(Path(own), reads) as database:
        try:
            yield database
        except (duckdb.OutOfMemoryException, duckdb.IOException):
            raise NoRoom from None
        # Not chained: DuckDB's own messages may repeat a value of a line.
        except RuntimeError as error:
            if str(error) == INTERRUPTED:
                raise KeyboardInterrupt from None
            raise


def _add_faults(database: Connection, settled: Settled, request: Request, problems: Problems) -> None:
    """Adds a problem for each kind of cell that could not be read, where it comes first."""
    readings, source = settled.readings, settled.readings.source
    for fields in readings.faulty:
        kinds = f"SELECT fault, file, min(row), count(*) FROM cells{readings.joined(fields)} WHERE fault IS NOT NULL"
        for number, file, row, count in database.execute(f"{kinds} GROUP BY ALL ORDER BY ALL").fetchall():
            fault = readings.faults[number]
            # As a reader of text counts: from 1, with the lines of the header.
            line = 1 if source.header is None else source.header + 1 + row - source.starts[file]
            place = str(request.paths[file]), line, source.places.get(fault.column, 1)
            problems.add(Problem(*place, fault.message, fault.rule), count)

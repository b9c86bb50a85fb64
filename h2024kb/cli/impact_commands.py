"""The command that says which lines in files change outcome between two knowledge bases, or two days of one."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import h2024kb
from h2024kb.cli.arguments import DONE, PROBLEMS, command
from h2024kb.cli.claim_arguments import FORMATS, file_arguments, given, payer_arguments, say_all, written
from h2024kb.cli.terminal import print_table
from h2024kb.day import day
from h2024kb.impact.compare import Impact, Knowledge, LineChange, impact
from h2024kb.impact.report import LINE_COLUMNS, SUMMED, compared, counted, line_cells, report, tables
from h2024kb.impact.rows import ImpactRow, rows, whole_json
from h2024kb.problem import Problems
from h2024kb.validation.validate import lines_of
from h2024kb.writing.flat_files import csv_file, json_lines, parquet

MOST_LISTED: Final = 50
"""A table for people lists this many lines, those with the greatest charges; a file lists all."""


def add_commands(commands: Any) -> None:
    """Adds the command to the command line."""
    made = command(commands, "impact", _impact, "which lines change outcome between two knowledge bases or two days")
    either = "a snapshot, a folder of policies, or a date: what was known then (put ./ before a file named like a date)"
    made.add_argument("old", type=_day_or_path, metavar="OLD", help=either)
    made.add_argument("new", type=_day_or_path, metavar="NEW", help="the same")
    file_arguments(made)
    payer_arguments(made)
    made.add_argument("--format", choices=FORMATS, default="table", help="default: tables for people")
    made.add_argument("--every", action="store_true", help="also list lines whose outcome stays and findings change")


def _day_or_path(text: str) -> dt.date | Path:
    if (read := day(text)) is not None:
        return read
    if not Path(text).exists():
        raise argparse.ArgumentTypeError(f"'{text}' is not a date YYYY-MM-DD, and no snapshot or folder has that name")
    return Path(text)


def _impact(args: argparse.Namespace) -> int:
    files = given(args)
    if files.problems:
        return _status(None, files.problems)
    old, new = _knowledge(args)
    found = impact(old, new, lines_of(args.files, files.read, files.problems), defaults=files.defaults)
    _write(args, found, files.problems)
    return _status(found, files.problems)


def _knowledge(args: argparse.Namespace) -> Iterator[Knowledge]:
    opened = cache(h2024kb.open)
    for one in (args.old, args.new):
        yield Knowledge(opened(args.policies), one) if isinstance(one, dt.date) else Knowledge(opened(one))


def _write(args: argparse.Namespace, found: Impact, problems: Problems) -> None:
    listed = found.changes if args.every else found.moved()
    wanted = "json" if args.json else args.format
    if wanted == "table" and args.output is None:
        _print(found, listed)
        return
    makes: dict[str, Callable[[], bytes]] = {
        "json": lambda: whole_json(found, listed, problems),
        "jsonl": lambda: json_lines(ImpactRow, rows(listed)),
        "csv": lambda: csv_file(ImpactRow, rows(listed)),
        "table": lambda: csv_file(ImpactRow, rows(listed)),
        "parquet": lambda: parquet(ImpactRow, rows(listed)),
        "html": lambda: report(found, listed, problems).encode(),
    }
    written(args.output, makes[wanted]())


def _status(found: Impact | None, problems: Problems) -> int:
    """Prints problems and counts on the error stream, where they stay out of the rest, and returns the exit status."""
    say_all(problems, problems.notes)
    counts = counted(found).items() if found else ()
    print(", ".join(f"{name}: {count}" for name, count in (*counts, ("problems", len(problems)))), file=sys.stderr)
    return PROBLEMS if problems or (found and found.moved()) else DONE


def _print(found: Impact, listed: Sequence[LineChange]) -> None:
    if not found.moved():
        print("No line changes outcome.")
    for title, columns, cells in tables(found) if found.moved() else ():
        print_table(title, columns, _to_the_right(cells, len(SUMMED)))
    most = sorted(listed, key=lambda change: change.charge or 0, reverse=True)[:MOST_LISTED]
    if most:
        left = len(listed) - len(most)
        title = f"The {len(most)} lines with the greatest charges of {len(listed):,}" if left else "Lines"
        several = len({change.file for change in most}) > 1
        cells = [row for change in most for row in line_cells(change, name_file=several)]
        print_table(title, LINE_COLUMNS, cells)
    print(compared(found))


def _to_the_right(rows: list[tuple[str, ...]], last: int) -> list[tuple[str, ...]]:
    """Sets the last columns flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        (*row[:-last], *(cell.rjust(width) for cell, width in zip(row[-last:], widths[-last:], strict=True)))
        for row in rows
    ]

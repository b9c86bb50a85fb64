"""The command that says which lines in files change outcome between two knowledge bases, or two days of one."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import h2024kb
from h2024kb.arguments import DONE, PROBLEMS, command
from h2024kb.claim_commands import FORMATS, _mapping, _payer_arguments
from h2024kb.console import print_table, watched
from h2024kb.day import day
from h2024kb.findings_file import write_whole
from h2024kb.formats import any_file
from h2024kb.impact import Change, Impact, Knowledge, impact
from h2024kb.impact_file import comma_separated, json_lines, parquet, rows, whole_json
from h2024kb.impact_report import LINE_COLUMNS, SUMMED, compared, counted, line_cells, report, tables
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem
from h2024kb.validate import Read, Told

TOLD: Final = ("policy", "payer", "payer_id", "jurisdiction", "line_of_business", "submitted", "conditions_met")
MOST_LISTED: Final = 50
"""So many lines a table for people lists, those with the greatest charges; a file lists all."""


def add_commands(commands: Any) -> None:
    """Adds the command to the command line."""
    made = command(commands, "impact", _impact, "which lines change outcome between two knowledge bases or two days")
    either = "a snapshot, a folder of policies, or a date: as known on that day (a file so named: write ./ before it)"
    made.add_argument("old", type=_day_or_path, metavar="OLD", help=either)
    made.add_argument("new", type=_day_or_path, metavar="NEW", help="the same")
    made.add_argument("files", nargs="+", type=Path, metavar="FILE", help="837P, FHIR, CSV or Parquet, as for validate")
    made.add_argument("--policy", help="the policy that every line is for")
    _payer_arguments(made)
    made.add_argument("--mapping", type=Path, metavar="FILE", help="a YAML file that says what columns and payers mean")
    made.add_argument("--format", choices=FORMATS, default="table", help="default: tables for people")
    made.add_argument("--output", type=Path, metavar="FILE", help="where it goes; default: standard output")
    made.add_argument("--every", action="store_true", help="list the lines too whose outcome stays, for other findings")


def _day_or_path(text: str) -> dt.date | Path:
    if (read := day(text)) is not None:
        return read
    if not Path(text).exists():
        raise argparse.ArgumentTypeError(f"'{text}' is no date YYYY-MM-DD, and no snapshot or folder is there")
    return Path(text)


def _impact(args: argparse.Namespace) -> int:
    columns, payers, problems = _mapping(args)
    if problems:
        return _status(None, problems)
    told = Told(payers=payers, fields={name: getattr(args, name) for name in TOLD if getattr(args, name) is not None})
    old, new = _knowledge(args)
    lines = _lines(args.files, lambda path: any_file.read(path, columns, watched), problems)
    found = impact(old, new, lines, told=told)
    _write(args, found, problems)
    return _status(found, problems)


def _knowledge(args: argparse.Namespace) -> Iterator[Knowledge]:
    opened = cache(h2024kb.open)
    for one in (args.old, args.new):
        yield Knowledge(opened(args.policies), one) if isinstance(one, dt.date) else Knowledge(opened(one))


def _lines(paths: Iterable[Path], read: Read, problems: list[Problem]) -> Iterator[tuple[str, ServiceLine]]:
    """Yields the lines of some files, and puts what could not be read with the problems."""
    for path in paths:
        try:
            for item in read(path):
                if isinstance(item, Problem):
                    problems.append(item)
                else:
                    yield str(path), item
        except OSError as error:
            problems.append(Problem(str(path), 1, 1, f"cannot be read: {error.strerror}", "file"))


def _write(args: argparse.Namespace, found: Impact, problems: list[Problem]) -> None:
    listed = found.changes if args.every else found.moved()
    wanted = "json" if args.json else args.format
    if wanted == "table" and args.output is None:
        _print(found, listed)
        return
    makes: dict[str, Callable[[], bytes]] = {
        "json": lambda: whole_json(found, listed, problems),
        "jsonl": lambda: json_lines(rows(listed)),
        "csv": lambda: comma_separated(rows(listed)),
        "table": lambda: comma_separated(rows(listed)),
        "parquet": lambda: parquet(rows(listed)),
        "html": lambda: report(found, listed, problems).encode(),
    }
    content = makes[wanted]()
    if args.output:
        write_whole(args.output, content)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def _status(found: Impact | None, problems: list[Problem]) -> int:
    """Prints problems and counts on the error stream, where they stay out of the rest, and returns the exit status."""
    for problem in problems:
        print(problem, file=sys.stderr)
    counts = counted(found).items() if found else ()
    print(", ".join(f"{name}: {count}" for name, count in (*counts, ("problems", len(problems)))), file=sys.stderr)
    return PROBLEMS if problems or (found and found.moved()) else DONE


def _print(found: Impact, listed: Sequence[Change]) -> None:
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

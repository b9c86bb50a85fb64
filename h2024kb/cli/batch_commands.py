"""The command that checks tables of many lines and writes what was found to a file."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h2024kb
from h2024kb.cli.arguments import PROBLEMS, as_date, command, print_json
from h2024kb.cli.claim_arguments import counted, file_arguments, given, hold_argument, payer_arguments, say_all, status
from h2024kb.cli.terminal import steps


def add_commands(commands: Any) -> None:
    """Adds the command to the command line."""
    made = command(commands, "batch", _batch, "check tables of many lines; needs the extra h2024kb[batch]")
    file_arguments(made, output="the file to write, *.parquet or *.csv; it has to be given")
    payer_arguments(made)
    made.add_argument("--as-known-on", type=as_date, metavar="DATE", help="check with what was known on that day")
    hold_argument(made)
    made.add_argument("--dense", action="store_true", help="write a row for each line, not for each finding")


def _batch(args: argparse.Namespace) -> int:
    from h2024kb.batch import BadInput, check_file

    files = given(args)
    if args.output is None:
        raise ValueError("name a file for the findings: --output found.parquet or --output found.csv")
    if files.problems:
        say_all(files.problems, files.problems.notes)
        return PROBLEMS
    paths: list[Path] = args.files
    kb = h2024kb.open(args.policies)
    try:
        with stopped_as_broken_off(), steps() as say:
            counts = check_file(
                kb,
                paths,
                args.output,
                columns=files.columns,
                defaults=files.defaults,
                as_known_on=args.as_known_on,
                dense=args.dense,
                progress=say,
            )
    except BadInput as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return PROBLEMS
    say_all(counts.problems, counts.notes)
    if args.json:
        print_json(counts)
    else:
        lines = f"lines: {counts.lines}, not in the knowledge base: {counts.not_in_knowledge_base}"
        print(f"{args.output}: {lines}, {counted(counts.piles)}, rows: {counts.rows}")
    return status(counts.piles, args.hold, problems=bool(counts.problems))


@contextmanager
def stopped_as_broken_off() -> Iterator[None]:
    """Makes a run that is asked to end (SIGTERM) end as from the keyboard, so that no claim line is left on disk."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

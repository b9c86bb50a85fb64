"""What every command shares: how it is added, its exit statuses, how a date is read and JSON is printed."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from typing import Any

from h2024kb.day import day
from h2024kb.writing.json_text import json_document

DONE, PROBLEMS, USAGE, UNKNOWN = 0, 1, 2, 3
"""Done or answered; problems were found; the command or a name in it is wrong; the answer is unknown."""

BROKEN_OFF = 130
"""Somebody stopped the command from the keyboard; shells have the same number for it."""


def command(
    commands: Any, name: str, run: Callable[..., int], help: str, *, json: bool = True
) -> argparse.ArgumentParser:
    """Adds a command, by default one that may print JSON, and returns its parser."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    made.set_defaults(run=run)
    if json:
        made.add_argument("--json", action="store_true", help="print JSON for programs")
    return made


def as_date(text: str) -> dt.date:
    """Returns the day that an argument is; raises ArgumentTypeError for any other text."""
    if (read := day(text)) is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date; write YYYY-MM-DD")
    return read


def print_json(value: object) -> None:
    """Prints a value as JSON for programs."""
    print(json_document(value).decode(), end="")

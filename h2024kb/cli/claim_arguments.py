"""What commands on claims share: arguments on files and payers, what they tell of every line, and where output goes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from h2024kb.cli.arguments import as_date
from h2024kb.cli.terminal import watched
from h2024kb.formats import any_file
from h2024kb.formats.table import mapping_file
from h2024kb.formats.table.columns import Columns
from h2024kb.knowledge.words import BUSINESS_WORDS
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem, Problems
from h2024kb.validation.findings import check_place, write_whole
from h2024kb.validation.validate import Told

TOLD: Final = ("policy", "payer", "payer_id", "jurisdiction", "line_of_business", "submitted", "conditions_met")
FORMATS: Final = ("table", "jsonl", "csv", "parquet", "html")


class Given(NamedTuple):
    """What the arguments say of files: their columns, what holds for every line, and what is wrong with that."""

    columns: Columns | None
    told: Told
    problems: Problems

    def read(self, path: Path) -> Iterator[ServiceLine | Problem]:
        """Yields the lines of a file, and shows on a terminal how far it is read."""
        return any_file.read(path, self.columns, watched)


def file_arguments(made: argparse.ArgumentParser) -> None:
    """Adds the arguments of a command that reads files of claims."""
    made.add_argument("files", nargs="+", type=Path, metavar="FILE", help="837P, FHIR, CSV or Parquet")
    made.add_argument("--policy", help="the policy that every line is for")
    made.add_argument("--mapping", type=Path, metavar="FILE", help="a YAML file that says what columns and payers mean")
    made.add_argument("--output", type=Path, metavar="FILE", help="where it goes; default: standard output")


def payer_arguments(made: argparse.ArgumentParser) -> None:
    """Adds the arguments that tell what holds for every line."""
    told = made.add_argument_group("what holds for every line that does not tell it")
    told.add_argument("--payer", help="by any of its names")
    told.add_argument("--payer-id", help="as claims write it")
    told.add_argument("--jurisdiction", type=str.upper, help="two-letter code of the state")
    told.add_argument("--line-of-business", choices=list(BUSINESS_WORDS))
    told.add_argument("--submitted", type=as_date, metavar="DATE", help="the day the claim is sent")
    vouched = told.add_mutually_exclusive_group()
    vouched.add_argument("--conditions-met", action="store_const", const=True, help="vouch for what no line shows")
    vouched.add_argument("--conditions-not-met", action="store_const", const=False, dest="conditions_met")


def given(args: argparse.Namespace) -> Given:
    """Returns what the arguments of a command on files say; raises ValueError for an output that cannot be written."""
    if args.output:
        _check_output(args.output, [*args.files, *([args.mapping] if args.mapping else [])])
    fields: dict[str, Any] = {name: getattr(args, name) for name in TOLD if getattr(args, name, None) is not None}
    if args.mapping is None:
        return Given(None, Told(fields=fields), Problems())
    mapping = mapping_file.read(args.mapping)
    return Given(mapping.columns, Told(payers=mapping.payers, fields=fields), Problems(mapping.problems))


def _check_output(output: Path, read: list[Path]) -> None:
    check_place(output)
    if output.exists() and any(path.exists() and path.samefile(output) for path in read):
        raise ValueError(f"{output} is one of the files to be read: name another output")


def written(path: Path | None, content: bytes) -> None:
    """Writes output whole to its file, or to standard output."""
    if path:
        write_whole(path, content)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)

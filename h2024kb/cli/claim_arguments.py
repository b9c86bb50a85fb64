"""What commands on claims share: arguments on files and payers, defaults for every line, and where output goes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from h2024kb.claims import PILES, Pile
from h2024kb.cli.arguments import PROBLEMS, UNKNOWN, as_date
from h2024kb.cli.terminal import watched
from h2024kb.formats import any_file
from h2024kb.formats.table import mapping_file
from h2024kb.formats.table.columns import Columns
from h2024kb.knowledge.words import BUSINESS_WORDS
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem, Problems
from h2024kb.validation.validate import Defaults
from h2024kb.writing.whole_file import check_place, write_whole

TOLD: Final = ("policy", "payer", "payer_id", "jurisdiction", "line_of_business", "submitted", "conditions_met")
DEFAULTS: Final = "defaults for lines that leave these out"
TO_OUTPUT: Final = "the file to write; default: standard output"
FORMATS: Final = ("table", "jsonl", "csv", "parquet", "html")


class Given(NamedTuple):
    """What the arguments say about files: their columns, the defaults for every line, and what is wrong with them."""

    columns: Columns | None
    defaults: Defaults
    problems: Problems

    def read(self, path: Path) -> Iterator[ServiceLine | Problem]:
        """Yields the lines of a file, and shows on a terminal how far it is read."""
        return any_file.read(path, self.columns, watched)


def file_arguments(made: argparse.ArgumentParser, *, output: str = TO_OUTPUT) -> None:
    """Adds the arguments of a command that reads files of claims; `output` is the help on the file it writes."""
    made.add_argument("files", nargs="+", type=Path, metavar="FILE", help="837P, FHIR, CSV or Parquet")
    made.add_argument("--policy", help="the policy of lines that name none")
    made.add_argument("--mapping", type=Path, metavar="FILE", help="a YAML file that says what columns and payers mean")
    how = "how tables write dates, such as %%m/%%d/%%Y"
    made.add_argument("--date-format", type=as_format, metavar="FORMAT", help=how)
    made.add_argument("--output", type=Path, metavar="FILE", help=output)


def payer_arguments(made: argparse.ArgumentParser, title: str = DEFAULTS) -> None:
    """Adds the arguments on who pays and what the payer asks, as a group with a title."""
    given = made.add_argument_group(title)
    given.add_argument("--payer", help="the payer, by any of its names")
    given.add_argument("--payer-id", help="the payer's id, as claims write it")
    given.add_argument("--jurisdiction", type=str.upper, help="two-letter code of the state")
    given.add_argument("--line-of-business", choices=list(BUSINESS_WORDS))
    given.add_argument("--submitted", type=as_date, metavar="DATE", help="the day the claim is sent")
    vouched = given.add_mutually_exclusive_group()
    met, how = "conditions_met", "what the payer asks for and no claim line shows is"
    vouched.add_argument("--conditions-met", action="store_const", const=True, dest=met, help=f"{how} met")
    vouched.add_argument("--conditions-not-met", action="store_const", const=False, dest=met, help=f"{how} not met")


def hold_argument(made: argparse.ArgumentParser) -> None:
    """Adds the argument on which piles hold a claim back, which decides the exit status."""
    how = f"piles that hold a claim back, with commas: {', '.join(PILES)}; or none. Default: fix"
    made.add_argument("--hold", type=_piles, metavar="PILES", default=("fix",), help=how)


def _piles(text: str) -> tuple[Pile, ...]:
    wanted = [name.strip() for name in text.split(",")]
    if wanted == ["none"]:
        return ()
    if not set(wanted) <= set(PILES):
        raise argparse.ArgumentTypeError(f"write some of {', '.join(PILES)}, with commas, or none")
    return tuple(pile for pile in PILES if pile in wanted)


def status(piles: Mapping[Pile, int], hold: Collection[Pile], *, problems: bool = False) -> int:
    """Returns the exit status: 1 for problems or a line to fix, 3 for a line of another pile on hold, else 0."""
    found = [pile for pile in hold if piles.get(pile)]
    return PROBLEMS if problems or "fix" in found else UNKNOWN if found else 0


def counted(piles: Mapping[Pile, int]) -> str:
    """Returns how many lines are in each pile."""
    return ", ".join(f"{pile}: {piles.get(pile, 0)}" for pile in PILES)


def given(args: argparse.Namespace) -> Given:
    """Returns what the arguments of a command on files say; raises ValueError for an output that cannot be written."""
    if args.output:
        check_place(args.output, [*args.files, *([args.mapping] if args.mapping else [])])
    fields: dict[str, Any] = {name: getattr(args, name) for name in TOLD if getattr(args, name, None) is not None}
    if args.mapping is None:
        columns = Columns(date_format=args.date_format) if args.date_format else None
        return Given(columns, Defaults(fields=fields), Problems())
    mapping = mapping_file.read(args.mapping)
    columns = msgspec.structs.replace(mapping.columns, date_format=args.date_format)
    return Given(columns, Defaults(payers=mapping.payers, fields=fields), Problems(mapping.problems))


def as_format(text: str) -> str:
    """Returns a format of dates from which a day can be read again; raises argparse's error for any other."""
    if not mapping_file.tells_a_day(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a format of dates; write it as %m/%d/%Y")
    return text


def say_all(problems: Iterable[Problem], notes: Iterable[Problem]) -> None:
    """Prints notes and problems on the error stream, where they stay out of the findings."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    for problem in problems:
        print(problem, file=sys.stderr)


def written(path: Path | None, content: bytes) -> None:
    """Writes output whole to its file, or to standard output."""
    if path:
        write_whole(path, content)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)

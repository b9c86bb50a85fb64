"""The command that says how the lines in files use the codes, beside the national benchmark."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

import h2024kb
from h2024kb.arguments import DONE, PROBLEMS, USAGE, command
from h2024kb.console import out, print_table, watched
from h2024kb.findings_file import write_whole
from h2024kb.formats import any_file, mapping_file
from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine
from h2024kb.model import JURISDICTIONS
from h2024kb.problem import Problem
from h2024kb.utilization import LineUtilization, utilization
from h2024kb.utilization_cells import shown
from h2024kb.utilization_chart import as_file
from h2024kb.utilization_page import page
from h2024kb.utilization_tables import comma_separated, remarks, summed, tables
from h2024kb.validate import Read, Told, completed
from h2024kb.words import BUSINESS_WORDS

FORMATS: Final = ("table", "json", "csv", "html", "svg")
TOLD: Final = ("policy", "payer", "payer_id", "jurisdiction", "line_of_business")


def add_commands(commands: Any) -> None:
    """Adds the command to the command line."""
    made = command(commands, "utilization", _utilization, "how the lines in files use the codes, beside the benchmark")
    made.add_argument("files", nargs="+", type=Path, metavar="FILE", help="837P, FHIR, CSV or Parquet, as for validate")
    made.add_argument("--code", action="append", type=str.upper, help="may stand again; default: the benchmark's codes")
    made.add_argument("--mapping", type=Path, metavar="FILE", help="a YAML file that says what columns and payers mean")
    made.add_argument("--format", choices=FORMATS, help="default: as the output file is named, else tables")
    made.add_argument("--output", type=Path, metavar="FILE", help="where it goes; default: standard output")
    made.add_argument("--small-cells", action="store_true", help="show counts of 1 to 10 in CSV, HTML and SVG too")
    told = made.add_argument_group("what holds for every line that does not tell it")
    told.add_argument("--policy", help="a policy id")
    told.add_argument("--payer", help="by any of its names")
    told.add_argument("--payer-id", help="as claims write it")
    told.add_argument("--jurisdiction", type=_jurisdiction, help="two-letter code; the benchmark's state to show, too")
    told.add_argument("--line-of-business", choices=list(BUSINESS_WORDS))


def _jurisdiction(text: str) -> str:
    if text.upper() not in JURISDICTIONS:
        raise argparse.ArgumentTypeError(f"'{text}' is no jurisdiction; write the two letters of a state, as in KS")
    return text.upper()


def _utilization(args: argparse.Namespace) -> int:
    wanted = _format(args)
    if wanted == "table" and args.output:
        print("h2024kb: tables are for a terminal; name a .json, .csv, .html or .svg file", file=sys.stderr)
        return USAGE
    kb, mapping = h2024kb.open(args.policies), mapping_file.read(args.mapping) if args.mapping else None
    problems = list(mapping.problems) if mapping else []
    if not problems:
        fields = {name: getattr(args, name) for name in TOLD if getattr(args, name) is not None}
        told = Told(payers=mapping.payers if mapping else {}, fields=fields)
        columns = mapping.columns if mapping else None
        read = _lines(args.files, lambda path: any_file.read(path, columns, watched), problems)
        found = utilization(kb, (completed(kb, line, told) for line in read), args.code)
        _write(args, wanted, kb, found)
        print(summed(found, hide=False), file=sys.stderr)
    for problem in problems:
        print(problem, file=sys.stderr)
    return PROBLEMS if problems else DONE


def _format(args: argparse.Namespace) -> str:
    if args.json or args.format:
        return "json" if args.json else str(args.format)
    named = args.output.suffix.lower().lstrip(".") if args.output else ""
    return {"htm": "html"}.get(named, named if named in FORMATS else "table")


def _lines(paths: Iterable[Path], read: Read, problems: list[Problem]) -> Iterator[ServiceLine]:
    """Yields the lines of files and gathers what could not be read."""
    for path in paths:
        try:
            for item in read(path):
                if isinstance(item, ServiceLine):
                    yield item
                else:
                    problems.append(item)
        except OSError as error:
            problems.append(Problem(str(path), 1, 1, f"cannot be read: {error.strerror}", "file"))


def _write(args: argparse.Namespace, wanted: str, kb: KnowledgeBase, found: LineUtilization) -> None:
    hide = not args.small_cells
    if wanted == "table":
        _print(kb, found, args.jurisdiction)
        return
    content = {
        "json": lambda: _json(kb, found),
        "csv": lambda: comma_separated(tables(kb, found, jurisdiction=args.jurisdiction, hide=hide)),
        "html": lambda: page(kb, found, jurisdiction=args.jurisdiction, hide=hide).encode(),
        "svg": lambda: as_file(kb, found, hide=hide),
    }[wanted]()
    if args.output:
        write_whole(args.output, content)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def _json(kb: KnowledgeBase, found: LineUtilization) -> bytes:
    benchmarks = [
        msgspec.structs.replace(
            benchmark,
            codes=tuple(row for row in benchmark.codes if row.code in found.asked),
            by_jurisdiction=tuple(row for row in benchmark.by_jurisdiction if row.code in found.asked),
        )
        for benchmark in kb.contents.benchmarks
    ]
    whole = {"lines": found, "benchmarks": benchmarks, "remarks": remarks(hide=False), "contents": kb.content_hash}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _print(kb: KnowledgeBase, found: LineUtilization, jurisdiction: str | None) -> None:
    if not found.counted:
        print("No line of these codes.")
        return
    for table in tables(kb, found, jurisdiction=jurisdiction, hide=False):
        print_table(table.title, table.columns, ([shown(cell) for cell in row] for row in table.rows))
    for benchmark in kb.contents.benchmarks:
        out().print(f"What the benchmark must not be read as ({benchmark.period.from_} to {benchmark.period.to}):")
        for caution in benchmark.cautions:
            out().print(f"- {caution}")
    out().print("How this is counted:")
    for remark in remarks(hide=False):
        out().print(f"- {remark}")

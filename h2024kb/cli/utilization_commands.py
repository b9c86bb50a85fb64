"""The command that says how the lines in files use the codes, beside the national benchmark."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

import msgspec

import h2024kb
from h2024kb.cli.arguments import DONE, PROBLEMS, USAGE, command
from h2024kb.cli.claim_arguments import DEFAULTS, file_arguments, given, say_all, written
from h2024kb.cli.terminal import out, print_table
from h2024kb.knowledge.jurisdictions import JURISDICTIONS
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.words import BUSINESS_WORDS
from h2024kb.utilization.cells import shown
from h2024kb.utilization.chart import as_file
from h2024kb.utilization.counting import LineUtilization, utilization
from h2024kb.utilization.page import page
from h2024kb.utilization.tables import FigureRow, figure_rows, remarks, summed, tables
from h2024kb.validation.validate import completed, lines_of
from h2024kb.writing.flat_files import csv_file
from h2024kb.writing.json_text import json_document

FORMATS: Final = ("table", "json", "csv", "html", "svg")


def add_commands(commands: Any) -> None:
    """Adds the command to the command line."""
    made = command(commands, "utilization", _utilization, "how the lines in files use the codes, beside the benchmark")
    file_arguments(made)
    made.add_argument("--code", action="append", type=str.upper, help="may be repeated; default: the benchmark's codes")
    made.add_argument("--format", choices=FORMATS, help="default: as the output file is named, else tables")
    made.add_argument("--small-cells", action="store_true", help="show counts of 1 to 10 in CSV, HTML and SVG too")
    defaults = made.add_argument_group(DEFAULTS)
    defaults.add_argument("--payer", help="the payer, by any of its names")
    defaults.add_argument("--payer-id", help="the payer's id, as claims write it")
    defaults.add_argument(
        "--jurisdiction", type=_jurisdiction, help="two-letter code; the benchmark then shows that state"
    )
    defaults.add_argument("--line-of-business", choices=list(BUSINESS_WORDS))


def _jurisdiction(text: str) -> str:
    if text.upper() not in JURISDICTIONS:
        raise argparse.ArgumentTypeError(f"'{text}' is not a jurisdiction; write the two letters of a state, as in KS")
    return text.upper()


def _utilization(args: argparse.Namespace) -> int:
    wanted = _format(args)
    if wanted == "table" and args.output:
        print("h2024kb: tables are for a terminal; name a .json, .csv, .html or .svg file", file=sys.stderr)
        return USAGE
    kb, files = h2024kb.open(args.policies), given(args)
    if not files.problems:
        read = lines_of(args.files, files.read, files.problems)
        found = utilization(kb, (completed(kb, line, files.defaults) for _, line in read), args.code)
        _write(args, wanted, kb, found)
        print(summed(found, hide=False), file=sys.stderr)
    say_all(files.problems, files.problems.notes)
    return PROBLEMS if files.problems else DONE


def _format(args: argparse.Namespace) -> str:
    if args.json or args.format:
        return "json" if args.json else str(args.format)
    named = args.output.suffix.lower().lstrip(".") if args.output else ""
    return {"htm": "html"}.get(named, named if named in FORMATS else "table")


def _write(args: argparse.Namespace, wanted: str, kb: KnowledgeBase, found: LineUtilization) -> None:
    hide = not args.small_cells
    if wanted == "table":
        _print(kb, found, args.jurisdiction)
        return
    content = {
        "json": lambda: _json(kb, found),
        "csv": lambda: csv_file(FigureRow, figure_rows(tables(kb, found, jurisdiction=args.jurisdiction, hide=hide))),
        "html": lambda: page(kb, found, jurisdiction=args.jurisdiction, hide=hide).encode(),
        "svg": lambda: as_file(kb, found, hide=hide),
    }[wanted]()
    written(args.output, content)


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
    return json_document(whole)


def _print(kb: KnowledgeBase, found: LineUtilization, jurisdiction: str | None) -> None:
    if not found.counted:
        print("No line of these codes.")
        return
    for table in tables(kb, found, jurisdiction=jurisdiction, hide=False):
        print_table(table.title, table.columns, ([shown(cell) for cell in row] for row in table.rows))
    for benchmark in kb.contents.benchmarks:
        out().print(f"Read the benchmark with care ({benchmark.period.from_} to {benchmark.period.to}):")
        for caution in benchmark.cautions:
            out().print(f"- {caution}")
    out().print("How this is counted:")
    for remark in remarks(hide=False):
        out().print(f"- {remark}")

"""The commands that check claim lines: one line given on the command line, or the lines in files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

import h2024kb
from h2024kb.claims import PILES, RULES, Pile, Result, fix, line_receipt, read_receipt, replay_line
from h2024kb.claims.piles import PILE_WORDS
from h2024kb.cli.arguments import as_date, command, print_json
from h2024kb.cli.claim_arguments import (
    FORMATS,
    counted,
    file_arguments,
    given,
    hold_argument,
    payer_arguments,
    say_all,
    status,
    written,
)
from h2024kb.cli.terminal import print_table
from h2024kb.formats import fields
from h2024kb.formats.fields import Unreadable
from h2024kb.knowledge.answer import STRONGEST_FIRST
from h2024kb.line import ServiceLine
from h2024kb.validation.findings import FindingRow, rows
from h2024kb.validation.report import MARK, receipt_page, report
from h2024kb.validation.validate import NotChecked, Validation, validate
from h2024kb.writing.flat_files import csv_file, json_lines, parquet
from h2024kb.writing.json_text import json_document
from h2024kb.writing.whole_file import check_place, write_whole

OPTIONS = {"modifiers": "--with-modifiers", "other_lines": "--no-other-lines (if there are none)"}
"""The options for fields of other names."""


def add_commands(commands: Any) -> None:
    """Adds the commands to the command line."""
    _add_check_line(commands)
    _add_validate(commands)


def _add_check_line(commands: Any) -> None:
    made = command(commands, "check-line", _check_line, "check one service line given here")
    made.add_argument("policy", nargs="?", help="a policy id; or give --payer and what else finds the policy")
    payer_arguments(made, "the payer, and what it asks")
    line = made.add_argument_group("the line; leave out what you do not know, and give an empty text or list for none")
    line.add_argument("--code", default="H2024", help="default: H2024")
    line.add_argument("--with-modifiers", nargs="*", metavar="MODIFIER", dest="modifiers")
    line.add_argument("--date-of-service", type=as_date, metavar="DATE")
    line.add_argument("--last-date-of-service", type=as_date, metavar="DATE")
    for name in ("units", "minutes", "charge"):
        line.add_argument(f"--{name}", type=_number)
    for name in ("age", "group-size"):
        line.add_argument(f"--{name}", type=int)
    for name in ("place-of-service", "prior-authorization-number", "claim", "line", "frequency"):
        line.add_argument(f"--{name}")
    line.add_argument("--diagnoses", nargs="*", metavar="CODE")
    line.add_argument("--no-other-lines", action="store_true", help="the member has no other lines to this payer")
    made.add_argument("--as-known-on", type=as_date, metavar="DATE", help="check with what was known on that day")
    made.add_argument(
        "--evidence",
        choices=STRONGEST_FIRST,
        default="seen",
        help="show rules known by no better evidence too; they leave the line open. Default: seen",
    )
    hold_argument(made)
    made.add_argument("--fix", action="store_true", help="show the fewest edits that fix the line")
    made.add_argument("--receipt", type=Path, metavar="FILE", help="write a receipt: JSON, or a page named *.html")
    made.add_argument("--replay", type=Path, metavar="FILE", help="check the line of a JSON receipt again instead")


def _number(text: str) -> Decimal:
    try:
        return fields.number(text)
    except Unreadable:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number; write digits, as in 1 or 2.5") from None


def _line(args: argparse.Namespace) -> ServiceLine:
    told: dict[str, Any] = {name: getattr(args, name, None) for name in ServiceLine.__struct_fields__}
    for name in ("modifiers", "diagnoses"):
        told[name] = None if told[name] is None else tuple(told[name])
    return ServiceLine(**told)


def _check_line(args: argparse.Namespace) -> int:
    kb = h2024kb.open(args.policies)
    if args.replay:
        kept = read_receipt(args.replay.read_bytes())
        result = replay_line(kb, kept)
        same = result == kept.result
        print(f"The result {'is the same as in' if same else 'differs from'} the receipt.", file=sys.stderr)
        return _show(args, result)
    others = () if args.no_other_lines else None
    known: dict[str, Any] = {"as_known_on": args.as_known_on, "evidence": args.evidence}
    receipt = line_receipt(kb, _line(args), others=others, **known)
    if args.receipt:
        page = args.receipt.suffix.lower() in (".html", ".htm")
        write_whole(args.receipt, receipt_page(receipt).encode() if page else json_document(receipt))
    status = _show(args, receipt.result)
    if args.fix and not args.json:
        _show_fix(kb, args, others)
    return status


def _show(args: argparse.Namespace, result: Result) -> int:
    if args.json:
        print_json(result)
        return status({result.pile: 1}, args.hold)
    cells = [
        (MARK[finding.outcome], finding.rule, finding.message, finding.citation.locator if finding.citation else "")
        for finding in sorted(result.findings, key=lambda finding: list(MARK).index(finding.outcome))
    ]
    title = f"{MARK[result.outcome]} · {PILE_WORDS[result.pile]} · {args.code} · {result.policy or 'no policy found'}"
    print_table(title, ("Outcome", "Rule", "Finding", "Place in its source"), cells)
    for finding in result.of("fail"):
        if finding.likely:
            codes = " ".join((*finding.likely.adjustment_reasons, *finding.likely.remarks))
            print(f"Likely denial for {finding.rule} (our proposal): {codes}")
    if result.needs:
        options = (OPTIONS.get(name, "--" + name.replace("_", "-")) for name in result.needs)
        print(f"To know more, give: {', '.join(options)}")
    print(f"Pile: {PILE_WORDS[result.pile]}: {PILES[result.pile]}.")
    return status({result.pile: 1}, args.hold)


def _show_fix(kb: h2024kb.KnowledgeBase, args: argparse.Namespace, others: tuple[ServiceLine, ...] | None) -> None:
    found = fix(kb, _line(args), others=others, as_known_on=args.as_known_on)
    if found.because:
        print(f"No fix: {found.because}")
    for number, way in enumerate(found.ways, 1):
        for edit in way.edits:
            only = f", only if this is what was given: {edit.only_if}" if edit.only_if else ""
            place = f" [{edit.citation.source.title}, {edit.citation.locator}]" if edit.citation else ""
            print(f"Fix {number}: {edit.field}: {edit.was} → {edit.becomes}{only}{place}")


def _add_validate(commands: Any) -> None:
    made = command(commands, "validate", _validate, "check the lines in 837P, FHIR, CSV and Parquet files")
    file_arguments(made)
    payer_arguments(made)
    made.add_argument("--as-known-on", type=as_date, metavar="DATE", help="check with what was known on that day")
    made.add_argument("--format", choices=FORMATS, default="table", help="default: a table of what is not met")
    made.add_argument("--every", action="store_true", help="show the rules that are met, too")
    hold_argument(made)
    names = "a CSV file to write, with the claim numbers of lines that were not checked, and why"
    made.add_argument("--not-checked", type=Path, metavar="FILE", help=names)


def _validate(args: argparse.Namespace) -> int:
    kb, files = h2024kb.open(args.policies), given(args)
    if files.problems:
        return _status(Validation([], files.problems, 0, 0, []), args.hold)
    if args.not_checked:
        check_place(args.not_checked, [*args.files, *(path for path in (args.mapping, args.output) if path)])
    found = validate(
        kb,
        args.files,
        defaults=files.defaults,
        as_known_on=args.as_known_on,
        read=files.read,
        other_codes=args.not_checked is not None,
    )
    _write(args, found, kb.content_hash)
    if args.not_checked:
        write_whole(args.not_checked, csv_file(NotChecked, found.not_checked()))
    return _status(found, args.hold)


def _write(args: argparse.Namespace, found: Validation, content_hash: str) -> None:
    wanted = "jsonl" if args.json else args.format
    if wanted == "table" and args.output is None:
        _print_findings(found, every=args.every)
        return
    flat = list(rows(found.checked, every=args.every))
    content = {
        "jsonl": lambda: json_lines(FindingRow, flat),
        "csv": lambda: csv_file(FindingRow, flat),
        "parquet": lambda: parquet(FindingRow, flat),
        "html": lambda: report(found, content_hash).encode(),
        "table": lambda: csv_file(FindingRow, flat),
    }
    written(args.output, content[wanted]())


def _print_findings(found: Validation, *, every: bool) -> None:
    cells = [
        (
            f"{one.line.claim or '?'}/{one.line.line or '?'}",
            one.line.code or "",
            one.result.policy or "",
            PILE_WORDS[one.result.pile],
            *_said(finding),
        )
        for one in found.checked
        for finding in one.result.findings
        if every or finding.outcome != "pass"
    ]
    if cells:
        print_table("What is not met", ("Claim/line", "Code", "Policy", "Pile", "Outcome", "Rule", "Finding"), cells)
    summed = [(rule, RULES[rule], MARK[outcome], str(count)) for rule, outcome, count in found.rules()]
    if summed:
        print_table("By rule", ("Rule", "What it looks at", "Outcome", "Findings"), summed)
    piles = found.piles()
    by_pile = [(PILE_WORDS[pile], meaning, str(piles[pile])) for pile, meaning in PILES.items()]
    print_table("By pile", ("Pile", "What it is", "Lines"), by_pile)


def _said(finding: h2024kb.Finding) -> tuple[str, str, str]:
    return MARK[finding.outcome], finding.rule, finding.message


def _status(found: Validation, hold: Collection[Pile]) -> int:
    """Prints the counts on the error stream, where they stay out of the findings, and returns the exit status."""
    say_all(found.problems, found.problems.notes)
    piles = found.piles()
    lines = f"lines: {found.lines}, not in the knowledge base: {found.not_in_knowledge_base}"
    print(f"{lines}, {counted(piles)}, problems: {len(found.problems)}", file=sys.stderr)
    return status(piles, hold, problems=bool(found.problems))

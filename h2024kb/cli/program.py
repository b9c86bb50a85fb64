"""The command line: reads arguments, calls one function, prints.

Exit statuses: 0 the question was answered or the work done; 1 problems were found; 2 the command or a name in it is
wrong; 3 the one question asked has the answer "unknown"; 130 somebody broke it off, as shells have it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import h2024kb
from h2024kb.cli import batch_commands, claim_commands, impact_commands, utilization_commands
from h2024kb.cli.arguments import BROKEN_OFF, DONE, PROBLEMS, UNKNOWN, USAGE, as_date, command, print_json
from h2024kb.cli.terminal import print_answers, print_coverage, print_table, with_progress
from h2024kb.editing.fingerprint import fingerprint
from h2024kb.formats.table.parquet_file import MissingExtra
from h2024kb.knowledge.answer import Answer, NameNotFound, SeveralPolicies, Unknown
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST
from h2024kb.knowledge.search import search
from h2024kb.knowledge.stats import counts, unknown_by_fact
from h2024kb.knowledge.words import BUSINESS_WORDS, core_fact_name, fact_name
from h2024kb.problem import PolicyProblems, Problem, as_annotation, with_caret


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    args = parser().parse_args(arguments)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except PolicyProblems as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    except (NameNotFound, SeveralPolicies, MissingExtra, TypeError, OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return int(getattr(args, "status_when_cut", DONE))
        print(f"h2024kb: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return BROKEN_OFF


def parser() -> argparse.ArgumentParser:
    """Returns the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="h2024kb",
        description="What each payer says about HCPCS H2024, supported employment per diem, with its source.",
        epilog="Exit status: 0 answered or done; 1 problems found; 2 wrong command or name; 3 the answer is unknown.",
    )
    top.add_argument("--version", action="version", version=f"h2024kb {h2024kb.__version__}")
    top.add_argument("--policies", metavar="PATH", help="a folder of policies or a snapshot; default: those shipped")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _question(commands, "coverage", _coverage, "is the code covered; without a policy, by whom").add_argument(
        "policy", nargs="?", help="a policy id, such as md/brain-injury-waiver"
    )
    modifiers = _question(commands, "modifiers", _modifiers, "what a payer does with each modifier on the code")
    modifiers.add_argument("policy", nargs="?", help="a policy id")
    modifiers.add_argument("--modifier", help="one modifier, such as 22 or HQ")
    show = _question(commands, "show", _show, "everything a policy says of the code on a date")
    show.add_argument("policy", nargs="?", help="a policy id")
    _dated(command(commands, "unknowns", _unknowns, "what nobody knows yet, what a biller asks first at the top"))
    _dated(command(commands, "stats", _stats, "how much is held, and how much is not known"))
    command(commands, "payers", _payers, "the payers and policies held")
    command(commands, "search", _search, "find policies and entries by words").add_argument("words", nargs="+")
    for module in (claim_commands, batch_commands, impact_commands, utilization_commands):
        module.add_commands(commands)
    _check_command(commands)
    _file_commands(commands)
    return top


def _dated(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("--date-of-service", type=as_date, default=dt.date.today(), metavar="DATE", help="default: today")
    made.add_argument("--as-known-on", type=as_date, metavar="DATE", help="answer as one could have on that day")
    return made


def _question(commands: Any, name: str, run: Callable[..., int], help: str) -> argparse.ArgumentParser:
    made = _dated(command(commands, name, run, help))
    made.add_argument("--code", default="H2024", help="an HCPCS code; default: H2024")
    line = made.add_argument_group("the claim line, for facts that depend on it")
    line.add_argument(
        "--with-modifiers", nargs="*", metavar="MODIFIER", help="its modifiers; none after it: it has none"
    )
    line.add_argument("--place-of-service", metavar="CODE", help="two digits")
    line.add_argument("--age", type=int, metavar="YEARS", help="of the member on the date of service")
    made.add_argument("--payer", help="instead of a policy id: the payer, by any of its names")
    made.add_argument("--jurisdiction", help="with --payer: two-letter code of the state, or US")
    made.add_argument("--line-of-business", choices=list(BUSINESS_WORDS), help="with --payer")
    return made


def _check_command(commands: Any) -> None:
    made = commands.add_parser("check", help="find every problem in policy files", description="Find every problem.")
    made.add_argument("paths", nargs="*", type=Path, help="files and folders; default: the policies of this checkout")
    made.add_argument("--format", choices=("text", "json", "github"), default="text")
    made.set_defaults(run=_check)


def _file_commands(commands: Any) -> None:
    made = commands.add_parser("fingerprint", help="make the fingerprint of a passage, from a file or standard input")
    made.add_argument("file", nargs="?", type=argparse.FileType("r", encoding="utf-8"), default=sys.stdin)
    made.set_defaults(run=_fingerprint)
    made = commands.add_parser("snapshot", help="compile the policies to one file")
    made.add_argument("file", type=Path)
    made.set_defaults(run=_snapshot)
    made = commands.add_parser("site", help="write the pages of the site as Markdown files, and its data files")
    made.add_argument("folder", type=Path)
    made.set_defaults(run=_site)


def _open(args: argparse.Namespace) -> KnowledgeBase:
    return h2024kb.open(args.policies)


def _asked(args: argparse.Namespace) -> dict[str, Any]:
    names = ("code", "date_of_service", "as_known_on", "payer", "jurisdiction", "line_of_business")
    asked = {name: getattr(args, name) for name in (*names, "place_of_service", "age")}
    return {**asked, "modifiers": None if args.with_modifiers is None else tuple(args.with_modifiers)}


def _title(args: argparse.Namespace, *more: str) -> str:
    known = f", as known on {args.as_known_on}" if args.as_known_on else ""
    return " · ".join([*more, args.code, f"date of service {args.date_of_service}{known}"])


def _coverage(args: argparse.Namespace) -> int:
    kb, asked = _open(args), _asked(args)
    one = args.policy or args.payer or args.jurisdiction or args.line_of_business
    ids = [args.policy] if one else [policy.id for policy in kb.policies()]
    answers = [kb.coverage(id, **asked) for id in ids]
    if args.json:
        print_json(answers[0] if one else answers)
    else:
        print_coverage(_title(args), answers)
    return _status(answers) if one else DONE


def _modifiers(args: argparse.Namespace) -> int:
    kb, asked = _open(args), _asked(args)
    if args.modifier:
        found = {args.modifier: kb.modifier(args.policy, modifier=args.modifier, **asked)}
    else:
        found = dict(kb.modifiers(args.policy, **asked))
    lines = kb.fact("billing_lines", args.policy, **asked)
    if args.json:
        print_json({"modifiers": found, "billing_lines": lines})
    else:
        print_answers(_title(args, lines.question.policy or "no policy"), [*found.values(), lines])
        print("A modifier not listed here is not refused: the policy does not speak of it.")
    return _status(list(found.values())) if args.modifier else DONE


def _show(args: argparse.Namespace) -> int:
    kb, asked = _open(args), _asked(args)
    answers = kb.answers(args.policy, **asked)
    if args.json:
        print_json(answers)
        return DONE
    policy = kb.policy(answers[0].question.policy) if answers[0].question.policy else None
    print_answers(_title(args, policy.title if policy else "no policy"), [a for a in answers if _worth_a_row(a)])
    if policy:
        for conflict in kb.conflicts(args.policy, **asked):
            print(f"Does not go together (our finding): {conflict.says}.")
        print(f"{policy.about}\nReviewed {policy.reviewed}. What is not listed here nobody has looked for.")
    return DONE


def _worth_a_row(answer: Answer[Any]) -> bool:
    return not (isinstance(answer, Unknown) and answer.why == "nobody has looked" and not answer.nearby)


def _unknowns(args: argparse.Namespace) -> int:
    unknowns = _open(args).unknowns(args.date_of_service, args.as_known_on)
    if args.json:
        print_json(unknowns)
        return DONE
    rows = [
        (gap.question.policy or "", fact_name(gap), gap.why, gap.because)
        for gap in sorted(unknowns, key=lambda gap: ASKED_FIRST.index(gap.question.fact))
    ]
    title = f"{len(rows)} unknowns · H2024 · date of service {args.date_of_service}"
    print_table(title, ("Policy", "Fact", "Why", "What we can say"), rows)
    return DONE


def _stats(args: argparse.Namespace) -> int:
    kb = _open(args)
    each = {policy.id: counts(kb, (policy,), args.date_of_service) for policy in kb.policies()}
    whole = counts(kb, kb.policies(), args.date_of_service)
    if args.json:
        print_json({"all": whole, "policies": each, "unknown_by_fact": dict(unknown_by_fact(kb, args.date_of_service))})
        return DONE
    columns = ("Policy", "Facts", "Core known", "for the service", "Core unknown", "Primary", "Secondary", "Reviewed")
    rows = [
        (id, *map(str, (c.facts, c.known, c.for_service, c.unknown, c.primary, c.secondary, c.oldest_review)))
        for id, c in {**each, "all": whole}.items()
    ]
    print_table(f"{whole.policies} policies · H2024 · date of service {args.date_of_service}", columns, rows)
    asked = [(core_fact_name(fact), str(number)) for fact, number in unknown_by_fact(kb, args.date_of_service)]
    print_table("Unknown, in the order a biller asks", ("Fact", "Policies"), asked)
    return DONE


def _payers(args: argparse.Namespace) -> int:
    kb = _open(args)
    fields = ("id", "payer", "program", "jurisdiction", "line_of_business")
    rows = [{field: getattr(policy, field) for field in fields} for policy in kb.policies()]
    if args.json:
        print_json([{**row, "aliases": _aliases(kb, row["payer"])} for row in rows])
        return DONE
    table = [
        (
            p.payer,
            p.program or "",
            p.jurisdiction,
            BUSINESS_WORDS[p.line_of_business],
            p.id,
            ", ".join(_aliases(kb, p.payer)),
        )
        for p in kb.policies()
    ]
    columns = ("Payer", "Program", "Jurisdiction", "Line of business", "Policy", "Also known as")
    print_table(f"{len(rows)} policies", columns, table)
    return DONE


def _aliases(kb: KnowledgeBase, payer: str) -> tuple[str, ...]:
    return next((row.aliases for row in kb.contents.code_sets.payers if row.payer == payer), ())


def _search(args: argparse.Namespace) -> int:
    hits = search(_open(args), " ".join(args.words))
    if args.json:
        print_json([hit._asdict() for hit in hits])
    elif hits:
        print_table(f"{len(hits)} places", ("Policy", "Where", "Text"), hits)
    else:
        print("Nothing holds all of these words.")
    return DONE if hits else UNKNOWN


def _check(args: argparse.Namespace) -> int:
    from h2024kb.editing.read_folder import files_of, read_folder
    from h2024kb.shipped import policies_folder

    default = policies_folder() or Path("policies")
    paths = args.paths or [Path(os.path.relpath(default))]
    problems = read_folder(paths, dt.date.today(), with_progress).problems
    args.status_when_cut = PROBLEMS if problems else DONE
    _print_problems(problems, args.format)
    files = len(files_of(paths)[0])
    if args.format == "text":
        print(f"files: {files}, problems: {len(problems)}", file=sys.stderr)
    return PROBLEMS if problems else DONE


def _print_problems(problems: list[Problem], format: str) -> None:
    if format == "json":
        print_json([problem._asdict() for problem in problems])
        return
    says: Callable[[Problem], str] = as_annotation if format == "github" else str
    if format == "text" and sys.stdout.isatty():
        says = with_caret
    for problem in problems:
        print(says(problem))


def _fingerprint(args: argparse.Namespace) -> int:
    print(fingerprint(args.file.read()))
    return DONE


def _snapshot(args: argparse.Namespace) -> int:
    from h2024kb.knowledge import snapshot

    kb = _open(args)
    args.file.write_bytes(snapshot.to_bytes(kb, h2024kb.__version__))
    print(f"{args.file}: {len(kb.policies())} policies, content hash {kb.content_hash}")
    return DONE


def _site(args: argparse.Namespace) -> int:
    from h2024kb import site

    kb, today = _open(args), dt.date.today()
    made = {name: text.encode() for name, text in site.pages(kb, today).items()}
    files = site.files(kb, today)
    for name, content in (made | files).items():
        path = args.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{args.folder}: {len(made)} pages, {len(files)} other files")
    return DONE


def _status(answers: list[Answer[Any]]) -> int:
    return UNKNOWN if any(isinstance(answer, Unknown) for answer in answers) else DONE

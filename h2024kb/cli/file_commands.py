"""The commands on files of the knowledge base: checking policies, marking passages, writing a snapshot and the site."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2024kb
from h2024kb.cli.arguments import DONE, PROBLEMS, command, print_json
from h2024kb.cli.terminal import with_progress
from h2024kb.editing.fingerprint import fingerprint
from h2024kb.problem import Problem, as_annotation, with_caret
from h2024kb.writing.whole_file import write_whole


def add_commands(commands: Any) -> None:
    """Adds the commands to the command line."""
    made = command(commands, "check", _check, "find every problem in policy files", json=False)
    made.add_argument("paths", nargs="*", type=Path, help="files and folders; default: the policies of this checkout")
    made.add_argument("--format", choices=("text", "json", "github"), default="text", help="default: text")
    says = "make the fingerprint of a passage, from a file or standard input"
    made = command(commands, "fingerprint", _fingerprint, says, json=False)
    passage = argparse.FileType("r", encoding="utf-8")
    made.add_argument("file", nargs="?", type=passage, default=sys.stdin, help="default: standard input")
    says = "lay out a new policy file with the questions to answer"
    made = command(commands, "new", _new, says, json=False)
    made.add_argument("id", help="the policy, as in md/brain-injury-waiver")
    says = "print the cases that a policy file lacks, both sides of each of its dates, for you to confirm"
    made = command(commands, "cases", _cases, says, json=False)
    made.add_argument("id", help="the policy, as in md/brain-injury-waiver")
    made.add_argument("--write", action="store_true", help="add them to the policy's file of cases")
    made.add_argument(
        "--cases", metavar="FOLDER", type=Path, help="where cases are; default: tests/cases beside policies"
    )
    made = command(commands, "snapshot", _snapshot, "compile the policies into one file", json=False)
    made.add_argument("file", type=Path, help="the file to write")
    says = "write the pages of the site as Markdown files, and its data files"
    made = command(commands, "site", _site, says, json=False)
    made.add_argument("folder", type=Path, help="the folder to write to; it is made where there is none")


def _check(args: argparse.Namespace) -> int:
    # These read YAML and schemas, which takes a moment that the other commands need not spend.
    from h2024kb.authoring.check import check
    from h2024kb.editing.read_folder import files_of
    from h2024kb.shipped import checked_folders

    paths = args.paths or [Path(os.path.relpath(folder)) for folder in checked_folders()]
    problems = check(paths, dt.date.today(), with_progress)
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


def _new(args: argparse.Namespace) -> int:
    from h2024kb.editing.new_policy import new_policy

    text, file = new_policy(args.id), policies_of(args) / f"{args.id}.yaml"
    if file.exists():
        raise ValueError(f"{file} exists already: change it, or name another policy")
    file.parent.mkdir(exist_ok=True)
    write_whole(file, text.encode())
    print(f"{file}: write over each TODO; policies/README.md says how. Then:")
    print('  "h2024kb check" names what is left, and')
    print(f'  "h2024kb cases {args.id} --write" adds the cases for you to confirm')
    return DONE


def _cases(args: argparse.Namespace) -> int:
    from h2024kb.authoring.write_cases import cases_to_add

    policies = policies_of(args)
    file = (args.cases or policies.parent / "tests" / "cases") / f"{args.id}.yaml"
    text = cases_to_add(policies, args.id, file, dt.date.today())
    if not text:
        print(f"{args.id} lacks no case", file=sys.stderr)
    elif args.write:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, (file.read_bytes() if file.exists() else b"") + text.encode())
        print(f"{file}: confirm each answer that was added at its end", file=sys.stderr)
    else:
        print(text, end="")
    return DONE


def policies_of(args: argparse.Namespace) -> Path:
    """Returns the folder of policies that is written to; raises ValueError where there is none."""
    from h2024kb.shipped import policies_folder

    folder = Path(args.policies) if args.policies else policies_folder()
    if folder is None or not folder.is_dir():
        raise ValueError("there is no folder of policies here: name one with --policies, before the command")
    return Path(os.path.relpath(folder))


def _snapshot(args: argparse.Namespace) -> int:
    from h2024kb.knowledge import snapshot

    kb = h2024kb.open(args.policies)
    write_whole(args.file, snapshot.to_bytes(kb, h2024kb.__version__))
    print(f"{args.file}: {len(kb.policies())} policies, content hash {kb.content_hash}")
    return DONE


def _site(args: argparse.Namespace) -> int:
    from h2024kb import site

    kb, today = h2024kb.open(args.policies), dt.date.today()
    made = {name: text.encode() for name, text in site.pages(kb, today).items()}
    files = site.files(kb, today)
    for name, content in (made | files).items():
        path = args.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    print(f"{args.folder}: {len(made)} pages, {len(files)} other files")
    return DONE

"""Reads folders of policies, code sets, benchmarks and cases, and finds every problem in all of them in one run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from h2024kb.editing import checks
from h2024kb.editing.document import Document, read_file
from h2024kb.editing.known_names import KnownNames, listed_twice
from h2024kb.editing.policy_file import PolicyFile, mapping, policy_file
from h2024kb.editing.schema_problems import located_problems
from h2024kb.problem import Problem

Progress = Callable[[Iterable[Path]], Iterable[Path]]


@dataclass
class Folder:
    """The documents of a folder by kind, and the problems found while reading them."""

    policies: dict[Path, PolicyFile] = field(default_factory=dict)
    code_sets: dict[Path, Document] = field(default_factory=dict)
    benchmarks: dict[Path, Document] = field(default_factory=dict)
    cases: dict[Path, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_folder(paths: Iterable[Path], today: dt.date, progress: Progress = lambda files: files) -> Folder:
    """Reads files and folders; the problems of all of them are in the result, sorted, none raised.

    The names in a policy are checked against the `code-sets` folder beside its jurisdiction's folder.
    `today` bounds what cannot lie in the future.
    """
    folder = Folder()
    files, missing = files_of(paths)
    folder.problems += [
        Problem(str(path), 1, 1, "this file or folder does not exist", "unreadable") for path in missing
    ]
    for path in progress(files):
        _read_into(folder, path)
    for root in sorted({root_of(path) for path in (*folder.policies, *folder.code_sets)}):
        _check_root(folder, root, today)
    folder.problems = sorted(set(folder.problems))
    return folder


def files_of(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Returns the YAML files that paths name or hold, sorted, and the paths that do not exist."""
    found: set[Path] = set()
    missing: list[Path] = []
    for path in paths:
        if path.is_dir():
            found |= {*path.rglob("*.yaml"), *path.rglob("*.yml")}
        elif path.exists():
            found.add(path)
        else:
            missing.append(path)
    return sorted(found), missing


def kind_of(path: Path) -> str:
    """Returns what kind of file a path holds, by its folder.

    >>> kind_of(Path("policies/md/brain-injury-waiver.yaml")), kind_of(Path("tests/cases/md/x.yaml"))
    ('policy', 'cases')
    """
    folder = path.resolve().parent
    lists = {"code-sets": "code-sets", "benchmarks": "benchmark"}
    in_cases = "cases" in (folder.name, folder.parent.name)
    return lists.get(folder.name, "cases" if in_cases else "policy")


def root_of(path: Path) -> Path:
    """Returns the folder of policies that a policy or code-set file belongs to: the folder above its own."""
    return path.resolve().parent.parent


def _read_into(folder: Folder, path: Path) -> None:
    document = read_file(path)
    if path.suffix != ".yaml":
        document.problems.append(Problem(str(path), 1, 1, "name the file .yaml", "suffix"))
    folder.problems += document.problems
    if document.data is None and document.problems:
        return
    kind = kind_of(path)
    located = located_problems(document, kind)
    read_problems = {(problem.line, problem.column) for problem in document.problems}
    folder.problems += [problem for problem, _ in located if (problem.line, problem.column) not in read_problems]
    broken = [where for _, where in located]
    document.ambiguous = {path: text for path, text in document.ambiguous.items() if path not in broken}
    if kind == "policy":
        folder.policies[path] = policy_file(document, f"{path.resolve().parent.name}/{path.stem}", broken)
        return
    folder.problems += _quote_problems(document)
    folder.problems += _unknown_sources(document) if kind == "code-sets" else ()
    {"code-sets": folder.code_sets, "benchmark": folder.benchmarks, "cases": folder.cases}[kind][path] = document


def _quote_problems(document: Document) -> Iterator[Problem]:
    for path, text in document.ambiguous.items():
        yield document.problem(path, f'write {text} in quotes: "{text}"', "ambiguous-text")


def _unknown_sources(document: Document) -> Iterator[Problem]:
    data = mapping(document.data)
    for key, table in data.items():
        for name, row in mapping(table).items():
            source = mapping(row).get("source")
            if isinstance(source, str) and source not in mapping(data.get("sources")):
                message = f"no source is named '{source}' under 'sources'"
                yield document.problem((key, name, "source"), message, "unknown-source")


def _check_root(folder: Folder, root: Path, today: dt.date) -> None:
    policies = [file for path, file in folder.policies.items() if root_of(path) == root]
    lists = [document for path, document in folder.code_sets.items() if root_of(path) == root]
    folder.problems += listed_twice(lists)
    known = KnownNames.of(root, lists, policies, today)
    if policies and not known.codes:
        message = f"there is no folder 'code-sets' with lists of names beside folder '{policies[0].id.split('/')[0]}'"
        folder.problems.append(policies[0].document.problem((), message, "no-code-sets"))
    for file in policies:
        folder.problems += checks.run(file, known)

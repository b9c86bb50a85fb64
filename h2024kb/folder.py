"""Reads a folder of policies, code sets, benchmarks and cases, and finds every problem in all of them in one run."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from h2024kb import checks
from h2024kb.checks import Surroundings
from h2024kb.document import Document, read_file
from h2024kb.outline import PolicyFile, mapping, outline, rows
from h2024kb.problem import Problem
from h2024kb.schema import located_problems

Progress = Callable[[Iterable[Path]], Iterable[Path]]


@dataclass
class Folder:
    """The documents of a folder by kind, and the problems found while reading them."""

    policies: dict[str, PolicyFile] = field(default_factory=dict)
    code_sets: list[Document] = field(default_factory=list)
    benchmarks: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_folder(paths: Iterable[Path], today: dt.date, progress: Progress = lambda files: files) -> Folder:
    """Reads files and folders; the problems of all of them are in the result, sorted, none raised.

    Names are checked against the code sets among the files, else those beside the policies, else those in the nearest
    `policies` folder above. `today` bounds what cannot lie in the future.
    """
    folder = Folder()
    files, missing = files_of(paths)
    folder.problems += [Problem(str(path), 1, 1, "there is no such file or folder", "unreadable") for path in missing]
    for path in progress(files):
        _read_into(folder, path)
    around = _surroundings(folder, files, today)
    for file in folder.policies.values():
        folder.problems += checks.run(file, around)
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
    """Returns what kind of file a path holds, by the folder it stands in.

    >>> kind_of(Path("policies/md/brain-injury-waiver.yaml")), kind_of(Path("tests/cases/md/x.yaml"))
    ('policy', 'cases')
    """
    if path.parent.name == "code-sets":
        return "code-sets"
    if path.parent.name == "benchmarks":
        return "benchmark"
    return "cases" if "cases" in path.parts else "policy"


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
        id = f"{path.resolve().parent.name}/{path.stem}"
        folder.policies[id] = outline(document, id, broken)
        return
    folder.problems += _quote_problems(document)
    if kind == "code-sets":
        folder.code_sets.append(document)
        folder.problems += _unknown_sources(document)
    elif kind == "benchmark":
        folder.benchmarks[path.stem] = document


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


def _surroundings(folder: Folder, files: list[Path], today: dt.date) -> Surroundings:
    documents = folder.code_sets or _code_sets_near(files)
    folder.problems += _listed_twice(folder.code_sets)
    names = {key: _names(documents, key) for key in _LISTS}
    return Surroundings(
        today=today,
        payers=names["payers"],
        codes=names["codes"],
        services=names["services"],
        modifiers=names["modifiers"],
        places_of_service=names["places_of_service"],
        policies=_policy_ids(folder, files),
    )


_LISTS = ("payers", "codes", "services", "modifiers", "places_of_service")


def _names(documents: Iterable[Document], key: str) -> frozenset[str]:
    return frozenset(name for document in documents for name in mapping(mapping(document.data).get(key)))


def _listed_twice(documents: list[Document]) -> Iterator[Problem]:
    for key in _LISTS:
        counts = Counter(name for document in documents for name in mapping(mapping(document.data).get(key)))
        for document in documents:
            for name in mapping(mapping(document.data).get(key)):
                if counts[name] > 1:
                    message = f"'{name}' stands in two files under '{key}'"
                    yield document.problem((key, name), message, "duplicate-key", at_key=True)


def _code_sets_near(files: list[Path]) -> list[Document]:
    for root in (parent for file in files[:1] for parent in file.resolve().parents):
        for place in (root / "code-sets", root / "policies" / "code-sets"):
            if place.is_dir():
                return [read_file(path) for path in sorted(place.glob("*.yaml"))]
    return []


def _policy_ids(folder: Folder, files: list[Path]) -> dict[str, str | None]:
    """The ids that `follows` may name: the files read, and others in the same folder of policies."""
    roots = {file.resolve().parent.parent for file in files if kind_of(file) == "policy"}
    beside = {f"{p.parent.name}/{p.stem}" for root in roots for p in root.glob("*/*.yaml") if kind_of(p) == "policy"}
    return {**dict.fromkeys(sorted(beside)), **{id: _follows(file) for id, file in folder.policies.items()}}


def _follows(file: PolicyFile) -> str | None:
    targets: list[Any] = [row.get("value") for row in rows(file.data.get("follows"))]
    return next((target for target in targets if isinstance(target, str)), None)

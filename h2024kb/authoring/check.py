"""Checks files of every kind, and once they have no problem asks the cases among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from h2024kb.authoring.cases import CaseFile, case_file, wrong_answers
from h2024kb.authoring.missing_cases import missing_cases
from h2024kb.editing.read_folder import Folder, Progress, files_of, read_folder, root_of
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.load import contents, load_folder
from h2024kb.problem import PolicyProblems, Problem


def check(paths: Iterable[Path], today: dt.date, progress: Progress = lambda files: files) -> list[Problem]:
    """Returns every problem in files and folders, sorted.

    Where there is none and files of cases are among them, the cases are asked, and each policy among the files must
    have a case on both sides of each of its dates.
    """
    folder = read_folder(paths, today, progress)
    if folder.problems or not folder.cases or not folder.policies:
        return folder.problems
    try:
        return sorted(set(_of_cases(folder, today)))
    except PolicyProblems as error:  # in policies beside those that were named
        return list(error.problems)


def _of_cases(folder: Folder, today: dt.date) -> Iterator[Problem]:
    files = {file.id: file for file in (case_file(*item) for item in folder.cases.items())}
    bases = {root: _base(folder, root, today) for root in sorted({root_of(path) for path in folder.policies})}
    for file in files.values():
        kb = next((kb for kb in bases.values() if file.id in {policy.id for policy in kb.policies()}), None)
        if kb is None:
            yield file.document.problem((0, "policy"), f"no policy is named '{file.id}'", "case-policy")
        else:
            yield from wrong_answers(kb, file)
    yield from _missing(folder, bases, files)


def _missing(folder: Folder, bases: dict[Path, KnowledgeBase], files: dict[str, CaseFile]) -> Iterator[Problem]:
    for path, policy in folder.policies.items():
        yield from missing_cases(bases[root_of(path)], policy, files.get(policy.id))


def _base(folder: Folder, root: Path, today: dt.date) -> KnowledgeBase:
    """The knowledge base of all policies below a root, which is read anew if only some of them were named."""
    read = {path.resolve() for path in (*folder.policies, *folder.code_sets, *folder.benchmarks)}
    if not read.issuperset(path.resolve() for path in files_of([root])[0]):
        return load_folder(root, today)
    mine = Folder(
        policies={path: file for path, file in folder.policies.items() if root_of(path) == root},
        code_sets={path: document for path, document in folder.code_sets.items() if root_of(path) == root},
        benchmarks={path: document for path, document in folder.benchmarks.items() if root_of(path) == root},
    )
    return KnowledgeBase.of(contents(mine))

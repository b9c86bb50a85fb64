"""Turns a folder of policies or a snapshot into a knowledge base, or raises with every problem."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from h2024kb.editing import build
from h2024kb.editing.policy_file import mapping
from h2024kb.editing.read_folder import Folder, read_folder
from h2024kb.knowledge import snapshot
from h2024kb.knowledge.code_sets import Contents
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.problem import PolicyProblems


def load_folder(path: Path, today: dt.date | None = None) -> KnowledgeBase:
    """Returns the knowledge base in a folder of policies; raises PolicyProblems with every problem found.

    `today` (default: the machine's date) bounds what cannot lie in the future.
    """
    folder = read_folder([path], today or dt.date.today())
    if folder.problems:
        raise PolicyProblems(tuple(folder.problems))
    return KnowledgeBase.of(contents(folder))


def contents(folder: Folder) -> Contents:
    """Returns the contents of a folder that has no problem, in an order that does not depend on the file system."""
    policies = sorted(folder.policies.values(), key=lambda file: file.id)
    lists = [document for _, document in sorted(folder.code_sets.items())]
    return Contents(
        policies=tuple(build.policy(file.id, file.data) for file in policies),
        code_sets=build.code_sets(mapping(document.data) for document in lists),
        benchmarks=tuple(build.benchmark(path.stem, mapping(d.data)) for path, d in sorted(folder.benchmarks.items())),
    )


def load(path: Path) -> KnowledgeBase:
    """Returns the knowledge base in a folder of policies or in a snapshot file."""
    return load_folder(path) if path.is_dir() else snapshot.read(path)

"""The cases that a policy still lacks, as text for a person to confirm."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from h2024kb.authoring.cases import case_file
from h2024kb.authoring.missing_cases import FIRST_LINE, written_cases
from h2024kb.editing.read_folder import read_folder
from h2024kb.knowledge.answer import NameNotFound
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.load import contents
from h2024kb.problem import PolicyProblems


def cases_to_add(policies: Path, id: str, file: Path, today: dt.date) -> str:
    """Returns what to add to a file of cases, which need not exist yet; empty if the policy lacks no case.

    Raises PolicyProblems where a policy or the file of cases has a problem, NameNotFound where no policy has the id.
    """
    there = [file] if file.exists() else []
    folder = read_folder([policies, *there], today)
    if folder.problems:
        raise PolicyProblems(tuple(folder.problems))
    by_id = {policy.id: policy for policy in folder.policies.values()}
    if id not in by_id:
        raise NameNotFound("policy", id, sorted(by_id))
    known = [case for path in there for case in case_file(path, folder.cases[path]).cases]
    text = written_cases(KnowledgeBase.of(contents(folder)), by_id[id], known)
    if not text:
        return ""
    return f"\n{text}" if there else f"{FIRST_LINE}{text}"

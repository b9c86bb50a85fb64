"""What each payer says about HCPCS H2024, supported employment per diem: dated, cited, or said to be unknown."""

from __future__ import annotations

from pathlib import Path as _Path

from h2024kb.claims import Finding, Result, check_line, check_lines
from h2024kb.knowledge.answer import (
    Answer,
    Citation,
    Known,
    NameNotFound,
    Question,
    Receipt,
    SeveralPolicies,
    Unknown,
)
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS, Limit, Policy, Source
from h2024kb.knowledge.snapshot import BadSnapshot
from h2024kb.line import ServiceLine
from h2024kb.problem import PolicyProblems, Problem
from h2024kb.version import __version__ as __version__

__all__ = [
    "FACTS",
    "Answer",
    "BadSnapshot",
    "Citation",
    "Finding",
    "KnowledgeBase",
    "Known",
    "Limit",
    "NameNotFound",
    "Policy",
    "PolicyProblems",
    "Problem",
    "Question",
    "Receipt",
    "Result",
    "ServiceLine",
    "SeveralPolicies",
    "Source",
    "Unknown",
    "check_line",
    "check_lines",
    "open",
]


def open(path: str | _Path | None = None) -> KnowledgeBase:
    """Opens the policies shipped with the package, or a folder of policies or a snapshot file.

    The shipped policies come from a snapshot in the wheel; in a source checkout from its `policies` folder.
    Raises PolicyProblems with every problem of a folder, FileNotFoundError where there is nothing at the path.

    >>> len(open().policies()) > 9
    True
    """
    from h2024kb import shipped
    from h2024kb.knowledge import snapshot

    if path is None and (packed := shipped.snapshot_file()):
        return snapshot.read(packed)
    where = shipped.policies_folder() if path is None else _Path(path)
    if where is None or not where.exists():
        raise FileNotFoundError(f"there are no policies at {where or 'the package'}")
    from h2024kb.load import load

    return load(where)

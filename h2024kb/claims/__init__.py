"""Checks service lines of claims against what payers said."""

from h2024kb.claims.check import check_line, check_lines
from h2024kb.claims.edits import Edit
from h2024kb.claims.finding import RULES, Finding, Likely, Outcome, Result
from h2024kb.claims.fix import Fix, Way, fix
from h2024kb.claims.receipt import LineReceipt, NotThisKnowledgeBase, line_receipt, read_receipt, replay_line

__all__ = [
    "RULES",
    "Edit",
    "Finding",
    "Fix",
    "Likely",
    "LineReceipt",
    "NotThisKnowledgeBase",
    "Outcome",
    "Result",
    "Way",
    "check_line",
    "check_lines",
    "fix",
    "line_receipt",
    "read_receipt",
    "replay_line",
]

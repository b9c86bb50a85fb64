"""Checks service lines of claims against what payers said."""

from h2024kb.claims.check import check_line, check_lines
from h2024kb.claims.edits import Edit
from h2024kb.claims.finding import RULES, Finding, Likely, Outcome
from h2024kb.claims.fix import Fix, Way, fix
from h2024kb.claims.piles import PILES, Pile
from h2024kb.claims.receipt import LineReceipt, NotThisKnowledgeBase, line_receipt, read_receipt, replay_line
from h2024kb.claims.result import Result

__all__ = [
    "PILES",
    "RULES",
    "Edit",
    "Finding",
    "Fix",
    "Likely",
    "LineReceipt",
    "NotThisKnowledgeBase",
    "Outcome",
    "Pile",
    "Result",
    "Way",
    "check_line",
    "check_lines",
    "fix",
    "line_receipt",
    "read_receipt",
    "replay_line",
]

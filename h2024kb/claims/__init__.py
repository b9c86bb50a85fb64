"""Checks service lines of claims against what payers said."""

from h2024kb.claims.check import check_line, check_lines
from h2024kb.claims.finding import RULES, Finding, Likely, Outcome, Result

__all__ = ["RULES", "Finding", "Likely", "Outcome", "Result", "check_line", "check_lines"]

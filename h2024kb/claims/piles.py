"""The pile a checked line goes on, in the order in which a biller works: one function makes it from the findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from h2024kb.claims.finding import Finding, needs_of, outcome_of

Pile = Literal["fix", "answer", "ask", "clear", "not-checked"]
"""What is to be done with a line next."""

PILES: Final[dict[Pile, str]] = {
    "fix": "a known rule is broken",
    "answer": "the line leaves out what a known rule needs",
    "ask": "a rule is not known or only weakly, or no line shows whether it is met",
    "clear": "every core rule is known and met",
    "not-checked": "taken back or replaced, or may be, or read before; or the code is not in the knowledge base",
}
"""The piles of checked lines, in the order in which a biller works, and what each means."""

PILE_WORDS: Final[dict[Pile, str]] = {pile: pile.replace("-", " ").capitalize() for pile in PILES}
"""The name of each pile, as people read it."""

NO_LINE_SHOWS: Final = ("conditions_met",)
"""What somebody may vouch for and no claim line has a place for."""

Findings = Sequence[Finding]


def pile_of(findings: Findings) -> Pile:
    """Returns the pile of a line with these findings; where several fit, the first in the order of PILES.

    A finding that names what to give is for `answer`, unless only somebody's word would settle it. So a line without a
    payer or a date is for `answer`, too. A rule that is not known, or only weakly, names nothing to give.

    >>> pile_of([Finding(rule="unit", outcome="cannot-tell", message="Units not given.", needs=("units",))])
    'answer'
    >>> pile_of([Finding(rule="frequency", outcome="cannot-tell", message="The line takes back an earlier claim.")])
    'not-checked'
    """
    if _not_checked(findings):
        return "not-checked"
    outcome = outcome_of(findings)
    if outcome != "cannot-tell":
        return "fix" if outcome == "fail" else "clear"
    return "answer" if any(name not in NO_LINE_SHOWS for name in needs_of(findings)) else "ask"


def _not_checked(findings: Findings) -> bool:
    """Whether no rule of a policy was asked: the line no longer counts, or no rule names its code."""
    # Where a policy's rules were asked there are findings of several of them. A code that is left out is needed, so the
    # line says too little; one that nothing is needed for is not in the knowledge base.
    only = findings[0] if len(findings) == 1 else None
    if only is None or only.outcome != "cannot-tell":
        return False
    return only.rule == "frequency" or (only.rule == "code" and not only.needs)

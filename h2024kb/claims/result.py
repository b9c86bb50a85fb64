"""What a check comes to for a line: the outcome, the pile, and every finding behind them."""

from __future__ import annotations

from h2024kb.claims.finding import Finding, Outcome, needs_of, outcome_of
from h2024kb.claims.piles import Pile, pile_of
from h2024kb.knowledge.model import Record


class Result(Record, frozen=True):
    """What can be said about a line: `pass`, `fail`, or `cannot-tell`, with every finding behind it.

    `pass`: every rule that applies is known and met. `fail`: a rule is known and broken. `cannot-tell`: no known rule
    is broken, but one is not known, or the line does not give enough; `needs` is then the smallest set of facts still
    to give. `pile` is what is to be done with the line next: `fix`, `answer`, `ask`, `clear` or `not-checked`. A line
    that was not checked never passes.
    """

    outcome: Outcome
    pile: Pile
    findings: tuple[Finding, ...]
    needs: tuple[str, ...] = ()
    policy: str | None = None

    def of(self, outcome: Outcome) -> tuple[Finding, ...]:
        """Returns the findings with one outcome."""
        return tuple(finding for finding in self.findings if finding.outcome == outcome)


def result(findings: tuple[Finding, ...], policy: str | None = None) -> Result:
    """Returns findings with what they come to together."""
    outcome = outcome_of(findings)
    # A failed line is failed whatever else is given, so only an open one says what to give.
    needs = needs_of(findings) if outcome == "cannot-tell" else ()
    return Result(outcome=outcome, pile=pile_of(findings), findings=findings, needs=needs, policy=policy)

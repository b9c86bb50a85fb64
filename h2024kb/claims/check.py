"""Checks service lines: one, or many that may belong to the same members."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from h2024kb.claims.cuts import Seen
from h2024kb.claims.door import as_read
from h2024kb.claims.finding import Finding
from h2024kb.claims.other_lines import MemberLines
from h2024kb.claims.plan import Plan, Version, plan
from h2024kb.claims.result import Result, result
from h2024kb.claims.standing import LATER, Standing, standings
from h2024kb.claims.which_policy import which_policy
from h2024kb.knowledge.answer import Evidence
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine, hidden

TOO_LITTLE: Final = "The line does not give enough to find a rule."
NO_RULE: Final = "No rule in the knowledge base names this code."
ENDS_FIRST: Final = "The line ends before it starts."
FAR_AHEAD: Final = "The line's date lies years ahead of everything in the knowledge base; it may be a slip."
YEARS_AHEAD: Final = 10
"""A date of service that lies further ahead of the last review of any policy is a slip, and no rule is known for it."""
Who = tuple[str | None, str | None, str | None, str | None, str | None]


def counted_codes(kb: KnowledgeBase) -> frozenset[str]:
    """Returns the known codes and those of services, which limits may count or which are not paid on the same day."""
    # A code that a policy names, as counted with another or not paid beside it, is known: `check` refuses any other.
    return kb.codes().union(*(row.codes for row in kb.contents.code_sets.services))


class Checker:
    """Checks lines against one knowledge base, as known on a day, by evidence accepted; it compiles rules once."""

    def __init__(self, kb: KnowledgeBase, as_known_on: dt.date | None = None, evidence: Evidence = "seen") -> None:
        self.kb = kb
        self.as_known_on = as_known_on
        self.evidence: Evidence = evidence
        self.codes = kb.codes()
        self.counted_codes = counted_codes(kb)
        reviewed = max((policy.reviewed for policy in kb.policies()), default=dt.date.max)
        self.last_day = dt.date(min(reviewed.year + YEARS_AHEAD, dt.MAXYEAR), 12, 30)
        self._payers: dict[str, int] = {}
        self._plans: dict[tuple[str, str], Plan] = {}
        self._policies: dict[Who, str | Result] = {}

    def check(self, line: ServiceLine, seen: Seen | None = None) -> Result:
        """Returns the result for one line; `seen` is what the member's other lines show, None if they are not given."""
        policy = self.policy(line)
        if not isinstance(policy, str):
            return policy
        found = self.version(policy, line)
        return found.result(line, seen) if isinstance(found, Version) else found

    def check_among(self, line: ServiceLine, others: Sequence[ServiceLine] | None) -> Result:
        """Returns the result for one line beside its member's other lines, which may take it back or replace it."""
        standing, seen = among(line, others)
        return NOT_STANDING.get(standing) or self.check(line, seen)

    def policy(self, line: ServiceLine) -> str | Result:
        """Returns the policy a line is for, or the result that says why that is not known."""
        who = (line.policy, line.payer, line.payer_id, line.jurisdiction, line.line_of_business)
        found = self._policies.get(who)
        if found is None:
            found = self._policies[who] = which_policy(self.kb, line)
        return found

    def payer(self, policy: str) -> int:
        """Returns a number for the payer of a policy: a member's lines to all its programs are seen together."""
        if policy not in self._payers:
            names = dict.fromkeys((one.payer, one.jurisdiction) for one in self.kb.policies())
            numbers = {name: number for number, name in enumerate(names)}
            self._payers = {one.id: numbers[one.payer, one.jurisdiction] for one in self.kb.policies()}
        return self._payers[policy]

    def counts(self, line: ServiceLine) -> bool:
        """Whether a line may bear on others: by its code, by a code it leaves out, or as a later claim."""
        return line.code is None or line.code in self.counted_codes or line.frequency in LATER

    def version(self, policy: str, line: ServiceLine) -> Version | Result:
        """Returns the rules for a line, or the result where its code or its dates leave none."""
        code, first, last = line.code, line.date_of_service, line.last_day
        if code is None or first is None or last is None:
            needs = tuple(name for name, given in (("code", code), ("date_of_service", first)) if given is None)
            return _stopped("code" if code is None else "dates", TOO_LITTLE, needs)
        found = self._plans.get((policy, code)) or self._plan(policy, code)
        if found is None:
            return _stopped("code", NO_RULE)
        if line.frequency == "8":
            return TAKEN_BACK
        if last < first:
            return _stopped("dates", ENDS_FIRST, ("last_date_of_service",))
        return FAR if last > self.last_day else found.version(first, last)

    def starts(self, policy: str, code: str | None) -> tuple[dt.date, ...]:
        """Returns the days on which the rules of a policy for a code may change; none where the code is not known."""
        found = None if code is None else self._plans.get((policy, code)) or self._plan(policy, code)
        return found.starts if found else ()

    def _plan(self, policy: str, code: str) -> Plan | None:
        if code not in self.codes:
            return None
        found = self._plans[policy, code] = plan(self.kb, policy, code, self.as_known_on, self.evidence)
        return found


def _stopped(rule: str, message: str, needs: tuple[str, ...] = ()) -> Result:
    return result((Finding(rule=rule, outcome="cannot-tell", message=message, about=needs, needs=needs),))


FAR: Final = _stopped("dates", FAR_AHEAD)


def among(line: ServiceLine, others: Sequence[ServiceLine] | None) -> tuple[Standing, MemberLines | None]:
    """Returns whether a line stands among its member's other lines, in the order sent, and what they all show.

    Where the line is itself among the others it is counted once, and sent there; else it is taken to be sent last.
    """
    if others is None:
        return "stands", None
    if not any(one is line for one in others):
        others = [*others, line]
    found = standings(others)
    at = next(at for at, one in enumerate(others) if one is line)
    return found[at], MemberLines(others, found)


# None of these ever passes: no rule is asked of the line.
TAKEN_BACK: Final = _stopped("frequency", "The line takes back an earlier claim, and is not checked.")
NOT_STANDING: Final[Mapping[Standing, Result]] = {
    "gone": _stopped("frequency", "A later claim takes back or replaces the line, so it is not checked."),
    "perhaps": _stopped(
        "frequency", "A later claim may take back or replace the line; its number, days and order do not say."
    ),
    "again": _stopped("frequency", "This claim and line were read before: the line is counted once, there."),
}
"""The results of lines that do not stand, or may not."""

# Compiling the rules of a payer takes longer than checking a line, and callers hand in the knowledge base each time.
_CHECKERS: dict[tuple[str, dt.date | None, Evidence], Checker] = {}
MOST_CHECKERS = 8


def checker(kb: KnowledgeBase, as_known_on: dt.date | None = None, evidence: Evidence = "seen") -> Checker:
    """Returns the checker for a knowledge base, kept by its content hash."""
    key = (kb.content_hash, as_known_on, evidence)
    found = _CHECKERS.get(key)
    if found is None:
        if len(_CHECKERS) >= MOST_CHECKERS:
            _CHECKERS.pop(next(iter(_CHECKERS)))
        found = _CHECKERS[key] = Checker(kb, as_known_on, evidence)
    return found


def check_line(
    kb: KnowledgeBase,
    line: ServiceLine,
    *,
    others: Sequence[ServiceLine] | None = None,
    as_known_on: dt.date | None = None,
    evidence: Evidence = "seen",
) -> Result:
    """Says whether a service line keeps the payer's known rules: `pass`, `fail` or `cannot-tell`, with every finding.

    `others` are the member's other lines to this payer, for rules on the same day and on a period; None means that they
    are not given, and an empty list that there are none. A line whose payer is not known, or whose date lies outside
    every known rule, is `cannot-tell`: nothing is predicted for it. So is one to which a rule applies that was seen
    only later, or in an undated copy, whatever `evidence` accepts; accepting it shows that rule with its citation.

    Codes are read as in a file (`h2024` is H2024). Raises TypeError for a value of another type and ValueError for one
    that is not valid, such as a place of service of one digit, each with the name of the field.

    >>> import datetime, h2024kb
    >>> line = h2024kb.ServiceLine(policy="us/medicare", code="H2024", date_of_service=datetime.date(2026, 11, 2))
    >>> found = check_line(h2024kb.open(), line)
    >>> found.outcome, found.of("fail")[0].rule
    ('fail', 'coverage')
    """
    given = None if others is None else [as_read(other) for other in others]
    return checker(kb, as_known_on, evidence).check_among(as_read(line), given)


def check_lines(
    kb: KnowledgeBase,
    lines: Iterable[ServiceLine],
    *,
    as_known_on: dt.date | None = None,
    evidence: Evidence = "seen",
) -> list[Result]:
    """Returns a result for each line, in the order sent; lines of one `member` to one payer are seen together.

    For a limit over a period, and for what is not payable on the same day, the lines given are taken to be all there
    are. A line that names no member is checked by itself, as one whose other lines are not given.
    """
    check, given = checker(kb, as_known_on, evidence), [as_read(line) for line in lines]
    # An 837P hides its member ids, and a table does not: what it hides is the id in capitals.
    members = {line.member for line in given if line.member is not None}
    names = {name: hidden(name.upper()) if hidden(name.upper()) in members else name for name in members}
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    for at, line in enumerate(given):
        policy = check.policy(line)
        if line.member is not None and isinstance(policy, str) and check.counts(line):
            groups[check.payer(policy), names[line.member]].append(at)
    seen: dict[int, MemberLines] = {}
    not_standing: dict[int, Result] = {}
    for group in groups.values():
        lines_of = [given[at] for at in group]
        found = standings(lines_of)
        together = MemberLines(lines_of, found)
        seen |= dict.fromkeys(group, together)
        not_standing |= {at: NOT_STANDING[one] for at, one in zip(group, found, strict=True) if one != "stands"}
    return [not_standing.get(at) or check.check(line, seen.get(at)) for at, line in enumerate(given)]

"""Checks service lines: one, or many that may belong to the same members."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from h2024kb.claims.cuts import Seen
from h2024kb.claims.finding import Finding
from h2024kb.claims.other_lines import MemberLines, counted
from h2024kb.claims.plan import Plan, Version, plan
from h2024kb.claims.result import Result, result
from h2024kb.claims.which_policy import which_policy
from h2024kb.knowledge.answer import Evidence
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine

TOO_LITTLE: Final = "The line does not give enough to find a rule."
NO_RULE: Final = "No rule in the knowledge base names this code."
ENDS_FIRST: Final = "The line ends before it starts."
RULE_CHANGES: Final = "A rule changes between the line's first and last day; bill these days on separate lines."
Who = tuple[str | None, str | None, str | None, str | None, str | None]


class Checker:
    """Checks lines against one knowledge base, as known on a day, by evidence accepted; it compiles rules once."""

    def __init__(self, kb: KnowledgeBase, as_known_on: dt.date | None = None, evidence: Evidence = "seen") -> None:
        self.kb = kb
        self.as_known_on = as_known_on
        self.evidence: Evidence = evidence
        self.codes = kb.codes()
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
        if others is None:
            return self.check(line)
        if not stands(line, others):
            return REPLACED
        return self.check(line, MemberLines([line, *others]))

    def policy(self, line: ServiceLine) -> str | Result:
        """Returns the policy a line is for, or the result that says why that is not known."""
        who = (line.policy, line.payer, line.payer_id, line.jurisdiction, line.line_of_business)
        found = self._policies.get(who)
        if found is None:
            found = self._policies[who] = which_policy(self.kb, line)
        return found

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
        # A line over several days is checked only where one version of the rules holds on all of them: nobody knows
        # which of its units fall on which day. Days of one stretch have the same version, the very object.
        version = found.version(first)
        if last == first:
            return version
        return version if found.version(last) is version and last > first else _spans(last < first)

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


def _spans(ends_before_it_starts: bool) -> Result:
    if ends_before_it_starts:
        return _stopped("dates", ENDS_FIRST, ("last_date_of_service",))
    return _stopped("dates", RULE_CHANGES)


def stands(line: ServiceLine, others: Sequence[ServiceLine]) -> bool:
    """Whether none of the member's other lines takes a line back or replaces it."""
    return line.frequency == "8" or any(one is line for one in counted([line, *others]))


# Neither ever passes: no rule is asked of them.
TAKEN_BACK = _stopped("frequency", "The line takes back an earlier claim.")
REPLACED = _stopped("frequency", "A later claim of this number replaces or takes back the line.")

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

    >>> import datetime, h2024kb
    >>> line = h2024kb.ServiceLine(policy="us/medicare", code="H2024", date_of_service=datetime.date(2026, 11, 2))
    >>> found = check_line(h2024kb.open(), line)
    >>> found.outcome, found.of("fail")[0].rule
    ('fail', 'coverage')
    """
    return checker(kb, as_known_on, evidence).check_among(line, others)


def check_lines(
    kb: KnowledgeBase,
    lines: Iterable[ServiceLine],
    *,
    as_known_on: dt.date | None = None,
    evidence: Evidence = "seen",
) -> list[Result]:
    """Returns a result for each line, in order; lines of one `member` to one policy are seen together.

    For a limit over a period, and for what is not payable on the same day, the lines given are taken to be all there
    are. A line that names no member is checked by itself, as one whose other lines are not given.
    """
    check, given = checker(kb, as_known_on, evidence), list(lines)
    groups: dict[tuple[str, str], list[ServiceLine]] = defaultdict(list)
    for line in given:
        policy = check.policy(line)
        if line.member is not None and isinstance(policy, str):
            groups[policy, line.member].append(line)
    # By identity, not by value: two lines of a claim may be equal in every field, and each counts.
    seen: dict[int, MemberLines] = {}
    replaced: set[int] = set()
    for group in groups.values():
        together = MemberLines(group)
        seen |= {id(line): together for line in group}
        replaced |= {id(line) for line in group} - {id(line) for line in counted(group)}
    return [
        REPLACED if id(line) in replaced and line.frequency != "8" else check.check(line, seen.get(id(line)))
        for line in given
    ]

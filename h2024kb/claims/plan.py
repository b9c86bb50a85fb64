"""The rules of a policy for a code, compiled for each stretch of days on which nothing in them changes."""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final

from h2024kb.claims.cut_values import CutGroup, CutValues, beside
from h2024kb.claims.cuts import Seen, Value
from h2024kb.claims.facts import Facts
from h2024kb.claims.finding import Finding
from h2024kb.claims.result import Result, result
from h2024kb.claims.rule import Branch, Part
from h2024kb.claims.rules import all_parts
from h2024kb.knowledge.answer import Evidence
from h2024kb.knowledge.in_force import DAY
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy
from h2024kb.knowledge.timeline import starts
from h2024kb.line import ServiceLine


@dataclass(frozen=True, slots=True)
class Version:
    """The rules on one stretch of days, or on several that a line lies across; `fields` are all that they look at.

    A line across a change is checked by the rules before and after it: what all of them say holds, whichever of its
    units fall on which day, and so does a failure under each. `stretches` has the parts of each.

    Results are kept by the values of the cuts, so each kind of line is settled once. There are as many results as the
    rules can tell apart, however many lines there are.
    """

    policy: str
    first_day: dt.date
    stretches: tuple[tuple[Part, ...], ...]
    alone: CutValues
    together: CutGroup
    fields: frozenset[str]
    _results: dict[tuple[tuple[Value, ...], ...], Result] = field(default_factory=dict, repr=False, compare=False)

    def result(self, line: ServiceLine, seen: Seen | None) -> Result:
        """Returns the result for a line whose code, policy and dates are those of this version."""
        beside = self.together.row(line) if seen is None else self.together.row_beside(line, seen)
        # The values are the key, never the line: it may be one of millions, with a charge or a date of its own.
        key = (*self.alone.rows(line), beside)
        found = self._results.get(key)
        if found is None:
            found = self._results[key] = self._settle(key)
        return found

    def _settle(self, key: tuple[tuple[Value, ...], ...]) -> Result:
        cuts = (*self.alone.cuts, *self.together.cuts)
        values = dict(zip(cuts, itertools.chain(*key), strict=True))
        found = [
            result(tuple(finding for part in parts for finding in part.findings(values)), self.policy)
            for parts in self.stretches
        ]
        said = {tuple((finding.rule, finding.outcome) for finding in one.findings) for one in found}
        return found[0] if len(said) == 1 or all(one.outcome == "fail" for one in found) else SPANS


RULE_CHANGES: Final = "A rule changes between the line's first and last day; bill these days on separate lines."
SPANS: Final = result((Finding(rule="dates", outcome="cannot-tell", message=RULE_CHANGES),))
"""The result of a line across a change of rules that decides it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All versions for a policy and a code, each compiled when the first line needs it."""

    kb: KnowledgeBase
    policy: Policy
    code: str
    as_known_on: dt.date | None
    evidence: Evidence
    starts: tuple[dt.date, ...]
    _versions: dict[tuple[int, int], Version] = field(default_factory=dict, repr=False, compare=False)

    def version(self, first: dt.date, last: dt.date | None = None) -> Version:
        """Returns the version in force on a day, or on all days from one to another."""
        # `starts` begins with the first day there is, so some stretch holds every day.
        one = bisect_right(self.starts, first) - 1
        other = one if last is None or last == first else bisect_right(self.starts, last) - 1
        found = self._versions.get((one, other))
        if found is None:
            found = self._versions[one, other] = self._compile(one, other)
        return found

    def _compile(self, one: int, other: int) -> Version:
        if one < other:
            stretches = tuple(self.version(day).stretches[0] for day in self.starts[one : other + 1])
        else:
            facts = Facts(self.kb, self.policy, self.code, self.starts[one], self.as_known_on, self.evidence)
            stretches = (tuple(all_parts(facts)),)
        parts = tuple(part for some in stretches for part in some)
        # Cuts inside branches count too: a line is read once for all cuts, before it is known which entry applies.
        inner = (cut for part in parts if isinstance(part, Branch) for cut in part.inner)
        cuts = tuple(dict.fromkeys((*(cut for part in parts for cut in part.cuts), *inner)))
        together = tuple(cut for cut in cuts if "other_lines" in cut.fields)
        return Version(
            policy=self.policy.id,
            first_day=self.starts[one],
            stretches=stretches,
            alone=CutValues(tuple(cut for cut in cuts if cut not in together)),
            together=beside(together),
            fields=frozenset(name for cut in cuts for name in cut.fields),
        )


def plan(kb: KnowledgeBase, policy: str, code: str, as_known_on: dt.date | None, evidence: Evidence = "seen") -> Plan:
    """Returns the plan for a policy and a code; its starts are all days on which something may change."""
    # As known on that day: an entry withdrawn since then still starts a stretch, and one learned since then does not.
    days = set(starts(kb, policy, code, as_known_on))
    for row in kb.contents.code_sets.codes:
        if row.code == code:
            days |= {row.code_added} | ({row.terminated + DAY} if row.terminated else set())
    return Plan(kb, kb.policy(policy), code, as_known_on, evidence, tuple(sorted(days)))

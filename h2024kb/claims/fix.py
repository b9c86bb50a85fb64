"""The fewest edits with which a line keeps every rule that is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from h2024kb.claims.check import checker
from h2024kb.claims.door import as_read
from h2024kb.claims.edits import Edit, edits
from h2024kb.claims.finding import Finding
from h2024kb.claims.other_lines import MemberLines
from h2024kb.claims.result import Result
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record
from h2024kb.line import ServiceLine

OPEN_TO_EDITS: Final = ("bill-instead", "dates", "unit")
"""Rules an edit may settle though they do not fail: another code, days that a rule change splits, a clash of units."""
NOTHING_BROKEN: Final = "No known rule is broken."
NO_WAY: Final = "Nothing this payer says about the code offers another way to bill what was given."


class Way(Record, frozen=True):
    """One way to mend a line: the edits, and the lines they make of it."""

    edits: tuple[Edit, ...]
    lines: tuple[ServiceLine, ...]


class Fix(Record, frozen=True):
    """Every way to mend a line with the fewest edits; without one, `because` says why there is none."""

    ways: tuple[Way, ...]
    because: str | None = None


def fix(
    kb: KnowledgeBase,
    line: ServiceLine,
    *,
    others: Sequence[ServiceLine] | None = None,
    as_known_on: dt.date | None = None,
) -> Fix:
    """Returns the fewest edits after which no known rule is broken, each with the payer's words behind it.

    An edit only says differently what was given: it adds a modifier, bills the code this payer bills, bills the units
    that the minutes give under the payer's rounding, or splits a line by day. It never takes away a modifier that says
    how the service was given, never changes the place, the date or the time of service, and never makes up a number:
    a line with fewer units gives no charge. Where only that would help, there is no way, and `because` says
    so. `only_if` of an edit must be what happened. Arguments are those of `check_line`.

    >>> import datetime, h2024kb
    >>> line = h2024kb.ServiceLine(policy="us/medicare", code="H2024", date_of_service=datetime.date(2026, 11, 2))
    >>> fix(h2024kb.open(), line).because
    'Nothing this payer says about the code offers another way to bill what was given.'
    """
    line = as_read(line)
    policy = checker(kb, as_known_on).policy(line)
    if isinstance(policy, Result):
        return Fix(ways=(), because="Which policy the line is for is not known.")
    if not _broken(_check(kb, line, others, as_known_on)):
        return Fix(ways=(), because=NOTHING_BROKEN)
    # Breadth first, so the first ways that keep the rules have the fewest edits, and all ways of that many are found.
    # It ends: each edit comes from the policy's own words, and lines that bill the same are tried only once.
    tried, seen = [Way(edits=(), lines=(line,))], {_same((line,))}
    while tried:
        tried = list(_new((longer for way in tried for longer in _longer(kb, policy, way, as_known_on)), seen))
        kept = tuple(way for way in tried if _keeps(kb, way, others, as_known_on))
        if kept:
            return Fix(ways=kept)
    return Fix(ways=(), because=NO_WAY)


def _check(
    kb: KnowledgeBase, line: ServiceLine, others: Sequence[ServiceLine] | None, as_known_on: dt.date | None
) -> Result:
    return checker(kb, as_known_on).check_among(line, others)


def _broken(result: Result) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in result.findings
        if finding.outcome == "fail"
        or (finding.rule in OPEN_TO_EDITS and finding.outcome == "cannot-tell" and _ours(finding))
    )


def _ours(finding: Finding) -> bool:
    """Whether giving more would not settle it, and it rests on something that the payer says."""
    return not finding.needs and (finding.rule == "dates" or finding.citation is not None)


def _longer(kb: KnowledgeBase, policy: str, way: Way, as_known_on: dt.date | None) -> Iterator[Way]:
    """Every way with one edit more; a line is split last, and its code changes once."""
    if len(way.lines) > 1:
        return
    # The code changes once: all codes that the payer names are one change away, and a second could only lead around.
    done = {edit.field for edit in way.edits} & {"code"}
    for edited in edits(kb, policy, way.lines[0], as_known_on):
        if edited.edit.field not in done:
            yield Way(edits=(*way.edits, edited.edit), lines=edited.lines)


def _new(ways: Iterable[Way], seen: set[Hashable]) -> Iterator[Way]:
    """The first way to each outcome: two tables of a payer may call for the same modifier."""
    for way in ways:
        same = _same(way.lines)
        if same not in seen:
            seen.add(same)
            yield way


def _same(lines: tuple[ServiceLine, ...]) -> Hashable:
    """Equal for lines that bill the same: the order of modifiers does not matter."""
    return tuple(
        (msgspec.structs.replace(line, modifiers=None), None if line.modifiers is None else frozenset(line.modifiers))
        for line in lines
    )


def _keeps(kb: KnowledgeBase, way: Way, others: Sequence[ServiceLine] | None, as_known_on: dt.date | None) -> bool:
    if others is None and len(way.lines) == 1:
        return not _broken(_check(kb, way.lines[0], None, as_known_on))
    # The lines of a split count together: a limit on the day or the week must hold for all of them at once.
    together = MemberLines([*way.lines, *(others or ())])
    check = checker(kb, as_known_on)
    return not any(_broken(check.check(line, together)) for line in way.lines)

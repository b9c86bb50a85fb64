"""What is needed to check a line again later with the same knowledge base, and to show that to others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from h2024kb.claims.check import NOT_STANDING, among, checker
from h2024kb.claims.cuts import Total
from h2024kb.claims.door import as_read
from h2024kb.claims.other_lines import MemberLines
from h2024kb.claims.result import Result
from h2024kb.claims.standing import Standing
from h2024kb.knowledge.answer import Evidence
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record
from h2024kb.line import ServiceLine
from h2024kb.version import __version__

GIVEN = "given"
"""Stands in a receipt for an authorization number: that there is one is all a rule looks at."""


class OtherLines(Record, frozen=True):
    """What the member's other lines showed for one rule: a total against its bound, or a code beside it.

    `per` is the period; where no `measure` was added up, none stands for the day.
    """

    codes: tuple[str, ...]
    shows: str
    per: str | None = None
    measure: str | None = None
    by_day: bool = False
    bound: Decimal | None = None

    def __post_init__(self) -> None:
        allowed = ("beside", "apart", "unsure") if self.measure is None else ("over", "within", "unsure")
        if self.shows not in allowed:
            raise ValueError(f"`shows` must be one of: {', '.join(allowed)}")


class LineReceipt(Record, frozen=True):
    """A checked line, what was said about it, and by which knowledge base.

    The member is left out and the authorization number replaced, for no rule looks at them; of the member's other lines
    only what they showed is kept. None under `other_lines`: they were not given. `standing` says whether one of them
    takes the line back or replaces it, or may, or is the same line read before.

    What else the line gave is kept, its diagnoses, age, dates and claim number too: keep a receipt as you keep the
    claim. It is not signed: who changes the line and the result in it together is not found out by a replay.
    """

    line: ServiceLine
    result: Result
    content_hash: str
    version: str
    entries: tuple[str, ...]
    other_lines: tuple[OtherLines, ...] | None = None
    as_known_on: dt.date | None = None
    evidence: Evidence = "seen"
    standing: Standing = "stands"


class NotThisKnowledgeBase(ValueError):
    """Raised where a receipt was made with other contents than those it is replayed with."""


class _Recorded:
    """The member's other lines, and a record of all that was asked about them."""

    def __init__(self, lines: MemberLines) -> None:
        # What was asked, with the answers, is all that a replay needs. The lines themselves are of a member, and stay
        # out.
        self._lines = lines
        self.shown: list[OtherLines] = []

    def within(self, line: ServiceLine, total: Total, bound: Decimal) -> str:
        shows = self._lines.within(line, total, bound)
        self.shown.append(_shown(total, bound, shows))
        return shows

    def beside(self, line: ServiceLine, codes: frozenset[str], per: str) -> str:
        shows = self._lines.beside(line, codes, per)
        self.shown.append(OtherLines(codes=tuple(sorted(codes)), shows=shows, per=_per(per)))
        return shows


def _shown(total: Total, bound: Decimal, shows: str) -> OtherLines:
    return OtherLines(
        codes=tuple(sorted(total.codes)),
        shows=shows,
        per=total.per,
        measure=total.measure,
        by_day=total.by_day,
        bound=bound,
    )


def _per(per: str) -> str | None:
    return None if per == "day" else per


class _Kept:
    """What a receipt says the other lines showed."""

    def __init__(self, shown: tuple[OtherLines, ...]) -> None:
        # With the same contents the same rules ask the same, so every question has its answer here; one that has none
        # stands in a text that somebody has changed.
        self._shown: dict[tuple[Any, ...], str] = {
            (one.codes, one.per, one.measure, one.by_day, one.bound): one.shows for one in shown
        }

    def within(self, _line: ServiceLine, total: Total, bound: Decimal) -> str:
        return self._answer(total.codes, total.per, total.measure, total.by_day, bound)

    def beside(self, _line: ServiceLine, codes: frozenset[str], per: str) -> str:
        return self._answer(codes, _per(per), None, False, None)

    def _answer(self, codes: frozenset[str], *asked: Any) -> str:
        found = self._shown.get((tuple(sorted(codes)), *asked))
        if found is None:
            raise ValueError("this is not a receipt of this line: what the member's other lines showed is not in it")
        return found


def line_receipt(
    kb: KnowledgeBase,
    line: ServiceLine,
    *,
    others: Sequence[ServiceLine] | None = None,
    as_known_on: dt.date | None = None,
    evidence: Evidence = "seen",
) -> LineReceipt:
    """Checks a line and returns the result with all that is needed to check it again; arguments as for `check_line`.

    `msgspec.json.encode` writes a receipt, and `read_receipt` reads it.

    >>> import datetime, h2024kb
    >>> kb = h2024kb.open()
    >>> line = h2024kb.ServiceLine(policy="us/medicare", code="H2024", date_of_service=datetime.date(2026, 11, 2))
    >>> receipt = line_receipt(kb, line)
    >>> read_receipt(msgspec.json.encode(receipt)) == receipt, replay_line(kb, receipt) == receipt.result
    (True, True)
    """
    line = as_read(line)
    others = None if others is None else [as_read(other) for other in others]
    # A line that is replaced asks nothing of the others, so its receipt has no record of them but `standing`.
    standing, together = among(line, others)
    recorded = None if together is None else _Recorded(together)
    result = NOT_STANDING.get(standing) or checker(kb, as_known_on, evidence).check(line, recorded)
    kept = msgspec.structs.replace(line, member=None)
    if line.authorized is not None:
        kept = msgspec.structs.replace(kept, prior_authorization_number=GIVEN if line.authorized else "")
    return LineReceipt(
        line=kept,
        result=result,
        content_hash=kb.content_hash,
        version=__version__,
        entries=tuple(dict.fromkeys(finding.entry for finding in result.findings if finding.entry)),
        other_lines=None if recorded is None else tuple(recorded.shown),
        as_known_on=as_known_on,
        evidence=evidence,
        standing=standing,
    )


def read_receipt(text: bytes) -> LineReceipt:
    """Returns the receipt that a JSON text holds; raises msgspec.ValidationError, which says where, for any other."""
    return msgspec.json.decode(text, type=LineReceipt)


def replay_line(kb: KnowledgeBase, receipt: LineReceipt) -> Result:
    """Checks the line of a receipt once more; raises NotThisKnowledgeBase where the contents are not the same.

    Raises ValueError where the receipt lacks what the rules for its line ask of the member's other lines.

    The snapshot with the receipt's content hash gives the result that the receipt holds.
    """
    if kb.content_hash != receipt.content_hash:
        ours, made = kb.content_hash[:12], receipt.content_hash[:12]
        raise NotThisKnowledgeBase(f"the receipt was made with contents {made}…; these are {ours}…")
    seen = None if receipt.other_lines is None else _Kept(receipt.other_lines)
    check = checker(kb, receipt.as_known_on, receipt.evidence)
    return NOT_STANDING.get(receipt.standing) or check.check(receipt.line, seen)

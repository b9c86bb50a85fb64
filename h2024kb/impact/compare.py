"""Says which service lines change result with other knowledge: another knowledge base, or another day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal, localcontext
from typing import Literal, NamedTuple, TypeVar

from h2024kb.claims import Finding, Outcome, Result, check_lines
from h2024kb.claims.check import checker
from h2024kb.claims.finding import outcome_of
from h2024kb.knowledge.answer import Citation
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record
from h2024kb.line import ServiceLine
from h2024kb.validation.validate import Defaults, completed

Key = TypeVar("Key", bound=Hashable)
Kind = Literal["outcome", "findings", "in-one-only"]
EXACT_DIGITS = 200
"""Sums of dollars keep this many digits, more than any file of claims can need."""


class Knowledge(NamedTuple):
    """A knowledge base and a day: what was known on it; without a day, everything in it that is not withdrawn."""

    kb: KnowledgeBase
    as_known_on: dt.date | None = None


class Basis(Record, frozen=True):
    """Which knowledge lines were checked with."""

    content_hash: str
    as_known_on: dt.date | None


class RuleChange(Record, frozen=True):
    """A rule that says something else about a line; `was` is what it said only then, `findings` what only now.

    `then` and `now` are what all its findings come to, and None where the rule says nothing about the line.
    """

    rule: str
    then: Outcome | None
    now: Outcome | None
    was: tuple[Finding, ...]
    findings: tuple[Finding, ...]


class LineChange(Record, frozen=True):
    """A line whose result changes, named by file, claim control number and line number.

    `number` counts the lines as they were read, from 1, for lines that have no other name. An outcome is None where no
    policy of that knowledge base names the code. `payer` is that of the policy now, or then where now there is none.
    """

    number: int
    file: str
    claim: str | None
    line: str | None
    code: str | None
    policy_then: str | None
    policy_now: str | None
    payer: str | None
    then: Outcome | None
    now: Outcome | None
    rules: tuple[RuleChange, ...]
    charge: Decimal | None

    @property
    def policy(self) -> str | None:
        """The policy the line is for now, or then where now there is none."""
        return self.policy_now or self.policy_then

    @property
    def kind(self) -> Kind:
        """Whether the `outcome` differs, only `findings` do, or one of the two knowledge bases alone has the code."""
        if self.then is None or self.now is None:
            return "in-one-only"
        return "findings" if self.then == self.now else "outcome"


class Sum(Record, frozen=True):
    """How many lines, the dollars charged on those that give a charge, and how many give none."""

    lines: int
    charge: Decimal
    without_charge: int


class Impact(Record, frozen=True):
    """What other knowledge does to some lines: `lines` read are the `same`, `in_neither` and the `changes` together.

    `same` counts the lines with the same outcome and findings as before, `in_neither` those whose code no policy of
    either knowledge base names.
    """

    old: Basis
    new: Basis
    lines: int
    same: int
    in_neither: int
    changes: tuple[LineChange, ...]

    def of(self, *kinds: Kind) -> tuple[LineChange, ...]:
        """Returns the changes of some kinds, in the order their lines were read."""
        return tuple(change for change in self.changes if change.kind in kinds)

    def moved(self) -> tuple[LineChange, ...]:
        """Returns the lines whose outcome changes, those that one of the two alone checks among them."""
        return self.of("outcome", "in-one-only")

    def by_outcome(self) -> dict[tuple[Outcome | None, Outcome | None], Sum]:
        """Sums the moved lines up by outcome then and now; None stands for a code not in that knowledge base."""
        return _summed(((change.then, change.now), change) for change in self.moved())

    def by_payer(self) -> dict[tuple[str | None, str | None], Sum]:
        """Sums the moved lines up by policy and payer."""
        return _summed(((change.policy, change.payer), change) for change in self.moved())

    def by_rule(self) -> dict[tuple[str, Outcome | None, Outcome | None], Sum]:
        """Sums the moved lines up by rule and what it comes to then and now; a line counts under each of its rules."""
        return _summed(((rule.rule, rule.then, rule.now), change) for change in self.moved() for rule in change.rules)


def impact(
    old: tuple[KnowledgeBase, dt.date | None],
    new: tuple[KnowledgeBase, dt.date | None],
    lines: Iterable[tuple[str, ServiceLine]],
    *,
    defaults: Defaults | None = None,
) -> Impact:
    """Says which lines change result from the old knowledge to the new, and by which rules.

    Each line comes with the name of its file. The result then and now is what `validate` says with each knowledge; so
    lines of one member are seen together. A finding differs where its outcome, its words, what it needs, its likely
    denial or the place it cites does; a source that was only read again makes no difference.

    >>> import h2024kb
    >>> kb = h2024kb.open()
    >>> day = dt.date(2026, 11, 2)
    >>> line = ServiceLine(policy="us/medicare", code="H2024", date_of_service=day, charge=Decimal("61.20"))
    >>> impact((kb, dt.date(2020, 1, 1)), (kb, None), [("a.csv", line)]).by_outcome()
    {('cannot-tell', 'fail'): Sum(lines=1, charge=Decimal('61.20'), without_charge=0)}
    """
    listed = old[0].codes() | new[0].codes()
    checks = [checker(*one) for one in (old, new)]
    read, kept = 0, list[_Read]()
    for file, line in lines:
        read += 1
        # Lines of other codes may bear on the rest; they stay where they stood, since order says which lines count.
        if any(check.counts(line) for check in checks):
            kept.append(_Read(read, file, line))
    then, now = (_results(Knowledge(*one), [each.line for each in kept], defaults or Defaults()) for one in (old, new))
    results = zip(kept, then, now, strict=True)
    compared = [one for one in results if one[0].line.code is None or one[0].line.code in listed]
    changes = tuple(_changes(Knowledge(*old), Knowledge(*new), compared))
    return Impact(
        old=Basis(content_hash=old[0].content_hash, as_known_on=old[1]),
        new=Basis(content_hash=new[0].content_hash, as_known_on=new[1]),
        lines=read,
        same=len(compared) - len(changes),
        in_neither=read - len(compared),
        changes=changes,
    )


class _Read(NamedTuple):
    number: int
    file: str
    line: ServiceLine


def _results(knowledge: Knowledge, lines: list[ServiceLine], defaults: Defaults) -> list[Result | None]:
    """The result of each line, None where its code is not there."""
    kb, codes = knowledge.kb, {*knowledge.kb.codes(), None}
    counts = checker(kb, knowledge.as_known_on).counts
    given = [completed(kb, line, defaults) for line in lines if counts(line)]
    results = zip(given, check_lines(kb, given, as_known_on=knowledge.as_known_on), strict=True)
    checked = (result for line, result in results if line.code in codes)
    return [next(checked) if line.code in codes else None for line in lines]


def _changes(
    old: Knowledge, new: Knowledge, lines: Iterable[tuple[_Read, Result | None, Result | None]]
) -> Iterator[LineChange]:
    """The lines whose result changes."""
    # A check returns the same object for lines that no rule tells apart. So results are few, and each two of them are
    # compared once, by their identity: that is what keeps millions of lines quick.
    compared: dict[tuple[int, int], tuple[RuleChange, ...] | None] = {}
    for read, then, now in lines:
        pair = (id(then), id(now))
        if pair not in compared:
            compared[pair] = _compared(then, now)
        rules = compared[pair]
        if rules is not None:
            yield _change(old, new, read, then, now, rules)


def _compared(then: Result | None, now: Result | None) -> tuple[RuleChange, ...] | None:
    """The rules that say something else; None where nothing changes."""
    rules = _rules(then, now)
    same_policy = then is not None and now is not None and then.policy == now.policy
    return None if same_policy and not rules else rules


def _change(
    old: Knowledge, new: Knowledge, read: _Read, then: Result | None, now: Result | None, rules: tuple[RuleChange, ...]
) -> LineChange:
    was, is_ = (result.policy if result else None for result in (then, now))
    known = new.kb.index.policies.get(is_ or "") or old.kb.index.policies.get(was or "")
    return LineChange(
        number=read.number,
        file=read.file,
        claim=read.line.claim,
        line=read.line.line,
        code=read.line.code,
        policy_then=was,
        policy_now=is_,
        payer=known.payer if known else None,
        then=then.outcome if then else None,
        now=now.outcome if now else None,
        rules=rules,
        charge=read.line.charge,
    )


def _rules(then: Result | None, now: Result | None) -> tuple[RuleChange, ...]:
    """The rules that say something else, in the order of the rules now, and then those that are gone."""
    before, after = then.findings if then else (), now.findings if now else ()
    changes = []
    for rule in dict.fromkeys(finding.rule for finding in (*after, *before)):
        was = tuple(finding for finding in before if finding.rule == rule)
        is_ = tuple(finding for finding in after if finding.rule == rule)
        gone, come = _without(was, is_), _without(is_, was)
        if gone or come:
            changes.append(RuleChange(rule=rule, then=_outcome(was), now=_outcome(is_), was=gone, findings=come))
    return tuple(changes)


def _outcome(findings: tuple[Finding, ...]) -> Outcome | None:
    return outcome_of(findings) if findings else None


def _without(some: tuple[Finding, ...], others: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those of some findings that say what no other says."""
    said = {_says(finding) for finding in others}
    return tuple(finding for finding in some if _says(finding) not in said)


def _says(finding: Finding) -> tuple[Hashable, ...]:
    names = ("outcome", "message", "needs", "stated_for", "heading", "said_by", "note", "likely")
    return (*(getattr(finding, name) for name in names), _place(finding.citation))


def _place(citation: Citation | None) -> tuple[Hashable, ...]:
    if citation is None:
        return ()
    return citation.source.title, citation.source.publisher, citation.source.url, citation.locator


def _summed(changes: Iterable[tuple[Key, LineChange]]) -> dict[Key, Sum]:
    """Sums changes up by key, the most dollars first, then the most lines."""
    groups: dict[Key, list[Decimal | None]] = {}
    for key, change in changes:
        groups.setdefault(key, []).append(change.charge)
    sums = {key: total(charges) for key, charges in groups.items()}
    in_order = sorted(sums.items(), key=lambda one: str(one[0]))
    return dict(sorted(in_order, key=lambda one: (one[1].charge, one[1].lines), reverse=True))


def total(charges: Iterable[Decimal | None]) -> Sum:
    """Returns the sum of some lines' charges, exact to the last digit.

    >>> total([Decimal("61.20"), None, Decimal("38.34")])
    Sum(lines=3, charge=Decimal('99.54'), without_charge=1)
    """
    listed = list(charges)
    with localcontext(prec=EXACT_DIGITS):
        charge = sum((one for one in listed if one is not None), Decimal(0))
    return Sum(lines=len(listed), charge=charge, without_charge=listed.count(None))

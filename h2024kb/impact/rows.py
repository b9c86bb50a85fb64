"""Writes what other knowledge does to lines for other programs: flat rows, or one JSON document.

A row names its line by claim control number and line number, and holds nothing else that is a person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from h2024kb.impact.compare import Impact, LineChange, RuleChange, Sum
from h2024kb.impact.report import counted, messages
from h2024kb.knowledge.model import Record
from h2024kb.problem import Problem
from h2024kb.writing.flat_files import Number
from h2024kb.writing.json_text import json_document


class ImpactRow(Record, frozen=True):
    """One rule that says something else about one line, flat; a line has as many rows as rules, and its charge in each.

    `number` is the same in all rows of a line. Of a rule with several findings the messages are one text, split by
    spaces, and so is what they cite, split by semicolons.
    """

    number: str
    file: str
    claim: str | None
    line: str | None
    code: str | None
    payer: str | None
    policy_then: str | None
    policy_now: str | None
    outcome_then: str
    outcome_now: str
    charge: Number | None
    rule: str | None
    rule_then: str | None
    rule_now: str | None
    message_then: str
    message_now: str
    said_by: str
    source: str
    locator: str
    url: str
    entry: str


def rows(changes: Iterable[LineChange]) -> Iterator[ImpactRow]:
    """Yields a row for each rule of each line; one without a rule where only the policy changes."""
    for change in changes:
        for rule in change.rules or (None,):
            yield _row(change, rule)


def _row(change: LineChange, rule: RuleChange | None) -> ImpactRow:
    findings = rule.findings if rule else ()
    cited = [finding.citation for finding in findings if finding.citation]
    same = {name: getattr(change, name) for name in ("file", "claim", "line", "code", "payer")}
    return ImpactRow(
        **same,
        number=str(change.number),
        policy_then=change.policy_then,
        policy_now=change.policy_now,
        outcome_then=change.then or "not-in-knowledge-base",
        outcome_now=change.now or "not-in-knowledge-base",
        charge=None if change.charge is None else Number(f"{change.charge:f}"),
        rule=rule.rule if rule else None,
        rule_then=rule.then if rule else None,
        rule_now=rule.now if rule else None,
        message_then=messages(rule.was) if rule else "",
        message_now=messages(findings),
        said_by=_joined(finding.said_by for finding in findings),
        source=_joined(one.source.title for one in cited),
        locator=_joined(one.locator for one in cited),
        url=_joined(one.source.url for one in cited),
        entry=_joined(finding.entry for finding in findings),
    )


def _joined(texts: Iterable[str | None]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def whole_json(found: Impact, listed: Iterable[LineChange], problems: Iterable[Problem]) -> bytes:
    """Returns one JSON document: what was compared, the counts, the sums, the lines with their findings, problems."""
    sums = {
        "by_outcome": _named(("then", "now"), found.by_outcome()),
        "by_payer": _named(("policy", "payer"), found.by_payer()),
        "by_rule": _named(("rule", "then", "now"), found.by_rule()),
    }
    counts = {name.replace(" ", "_"): count for name, count in counted(found).items()}
    whole = {"old": found.old, "new": found.new, **counts, **sums, "changes": listed}
    return json_document({**whole, "problems": [problem._asdict() for problem in problems]})


def _named(names: Sequence[str], sums: Mapping[Any, Sum]) -> list[dict[str, Any]]:
    return [{**dict(zip(names, key, strict=True)), **msgspec.structs.asdict(one)} for key, one in sums.items()]

"""Findings as rows for other programs: what a table of findings holds.

A row names its line by claim control number and line number, and holds nothing else that is a person's: no member, no
date, no age, no diagnosis, no authorization number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from h2024kb.claims import Finding
from h2024kb.knowledge.model import Record
from h2024kb.validation.validate import Checked
from h2024kb.writing.flat_files import columns


class FindingRow(Record, frozen=True):
    """One finding of one line, flat; a list is one text, split by spaces."""

    file: str
    claim: str | None
    line: str | None
    code: str | None
    policy: str | None
    outcome: str
    pile: str
    rule: str
    finding: str
    message: str
    needs: str
    stated_for: str | None
    said_by: str | None
    source: str | None
    locator: str | None
    url: str | None
    entry: str | None
    adjustment_reasons: str
    remarks: str
    proposed_by: str | None


COLUMNS: Final = columns(FindingRow)


def rows(checked: Iterable[Checked], *, every: bool = False) -> Iterator[FindingRow]:
    """Yields a row for each finding that is not met; with `every`, for those that are met too."""
    for one in checked:
        for finding in one.result.findings:
            if every or finding.outcome != "pass":
                yield _row(one, finding)


def _row(one: Checked, finding: Finding) -> FindingRow:
    cited, likely = finding.citation, finding.likely
    return FindingRow(
        file=one.file,
        claim=one.line.claim,
        line=one.line.line,
        code=one.line.code,
        policy=one.result.policy,
        outcome=one.result.outcome,
        pile=one.result.pile,
        rule=finding.rule,
        finding=finding.outcome,
        message=finding.message,
        needs=" ".join(finding.needs),
        stated_for=finding.stated_for,
        said_by=finding.said_by,
        source=cited.source.title if cited else None,
        locator=cited.locator if cited else None,
        url=cited.source.url if cited else None,
        entry=finding.entry,
        adjustment_reasons=" ".join(likely.adjustment_reasons) if likely else "",
        remarks=" ".join(likely.remarks) if likely else "",
        proposed_by=likely.proposed_by if likely else None,
    )

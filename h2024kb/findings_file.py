"""Writes findings for other programs: JSON lines, CSV or Parquet, whole or not at all.

A row names its line by claim control number and line number, and holds nothing else that is a person's: no member, no
date, no age, no diagnosis, no authorization number.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from h2024kb.claims import Finding
from h2024kb.model import Record
from h2024kb.validate import Checked


class Row(Record, frozen=True):
    """One finding of one line, flat; lists are texts parted by spaces."""

    file: str
    claim: str | None
    line: str | None
    code: str | None
    policy: str | None
    outcome: str
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


COLUMNS = Row.__struct_fields__


def rows(checked: Iterable[Checked], *, every: bool = False) -> Iterator[Row]:
    """Yields a row for each finding that is not met; with `every` for those that are met too."""
    for one in checked:
        for finding in one.result.findings:
            if every or finding.outcome != "pass":
                yield _row(one, finding)


def _row(one: Checked, finding: Finding) -> Row:
    cited, likely = finding.citation, finding.likely
    return Row(
        file=one.file,
        claim=one.line.claim,
        line=one.line.line,
        code=one.line.code,
        policy=one.result.policy,
        outcome=one.result.outcome,
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


def json_lines(found: Iterable[Row]) -> bytes:
    """Returns one JSON object a line, each with every column."""
    return b"".join(msgspec.json.encode({name: getattr(row, name) for name in COLUMNS}) + b"\n" for row in found)


def comma_separated(found: Iterable[Row]) -> bytes:
    """Returns CSV with a header; a cell that a spreadsheet would take for a formula is written as text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(row, name)) for name in COLUMNS] for row in found)
    return text.getvalue().encode()


def _cell(value: str | None) -> str:
    text = value or ""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def parquet(found: Iterable[Row]) -> bytes:
    """Returns a Parquet file; raises MissingExtra where pyarrow is not installed."""
    from h2024kb.formats.parquet_file import pyarrow_or_say

    pa, pq = pyarrow_or_say()
    listed = list(found)
    table = pa.table({name: pa.array([getattr(row, name) for row in listed], pa.string()) for name in COLUMNS})
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all: beside its place first, then put in its place in one step."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(_usual_mode())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _usual_mode() -> int:
    """Returns the mode of a file that is made as any other is: as the user's mask has it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask

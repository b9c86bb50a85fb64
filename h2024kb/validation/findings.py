"""Writes findings for other programs: JSON lines, CSV or Parquet, whole or not at all.

A row names its line by claim control number and line number, and holds nothing else that is a person's: no member, no
date, no age, no diagnosis, no authorization number.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from h2024kb.claims import Finding
from h2024kb.knowledge.model import Record
from h2024kb.validation.validate import Checked
from h2024kb.writing.csv_text import comma_separated


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


def csv_file(found: Iterable[Row]) -> bytes:
    """Returns CSV with a header."""
    return comma_separated(COLUMNS, ([getattr(row, name) for name in COLUMNS] for row in found))


def parquet(found: Iterable[Row]) -> bytes:
    """Returns a Parquet file; raises MissingExtra where pyarrow is not installed."""
    from h2024kb.formats.table.parquet_file import pyarrow_or_say

    pa, pq = pyarrow_or_say()
    listed = list(found)
    table = pa.table({name: pa.array([getattr(row, name) for row in listed], pa.string()) for name in COLUMNS})
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def check_place(path: Path) -> None:
    """Raises ValueError, which says what to write instead, for a place where no file can be."""
    if path.is_dir():
        raise ValueError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {path.parent} to write {path.name} to: make it, or name another")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all: beside its place first, then put in its place in one step.

    Raises ValueError where no file can be at the place. Who may read it is what the user set for all new files.
    """
    check_place(path)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise

"""How output is written: one set of columns in every format, a file whole or not at all, one frame for reports."""

from __future__ import annotations

import io
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from answers import EXAMPLE, ROOT

from h2024kb.cli import main
from h2024kb.impact.rows import ImpactRow
from h2024kb.site.api.facts_table import FactRow
from h2024kb.utilization.tables import FigureRow
from h2024kb.validation.findings import COLUMNS, FindingRow
from h2024kb.writing import flat_files
from h2024kb.writing.whole_file import write_whole


@pytest.mark.parametrize("record", [FindingRow, FactRow, ImpactRow])
def test_csv_and_parquet_have_the_fields_of_the_record_as_columns_even_without_rows(record: type) -> None:
    names = flat_files.columns(record)
    assert names == tuple(field.name for field in msgspec.structs.fields(record))
    assert flat_files.csv_file(record, []).decode() == ",".join(names) + "\r\n"
    schema = pq.read_schema(io.BytesIO(flat_files.parquet(record, [])))
    assert tuple(schema.names) == names
    others = {"in_force": pa.bool_(), "complete": pa.bool_()} | dict.fromkeys(
        ("effective_date", "in_force_by", "termination_date", "last_day", "recorded", "withdrawn", "source_retrieved"),
        pa.date32(),
    )
    assert {name: schema.field(name).type for name in names} == {name: others.get(name, pa.string()) for name in names}


def test_a_named_tuple_is_a_record_too() -> None:
    assert flat_files.columns(FigureRow) == FigureRow._fields
    assert FindingRow.__struct_fields__ == COLUMNS


class Amount(NamedTuple):
    amount: Decimal


def test_a_field_that_parquet_has_no_type_for_is_refused() -> None:
    with pytest.raises(TypeError, match="amount"):
        flat_files.parquet(Amount, [])


def test_a_link_stays_a_link_and_what_it_names_is_written(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "out.csv").write_text("old")
    (tmp_path / "out.csv").symlink_to(tmp_path / "kept" / "out.csv")
    write_whole(tmp_path / "out.csv", b"new")
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "kept" / "out.csv").read_bytes() == b"new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, b"new")
        assert os.read(reader, 9) == b"new"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


class BrokenOff(Exception):
    pass


@pytest.mark.parametrize("command", ["snapshot", "site"])
def test_a_command_broken_off_while_it_writes_leaves_the_file_as_it_was(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was there is whole, and no half one is beside it."""
    out = tmp_path / "out"
    if command == "site":
        out.mkdir()
    kept = out / "index.md" if command == "site" else out
    kept.write_text("old")

    def broken(_: int) -> None:
        raise BrokenOff

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(BrokenOff):
        main(["--policies", str(EXAMPLE), command, str(out)])
    assert kept.read_text() == "old"
    assert [path.name for path in kept.parent.iterdir() if path.name.startswith(".")] == []


def test_a_place_without_a_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--policies", str(EXAMPLE), "snapshot", str(tmp_path / "gone" / "kb.json")]) == 2
    says = f"there is no folder {tmp_path}/gone to write kb.json to: make it, or name another"
    assert capsys.readouterr().err == f"h2024kb: {says}\n"


def test_only_one_module_writes_the_frame_of_a_report() -> None:
    frames = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "h2024kb").rglob("*.py")
        if re.search("<!doctype", path.read_text("utf-8"), re.IGNORECASE)
    ]
    assert frames == ["h2024kb/writing/html_page.py"]

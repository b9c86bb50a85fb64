"""A snapshot is the same knowledge base in one file, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import h2024kb
from h2024kb.knowledge import snapshot
from h2024kb.knowledge.snapshot import BadSnapshot

EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "snapshot.json"
    path.write_bytes(snapshot.to_bytes(h2024kb.open(EXAMPLE), "1.2.3"))
    return path


def test_a_snapshot_holds_what_its_folder_holds(file: Path) -> None:
    folder, packed = h2024kb.open(EXAMPLE), h2024kb.open(file)
    assert packed == folder
    assert packed.content_hash == folder.content_hash


def test_equal_contents_give_equal_bytes(file: Path) -> None:
    assert file.read_bytes() == snapshot.to_bytes(h2024kb.open(EXAMPLE), "1.2.3")


def test_a_changed_snapshot_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"38.34", b"83.34"))
    with pytest.raises(BadSnapshot, match="is not whole: its contents do not have the hash it states"):
        h2024kb.open(file)


def test_a_cut_snapshot_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BadSnapshot, match="is not whole"):
        h2024kb.open(file)


def test_another_format_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"format":1', b'"format":2', 1))
    with pytest.raises(BadSnapshot, match="has format 2; this version reads format 1"):
        h2024kb.open(file)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"payer: X\n", b'{"format": "one"}\n', b"[]\n{}"])
def test_what_is_no_snapshot_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x").write_bytes(raw)
    with pytest.raises(BadSnapshot, match="is not a snapshot"):
        h2024kb.open(tmp_path / "x")


def test_nothing_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="there are no policies at nowhere"):
        h2024kb.open("nowhere")

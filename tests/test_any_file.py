"""Which format a file of claims has, as its first bytes tell it, and what is said of one that has none."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from h2024kb.formats import any_file
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

EXAMPLE = (Path(__file__).parent / "x837" / "example.837").read_bytes()
UTF_16 = "this is UTF-16: save the file as UTF-8 [encoding]"
FHIR = b'{"resourceType": "Claim", "item": [{"productOrService": {"coding": [{"code": "H2024"}]}}]}'


def read(path: Path) -> tuple[int, list[str]]:
    """How many lines a file has, and its problems without their path."""
    found = list(any_file.read(path))
    lines = sum(isinstance(one, ServiceLine) for one in found)
    return lines, [str(one).removeprefix(f"{path}:") for one in found if isinstance(one, Problem) and not one.is_note]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "claims.dat"


@pytest.mark.parametrize("first", ["STATE", "START_DATE", "ST", "GS_ID", "GSHC", "ISACTIVE", "PK", "BZ", "7z_id"])
@pytest.mark.parametrize("separator", [",", "|"])
def test_a_header_that_begins_like_another_format_is_one_of_csv(path: Path, first: str, separator: str) -> None:
    path.write_text(f"{first}{separator}code\n1{separator}H2024\n", "utf-8")
    assert read(path) == (1, [])


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n ", b"<soap>", b"To: a payer\n"])
@pytest.mark.parametrize("mark", [b"*", b"|"])
def test_an_isa_segment_is_seen_wherever_it_begins(path: Path, before: bytes, mark: bytes) -> None:
    path.write_bytes(before + EXAMPLE.replace(b"*", mark))
    lines, problems = read(path)
    assert lines == 3
    assert not [one for one in problems if "column" in one]


@pytest.mark.parametrize("begins", [b"GS*", b"ST*"])
def test_x12_without_its_first_segments_is_not_csv(path: Path, begins: bytes) -> None:
    path.write_bytes(EXAMPLE[EXAMPLE.index(begins) :])
    assert read(path) == (0, ["1:1: this is not an X12 file: it has no ISA segment that can be read [x12-envelope]"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            b"PK\x03\x04\x14\0\6\0\x08\0" + bytes(20) + b"[Content_Types].xml",
            "this is a workbook: save the table as CSV",
        ),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "this is a workbook"),
        (b"PK\x03\x04" + bytes(26) + b"claims.csv", "packed with zip: unpack it first"),
        (b"PK\x05\x06" + bytes(18), "packed with zip: unpack it first"),
        (b"\x1f\x8b\x08rest", "packed with gzip: unpack it first"),
        (b"BZh91AY&SY", "packed with bzip2: unpack it first"),
        (b"7z\xbc\xaf\x27\x1c", "packed with 7z: unpack it first"),
        (b"\xfd7zXZ\0", "packed with xz: unpack it first"),
        (b"\x28\xb5\x2f\xfd$", "packed with zstd: unpack it first"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "this is a workbook: save the table as CSV"),
        (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF: save the table as CSV"),
        (b'<?xml version="1.0"?><Claim/>', "write FHIR as JSON"),
        (b"\n <!doctype html>", "save a table as CSV"),
        (b"\xef\xbb\xbf<Claim/>", "write FHIR as JSON"),
        (b"\x89PNG\0\0\0", "this is not a text file"),
        *[
            (text.encode(codec), UTF_16)
            for text in ("code\nH2024\n", FHIR.decode())
            for codec in ("utf-16", "utf-16-be")
        ],
    ],
)
def test_a_file_that_holds_no_claims_is_one_problem_that_says_what_to_do(path: Path, content: bytes, says: str) -> None:
    path.write_bytes(content)
    lines, problems = read(path)
    assert (lines, len(problems)) == (0, 1)
    assert says in problems[0]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_an_837p_in_utf_16_is_read_and_the_words_are_those_of_any_file(path: Path, codec: str) -> None:
    path.write_bytes(EXAMPLE.decode().encode(codec))
    assert read(path) == (3, [f"1:1: {UTF_16}"])


@pytest.mark.parametrize("named", ["claims.837", "claims.csv", "claims.json"])
def test_a_packed_file_is_told_so_whatever_its_name(tmp_path: Path, named: str) -> None:
    (tmp_path / named).write_bytes(b"\x1f\x8b\x08" + EXAMPLE)
    assert read(tmp_path / named) == (0, ["1:1: this is packed with gzip: unpack it first [packed]"])


@pytest.mark.parametrize(
    "content", [EXAMPLE[: EXAMPLE.index(b"HL*")] + b"SE*5*0001~GE*1*1~IEA*1*000000001~", b'{"resourceType": "Claim"}']
)
def test_a_whole_file_without_a_service_line_is_a_problem(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    lines, problems = read(path)
    assert lines == 0
    assert [one.rpartition("[")[2] for one in problems] == ["no-lines]"]


@contextmanager
def piped(path: Path, content: bytes) -> Iterator[Path]:
    """A pipe into which something writes the content."""
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(content,))
    writer.start()
    yield path
    writer.join()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize(
    ("content", "lines"),
    [(EXAMPLE, 3), (EXAMPLE * 200, 600), (b"code\n" + b"H2024\n" * 30_000, 30_000), ((FHIR + b"\n") * 3_000, 3_000)],
    ids=["837P", "a long 837P", "CSV", "FHIR"],
)
def test_a_pipe_is_read_like_a_file(path: Path, content: bytes, lines: int) -> None:
    with piped(path, content):
        assert read(path) == (lines, [])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_parquet_in_a_pipe_is_a_problem_that_says_what_to_do(path: Path) -> None:
    with piped(path, b"PAR1...."):
        assert read(path)[1] == [
            "1:1: this is Parquet, which cannot be read from a pipe: write it to a file, and name that [unreadable]"
        ]

"""Files of many lines that are broken, lie or do not fit: a clear problem, no line lost, and no half file."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from answers import EXAMPLE

from h2024kb.batch import BadInput, Counts, check_file, database, files
from h2024kb.batch.distinct_cells import Unscannable
from h2024kb.batch.scratch_folder import beside
from h2024kb.batch.writers import WRITERS
from h2024kb.cli import main
from h2024kb.formats.table.columns import Columns, recognize
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.problem import MOST, Problem, Problems
from h2024kb.validation.validate import Defaults

MARCH = dt.date(2026, 3, 3)
DEFAULTS = Defaults(fields={"policy": "zz/medicaid"})
HEADER = "code,date_of_service,member,claim,line\n"
ROW = "H2024,2026-03-03,M1,C1,{}\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "lines.csv"
    path.write_text(HEADER + "".join(ROW.format(n) for n in range(30)), "utf-8")
    return path


def table(count: int = 40) -> Any:
    told: dict[str, list[Any]] = {"code": ["H2024"] * count, "date_of_service": [MARCH] * count}
    return pa.table(told | {"member": ["M1"] * count, "line": [str(n) for n in range(count)]})


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def checked(kb: KnowledgeBase, path: Path) -> Counts:
    return check_file(kb, path, path.with_name("found.parquet"), defaults=DEFAULTS, dense=True)


def rows_found(path: Path) -> list[int]:
    found: list[int] = pq.read_table(path.with_name("found.parquet")).column("row").to_pylist()
    return found


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (HEADER.encode(), "empty"),
        (bytes(range(256)) * 40, "binary"),
        (b"PAR1 and then nothing of what belongs here", "truncated"),
        ((HEADER + ROW.format(1)).encode("utf-16"), "encoding"),
        (ROW.format(1).encode(), "no-header"),
    ],
)
def test_a_file_of_which_no_line_can_be_read_is_refused_with_its_reason(
    example: KnowledgeBase, tmp_path: Path, content: bytes, rule: str
) -> None:
    path = tmp_path / "lines.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as raised:
        checked(example, path)
    assert rule in {problem.rule for problem in raised.value.problems}
    assert left_in(tmp_path) == ["lines.csv"]


def test_a_row_that_is_cut_off_is_a_problem_and_the_others_are_kept(example: KnowledgeBase, good: Path) -> None:
    good.write_text(good.read_text("utf-8") + 'H2024,"2026-03-03,M1,C1,30\n' + ROW.format(31), "utf-8")
    counts = checked(example, good)
    assert (counts.lines, [problem.rule for problem in counts.problems]) == (32, ["quote", "date"])
    assert rows_found(good) == list(range(32))


def test_a_giant_line_is_left_out_and_the_rest_read(example: KnowledgeBase, good: Path) -> None:
    giant = ROW.format("x" * (17 << 20))
    good.write_text(good.read_text("utf-8") + giant + ROW.format(31), "utf-8")
    counts = checked(example, good)
    assert (counts.lines, [problem.rule for problem in counts.problems]) == (31, ["too-long"])


def test_a_damaged_part_of_a_parquet_file_is_left_out_and_the_rest_read(example: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "lines.parquet"
    pq.write_table(table(), path, row_group_size=10, compression="zstd")
    start = pq.read_metadata(path).row_group(1).column(0).dictionary_page_offset
    content = bytearray(path.read_bytes())
    content[start : start + 30] = bytes(30)
    path.write_bytes(content)
    counts = checked(example, path)
    assert counts.one_by_one
    assert [problem.rule for problem in counts.problems] == ["damaged"]
    assert counts.lines == counts.rows == 30


def test_no_line_is_lost_where_a_file_says_wrong_things_of_its_own_columns(
    example: KnowledgeBase, tmp_path: Path
) -> None:
    """The statistics of the first part say that it holds other codes than it does."""
    path = tmp_path / "lines.parquet"
    pq.write_table(table(), path, row_group_size=20, compression="none", use_dictionary=False)
    content = path.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    path.write_bytes(content[:footer] + content[footer:].replace(b"H2024", b"99213", 4))
    assert pq.read_metadata(path).row_group(0).column(0).statistics.max == "99213"
    counts = checked(example, path)
    assert rows_found(path) == list(range(40))
    assert counts.lines == counts.passed + counts.failed + counts.cannot_tell == 40


def test_several_parquet_files_are_scanned_each_row_with_its_file_and_number(
    example: KnowledgeBase, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in ("b.parquet", "a[1].parquet", "c.parquet")]
    for path, count in zip(paths, (3, 1, 2), strict=True):
        pq.write_table(table(count), path)
    counts = check_file(example, [*paths, paths[0]], tmp_path / "found.parquet", defaults=DEFAULTS, dense=True)
    found = pq.read_table(tmp_path / "found.parquet").select(["file", "row"]).to_pylist()
    assert not counts.one_by_one
    assert [(Path(row["file"]), row["row"]) for row in found] == [
        (path, row) for path, count in zip([*paths, paths[0]], (3, 1, 2, 3), strict=True) for row in range(count)
    ]


@pytest.mark.parametrize("name", ["lines.csv", "lines.parquet"])
def test_a_claim_of_other_codes_replaces_one_where_the_member_is_told_beside_the_file(
    example: KnowledgeBase, tmp_path: Path, name: str
) -> None:
    path, header = tmp_path / name, ("code", "date_of_service", "claim", "line", "frequency")
    told = [("H2024", "2026-03-03", "C1", "1", "1"), ("99213", "2026-03-03", "C1", "2", "7")]
    if path.suffix == ".csv":
        path.write_text("".join(",".join(row) + "\n" for row in (header, *told)), "utf-8")
    else:
        pq.write_table(pa.table({name: list(cells) for name, *cells in zip(header, *told, strict=True)}), path)
    columns = Columns(fields=recognize(header).fields, constants={"member": "M1"})
    counts = check_file(example, path, tmp_path / "found.parquet", defaults=DEFAULTS, columns=columns)
    assert (counts.one_by_one, counts.piles["not-checked"], counts.not_in_knowledge_base) == (False, 2, 1)
    assert pq.read_table(tmp_path / "found.parquet")["rule"].to_pylist() == ["frequency"]


def test_columns_that_are_encrypted_are_a_problem_and_do_not_end_the_process(
    example: KnowledgeBase, tmp_path: Path
) -> None:
    pe = pytest.importorskip("pyarrow.parquet.encryption")

    class Keys(pe.KmsClient):
        def wrap_key(self, key: bytes, name: str) -> bytes:
            return base64.b64encode(key)

        def unwrap_key(self, key: bytes, name: str) -> bytes:
            return base64.b64decode(key)

    names = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["code"]}, plaintext_footer=True)
    keys = pe.CryptoFactory(lambda _: Keys()).file_encryption_properties(pe.KmsConnectionConfig(), names)
    path = tmp_path / "lines.parquet"
    with pq.ParquetWriter(path, table().schema, encryption_properties=keys) as writer:
        writer.write_table(table())
    with pytest.raises(BadInput, match="encrypted"):
        checked(example, path)


def test_a_number_of_very_many_digits_is_a_problem_of_its_line_alone(example: KnowledgeBase, tmp_path: Path) -> None:
    path = tmp_path / "claim.json"
    service = {"productOrService": {"coding": [{"code": "H2024"}]}, "servicedDate": "2026-03-03"}
    items = [{"sequence": 1, **service, "quantity": {"value": 1}}, {"sequence": 2, **service, "quantity": {"value": 2}}]
    text = json.dumps({"resourceType": "Claim", "identifier": [{"value": "C1"}], "item": items})
    path.write_text(text.replace('"value": 2', '"value": 1.0000000000000000000000000000001'), "utf-8")
    counts = checked(example, path)
    assert counts.lines == 2
    assert [problem.rule for problem in counts.problems].count("number") == 1


# Where it is written, and what room there is


def run(*arguments: str | Path) -> int:
    return main(["--policies", str(EXAMPLE), "batch", *map(str, arguments), "--policy", "zz/medicaid"])


def test_the_command_says_what_it_found_and_ends_with_its_status(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = good.with_name("found.csv")
    assert run(good, "--output", out) == 0
    assert run(good, "--output", out, "--hold", "fix,answer") == 3
    said = capsys.readouterr().out
    piles = "fix: 0, answer: 30, ask: 0, clear: 0, not-checked: 0"
    assert said.startswith(f"{out}: lines: 30, not in the knowledge base: 0, {piles}, rows: ")
    assert run(good, "--output", out, "--json", "--jurisdiction", "ZZ") == 0
    assert json.loads(capsys.readouterr().out)["cannot_tell"] == 30


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("nowhere/found.csv", "there is no folder {folder}/nowhere to write found.csv to: make it, or name another"),
        ("folder.csv", "{folder}/folder.csv is a folder: name a file in it"),
        ("found.txt", "name the output *.parquet or *.csv, not found.txt"),
        ("lines.csv", "{folder}/lines.csv is one of the files to be read: name another output"),
    ],
)
def test_an_output_that_cannot_be_is_told_before_anything_is_read(
    good: Path, capsys: pytest.CaptureFixture[str], output: str, said: str
) -> None:
    good.with_name("folder.csv").mkdir()
    assert run(good, "--output", good.parent / output) == 2
    assert capsys.readouterr() == ("", f"h2024kb: {said.format(folder=good.parent)}\n")
    assert left_in(good.parent) == ["folder.csv", "lines.csv"]


def test_a_folder_and_a_missing_file_are_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, why in (
        (tmp_path, "Is a directory"),
        (tmp_path / "missing.csv", "No such file or directory"),
    ):
        assert run(path, "--output", tmp_path / "found.csv") == 1
        assert f"{path}:1:1: cannot be read: {why} [file]" in capsys.readouterr().err
    assert left_in(tmp_path) == []


def test_too_little_room_is_told_in_words_and_leaves_nothing(
    good: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(database, "MEMORY", "1MB")
    assert run(good, "--output", good.with_name("found.csv")) == 2
    said = "there is no room for the lines: free some of the disk that the output is on, and memory"
    assert capsys.readouterr() == ("", f"h2024kb: {said}\n")
    assert left_in(good.parent) == ["lines.csv"]


def test_a_file_that_no_way_can_read_is_told_in_words(
    example: KnowledgeBase, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> Any:
        raise Unscannable

    monkeypatch.setattr(files, "SOURCES", (never,))
    with pytest.raises(database.NoRoom):
        checked(example, good)


def test_a_run_that_breaks_off_leaves_the_output_of_the_last_one_whole(
    example: KnowledgeBase, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(example, good)
    before = good.with_name("found.parquet").read_bytes()

    def breaks_off(path: Path, schema: Any, batches: Iterator[Any]) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setitem(WRITERS, ".parquet", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        checked(example, good)
    assert good.with_name("found.parquet").read_bytes() == before
    assert left_in(good.parent) == ["found.parquet", "lines.csv"]


@pytest.mark.parametrize("command", ["batch", "validate"])
def test_only_those_may_read_an_output_whom_the_user_lets_read_files(good: Path, command: str) -> None:
    out = good.with_name("found.csv")
    for mask, mode in ((0o077, 0o600), (0o022, 0o644)):
        before = os.umask(mask)
        main(["--policies", str(EXAMPLE), command, str(good), "--output", str(out)])
        os.umask(before)
        assert out.stat().st_mode & 0o777 == mode


def test_of_very_many_kinds_of_problems_it_is_told_how_many_are_left_out() -> None:
    gathered = Problems()
    for number in range(MOST + 5):
        gathered.add(Problem(f"{number}.csv", 1, 1, "the file is empty", "empty"))
    told = list(gathered)
    assert len(told) == MOST + 1
    assert told[-1].path == f"{MOST}.csv"
    assert told[-1].message.endswith("(and others in 4 more places)")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_somebody_stops_leaves_nothing_and_says_so_by_its_status(
    good: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setitem(WRITERS, ".csv", lambda *_: signal.raise_signal(number))
    assert run(good, "--output", good.with_name("found.csv")) == 130
    assert capsys.readouterr().out == ""
    assert left_in(good.parent) == ["lines.csv"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_stopped_in_the_midst_of_a_query_is_stopped_and_no_defect(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any) -> Any:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(files, "SOURCES", (stopped,))
    assert run(good, "--output", good.with_name("found.csv")) == 130
    assert left_in(good.parent) == ["lines.csv"]


def test_what_a_killed_run_has_left_is_removed_by_the_next_and_what_runs_is_not(
    example: KnowledgeBase, good: Path
) -> None:
    killed = good.with_name(".found.parquet.killed")
    killed.mkdir()
    for name in ("lock", "lines.duckdb"):
        (killed / name).write_bytes(b"M1")
    with beside(good.with_name("found.parquet")) as running:
        checked(example, good)
        assert not killed.exists()
        assert running.exists()

"""Every trap has a broken file, and every message about it is expected word for word."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from answers import EXAMPLE, EXAMPLE_DAY

from h2024kb.editing.checks import CHECKS, rule_name
from h2024kb.editing.document import MAX_BYTES, read_bytes
from h2024kb.editing.read_folder import read_folder
from h2024kb.problem import Problem
from h2024kb.site.pages.rules import other_rules

INVALID = Path(__file__).parent / "invalid"
EXPECTED: dict[str, str] = yaml.safe_load((INVALID / "expected.yaml").read_text("utf-8"))
RULES = {*other_rules(), *(rule_name(check) for check in CHECKS)}
GOOD = (INVALID / "good-smallest.yaml").read_bytes()

# Files that are no text, or too much of it: their content, and what is said of it.
UTF_8 = "is not UTF-8: save the file as UTF-8"
OUT = "is not allowed here: remove it"
RAW = {
    "encoding-latin-1": ("payer: Société".encode("latin-1"), [f"1:12: byte 0xE9 {UTF_8}"]),
    "encoding-utf-16": ("payer: A".encode("utf-16"), [f"1:1: byte 0xFF {UTF_8}"]),
    "encoding-after-mark": (b"\xef\xbb\xbfpayer: A\nabout: \xe9", [f"2:8: byte 0xE9 {UTF_8}"]),
    "character-control": (b"payer: A\0B\r\nabout: \x07", [f"1:9: U+0000 {OUT}", f"2:8: U+0007 {OUT}"]),
    "character-line-end": ("a: b\u2028c\x85d".encode(), [f"1:5: U+2028 {OUT}", f"1:7: U+0085 {OUT}"]),
    "character-mark-inside": ("a: b\ufeffc".encode(), [f"1:5: U+FEFF {OUT}"]),
    "character-many": (b"\0\n" * 99, [f"{line}:1: U+0000 {OUT}" for line in range(1, 21)]),
    "too-large": (b"#" * (MAX_BYTES + 1), ["1:1: is 1048577 bytes; a policy file has at most 1048576: split it"]),
    "too-deep": (b"payer: " + b"[" * 100_000, ["1:38: this is nested more than 30 deep"]),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The example, to which broken files are added."""
    return shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)


def put(trap: str, tree: Path) -> Path:
    """Lays a trap into the tree; one that is no policy goes where its own folder's name says."""
    folder = {"": "zz", "cases": "cases/zz"}.get(str(Path(trap).parent).strip("."), str(Path(trap).parent))
    if (INVALID / trap).is_dir():
        return shutil.copytree(INVALID / trap, tree / folder, dirs_exist_ok=True)
    (tree / folder).mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(INVALID / trap, tree / folder))


def said(tree: Path, trap: Path) -> list[str]:
    """What is said of the tree, without the path of the trap itself."""
    messages = (str(problem) for problem in read_folder([tree], EXAMPLE_DAY).problems)
    return [text.removeprefix(f"{trap}:").removeprefix(f"{trap}/").removeprefix(f"{tree}/") for text in messages]


@pytest.mark.parametrize("trap", EXPECTED)
def test_broken_files(trap: str, tree: Path) -> None:
    if trap.startswith("yaml-") and not yaml.__with_libyaml__:
        pytest.skip("libyaml gives up in other places than the parser here")
    assert "\n".join(said(tree, put(trap, tree))) == EXPECTED[trap].rstrip("\n")


@pytest.mark.parametrize("trap", RAW)
def test_files_that_are_no_text(trap: str, tree: Path) -> None:
    raw, messages = RAW[trap]
    path = tree / "zz" / "raw.yaml"
    path.write_bytes(raw)
    rule = next(rule for rule in RULES if trap.startswith(rule))
    assert said(tree, path) == [f"{message} [{rule}]" for message in messages]


def test_a_file_of_1_mib_is_read(tree: Path) -> None:
    (tree / "zz" / "large.yaml").write_bytes(GOOD + b"#" * (MAX_BYTES - len(GOOD)))
    assert read_folder([tree], EXAMPLE_DAY).problems == []


def test_bytes_are_bounded_as_files_are() -> None:
    (problem,) = read_bytes(b"#" * (MAX_BYTES + 1), "x.yaml").problems
    assert str(problem) == "x.yaml:1:1: is 1048577 bytes; a policy file has at most 1048576: split it [too-large]"


def test_folders_above_the_policies_may_have_any_name(tmp_path: Path) -> None:
    for name in ("cases", "benchmarks", "code-sets"):
        shutil.copytree(EXAMPLE, tmp_path / name / "checkout" / "policies")
    assert read_folder([tmp_path], EXAMPLE_DAY).problems == []


def test_a_byte_order_mark_is_no_fault(tree: Path) -> None:
    (tree / "zz" / "marked.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))
    assert read_folder([tree], EXAMPLE_DAY).problems == []


def _a_folder_named_as_a_file(tree: Path) -> Path:
    path = tree / "zz" / "folder.yaml"
    path.mkdir()
    return path


def _nothing(tree: Path) -> Path:
    return tree / "zz" / "nothing.yaml"


def _no_lists(tree: Path) -> Path:
    shutil.rmtree(tree / "code-sets")
    return tree / "zz" / "medicaid.yaml"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_a_folder_named_as_a_file, "1:1: cannot be read: Is a directory [unreadable]"),
        (_nothing, "1:1: this file or folder does not exist [unreadable]"),
        (_no_lists, "3:1: there is no folder 'code-sets' with lists of names beside folder 'zz' [no-code-sets]"),
    ],
)
def test_what_cannot_be_read(tree: Path, make: Callable[[Path], Path], message: str) -> None:
    path = make(tree)
    problems = read_folder([tree, path], EXAMPLE_DAY).problems
    assert [str(problem) for problem in problems] == [f"{path}:{message}"]


def test_every_file_here_is_expected() -> None:
    there = {path.relative_to(INVALID) for path in INVALID.rglob("*.y*ml")} - {Path("expected.yaml")}
    folders = {path.parent for path in there if str(path.parent) in EXPECTED}
    assert {str(path) for path in there if path.parent not in folders} | set(map(str, folders)) == set(EXPECTED)


@pytest.mark.parametrize("trap", [trap for trap in EXPECTED if not trap.startswith("good-")])
def test_a_file_is_named_for_what_is_said_of_it(trap: str) -> None:
    rules = [line.rpartition(" [")[2].rstrip("]") for line in EXPECTED[trap].splitlines()]
    assert any(Path(trap).name.startswith(rule) for rule in rules)


def test_no_rule_is_without_a_broken_file() -> None:
    of_cases = {"case", "case-name", "case-policy", "missing-case"}  # in test_authoring
    made = {"unreadable", "no-code-sets"} | of_cases | {rule for rule in RULES for trap in RAW if trap.startswith(rule)}
    written = {line.rpartition(" [")[2].rstrip("]") for text in EXPECTED.values() for line in text.splitlines()}
    assert made | written == RULES


@pytest.mark.parametrize(
    ("trap", "message"),
    [
        ("type-place-of-service.yaml", 'write 18 in quotes: "18" [type]'),
        ("enum-no.yaml", "'no' is not one of: required, not-required, conditional [enum]"),
        (
            "unknown-source-value.yaml",
            "no source is named 'manual-r4' under 'sources'; did you mean 'manual'? [unknown-source]",
        ),
    ],
)
def test_the_messages_promised(trap: str, message: str) -> None:
    assert EXPECTED[trap].rstrip("\n").partition(": ")[2] == message


def test_problems_have_the_line_they_speak_of(tree: Path) -> None:
    path = put("enum-no.yaml", tree)
    (problem,) = read_folder([path], EXAMPLE_DAY).problems
    assert problem == Problem(str(path), 14, 16, problem.message, "enum", "        value: no")


def test_control_characters_do_not_reach_a_terminal(tree: Path) -> None:
    path = tree / "zz" / "raw.yaml"
    path.write_bytes(b"about: \x1b[2Jgone")
    (problem,) = read_folder([path], EXAMPLE_DAY).problems
    assert problem.source_line == "about: \N{REPLACEMENT CHARACTER}[2Jgone"

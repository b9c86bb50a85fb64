"""A line that a program gives is read as one in a file, or refused with the name of the field."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import yaml
from answers import EXAMPLE_DAY, ROOT

from h2024kb.claims import check_line, check_lines, fix, line_receipt
from h2024kb.claims.door import as_read
from h2024kb.cli import main
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine

CASES = yaml.safe_load((ROOT / "tests" / "door.yaml").read_text("utf-8"))
CODES = yaml.safe_load((ROOT / "tests" / "tabular" / "codes.yaml").read_text("utf-8"))


def line_of(given: dict[str, Any]) -> ServiceLine:
    return ServiceLine(**{name: tuple(one) if isinstance(one, list) else one for name, one in given.items()})


@pytest.mark.parametrize("case", CASES["read"], ids=lambda case: str(case["given"]))
def test_a_field_is_read_as_in_a_file(case: dict[str, Any]) -> None:
    assert as_read(line_of(case["given"])) == line_of(case["as"])


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: str(case["given"]))
def test_what_is_not_valid_is_refused_at_every_door(case: dict[str, Any], example: KnowledgeBase) -> None:
    line = line_of(case["given"])
    doors = (
        lambda: check_line(example, line),
        lambda: check_line(example, ServiceLine(), others=[line]),
        lambda: check_lines(example, [line]),
        lambda: fix(example, line),
        lambda: line_receipt(example, line),
    )
    for door in doors:
        with pytest.raises((ValueError, TypeError)) as raised:
            door()
        assert str(raised.value) == case["says"]


@pytest.mark.parametrize("case", [*CODES["read"], *CODES["not_in_x12"]], ids=lambda case: str(case["text"]))
def test_codes_are_read_as_in_a_file(case: dict[str, str]) -> None:
    read = as_read(ServiceLine(code=case["text"]))
    assert " ".join((read.code or "", *(read.modifiers or ()))) == case["as"]


@pytest.mark.parametrize("text", CODES["refused"])
def test_codes_that_may_be_ours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^code: "):
        as_read(ServiceLine(code=text))


def test_a_line_that_is_read_already_is_the_same_line() -> None:
    line = ServiceLine(code="H2024", modifiers=("HQ", "U4"), diagnoses=("F70",), place_of_service="02", age=30)
    assert as_read(line) is line


def test_a_result_does_not_depend_on_how_a_code_is_written(example: KnowledgeBase) -> None:
    told: dict[str, Any] = {"policy": "zz/medicaid", "date_of_service": EXAMPLE_DAY}
    plain = ServiceLine(code="H2024", modifiers=("HQ", "U4"), **told)
    other = ServiceLine(code=" h2024-hq", modifiers=("u4",), **told)
    assert check_line(example, plain) == check_line(example, other) == check_lines(example, [other])[0]
    assert line_receipt(example, other).line == msgspec.structs.replace(plain, member=None)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ("--code h2023", 0, ""),
        ("--with-modifiers HQ,U4", 0, ""),
        ("--place-of-service 2", 2, "place_of_service: a place of service is two digits: write 02"),
        ("--age -3", 2, "age: not a whole number from 0 to 130"),
        ("--frequency 99", 2, "frequency: a claim frequency is one letter or digit"),
        ("--code H2O24", 2, "code: a letter O, I or L stands where a code has a digit"),
    ],
)
def test_the_command_reads_so_too(arguments: str, status: int, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["check-line", "nc/b3-services", "--date-of-service", "2022-03-01", *arguments.split()]
    assert main(asked) == status
    said = capsys.readouterr()
    assert says in said.err
    assert "No rule in the knowledge base names this code" not in said.out

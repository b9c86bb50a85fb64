"""Which lines still stand: what a later claim surely takes back or replaces, may do so, or what was read twice."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from answers import ROOT
from batch_lines import differences, worlds

from h2024kb.claims import check_lines
from h2024kb.claims.cuts import Total
from h2024kb.claims.other_lines import MemberLines
from h2024kb.claims.standing import Standing, standings
from h2024kb.editing.document import read_file
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine

WRITTEN = re.compile(
    r"(?P<claim>[A-Z-])(?P<line>\d)?(x(?P<units>\d))?(/(?P<frequency>\d))?(>(?P<replaces>\w+))? "
    r"((?P<first>\d+)(-(?P<last>\d+))?|\?) (?P<standing>[a-z]+)"
)
CASES: dict[str, list[str]] = {
    case["name"]: case["lines"] for case in read_file(ROOT / "tests" / "standing.yaml").data or []
}


def written(text: str) -> tuple[ServiceLine, Standing]:
    found = WRITTEN.fullmatch(text)
    assert found, text
    said: dict[str, Any] = found.groupdict()
    days = [dt.date(2026, 1, int(day)) if day else None for day in (said["first"], said["last"])]
    line = ServiceLine(
        policy="zz/limits",
        code="H2024",
        member="M",
        claim=None if said["claim"] == "-" else said["claim"],
        line=said["line"],
        frequency=said["frequency"],
        replaces=said["replaces"],
        date_of_service=days[0],
        last_date_of_service=days[1],
        units=Decimal(said["units"] or 1),
    )
    return line, said["standing"]


def lines_of(name: str) -> list[ServiceLine]:
    return [written(text)[0] for text in CASES[name]]


@pytest.fixture(scope="module")
def world() -> KnowledgeBase:
    return worlds()["tests/claims-example"]


@pytest.mark.parametrize("name", CASES)
def test_a_line_stands_unless_a_later_claim_means_it(name: str) -> None:
    assert standings(lines_of(name)) == [written(text)[1] for text in CASES[name]]


@pytest.mark.parametrize("name", CASES)
def test_a_table_says_the_same_and_no_line_passes_that_may_not_stand(name: str, world: KnowledgeBase) -> None:
    lines = lines_of(name)
    assert differences(world, lines) == []
    for line, standing, result in zip(lines, standings(lines), check_lines(world, lines), strict=True):
        corrected = standing != "stands" or line.frequency == "8"
        assert ([one.rule for one in result.findings] == ["frequency"]) == corrected
        assert not (corrected and result.outcome != "cannot-tell")


@pytest.mark.parametrize("name", CASES)
def test_what_may_be_replaced_is_counted_neither_for_sure_nor_not_at_all(name: str) -> None:
    """The range of a day's total goes from the lines that stand to those and the ones that may."""
    lines, total = lines_of(name), Total(frozenset({"H2024"}), "day", "units", True)
    of_day = [
        (line.units or 0, standing)
        for line, standing in zip(lines, standings(lines), strict=True)
        if line.date_of_service == dt.date(2026, 1, 5) and line.last_day == line.date_of_service
        if line.frequency != "8"
    ]
    if all(written(text)[0].days == 1 for text in CASES[name]):
        asks = next(line for line in lines if line.date_of_service == dt.date(2026, 1, 5))
        least = sum(units for units, standing in of_day if standing == "stands")
        most = sum(units for units, standing in of_day if standing in ("stands", "perhaps"))
        member = MemberLines(lines)
        said = [member.within(asks, total, Decimal(bound)) for bound in (least - 1, least, most - 1, most)]
        assert (said[0], said[3]) == ("over", "within")
        assert least == most or said[1:3] == ["unsure", "unsure"]

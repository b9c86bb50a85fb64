"""837P files are read as they are written: every field, the loops they come from, delimiters, envelopes."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from x837.invented import EXAMPLE, GS, LINE_COUNT, NO_GS, ST, changed, places, read, written

from h2024kb.line import ServiceLine

CHANGES = yaml.safe_load((Path(__file__).parent / "x837" / "changes.yaml").read_text("utf-8"))


def test_every_field_of_the_example() -> None:
    lines, problems = read(EXAMPLE)
    assert problems == []
    first, second, child = lines
    assert first == ServiceLine(
        code="H2024",
        modifiers=("U4",),
        date_of_service=dt.date(2026, 1, 5),
        units=Decimal(1),
        place_of_service="99",
        prior_authorization_number="AUTH1",
        diagnoses=("F70",),
        charge=Decimal(120),
        age=55,
        payer="EXAMPLE MEDICAID",
        payer_id="ZZMCD",
        jurisdiction="ZZ",
        line_of_business="medicaid medicaid-managed-care state-funded",
        submitted=dt.date(2026, 1, 10),
        claim="CLAIM1",
        line="1",
        member=first.member,
        frequency="1",
    )
    assert second == msgspec.structs.replace(
        first,
        modifiers=("U4", "HQ"),
        date_of_service=dt.date(2026, 1, 6),
        last_date_of_service=dt.date(2026, 1, 7),
        units=None,
        minutes=Decimal(240),
        place_of_service="12",
        prior_authorization_number="AUTH2",
        diagnoses=("Z560", "F70"),
        charge=Decimal("60.50"),
        line="2",
    )
    assert child == msgspec.structs.replace(
        first,
        modifiers=(),
        place_of_service="12",
        prior_authorization_number="",
        diagnoses=("F71",),
        age=17,
        claim="CLAIM2",
        member=child.member,
        frequency="7",
    )


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: case["name"])
def test_a_changed_example(case: dict[str, Any]) -> None:
    lines, problems = read(changed(case["change"], case.get("unterminated", 0)))
    told = msgspec.json.decode(msgspec.json.encode(lines[case.get("line", 0)]))
    assert {name: told.get(name) for name in case["expect"]} == case["expect"]
    assert places(problems) == case.get("problems", [])


def test_a_member_is_one_patient_and_shows_nothing() -> None:
    def members(changes: dict[str, str]) -> list[str | None]:
        return [line.member for line in read(changed(changes))[0]]

    parent, again, child = members({})
    assert parent == again != child
    assert all(re.fullmatch("[0-9a-f]{32}", member or "") for member in (parent, child))
    assert members({"CLAIM1": "CLAIM9", "ZZMCD": "ZZNEW"}) == [parent, parent, child]
    assert members({"*CHILD": "*CHILD*Q"}) == [parent, parent, child]
    for other in (
        {"MEMBER4711": "MEMBER4712"},
        {"20080106": "20080107"},
        {"*CHILD": "*SIBLING"},
        {"QC*1*INVENTEDNAME": "QC*1*NEWNAME"},
    ):
        assert members(other)[2] not in (parent, child, None)
    assert members({"MI*MEMBER4711": "MI"}) == [None, None, None]
    assert members({"*INVENTEDNAME*CHILD": ""}) == [parent, parent, None]


@pytest.mark.parametrize("guide", ["004010X098", "004010X098A1", "005010X222", "005010X222A1", "005010X222A2"])
def test_the_guides_that_are_read(guide: str) -> None:
    before, after = EXAMPLE.replace("*005010X222A1", "", 1), EXAMPLE.replace("ST*837*0001*005010X222A1", "ST*837*0001")
    for text in (before, after):
        assert read(text.replace("005010X222A1", guide)) == read(EXAMPLE)


NOT_837P = {
    # what: (the change, what the problem says it is)
    "institutional by its guide": ({"005010X222A1": "005010X223A2"}, "837I, not 837P"),
    "institutional, 4010": ({"005010X222A1": "004010X096A1"}, "837I, not 837P"),
    "dental by its guide": ({"005010X222A1": "005010X224A2"}, "837D, not 837P"),
    "a report of claims": ({"005010X222A1": "005010X225A2"}, "another kind of 837, not 837P"),
    "institutional by ST03": ({"0001*005010X222A1": "0001*005010X223A2"}, "837I, not 837P"),
    "institutional by GS08": ({"0001*005010X222A1": "0001", "005010X222A1": "005010X223A2"}, "837I, not 837P"),
    "an acknowledgement": ({"ST*837": "ST*999"}, "999, not 837"),
    "of an unknown kind": ({"ST*837": "ST*8E7"}, "of an unknown kind, not 837"),
}


@pytest.mark.parametrize(("changes", "said"), NOT_837P.values(), ids=NOT_837P)
def test_what_is_not_837p_is_reported_once(changes: dict[str, str], said: str) -> None:
    lines, problems = read(changed(changes))
    assert lines == []
    assert places(problems) == ["3:1 not-837p"]
    assert said in problems[0].message


@pytest.mark.parametrize(("name", "kind"), [("SV2", "837I"), ("SV3", "837D")])
def test_without_a_guide_the_service_lines_tell(name: str, kind: str) -> None:
    text = EXAMPLE.replace("*005010X222A1", "")
    assert read(text) == read(EXAMPLE)
    lines, problems = read(text.replace("SV1", name))
    assert lines == []
    assert places(problems) == ["22:1 not-837p"]
    assert f"{kind} by its {name}" in problems[0].message
    lines, problems = read(text.replace("SV1*HC:H2024*", f"{name}*HC:H2024*"))
    assert (len(lines), places(problems)) == (LINE_COUNT - 1, ["43:1 x12-segment"])


def test_a_guide_is_that_of_its_own_interchange() -> None:
    other = EXAMPLE.replace("005010X222A1", "005010X223A2")
    lines, problems = read(other + NO_GS.replace("*0001*005010X222A1", "*0001"))
    assert lines == read(EXAMPLE)[0]
    assert places(problems)[0] == "3:1 not-837p"


def test_a_transaction_of_another_kind_stops_none_beside_it() -> None:
    other = ST.replace("X222A1", "X223A2")
    lines, problems = read(EXAMPLE.replace(ST, other + ST + other).replace("GE*1", "GE*3"))
    assert len(lines) == LINE_COUNT
    assert places(problems) == ["3:1 not-837p", "91:1 not-837p"]


@pytest.mark.parametrize("line_break", ["", "\n", "\r\n", "\n\n"], ids=repr)
@pytest.mark.parametrize(
    "delimiters", ["*:~", "|^~", "~^_", "\x1d\x1f\x1c", "*:\n", "*:\r", "*>'", "\xa6:\xac"], ids=repr
)
def test_delimiters_and_line_breaks(delimiters: str, line_break: str) -> None:
    content = written(EXAMPLE, delimiters, line_break).encode("latin-1")
    lines, problems = read(content)
    assert lines == read(EXAMPLE)[0]
    assert {problem.rule for problem in problems} <= {"encoding"}


def test_lines_of_eighty_characters() -> None:
    text = EXAMPLE.replace("\n", "")
    assert read("\n".join(text[at : at + 80] for at in range(0, len(text), 80))) == read(EXAMPLE)


def test_many_interchanges_groups_and_transactions_in_one_file() -> None:
    two = EXAMPLE.replace(GS, 2 * GS.replace(ST, 3 * ST).replace("GE*1", "GE*3")).replace("IEA*1", "IEA*2")
    file = two + written(EXAMPLE, "|!$", "") + written(EXAMPLE, "*>\n", "") + EXAMPLE
    lines, problems = read(file)
    assert lines == 9 * read(EXAMPLE)[0]
    assert problems == []


def test_a_problem_is_where_its_segment_begins() -> None:
    text = written(changed({"PAT*19": "PAZ*19", "DMG*D8*19700303": "DMG*D8*1970"}), "*:~", "")
    _, problems = read("\r\n\r\n" + text)
    assert [(problem.line, text[problem.column - 1 :][:3]) for problem in problems] == [(3, "DMG"), (3, "PAZ")]


DAYS = yaml.safe_load((Path(__file__).parent / "x837" / "days.yaml").read_text("utf-8"))
ONE_LINE = (
    "HL*1**20*1", "HL*2*1*22*0", "NM1*IL*1*A*B****MI*M1", "DMG*D8*20000104", "CLM*C1*1***99:B:1", "{claim}",
    "HI*ABK:F70", "LX*1", "SV1*HC:H2024*60*UN*1***1", "{line}",
)  # fmt: skip


@pytest.mark.parametrize("case", DAYS, ids=lambda case: str(case["what"]))
def test_the_days_of_a_line(case: dict[str, Any]) -> None:
    given = {"{claim}": case.get("claim", []), "{line}": case["line"]}
    segments = [one for part in ONE_LINE for one in given.get(part, [part])]
    head = EXAMPLE[: EXAMPLE.index("ST*")]
    text = f"{head}ST*837*1*005010X222A1~{'~'.join(segments)}~SE*{len(segments) + 2}*1~GE*1*1~IEA*1*000000001~"
    (line,), problems = read(text)
    days = [None if day is None else dt.date.fromisoformat(day) for day in case["days"]]
    assert [line.date_of_service, line.last_day] == days
    assert [one.rule for one in problems if one.rule != "x12-envelope"] == case.get("problems", [])
    assert line.age == (None if days[0] is None else 26)

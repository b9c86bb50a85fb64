"""Tables of claims: which column means what, CSV and Parquet however broken, and the file that says what is meant."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import sys
import tracemalloc
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain, repeat, takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml
from answers import ROOT
from hypothesis import example, given
from hypothesis import strategies as st

from h2024kb.formats.table import csv_cells, csv_file, csv_lines, csv_rows, mapping_file, parquet_file
from h2024kb.formats.table.cells import ColumnRef
from h2024kb.formats.table.columns import Columns, recognize, service_line
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem
from h2024kb.writing.parquet import MissingExtra, pyarrow_or_say

HERE = Path(__file__).parent / "tabular"
SAMPLES = ROOT.parent / "shared" / "samples" / "fhir" / "cms_tabular"
JAN = dt.date(2026, 1, 2)


def read(text: str | bytes, columns: Columns | None = None) -> list[ServiceLine | Problem]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(csv_file.read(io.BytesIO(raw), "a.csv", columns))


def lines(found: Iterable[ServiceLine | Problem]) -> list[ServiceLine]:
    return [one for one in found if isinstance(one, ServiceLine)]


def problems(found: Iterable[ServiceLine | Problem]) -> list[str]:
    return [str(one) for one in found if isinstance(one, Problem) and not one.is_note]


def places(found: Iterable[ServiceLine | Problem]) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.rule) for one in found if isinstance(one, Problem) and not one.is_note]


def notes(found: Iterable[ServiceLine | Problem]) -> list[str]:
    return [str(one) for one in found if isinstance(one, Problem) and one.is_note]


def codes(found: Iterable[ServiceLine | Problem]) -> list[str | None]:
    return [line.code for line in lines(found)]


def told(line: ServiceLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__struct_fields__ if getattr(line, name) is not None}


# Which column means what


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "claim_id claim_line_number hcpcs_code",
            {"claim": "claim_id", "line": "claim_line_number", "code": "hcpcs_code"},
        ),
        (
            "CLM_UNIQ_ID CLM_LINE_HCPCS_CD CLM_POS_CD",
            {"claim": "CLM_UNIQ_ID", "code": "CLM_LINE_HCPCS_CD", "place_of_service": "CLM_POS_CD"},
        ),
        ("CLM_ID LINE_NUM HCPCS_CD", {"claim": "CLM_ID", "line": "LINE_NUM", "code": "HCPCS_CD"}),
        ("Code Units age", {"code": "Code", "units": "Units", "age": "age"}),
        (
            "hcpcs_code claim_id jurisdiction",
            {"code": "hcpcs_code", "claim": "claim_id", "jurisdiction": "jurisdiction"},
        ),
        ("hcpcs_code member_id person_id", {"code": "hcpcs_code", "member": "person_id"}),
        ("hcpcs_code claim_start_date", {"code": "hcpcs_code", "claim_first_date": "claim_start_date"}),
        ("code CODE units", {"units": "units"}),
    ],
)
def test_a_header_is_recognized_by_the_names_it_uses(header: str, expected: dict[str, str]) -> None:
    assert {field: ref.names[0] for field, ref in recognize(header.split()).fields.items()} == expected


def test_every_column_of_a_series_is_taken_in_order() -> None:
    header = ["hcpcs_modifier_2", "hcpcs_code", "diagnosis_code_25", "hcpcs_modifier_1", "diagnosis_code_1"]
    found = recognize(header).fields
    assert found["modifiers"].names == ("hcpcs_modifier_1", "hcpcs_modifier_2")
    assert found["diagnoses"].names == ("diagnosis_code_1", "diagnosis_code_25")


def test_modifiers_in_one_column_are_not_counted_again_in_others() -> None:
    assert recognize(["code", "modifiers", "modifier_1"]).fields["modifiers"].names == ("modifiers",)


# What a cell says

NOT_TOLD = [("modifiers", ()), ("diagnoses", ())]


@pytest.mark.parametrize(("field", "none"), NOT_TOLD)
def test_a_blank_cell_says_there_is_none_and_a_column_that_is_absent_says_nothing(field: str, none: object) -> None:
    assert getattr(lines(read(f"code,{field}\nH2024, \n"))[0], field) == none
    assert getattr(lines(read("code\nH2024\n"))[0], field) is None


@pytest.mark.parametrize(
    "field", sorted({*ServiceLine.__struct_fields__} - {"code"} - {field for field, _ in NOT_TOLD})
)
def test_any_other_blank_cell_says_nothing(field: str) -> None:
    found = read(f"code,{field}\nH2024,\n")
    assert [told(line) for line in lines(found)] == [{"code": "H2024"}]
    assert problems(found) == []


@pytest.mark.parametrize("word", ["~", " ~ ", "NULL", "null", r"\N", "nan", "NaN", "None", "N/A", "\u200b"])
@pytest.mark.parametrize("field", sorted({*ServiceLine.__struct_fields__} - {"code"}))
def test_what_a_database_writes_for_no_value_is_read_as_a_blank_cell(field: str, word: str) -> None:
    assert read(f"code,{field}\nH2024,{word}\n") == read(f"code,{field}\nH2024,\n")


def test_a_blank_diagnosis_of_the_line_alone_does_not_say_that_the_claim_has_none() -> None:
    for header, expected in [
        ("clm_line_hcpcs_cd,clm_line_dgns_cd", None),
        ("hcpcs_cd,line_icd_dgns_cd", None),
        ("hcpcs_cd,line_icd_dgns_cd,icd_dgns_cd1", ()),
        ("hcpcs_code,diagnosis_code_1", ()),
    ]:
        row = "H2024" + "," * header.count(",")
        assert [line.diagnoses for line in lines(read(f"{header}\n{row}\n"))] == [expected], header
    assert lines(read("clm_line_hcpcs_cd,clm_line_dgns_cd\nH2024,F70\n"))[0].diagnoses == ("F70",)


def test_no_message_shows_a_header_that_may_be_values() -> None:
    columns = Columns(fields={"code": ColumnRef(names=("jon",))})
    for asked in (None, columns):
        found = problems(read("Jones,H2024,Jones\nSmith,H2024,Smith\n", asked))
        assert len(found) == 1 + (asked is not None)
        assert not [one for one in found if "ones" in one]


def test_a_column_that_nobody_asks_for_may_stand_twice() -> None:
    assert problems(read("code,note,note\nH2024,,\n")) == []
    assert len(problems(read("code,units,units\nH2024,,\n"))) == 1
    columns = Columns(fields={"code": ColumnRef(names=("code",)), "claim": ColumnRef(names=("note",))})
    assert len(problems(read("code,note,note\nH2024,,\n", columns))) == 1


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("code", " h2024 ", "H2024"),
        ("modifiers", "hq U4", ("HQ", "U4")),
        ("modifiers", "HQ:U4:HQ", ("HQ", "U4", "HQ")),
        ("diagnoses", "f84.0;F70;F840", ("F840", "F70")),
        ("date_of_service", "2026-01-02", JAN),
        ("date_of_service", "20260102", JAN),
        ("date_of_service", "02-Jan-2026", JAN),
        ("date_of_service", "2026-01-02T00:00:00", JAN),
        ("date_of_service", "2026-01-02 00:00:00", JAN),
        ("units", "1.0000", Decimal("1.0000")),
        ("units", ".5", Decimal("0.5")),
        ("charge", "-61.20", Decimal("-61.20")),
        ("place_of_service", "02", "02"),
        ("age", "18", 18),
        ("age", "18.0", 18),
        ("jurisdiction", "zz", "ZZ"),
        ("line_of_business", "Medicaid", "medicaid"),
        ("conditions_met", "TRUE", True),
        ("conditions_met", "false", False),
        ("claim", "007", "007"),
    ],
)
def test_a_cell_is_read_exactly(field: str, cell: str, expected: object) -> None:
    found = read(f"code,{field}\nH2024,{cell}\n" if field != "code" else f"code\n{cell}\n")
    assert problems(found) == []
    value = getattr(lines(found)[0], field)
    assert value == expected
    assert str(value) == str(expected)


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("modifiers", "HQU4", "a modifier is two letters or digits, kept as text [modifier]"),
        ("modifiers", "HQ U4X", "a modifier is two letters or digits, kept as text [modifier]"),
        ("diagnoses", "F84?", "a diagnosis code is three to seven letters and digits [diagnosis]"),
        ("date_of_service", "2026-02-30", "not a real date [date]"),
        ("date_of_service", "00000000", "not a real date [date]"),
        ("date_of_service", "30-Foo-2026", "such as %m/%d/%Y [date]"),
        (
            "date_of_service",
            "03/04/2026",
            "or its format in a mapping file or with --date-format",
        ),
        ("date_of_service", "2026-01-02T05:00:00", "write the date as YYYY-MM-DD"),
        ("units", "n.a.", "write a number as 1 or 12.50, without currency signs or thousands separators [number]"),
        ("units", "inf", "[number]"),
        ("units", "1e5", "[number]"),
        ("units", '"1,000"', "[number]"),
        ("units", "١", "[number]"),
        ("charge", "$5", "[number]"),
        ("place_of_service", "2", "a place of service is two digits: write 02 [place-of-service]"),
        ("place_of_service", "11.0", "a place of service is two digits [place-of-service]"),
        ("age", "131", "not a whole number from 0 to 130 [number]"),
        ("age", "-1", "[number]"),
        ("age", "1.5", "[number]"),
        ("group_size", "0", "not a whole number from 1 to 999 [number]"),
        ("units", "1000000000000000", "at most 15 digits before its point and 15 after it [number]"),
        ("units", "0.1234567890123456", "at most 15 digits before its point and 15 after it [number]"),
        ("code", "H 2024", "a code is two to twelve letters and digits [code]"),
        ("frequency", "78", "a claim frequency is one letter or digit [frequency]"),
        ("jurisdiction", "XX", "write MD for Maryland, and so on [jurisdiction]"),
        ("jurisdiction", "Texas", "write MD for Maryland, and so on [jurisdiction]"),
        ("line_of_business", "hmo", "write one of: commercial, medicare"),
        ("conditions_met", "yes", "write one of: true, false [true-or-false]"),
    ],
)
def test_a_cell_that_cannot_be_read_is_not_told_and_never_shown(field: str, cell: str, message: str) -> None:
    found = read(f"code,{field}\nH2024,{cell}\n" if field != "code" else f"payer,code\nAcme Z,{cell}\n")
    assert len(problems(found)) == 1
    assert problems(found)[0].startswith(f"a.csv:2:{7 if field != 'code' else 8}: column '{field}': ")
    assert message in problems(found)[0]
    assert cell.strip('"') not in problems(found)[0].split(": ", 2)[2] or cell == "2"
    assert [told(line) for line in lines(found)] == [{"code": "H2024"} if field != "code" else {"payer": "Acme Z"}]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-01-02", "2026-01-02", 18),
        ("2008-01-03", "2026-01-02", 17),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2026-01-02", "2026-01-02", 0),
        ("2008-01-02", "", None),
        ("", "2026-01-02", None),
    ],
)
def test_a_birth_date_tells_the_age_on_the_date_of_service_and_is_dropped(born: str, on: str, age: int | None) -> None:
    found = read(f"code,birth_date,date_of_service\nH2024,{born},{on}\n")
    assert problems(found) == []
    assert lines(found)[0].age == age


@pytest.mark.parametrize("born", ["2026-01-03", "0001-01-01"])
def test_a_birth_date_that_makes_no_age_is_a_problem(born: str) -> None:
    found = read(f"code,birth_date,date_of_service\nH2024,{born},2026-01-02\n")
    assert places(found) == [(2, 7, "age")]
    assert lines(found)[0].age is None
    assert born not in problems(found)[0]


def test_an_age_that_is_told_stands_before_one_that_is_counted() -> None:
    found = read("code,age,birth_date,date_of_service\nH2024,30,2008-01-02,2026-01-02\n")
    assert lines(found)[0].age == 30


def test_a_last_day_on_the_first_is_none() -> None:
    header = "code,date_of_service,last_date_of_service\n"
    days = [
        line.last_date_of_service for line in lines(read(header + "H2024,20260102,20260102\nH2024,20260102,20260103"))
    ]
    assert days == [None, dt.date(2026, 1, 3)]


def test_a_row_of_python_values_is_read_like_one_of_text() -> None:
    refs = {name: ColumnRef(names=(name,)) for name in ("code", "place_of_service", "units", "claim", "line")}
    row = {"code": 99213, "place_of_service": 2, "units": 0.1, "claim": 7.0, "line": None}
    line, faults = service_line(Columns(fields=refs), row)
    assert told(line) == {"code": "99213", "place_of_service": "02", "units": Decimal("0.1"), "claim": "7"}
    assert faults == []


def test_zeros_behind_the_point_make_no_number_too_long() -> None:
    columns = Columns(fields={"units": ColumnRef(names=("u",))})
    line, faults = service_line(columns, {"u": Decimal("1.000000000000000000")})
    assert (line.units, faults) == (1, [])


def test_a_code_in_a_column_of_numbers_that_lost_a_zero_is_a_problem() -> None:
    line, faults = service_line(Columns(fields={"code": ColumnRef(names=("c",))}), {"c": 100})
    assert line.code is None
    assert [(fault.rule, fault.column) for fault in faults] == [("code", "c")]


# CSV


def test_a_tuva_file() -> None:
    found = read((HERE / "tuva.csv").read_bytes())
    assert [told(line) for line in lines(found)] == [
        {
            "code": "H2024",
            "modifiers": ("HQ", "U4"),
            "date_of_service": JAN,
            "units": Decimal("1.0000"),
            "place_of_service": "12",
            "diagnoses": ("F840", "F70"),
            "charge": Decimal("61.20"),
            "payer": "Example State Medicaid",
            "claim": "A1",
            "line": "1",
            "member": "ann",
        },
        {
            "code": "H2024",
            "modifiers": (),
            "date_of_service": dt.date(2026, 1, 5),
            "last_date_of_service": dt.date(2026, 1, 9),
            "units": Decimal(5),
            "diagnoses": (),
            "charge": Decimal("306.00"),
            "payer": "Example State Medicaid",
            "claim": "A1",
            "line": "2",
            "member": "ann",
        },
        {
            "code": "H2025",
            "place_of_service": "12",
            "diagnoses": ("F840",),
            "payer": "Example, Inc.",
            "claim": "B7",
            "line": "1",
            "member": "bob",
        },
    ]
    assert places(found) == [
        (3, 79, "place-of-service"),
        (4, 72, "modifier"),
        (4, 51, "date"),
        (4, 77, "number"),
    ]


@pytest.mark.parametrize("separator", [",", "|", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_seen_from_the_file(separator: str, end: str) -> None:
    rows = ["code,units,payer", "H2024,1,Acme", "", 'H2024,2,"Acme, | ; \t Inc"']
    text = end.join(row if "Inc" in row else row.replace(",", separator) for row in rows[:3])
    text += end + f'H2024{separator}2{separator}"Acme, | ; \t Inc"'
    found = read(text)
    assert [(line.units, line.payer) for line in lines(found)] == [(1, "Acme"), (2, "Acme, | ; \t Inc")]
    assert problems(found) == []


def test_a_separator_inside_quotes_of_the_header_does_not_count() -> None:
    assert codes(read('code|"a,b,c,d"\nH2024|1\n')) == ["H2024"]


def test_a_quoted_cell_may_hold_quotes_and_line_ends_and_later_places_are_right() -> None:
    found = read('code,payer,units\nH2024,"a ""b""\nc\r\nd",x\nH2024,,y\n')
    assert lines(found)[0].payer == 'a "b"\nc\r\nd'
    assert places(found) == [(4, 4, "number"), (5, 8, "number")]


def test_a_quote_inside_a_cell_is_a_quote() -> None:
    found = read('code,payer\nH2024,5" pipe\nH2025,"a"b\n')
    assert [line.payer for line in lines(found)] == ['5" pipe', "ab"]


NOT_READ = {
    b"": (1, 1, "empty"),
    b"\xef\xbb\xbf\n \n": (1, 1, "empty"),
    b"code,units\n": (1, 1, "empty"),
    b"\n\ncode,units": (3, 1, "empty"),
    b"\x00\x01\x02code": (1, 1, "binary"),
    b"a,b,c\n1,2,3\n": (1, 1, "columns"),
    b"H2024,Doe,Doe,2026-01-02\nH2024,Roe,Roe,2026-01-03\n": (1, 1, "no-header"),
    b'code,"units\nH2024,1\n': (1, 1, "truncated"),
}


@pytest.mark.parametrize("raw", NOT_READ)
def test_a_file_that_is_not_a_table_has_one_problem(raw: bytes) -> None:
    assert places(read(raw)) == [NOT_READ[raw]]
    assert lines(read(raw)) == []
    assert "Doe" not in problems(read(raw))[0]


ROWS = [
    (
        "b'a byte that is not UTF-8'",
        b"code,payer\nH2024,a\nH2025,caf\xe9\nH2025,b\xe9\nH2025,\xc3\xa9\n",
        4,
        [(3, 10, "encoding")],
    ),
    ("a byte order mark", b"\xef\xbb\xbfcode,units\nH2024,1\n", 1, []),
    ("a NUL byte", b"code,units\nH2024,1\nH2024\0,1\nH2025,1\n", 2, [(3, 6, "binary")]),
    ("blank lines and rows", b"code,units\n\n,\nH2024,1\n\n", 1, []),
    ("two columns of a name", b"code,units,UNITS\nH2024,1,2\n", 1, [(1, 12, "duplicate-column")]),
    ("columns without a name", b"code,,\nH2024,1,2\n", 1, []),
    ("no column for the code", b"units\n1\n", 1, [(1, 1, "columns")]),
    ("a row that ends early", b"code,units,payer\nH2024,1\nH2024,2,a\n", 2, [(2, 1, "ragged")]),
    ("a row that lost a cell", b"code,units,payer\nH2024,a\nH2024,2,a\n", 1, [(2, 1, "ragged")]),
    ("a row with a cell too many", b"code,units,payer\nH2024,1,a,\nH2024,2,a\n", 1, [(2, 1, "ragged")]),
    ("a quote never closed", b'code,payer\nH2024,a\nH2024,"b\nH2025\n', 2, [(3, 1, "truncated"), (4, 1, "ragged")]),
    ("a file that ends in a quoted cell", b'code,payer\nH2024,a\nH2024,"b', 1, [(3, 1, "truncated")]),
    ("a stray quote", b'code,payer\nH2024,"a\nH2024,b\nH2024,c\n', 3, [(2, 7, "quote")]),
    (
        "two of them",
        b'code,payer\n"H2024,a\nH2024,b\nH2024,"c\nH2024,d\n',
        4,
        [(2, 1, "quote"), (4, 7, "quote")],
    ),
    (
        "two at the end, which together look like one cell",
        b'code,units,claim,payer\nH2024,1,a,"a\nH2024,1,b,b\nH2024,1,c,c"\nH2024,1,d,d\n',
        4,
        [(2, 11, "quote")],
    ),
    (
        "a quote before text",
        b'code,units,payer\nH2024,1,"a\nH2024,2,"b\nH2024,3,c\n',
        3,
        [(2, 9, "quote"), (3, 9, "quote")],
    ),
    ("a cell of two lines", b'code,units,claim,payer\nH2024,1,"a\nb,c,d,e",b\nH2024,2,c,d\n', 2, []),
    (
        "a zero byte within a quoted cell",
        b'code,payer\nH2024,"a\n\0\nH2024,c\n',
        1,
        [(2, 1, "truncated"), (3, 1, "binary")],
    ),
]


@pytest.mark.parametrize(("what", "raw", "count", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_what_is_wrong_with_a_row_is_told_and_the_rest_read(
    what: str, raw: bytes, count: int, expected: list[tuple[int, int, str]]
) -> None:
    found = read(raw)
    assert len(lines(found)) == count
    assert places(found) == expected


def test_cells_with_other_bytes_are_read_as_latin_1_and_the_others_as_utf_8() -> None:
    assert [line.payer for line in lines(read(ROWS[0][1]))] == ["a", "café", "bé", "é"]


def test_cells_missing_at_the_end_are_not_told_even_those_that_would_be_none() -> None:
    found = read("code,modifier_1,modifier_2,prior_authorization_number\nH2024,HQ\n")
    assert [told(line) for line in lines(found)] == [{"code": "H2024"}]


def test_a_column_named_twice_is_not_guessed_at() -> None:
    assert lines(read("code,units,units\nH2024,1,2\n"))[0].units is None


class Stream(io.BytesIO):
    """A file that is made up as it is read: a start, a text many times over, an end."""

    def __init__(self, start: bytes, repeated: bytes, times: int, end: bytes) -> None:
        self.parts = chain([start], repeat(repeated, times), [end])

    def read(self, size: int | None = -1) -> bytes:
        return next(self.parts, b"")


@pytest.mark.parametrize(
    ("before", "repeated", "after"),
    [(b"", b"x" * 65536, b""), (b"", b'a"b,' * 16384, b"\r"), (b'"', b"x" * 65535 + b"\n", b'"')],
    ids=["a long cell", "many cells", "a quoted cell"],
)
def test_a_row_that_is_too_long_is_left_out_and_never_held(
    before: bytes, repeated: bytes, after: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_lines, "MAX_BYTES", 1 << 20)
    stream = Stream(b"code,payer\nH2024,a\nH2025," + before, repeated, 320, after + b"\nH2026,b\n")
    tracemalloc.start()
    found = list(csv_file.read(stream, "a.csv"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes(found) == ["H2024", "H2026"]
    assert places(found) == [(3, 1, "too-long")]
    assert peak < 10 << 20


def test_a_stray_quote_is_found_out_without_reading_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_lines, "MAX_BYTES", 1000)
    found = read(b'code,payer\nH2024,"a\n' + b"H2024,b\n" * 100)
    assert len(lines(found)) == 101
    assert places(found) == [(2, 7, "quote")]


def test_a_line_is_too_long_also_where_one_chunk_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_lines, "MAX_BYTES", 100)
    found = read(b"code,payer\nH2024," + b"x" * 100 + b"\nH2025,b\n")
    assert codes(found) == ["H2025"]
    assert places(found) == [(2, 1, "too-long")]


def test_no_row_is_taken_for_a_header_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_lines, "MAX_BYTES", 100)
    found = read(b"code," + b"x" * 100 + b"\ncode,payer\nH2024,a\n")
    assert places(found) == [(1, 1, "too-long")]
    assert lines(found) == []


def test_the_rows_before_a_failure_to_read_on_are_kept() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            if found:
                return found
            raise EOFError

    found = list(csv_file.read(Broken(b"code,units\nH2024,1\n"), "a.csv"))
    assert codes(found) == ["H2024"]
    assert places(found) == [(1, 1, "unreadable")]


ODD = st.lists(st.sampled_from(["a", "H2024", '"', '""', ",", "\n", "\r", "\r\n", " ", "é"]), max_size=30).map("".join)


@given(ODD)
@example('a"b,"c\n",d')
def test_cells_are_those_the_csv_module_finds(text: str) -> None:
    made = "code,payer,k\n" + text
    cells = csv_cells.Cells(",")
    lines = csv_rows.Lines(csv_lines.lines(io.BytesIO(), made.encode(), "a.csv", "utf-8"))
    records = takewhile(lambda one: isinstance(one, csv_lines.Record), csv_rows.records(lines, cells, "a.csv"))
    found = [[] if isinstance(one, Problem) or not one.text else cells.split(one.text) for one in records]
    expected = list(csv.reader(io.StringIO(made, newline="")))
    assert found[:-1] == expected[: len(found) - 1]


TABLE = (HERE / "tuva.csv").read_bytes()


@given(st.data())
def test_no_file_however_broken_raises(data: st.DataObject) -> None:
    raw = bytearray(TABLE)
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(raw)))
        stop = start + data.draw(st.integers(0, 20))
        raw[start:stop] = data.draw(st.binary(max_size=20) | st.sampled_from([b'"', b"\n", b",", b"\0", b"\xff\xfe"]))
    assert all(isinstance(one, ServiceLine | Problem) for one in read(bytes(raw)))


@given(st.binary(max_size=200))
def test_no_bytes_raise(raw: bytes) -> None:
    assert all(isinstance(one, ServiceLine | Problem) for one in read(raw))
    assert all(isinstance(one, ServiceLine | Problem) for one in read(b"code,units,modifiers,age\n" + raw))


# Public samples


def sample(name: str) -> list[ServiceLine | Problem]:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the public samples are not here")
    with path.open("rb") as stream:
        return list(csv_file.read(stream, name))


def test_the_cms_clm_line_sample() -> None:
    found = sample("SYNTHETIC_CLM_LINE.csv")
    assert len(lines(found)) == 1039
    assert places(found) == []
    assert told(lines(found)[1]) == {
        "code": "99213",
        "modifiers": ("32", "32", "1P"),
        "date_of_service": dt.date(2022, 10, 18),
        "last_date_of_service": dt.date(2022, 10, 25),
        "units": Decimal("4.67"),
        "place_of_service": "53",
        "diagnoses": ("W5529",),
        "charge": Decimal("3.29"),
        "claim": "3351266481401",
        "line": "1",
    }


def test_the_cms_rif_carrier_sample() -> None:
    found = sample("carrier.csv")
    assert len(lines(found)) == 221
    assert problems(found) == []
    assert sum(line.code == "G0444" for line in lines(found)) == 11
    assert told(lines(found)[0]) == {
        "modifiers": (),
        "date_of_service": dt.date(2015, 5, 30),
        "units": Decimal(9),
        "place_of_service": "11",
        "diagnoses": ("O039", "E034"),
        "charge": Decimal("136.80"),
        "claim": "-100000486",
        "line": "1",
        "member": "-1000006",
    }


# The mapping file


TABLES = yaml.safe_load((HERE / "tables.yaml").read_text())


@pytest.mark.parametrize("case", TABLES, ids=lambda case: str(case["what"]))
def test_tables_as_people_and_programs_write_them(case: dict[str, Any]) -> None:
    columns = Columns(date_format=case["date_format"]) if "date_format" in case else None
    found = read(case["text"], columns)
    given = [{name: getattr(line, name) for name in case["lines"][0]} for line in lines(found)]
    assert [{name: plain(one) for name, one in line.items()} for line in given] == case["lines"]
    assert [one.removeprefix("a.csv:") for one in problems(found)] == case.get("problems", [])
    assert [one for one in case.get("notes", []) if not any(one in note for note in notes(found))] == []
    assert len({note.rsplit("[", 1)[1] for note in notes(found)}) == len(notes(found))


def plain(one: object) -> object:
    """A value as YAML has it."""
    return " ".join(one) if isinstance(one, tuple) else one if one is None or isinstance(one, dt.date) else str(one)


def test_a_mapping_file_says_what_columns_and_payers_mean() -> None:
    columns, payers, found = mapping_file.read(HERE / "mapping.yaml")
    assert found == ()
    assert payers == {"SKMD0": "zz/medicaid", "Acme Medicaid": "Example State Medicaid"}
    rows = read((HERE / "payer.txt").read_bytes(), columns)
    shared = {"code": "H2024", "prior_authorization_number": "", "payer_id": "SKMD0", "jurisdiction": "ZZ"}
    shared |= {"line_of_business": "medicaid", "units": Decimal(2)}
    first, second = (told(line) for line in lines(rows))
    assert first == shared | {"modifiers": ("HQ",), "date_of_service": JAN, "place_of_service": "12", "age": 17}
    assert second == shared | {"modifiers": ()}
    assert problems(rows) == ["a.csv:3:9: column 'svc_dt': not a date in the format %m/%d/%Y [date]"]


def test_every_problem_of_a_mapping_file_is_told_at_its_place() -> None:
    path = HERE / "broken-mapping.yaml"
    columns, payers, found = mapping_file.read(path)
    assert [str(one).removeprefix(f"{path}:") for one in found] == [
        "3:3: 'modifers' is not a key here; did you mean 'modifiers'? [unknown-key]",
        "4:10: write the name of one column here, not a list [type]",
        '5:45: write day, month and year as in "%m/%d/%Y" [format]',
        "6:11: 'column' is missing [required]",
        "6:12: 'colunm' is not a key here; did you mean 'column'? [unknown-key]",
        '7:10: write 17 in quotes: "17" [type]',
        "8:38: 'x' does not separate values; write what stands between two of them in quotes,"
        ' such as ":" or " " [pattern]',
        "9:22: 'format' is not a key here; the keys are: column [unknown-key]",
        "10:10: nothing is written here; write the name of one column [type]",
        "12:3: 'code' is under columns too: write it in one place [not-together]",
        '13:21: write 02 in quotes: "02" [ambiguous-text]',
        "14:17: 'Maryland' is not one of the 58 values allowed here; write the two letters of a state or"
        " territory, as in MD for Maryland, or US for the whole country [enum]",
        "15:8: '18' is text; write a whole number without quotes [type]",
        "16:14: a modifier is two letters or digits, kept as text [modifier]",
        "17:10: nothing is written here; write text [type]",
        "18:9: write a mapping here, not a list [type]",
        '19:12: \', \' is not a separator; write one character in quotes: ",", "|", ";" or "\\t" for a tab [pattern]',
        "20:11: 'utf8' is not one of: utf-8, latin-1, windows-1252; did you mean 'utf-8'? [enum]",
        "21:1: 'payer' is not a key here; did you mean 'payers'? [unknown-key]",
    ]
    assert columns.fields.keys() == {"code", "date_of_service"}
    assert payers == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: the file is empty [empty]"),
        ("- code\n", "1:1: write a mapping here, not a list [type]"),
        ("a: b\n---\nc: d\n", "2:1: a second document starts here; write one mapping per file [one-document]"),
        ("payers: {X: a, X: b}\n", "1:16: 'X' appears twice; the first is on line 1 [duplicate-key]"),
        ("columns: {modifiers: [m, m]}\n", "1:26: 'm' appears twice [repeated]"),
        ("columns: {modifiers: []}\n", "1:22: write at least one item [empty]"),
        ("constants: {units: yes}\n", "1:20: 'yes' is text; write a number without quotes [type]"),
        ('constants: {birth_date: "2000-01-01"}\n', "1:13: 'birth_date' is not a key here; the keys are: "),
        ("constants: {submitted: 01/02/2026}\n", "1:24: '01/02/2026' is not a date; write YYYY-MM-DD [format]"),
        ("constants: {conditions_met: 1}\n", "1:29: write true or false here, not 1 [type]"),
        ("payers: {SKMD0: 7}\n", '1:17: write 7 in quotes: "7" [type]'),
        ("separator: ab\n", "1:12: 'ab' is not a separator; write one character in quotes"),
        ('separator: "."\n', "1:12: '.' is not a separator; write one character in quotes"),
        ('columns: {code: {column: c, separator: ":"}}\n', "1:29: 'separator' is not a key here; the keys are: column"),
        ('columns: {claim: {column: ""}}\n', "1:27: write some text [empty]"),
        ('constants: {payer: "NULL"}\n', "1:20: write some text here, or leave the key out [type]"),
        ('columns: {submitted: {column: c, format: "%m/%d"}}\n', "1:42: write day, month and year as in"),
        ('columns: {submitted: {column: c, format: "%m/%d/%Y %d"}}\n', "1:42: write day, month and year as in"),
        ("constants: {age: true}\n", "1:18: write a whole number here, not true [type]"),
    ],
)
def test_one_problem_of_a_mapping_file(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text)
    found = mapping_file.read(path).problems
    assert str(found[0]).removeprefix(f"{path}:").startswith(expected)
    assert len(found) <= 2


def test_a_mapping_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert [one.rule for one in mapping_file.read(tmp_path / "none.yaml").problems] == ["unreadable"]


def test_a_constant_of_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        "constants: {code: h2024, modifiers: [hq, U4], diagnoses: F84.0, units: 1, charge: 61.20, age: 18,"
        ' conditions_met: true, submitted: 2026-01-02, prior_authorization_number: "", place_of_service: "12"}'
    )
    columns, _, found = mapping_file.read(path)
    assert found == ()
    assert columns.constants == {
        "code": "H2024",
        "modifiers": ("HQ", "U4"),
        "diagnoses": ("F840",),
        "units": Decimal(1),
        "charge": Decimal("61.20"),
        "age": 18,
        "conditions_met": True,
        "submitted": JAN,
        "prior_authorization_number": "",
        "place_of_service": "12",
    }


def test_a_mapping_without_columns_leaves_them_to_the_header() -> None:
    given = Columns(constants={"jurisdiction": "ZZ", "units": Decimal(2)})
    found = read("hcpcs_code,service_unit_quantity\nH2024,1\n", given)
    assert [told(line) for line in lines(found)] == [{"code": "H2024", "units": Decimal(2), "jurisdiction": "ZZ"}]


def test_a_column_that_a_file_lacks_is_told_where_the_mapping_names_it() -> None:
    columns = mapping_file.read(HERE / "mapping.yaml").columns
    found = read("proc_cd|modd1|mod2|svc_dt|born|place|plan_id\nH2024|HQ||01/02/2026||12|X\n", columns)
    assert [one.removeprefix(f"{HERE}/") for one in problems(found)] == [
        "mapping.yaml:3:15: no column is named 'mod1' in the file; near it: modd1, mod2 [missing-column]",
        "mapping.yaml:6:10: no column is named 'QTY' in the file [missing-column]",
    ]
    assert (lines(found)[0].modifiers, lines(found)[0].place_of_service) == (None, "12")


def test_what_stands_in_a_file_without_a_header_is_not_shown_as_names() -> None:
    columns = mapping_file.read(HERE / "mapping.yaml").columns
    found = read("H2024|HQ|proc_cdd|01/02/2026|1\nH2024|HQ|qty|01/02/2026|1\n", columns)
    assert problems(found) == ["a.csv:1:1: values stand here: name the columns in the first line [no-header]"]


# Parquet


@pytest.fixture
def pa() -> Any:
    pytest.importorskip("pyarrow.parquet")
    return pytest.importorskip("pyarrow")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.parquet"


def write(file: Path, table: Any, **options: Any) -> list[ServiceLine | Problem]:
    """Writes a table to a file and returns what is read from it."""
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(table), file, **options)
    return list(parquet_file.read(file))


def test_parquet_tells_what_the_same_csv_tells(pa: Any, file: Path) -> None:
    rows = list(csv.reader(io.StringIO(TABLE.decode())))
    texts = dict(zip(rows[0], map(list, zip(*rows[1:], strict=True)), strict=True))
    found = write(file, texts)
    assert lines(found) == lines(read(TABLE))
    assert places(found) == [(2, 9, "place-of-service"), (3, 11, "modifier"), (3, 7, "date"), (3, 13, "number")]


def test_parquet_types_are_read_exactly(pa: Any, file: Path) -> None:
    table = {
        "code": pa.array(["h2024", None]).dictionary_encode(),
        "modifier_1": pa.array([22, None], pa.int8()),
        "modifier_2": pa.nulls(2),
        "units": pa.array([0.1, None], pa.float32()),
        "minutes": pa.array([90, None], pa.uint16()),
        "charge": pa.array([Decimal("61.2000"), None], pa.decimal128(12, 4)),
        "place_of_service": pa.array([2, None], pa.float64()),
        "date_of_service": pa.array([JAN, None], pa.date32()),
        "last_date_of_service": pa.array([dt.datetime(2026, 1, 3), None], pa.timestamp("ns")),
        "submitted": pa.array([20260104, None], pa.int64()),
        "age": pa.array([18, None], pa.float64()),
        "claim": pa.array([7, None], pa.float64()),
        "member": pa.array([b"ann", None], pa.binary()),
        "frequency": pa.array([b"7", None], pa.binary(1)),
        "payer": pa.array(["Acme", None], pa.large_string()),
        "conditions_met": pa.array([True, None]),
        "prior_authorization_number": pa.array([None, None], pa.string()),
    }
    first, second = lines(write(file, table))
    assert told(first) == {
        "code": "H2024",
        "modifiers": ("22",),
        "units": Decimal("0.1"),
        "minutes": Decimal(90),
        "charge": Decimal("61.2000"),
        "place_of_service": "02",
        "date_of_service": JAN,
        "last_date_of_service": dt.date(2026, 1, 3),
        "submitted": dt.date(2026, 1, 4),
        "age": 18,
        "claim": "7",
        "member": "ann",
        "frequency": "7",
        "payer": "Acme",
        "conditions_met": True,
    }
    assert told(second) == {"modifiers": ()}
    assert (str(first.units), str(first.charge)) == ("0.1", "61.2000")


@pytest.mark.parametrize(
    ("field", "value", "type_", "rule"),
    [
        ("units", float("nan"), "float64", "number"),
        ("units", float("inf"), "float32", "number"),
        ("claim", float("nan"), "float64", "number"),
        ("units", 1e-7, "float64", None),
        ("units", 1e300, "float64", "number"),
        ("modifiers", 1, "int64", "modifier"),
        ("place_of_service", 100, "int64", "place-of-service"),
        ("place_of_service", 1.5, "float64", "place-of-service"),
        ("date_of_service", 99_999_999, "date32", "unreadable"),
        ("date_of_service", 3_600_000, "timestamp[ms]", "date"),
        ("payer", b"\xff", "binary", "unreadable"),
    ],
)
def test_a_parquet_value_that_cannot_be_read(
    pa: Any, file: Path, field: str, value: Any, type_: str, rule: str | None
) -> None:
    column = pa.array([value], pa.type_for_alias(type_))
    found = write(file, {"code": ["H2024"], field: column})
    assert [rule for *_, rule in places(found)] == ([rule] if rule else [])
    assert codes(found) == ["H2024"]
    assert (getattr(lines(found)[0], field) is None) == bool(rule)


def test_a_parquet_code_that_lost_a_zero_is_a_problem(pa: Any, file: Path) -> None:
    found = write(file, {"code": pa.array([99213, 100])})
    assert codes(found) == ["99213", None]
    assert places(found) == [(2, 1, "code")]


def test_columns_of_lists_structures_and_moments_are_not_read(pa: Any, file: Path) -> None:
    moment = pa.array([0], pa.timestamp("us", tz="UTC"))
    found = write(file, {"code": ["H2024"], "modifiers": [["HQ"]], "payer": [{"a": 1}], "submitted": moment})
    assert [told(line) for line in lines(found)] == [{"code": "H2024"}]
    assert sorted(places(found)) == [(1, 2, "type"), (1, 3, "type"), (1, 4, "type")]


@pytest.fixture
def asked(pa: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What pyarrow is asked for."""
    made: list[dict[str, Any]] = []
    original = pa.parquet.ParquetFile.iter_batches

    def iter_batches(self: Any, **options: Any) -> Any:
        made.append(options)
        return original(self, **options)

    monkeypatch.setattr(pa.parquet.ParquetFile, "iter_batches", iter_batches)
    return made


def test_only_the_columns_needed_are_read(asked: list[dict[str, Any]], file: Path) -> None:
    found = write(file, {f"column {n}": ["x"] for n in range(2000)} | {"code": ["H2024"], "units": [1]})
    assert codes(found) == ["H2024"]
    assert [options["columns"] for options in asked] == [["code", "units"]]


def test_fewer_rows_are_read_at_a_time_the_longer_they_are(
    asked: list[dict[str, Any]], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_file, "BATCH_BYTES", 10_000)
    found = write(file, {"code": ["H2024"] * 50, "payer": [f"{n:01000}" for n in range(50)]})
    assert len(lines(found)) == 50
    assert asked[0]["batch_size"] <= 10


NO_PARQUET = {
    b"": "empty",
    b"code,units\n": "not-parquet",
    b"PAR1": "truncated",
    b"PAR1 and no end": "truncated",
    b"PAR1----\xff\xff\xff\x7fPAR1": "damaged",
    b"PAR1----\x04\x00\x00\x00PAR1": "damaged",
    b"PARE----\x04\x00\x00\x00PARE": "encrypted",
}


@pytest.mark.parametrize("raw", NO_PARQUET)
def test_a_file_that_is_no_parquet_has_one_problem(pa: Any, file: Path, raw: bytes) -> None:
    file.write_bytes(raw)
    assert places(parquet_file.read(file)) == [(1, 1, NO_PARQUET[raw])]


def test_a_file_that_is_not_there_and_a_folder_are_problems(pa: Any, tmp_path: Path) -> None:
    assert places(parquet_file.read(tmp_path)) == [(1, 1, "unreadable")]
    assert places(parquet_file.read(tmp_path / "none")) == [(1, 1, "unreadable")]


def test_without_pyarrow_the_message_says_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    message = "Parquet needs pyarrow: pip install 'h2024kb[batch]' [missing-package]"
    assert problems(parquet_file.read(file)) == [f"{file}:1:1: {message}"]
    with pytest.raises(MissingExtra, match="install"):
        pyarrow_or_say()


def test_a_parquet_file_without_rows_is_a_problem(pa: Any, file: Path) -> None:
    assert places(write(file, {"code": pa.array([], pa.string())})) == [(1, 1, "empty")]


def test_a_parquet_file_cut_off_anywhere_is_a_problem(pa: Any, file: Path) -> None:
    write(file, {"code": ["H2024"] * 10, "units": [1] * 10})
    whole = file.read_bytes()
    for size in range(0, len(whole), 25):
        file.write_bytes(whole[:size])
        assert lines(parquet_file.read(file)) == []
        assert len(problems(parquet_file.read(file))) == 1


def test_a_damaged_row_group_is_left_out_and_the_others_are_read(pa: Any, file: Path) -> None:
    payers = [f"payer {n}" for n in range(300)]
    write(file, {"code": ["H2024"] * 300, "payer": payers}, row_group_size=100, compression="none")
    whole = file.read_bytes()
    at = whole.index(b"payer 150") - 4
    file.write_bytes(whole[:at] + b"\xff" * 12 + whole[at + 12 :])
    found = list(parquet_file.read(file))
    assert [line.payer for line in lines(found)] == payers[:100] + payers[200:]
    assert [one.split(": ", 1)[1] for one in problems(found)] == [
        "rows 101 to 200 are left out: this part of the file is damaged: copy it again [damaged]"
    ]


@pytest.mark.parametrize("index", [-1, 2])
def test_an_index_outside_its_dictionary_is_damage(pa: Any, index: int) -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([0, index], pa.int32()), pa.array(["a", "b"]), safe=False)
    with pytest.raises(ValueError, match="outside"):
        parquet_file._cells(array)


def test_a_row_group_that_swells_is_refused_with_the_numbers(
    pa: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_file, "MAX_INFLATED", 1 << 20)
    schema = pa.schema({"code": pa.string(), "payer": pa.string(), "note": pa.string()})
    with pa.parquet.ParquetWriter(file, schema, compression="zstd", use_dictionary=False) as writer:
        writer.write_table(pa.table({"code": ["H2024"], "payer": ["x" * (4 << 20)], "note": [""]}, schema))
        writer.write_table(pa.table({"code": ["H2025"], "payer": ["y"], "note": ["z" * (4 << 20)]}, schema))
    found = list(parquet_file.read(file))
    assert [(line.code, line.payer) for line in lines(found)] == [("H2025", "y")]
    assert places(found) == [(1, 1, "too-large")]
    assert "rows 1 to 1 are left out: column 'payer' inflates from " in problems(found)[0]


def test_a_value_that_is_too_long_is_left_out(pa: Any, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "MAX_VALUE", 100)
    found = write(file, {"code": ["H2024", "H2025"], "payer": ["x" * 101, "x" * 100]})
    assert [line.payer for line in lines(found)] == [None, "x" * 100]
    assert places(found) == [(1, 2, "too-long")]


@pytest.mark.parametrize("plain_footer", [True, False])
def test_an_encrypted_parquet_file_is_a_problem(pa: Any, file: Path, *, plain_footer: bool) -> None:
    pe = pytest.importorskip("pyarrow.parquet.encryption")

    class Keys(pe.KmsClient):
        def wrap_key(self, key: bytes, name: str) -> bytes:
            return base64.b64encode(key)

        def unwrap_key(self, key: bytes, name: str) -> bytes:
            return base64.b64decode(key)

    names = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["code"]}, plaintext_footer=plain_footer)
    keys = pe.CryptoFactory(lambda _: Keys()).file_encryption_properties(pe.KmsConnectionConfig(), names)
    table = pa.table({"code": ["H2024"], "units": [1]})
    with pa.parquet.ParquetWriter(file, table.schema, encryption_properties=keys) as writer:
        writer.write_table(table)
    assert places(parquet_file.read(file)) == [(1, 1, "encrypted")]


def test_parquet_memory_does_not_grow_with_a_value_repeated(pa: Any, file: Path) -> None:
    payers = pa.DictionaryArray.from_arrays(pa.array([0] * 200, pa.int32()), pa.array(["y" * (1 << 20)]))
    pa.parquet.write_table(pa.table({"code": ["H2024"] * 200, "payer": payers}), file)
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    count = sum(pa.total_allocated_bytes() - before < 64 << 20 for _ in parquet_file.read(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 200
    assert peak < 64 << 20

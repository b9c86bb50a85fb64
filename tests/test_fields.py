"""A value says the same, or is the same problem, whether an 837P, a FHIR claim or a table has it."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from typing import Any

import duckdb
import pytest
import yaml
from answers import ROOT
from hypothesis import example, given
from hypothesis import strategies as st

from h2024kb.formats.fhir import fhir_file
from h2024kb.formats.table import csv_file
from h2024kb.formats.table.cells import NOTHING
from h2024kb.formats.x12 import x837
from h2024kb.knowledge.jurisdictions import JURISDICTIONS
from h2024kb.line import BETWEEN, NO_NUMBER, ServiceLine
from h2024kb.problem import Problem

USUAL = {
    "code": "H2024", "modifiers": "HQ", "diagnoses": "F70", "place_of_service": "12", "frequency": "1",
    "jurisdiction": "MD", "units": "1", "minutes": "", "charge": "60", "date_of_service": "20260105",
    "birth_date": "20000105", "prior_authorization_number": "A1",
}  # fmt: skip
ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260110*1200*^*00501*000000001*0*T*:~"
COLUMNS = {"modifiers": "modifier_1", "diagnoses": "diagnosis_1"}
MINUTES = {"system": "http://unitsofmeasure.org", "code": "min"}
Read = tuple[object, set[tuple[str, str]]]
"""What a field of the one line holds, and the message and rule of each problem, without its place."""


def x12(written: dict[str, str]) -> list[ServiceLine | Problem]:
    quantity = f"MJ*{written['minutes']}" if written["minutes"] else f"UN*{written['units']}"
    segments = (
        "GS*HC*S*R*20260110*1200*1*X*005010X222A1", "ST*837*1*005010X222A1", "HL*1**20*1", "NM1*85*2*EXAMPLE",
        f"N4*EXAMPLE*{written['jurisdiction']}", "HL*2*1*22*0", "NM1*IL*1*A*B****MI*1",
        f"DMG*D8*{written['birth_date']}", f"CLM*C1*1***{written['place_of_service']}:B:{written['frequency']}",
        f"REF*G1*{written['prior_authorization_number']}", f"HI*ABK:{written['diagnoses']}", "LX*1",
        f"SV1*HC:{written['code']}:{written['modifiers']}*{written['charge']}*{quantity}***1",
        f"DTP*472*D8*{written['date_of_service']}", "SE*14*1", "GE*1*1", "IEA*1*000000001",
    )  # fmt: skip
    return list(x837.read(io.BytesIO((ISA + "~".join(segments) + "~").encode()), "f"))


def fhir(written: dict[str, str]) -> list[ServiceLine | Problem]:
    def coded(code: str) -> dict[str, Any]:
        return {"coding": [{"code": code}]}

    def with_hyphens(date: str) -> str:
        return f"{date[:4]}-{date[4:6]}-{date[6:]}"

    quantity = {"value": written["minutes"], **MINUTES} if written["minutes"] else {"value": written["units"]}
    frequency = {"coding": [{"system": "https://example.org/freq-cd", "code": written["frequency"]}]}
    claim = {
        "resourceType": "Claim",
        "id": "C1",
        "contained": [{"resourceType": "Patient", "id": "p", "birthDate": with_hyphens(written["birth_date"])}],
        "patient": {"reference": "#p"},
        "supportingInfo": [{"code": frequency}],
        "insurance": [{"focal": True, "preAuthRef": [written["prior_authorization_number"]]}],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": coded(written["diagnoses"])}],
        "item": [
            {
                "productOrService": coded(written["code"]),
                "modifier": [coded(written["modifiers"])] if written["modifiers"] else [],
                "servicedDate": with_hyphens(written["date_of_service"]),
                "quantity": quantity,
                "net": {"value": written["charge"]},
                "locationCodeableConcept": coded(written["place_of_service"]),
                "locationAddress": {"state": written["jurisdiction"]},
            }
        ],
    }
    text = json.dumps(claim)
    for member in ("value", "sequence"):
        text = re.sub(rf'"{member}": "(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)"', rf'"{member}": \1', text)
    return list(fhir_file.read(io.BytesIO(text.encode()), "f"))


def table(written: dict[str, str]) -> list[ServiceLine | Problem]:
    header = ",".join(COLUMNS.get(name, name) for name in written)
    found = csv_file.read(io.BytesIO(f"{header}\n{','.join(written.values())}\n".encode()), "f")
    return [one for one in found if isinstance(one, ServiceLine) or not one.is_note]


def read(field: str, found: list[ServiceLine | Problem]) -> Read:
    (line,) = (one for one in found if isinstance(one, ServiceLine))
    problems = (one for one in found if isinstance(one, Problem))
    return getattr(line, field), {(one.message.split(": ", 1)[1], one.rule) for one in problems}


def in_each(field: str, **written: str) -> list[Read]:
    """What an 837P, a FHIR claim and a table say of a field, where they hold the usual values but for those given."""
    return [read(field, reader(USUAL | written)) for reader in (x12, fhir, table)]


SPACES = st.sampled_from(["", " ", "  ", "\t", "\u00a0", "\u200b", "\ufeff"])
LETTERS = "abMDUhq0129.-/éßﬂ"
VALID = {
    "code": ["H2024", "h2024", "99213", "W7060Z"],
    "modifiers": ["HQ", "u4", "22", "1P"],
    "diagnoses": ["F70", "f84.0", "Z560", "9999999", "F.7.0"],
    "place_of_service": ["12", "02", "99"],
    "frequency": ["1", "7", "8", "a"],
    "jurisdiction": [*JURISDICTIONS, "md"],
}
INVALID = {
    "code": ["H", "H2024U4", "H2O24", "H 2024"],
    "modifiers": ["HQU4", "H", "é1", "ß"],
    "diagnoses": ["F7", "F84?", "F8400000", "."],
    "place_of_service": ["2", "123", "1A", "HOME"],
    "frequency": ["11", "-"],
    "jurisdiction": ["XX", "Maryland", "AE", "ﬂ", "M"],
}


def test_the_usual_values_are_no_problem() -> None:
    for found in (x12(USUAL), fhir(USUAL), table(USUAL)):
        assert [type(one) for one in found] == [ServiceLine]


@pytest.mark.parametrize("field", VALID)
@given(st.data())
def test_codes_in_each_format(field: str, data: st.DataObject) -> None:
    more = "" if field in COLUMNS else " "
    texts = st.sampled_from(VALID[field] + INVALID[field]) | st.text(LETTERS + more, min_size=1, max_size=5)
    text = data.draw(texts.filter(lambda one: one.strip() and one.strip() not in NOTHING and one.strip() != "US"))
    claim, resource, row = in_each(field, **{field: data.draw(SPACES) + text + data.draw(SPACES)})
    assert claim == resource == row
    value, problems = claim
    assert (value is None) == bool(problems)
    assert text not in VALID[field] or value is not None
    assert text not in INVALID[field] or value is None


AUTHORIZATIONS = {
    True: ["A1234", "000123", "Ab-9", "NONE4", "N1", "0A"],
    False: ["NONE", " none ", "N/A", "n.a.", "NA", "0", "000", "-", ".", "Unknown", "NOT REQUIRED", "xxx", "TBD"],
}


@pytest.mark.parametrize("number", [(text, is_one) for is_one, texts in AUTHORIZATIONS.items() for text in texts])
def test_what_stands_for_no_authorization_is_not_a_number(number: tuple[str, bool]) -> None:
    """The same in every format, in a line made by hand, and in SQL."""
    text, is_one = number
    written = USUAL | {"prior_authorization_number": text}
    lines = [*x12(written), *fhir(written), *table(written), ServiceLine(prior_authorization_number=text)]
    # What a table reads as a blank cell is not given there.
    in_table = None if text.strip() in NOTHING else is_one
    found = [line.authorized for line in lines if isinstance(line, ServiceLine)]
    assert found == [is_one, is_one, in_table, is_one]
    plain = f"upper(regexp_replace(?, '{BETWEEN}', '', 'g'))"
    [in_sql] = duckdb.sql(f"SELECT NOT regexp_full_match({plain}, '{NO_NUMBER}')", params=[text]).fetchall()
    assert in_sql == (is_one,)


CODES = yaml.safe_load((ROOT / "tests" / "tabular" / "codes.yaml").read_text())
NO_MODIFIERS = {"modifiers": ""}


def code_and_modifiers(found: list[ServiceLine | Problem]) -> tuple[str, list[str]]:
    """What is billed by the one line, as a biller writes it, and the rules of the problems."""
    (line,) = (one for one in found if isinstance(one, ServiceLine))
    billed = " ".join((line.code or "none", *(line.modifiers or ())))
    return billed, [one.rule for one in found if isinstance(one, Problem)]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("case", [*CODES["read"], *CODES["not_in_x12"]], ids=lambda case: str(case["text"]))
def test_a_code_is_read_with_what_stands_around_it_and_behind_it(case: dict[str, str]) -> None:
    x12_too = [x12] if case in CODES["read"] else []
    for reader in (*x12_too, fhir, table):
        written = USUAL | NO_MODIFIERS | {"code": quoted(case["text"]) if reader is table else case["text"]}
        assert code_and_modifiers(reader(written)) == (case["as"], []), reader


@pytest.mark.parametrize("text", CODES["refused"])
def test_what_may_be_one_of_our_codes_is_never_another(text: str) -> None:
    for reader in (x12, fhir, table):
        assert code_and_modifiers(reader(USUAL | NO_MODIFIERS | {"code": text})) == ("none", ["code"]), reader


@pytest.mark.parametrize(
    ("behind", "listed", "read"),
    [("HQ", "HQ", "HQ"), ("HQ", "U4", "HQ U4"), ("U4-HQ", "HQ", "U4 HQ"), ("HQ", "", "HQ")],
)
def test_modifiers_behind_a_code_and_in_their_own_place_are_one_list(behind: str, listed: str, read: str) -> None:
    for reader in (x12, fhir, table):
        found = reader(USUAL | {"code": f"H2024-{behind}", "modifiers": listed})
        assert code_and_modifiers(found) == (f"H2024 {read}", []), reader


def test_modifiers_behind_a_code_are_no_list_where_the_others_cannot_be_read() -> None:
    for reader in (x12, fhir, table):
        found = reader(USUAL | {"code": "H2024-U4", "modifiers": "HQX"})
        assert [(one.code, one.modifiers) for one in found if isinstance(one, ServiceLine)] == [("H2024", None)], reader


def test_only_a_table_says_that_a_line_is_nationwide() -> None:
    """The country is no state of an address."""
    claim, resource, row = in_each("jurisdiction", jurisdiction="US")
    assert claim == resource == (None, {("write MD for Maryland, and so on", "jurisdiction")})
    assert row == ("US", set())


NUMBERS = st.decimals(-(10**17), 10**17, places=2) | st.decimals(0, 100, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("field", ["units", "minutes", "charge"])
@given(NUMBERS.map(lambda number: f"{number:f}"))
@example("999999999999999.999999999999999")
@example("1000000000000000")
@example("1.0000000000000001")
@example("1.0000000000000000")
@example("-0")
def test_numbers_in_each_format(field: str, text: str) -> None:
    claim, resource, row = in_each(field, **{field: text})
    assert claim == resource == row
    assert (claim[0] is None) == bool(claim[1])


@pytest.mark.parametrize("text", ["1/2", "$5", "1e3", "١", "--1", "one", "-"])
@pytest.mark.parametrize("field", ["units", "minutes", "charge"])
def test_what_is_not_a_number_is_a_problem_in_each_format(field: str, text: str) -> None:
    assert [(value, len(problems)) for value, problems in in_each(field, **{field: text})] == [(None, 1)] * 3


DATES = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(lambda day: day.isoformat().replace("-", ""))


@given(DATES | st.text("0123", min_size=8, max_size=8))
@example("00000000")
@example("20260230")
def test_dates_in_each_format(text: str) -> None:
    claim, resource, row = in_each("date_of_service", date_of_service=text)
    assert claim[0] == resource[0] == row[0]
    assert claim == resource == row
    assert (claim[0] is None) == (("not a real date", "date") in claim[1])


@pytest.mark.parametrize("text", ["2026", "2026010", "202601051"])
@pytest.mark.parametrize("field", ["date_of_service"])
def test_what_is_not_a_date_is_a_problem_in_each_format(field: str, text: str) -> None:
    for value, problems in in_each(field, **{field: text}):
        assert value is None
        assert {rule for _, rule in problems} == {"date"}


@given(st.dates(), st.dates())
@example(dt.date(2026, 1, 6), dt.date(2026, 1, 5))
@example(dt.date(1895, 1, 5), dt.date(2026, 1, 4))
@example(dt.date(1895, 1, 5), dt.date(2026, 1, 5))
@example(dt.date(2008, 2, 29), dt.date(2026, 2, 28))
def test_ages_in_each_format(born: dt.date, on: dt.date) -> None:
    written = {"birth_date": f"{born:%Y%m%d}".zfill(8), "date_of_service": f"{on:%Y%m%d}".zfill(8)}
    claim, resource, row = in_each("age", **written)
    assert claim == resource == row
    assert (claim[0] is None) == bool(claim[1])

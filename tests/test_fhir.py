"""FHIR claims are read as they are written; what cannot be read has a problem, shows no value and raises nothing."""

from __future__ import annotations

import copy
import datetime as dt
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from answers import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from h2024kb.formats.fhir import fhir_file
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

HERE = Path(__file__).parent / "fhir"
BUNDLE = json.loads((HERE / "bundle.json").read_text("utf-8"))
BENEFIT = json.loads((HERE / "stu3-benefit.json").read_text("utf-8"))
NDJSON = (HERE / "claims.ndjson").read_bytes()
SECRETS = ("Inventedname", "M-4711", "1990-03-03", "c1", "CN-77", "PA-5", "p1", "ZZMCD", "4711")
CHANGES = yaml.safe_load((HERE / "changes.yaml").read_text("utf-8"))
GONE = object()
ITEM = "entry.0.resource.item.0"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"


def read(raw: bytes | dict[str, Any]) -> tuple[list[ServiceLine], list[Problem]]:
    content = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    got = list(fhir_file.read(io.BytesIO(content), "f.json"))
    lines = [one for one in got if isinstance(one, ServiceLine)]
    problems = [one for one in got if isinstance(one, Problem)]
    assert len(got) == len(lines) + len(problems)
    return lines, [one for one in problems if not one.is_note]


def changed(resource: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy of a resource with one member, named by a path such as `item.0.net`, set or taken out."""
    made = copy.deepcopy(resource)
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    at: Any = made
    for step in way:
        at = at[step]
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    return made


def claim_with(path: str, value: object) -> dict[str, Any]:
    return changed(BUNDLE, f"entry.0.resource.{path}", value)


def coded(code: str, system: str | None = HCPCS) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code} if system else {"code": code}]}


LINE = ServiceLine(
    code="H2024",
    modifiers=("U4", "HQ"),
    date_of_service=dt.date(2026, 3, 2),
    last_date_of_service=dt.date(2026, 3, 4),
    units=Decimal(3),
    place_of_service="99",
    prior_authorization_number="PA-5",
    diagnoses=("F79", "F209"),
    charge=Decimal("183.60"),
    age=35,
    payer="Example State Medicaid",
    payer_id="ZZMCD",
    jurisdiction="ZZ",
    submitted=dt.date(2026, 3, 5),
    claim="c1",
    line="1",
    member="Patient/p1",
)


def line_with(fields: dict[str, object]) -> ServiceLine:
    return msgspec.convert(msgspec.to_builtins(LINE) | fields, ServiceLine)


def told(change: dict[str, Any]) -> str:
    return f"{change['set']}={json.dumps(change.get('to', 'gone'))[:60]}"


def test_a_claim_in_a_bundle() -> None:
    assert read((HERE / "bundle.json").read_bytes()) == ([LINE], [])


def test_entries_may_come_in_any_order() -> None:
    for count in range(len(BUNDLE["entry"])):
        turned = BUNDLE["entry"][count:] + BUNDLE["entry"][:count]
        for entries in (turned, turned[::-1]):
            assert read({**BUNDLE, "entry": entries}) == ([LINE], [])


def test_numbers_are_exact() -> None:
    raw = (HERE / "bundle.json").read_bytes()
    line = read(raw.replace(b"183.60", b"183.600000000000001"))[0][0]
    assert str(line.charge) == "183.600000000000001"


def test_a_benefit_in_the_names_of_stu3() -> None:
    line = ServiceLine(
        code="H2023",
        modifiers=("HQ",),
        date_of_service=dt.date(2026, 4, 1),
        units=Decimal(4),
        place_of_service="12",
        prior_authorization_number="PA-6",
        diagnoses=("F79",),
        charge=Decimal("40.1"),
        line_of_business="medicare",
        claim="carrier-1",
        line="1",
        member="Patient/20",
        frequency="7",
    )
    assert read(BENEFIT) == ([line], [])


def test_what_is_absent_is_told_to_be_none_only_where_it_would_be_told() -> None:
    item = {"sequence": 1, "productOrService": coded("H2024")}
    claim, benefit = (read({"resourceType": kind, "item": [item]})[0][0] for kind in ("Claim", "ExplanationOfBenefit"))
    assert claim == ServiceLine(
        code="H2024", modifiers=(), diagnoses=(), prior_authorization_number="", claim="line 1", line="1"
    )
    assert benefit == ServiceLine(code="H2024", modifiers=(), claim="line 1", line="1")


@pytest.mark.parametrize("change", CHANGES["read"], ids=told)
def test_what_a_claim_says(change: dict[str, Any]) -> None:
    assert read(claim_with(change["set"], change.get("to", GONE))) == ([line_with(change["line"])], [])


@pytest.mark.parametrize("change", CHANGES["wrong"], ids=told)
def test_what_is_wrong_is_left_out_and_told(change: dict[str, Any]) -> None:
    lines, problems = read(claim_with(change["set"], change["to"]))
    assert lines == [line_with(change["line"])]
    assert [str(one) for one in problems] == [f"f.json:1:1: entry[0].resource.{change['says']}"]


def test_a_line_for_each_part_with_a_code_where_the_item_has_none() -> None:
    parts = [
        {"sequence": 1, "productOrService": coded("H2024"), "modifier": [coded("U4")], "quantity": {"value": 1}},
        {"sequence": 2, "subDetail": [{"sequence": 1, "productOrService": coded("H2026")}, {"sequence": 2}]},
    ]
    item = BUNDLE["entry"][0]["resource"]["item"][0] | {"detail": parts}
    assert read(claim_with("item", [item])) == ([LINE], [])
    del item["productOrService"]
    first, second = read(claim_with("item", [item]))[0]
    assert (first.code, first.line, first.modifiers, first.units) == ("H2024", "1.1", ("U4",), 1)
    assert (second.code, second.line, second.modifiers, second.units) == ("H2026", "1.2.1", (), None)
    assert {(one.date_of_service, one.place_of_service, one.diagnoses) for one in (first, second)} == {
        (LINE.date_of_service, LINE.place_of_service, LINE.diagnoses)
    }


@pytest.mark.parametrize(
    ("unit", "minutes"),
    [
        *[(one, 2) for one in ("min", "mins", "minute", "Minutes", "MJ")],
        *[(one, 120) for one in ("h", "hr", "hour", "Hours")],
    ],
)
def test_a_length_of_time_is_told_in_minutes(unit: str, minutes: int) -> None:
    for name in ("code", "unit"):
        lines, problems = read(claim_with("item.0.quantity", {"value": 2, name: unit}))
        assert (lines, problems) == ([line_with({"units": None, "minutes": str(minutes)})], [])


@pytest.mark.parametrize(
    "system",
    [
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "https://bluebutton.cms.gov/resources/codesystem/hcpcs",
        "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes",
        "http://www.ama-assn.org/go/cpt",
        "urn:oid:2.16.840.1.113883.6.285",
        "urn:oid:2.16.840.1.113883.6.14",
        "urn:oid:2.16.840.1.113883.6.12",
    ],
)
def test_systems_of_billing_codes_and_modifiers(system: str) -> None:
    two = {"coding": [{"system": "https://example.org/own", "code": "XX"}, {"system": system, "code": "U5"}]}
    lines, problems = read(changed(claim_with("item.0.productOrService", two), f"{ITEM}.modifier", [two]))
    assert (lines, problems) == ([line_with({"code": "U5", "modifiers": ["U5"]})], [])


@pytest.mark.parametrize(
    "system",
    ["http://hl7.org/fhir/modifiers", "http://unitsofmeasure.org", "http://snomed.info/sct", "http://loinc.org"],
)
def test_systems_that_have_no_modifiers(system: str) -> None:
    assert read(claim_with("item.0.modifier.0", coded("AB", system))) == ([line_with({"modifiers": ["HQ"]})], [])


@pytest.mark.parametrize(
    "system",
    [
        "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set",
        "https://example.org/place-of-service",
        "https://www.cms.gov/medicare/coding/place_of_service_code_set.html",
        "https://bluebutton.cms.gov/resources/variables/line_place_of_srvc_cd",
    ],
)
def test_systems_of_places_of_service(system: str) -> None:
    two = {"coding": [{"code": "22"}, {"system": system, "code": "12"}]}
    assert read(claim_with("item.0.locationCodeableConcept", two)) == ([line_with({"place_of_service": "12"})], [])


@pytest.mark.parametrize(
    "category",
    [
        "submitted",
        "https://bluebutton.cms.gov/resources/variables/line_sbmtd_chrg_amt",
        "https://bluebutton.cms.gov/resources/variables/rev_cntr_tot_chrg_amt",
        "CLM_LINE_SBMT_CHRG_AMT",
    ],
)
def test_what_was_submitted_is_the_charge_of_a_benefit_without_a_net_price(category: str) -> None:
    benefit = changed(BENEFIT, "item.0.adjudication.1.category", coded(category))
    assert read(benefit)[0][0].charge == Decimal("40.1")
    assert read({**benefit, "resourceType": "Claim"})[0][0].charge is None
    assert read(changed(benefit, "item.0.net", {"value": 7}))[0][0].charge == 7


def test_a_claim_is_named_by_its_id_then_by_its_unique_number() -> None:
    numbers = [{"value": "first"}, {"type": coded("uc"), "value": "second"}]
    bare = changed(BUNDLE, "entry.0.resource.id", GONE)
    for identifiers, name in ((numbers, "second"), (numbers[:1], "first"), ([], "entry[0]")):
        assert read(changed(bare, "entry.0.resource.identifier", identifiers))[0][0].claim == name


@pytest.mark.parametrize("birth_date", ["1990", "1990-03"])
def test_no_age_of_a_birth_date_that_is_no_day(birth_date: str) -> None:
    assert read(changed(BUNDLE, "entry.5.resource.birthDate", birth_date)) == ([line_with({"age": None})], [])


def test_a_price_by_quantity_takes_the_factor() -> None:
    item = {"unitPrice": {"value": 10, "currency": "USD"}, "quantity": {"value": 2}, "factor": 0.5}
    assert read(claim_with("item", [item]))[0][0].charge == 10
    assert read(claim_with("item", [{**item, "quantity": {}}]))[0][0].charge is None
    (line,), (problem,) = read(claim_with("item", [{**item, "factor": "half"}]))
    assert (line.charge, problem.message.split(": ")[0]) == (None, "entry[0].resource.item[0].factor")


@pytest.mark.parametrize(
    ("item", "field", "place"),
    [
        ({"quantity": {"value": 999999999999999, "unit": "hour"}}, "minutes", "item[0].quantity.value"),
        ({"quantity": {"value": 99999999}, "unitPrice": {"value": 99999999}}, "charge", "item[0].unitPrice"),
    ],
)
def test_what_is_made_of_numbers_is_not_longer_than_a_number(item: dict[str, Any], field: str, place: str) -> None:
    (line,), (problem,) = read(claim_with("item", [item]))
    assert getattr(line, field) is None
    assert problem.message.startswith(
        f"entry[0].resource.{place}: write a number of at most 15 digits before its point"
    )


def test_a_diagnosis_that_is_not_valid_takes_no_other_away() -> None:
    wrong = claim_with("diagnosis.1.diagnosisCodeableConcept", coded("F"))
    number = wrong["entry"][0]["resource"]["diagnosis"][0]["sequence"]
    lines, problems = read(changed(wrong, f"{ITEM}.diagnosisSequence", [number]))
    assert [line.diagnoses for line in lines] == [("F209",)]
    assert [problem.rule for problem in problems] == ["diagnosis"]


def contained(*resources: dict[str, Any], **members: object) -> ServiceLine:
    claim = {"resourceType": "Claim", "contained": list(resources), "item": [{"servicedDate": "2026-03-02"}], **members}
    (line,), problems = read(claim)
    assert problems == []
    return line


def test_contained_resources() -> None:
    patient = {"resourceType": "Patient", "id": "a", "birthDate": "2000-02-29", "identifier": [{"value": "9"}]}
    line = contained(patient, patient=to("#a"))
    assert (line.age, line.member) == (26, "|9")
    plan = {"resourceType": "Coverage", "id": "b", "payor": [to("#c")]}
    medicare = {"class": [{"type": coded("group"), "value": "Medicare"}, {"type": coded("plan"), "value": "Part B"}]}
    name = {"resourceType": "Organization", "id": "c", "name": "A payer"}
    line = contained(name, plan | medicare, insurance=[{"coverage": to("#b")}])
    assert (line.payer, line.line_of_business) == ("A payer", "medicare")


def to(reference: str) -> dict[str, str]:
    return {"reference": reference}


@pytest.mark.parametrize(
    "payor",
    [
        {"reference": "Patient/p1", "display": "Inventedname"},
        {"reference": "#a", "display": "Inventedname"},
        {"reference": "urn:uuid:1", "display": "Inventedname"},
        {"type": "RelatedPerson", "display": "Inventedname"},
    ],
)
def test_a_person_is_no_payer(payor: dict[str, str]) -> None:
    patient = {"resourceType": "Patient", "id": "a"}
    plan = {"resourceType": "Coverage", "id": "b", "payor": [payor]}
    assert contained(patient, plan, insurance=[{"coverage": to("#b")}]).payer is None


def test_a_benefit_names_its_insurer_before_the_coverage() -> None:
    insurer = {"display": "The insurer", "identifier": {"value": "9"}}
    for kind, payer in (("Claim", ("Example State Medicaid", "ZZMCD")), ("ExplanationOfBenefit", ("The insurer", "9"))):
        changed_kind = claim_with("resourceType", kind)
        (line,), _ = read(changed(changed_kind, "entry.0.resource.insurer", insurer))
        assert (line.payer, line.payer_id) == payer


def test_resources_that_share_an_id_are_not_chosen_from_where_they_differ() -> None:
    plain = [{"resource": entry["resource"]} for entry in BUNDLE["entry"]]
    other, third = (
        {"resource": {"resourceType": "Coverage", "id": "v1", "payor": [{"display": name}]}} for name in "AB"
    )
    assert read({**BUNDLE, "entry": [*plain, *plain[1:]]}) == ([LINE], [])
    for entries in ([*plain, other], [other, third, *plain], [other, *plain, other]):
        (line,), problems = read({**BUNDLE, "entry": entries})
        assert (line.payer, problems) == ("Example State Department of Health", [])


def test_a_reference_leads_to_the_server_it_is_made_on() -> None:
    """A second server calls its own resources by the same ids."""
    other = json.loads(
        json.dumps(BUNDLE).replace("fhir.example.org", "two.example.org").replace("State Medicaid", "Two")
    )
    lines, problems = read({**BUNDLE, "entry": BUNDLE["entry"] + other["entry"]})
    assert (lines, problems) == ([LINE, line_with({"payer": "Example Two"})], [])


def test_the_state_of_the_place_an_item_names() -> None:
    other = {"resource": {"resourceType": "Location", "id": "l2", "address": {"state": "KY"}}}
    moved = claim_with("item.0.locationReference", to("Location/l2"))
    assert read({**moved, "entry": [*moved["entry"], other]}) == ([line_with({"jurisdiction": "KY"})], [])


def test_a_diagnosis_told_by_a_condition() -> None:
    code = {"coding": [{"code": "local"}, {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F20.81"}]}
    condition = {"resourceType": "Condition", "id": "a", "code": code}
    assert contained(condition, diagnosis=[{"diagnosisReference": to("#a")}]).diagnoses == ("F2081",)
    assert contained(diagnosis=[{"diagnosisCodeableConcept": code}, {}]).diagnoses is None


def test_an_item_of_a_benefit_that_points_to_no_diagnosis_has_all() -> None:
    (line,), _ = read(changed(BENEFIT, "item.0.diagnosisLinkId", GONE))
    assert line.diagnoses == ("F2081", "F79")


def test_the_prior_authorization_number_of_a_whole_benefit() -> None:
    bare = changed(BENEFIT, "insurance.preAuthRef", GONE)
    assert read(bare)[0][0].prior_authorization_number is None
    assert read({**bare, "preAuthRef": ["PA-7"]})[0][0].prior_authorization_number == "PA-7"


@pytest.mark.parametrize(
    ("group", "plan", "business"),
    [
        ("Medicare", "Part A", "medicare"),
        ("Medicare", "Part B", "medicare"),
        ("Medicare", "Part C", None),
        ("Employer", "Part B", None),
    ],
)
def test_original_medicare_is_seen_from_the_coverage(group: str, plan: str, business: str | None) -> None:
    classes = [{"type": coded("group"), "value": group}, {"type": coded("plan"), "value": plan}]
    coverage = {"resourceType": "Coverage", "id": "b", "class": classes}
    assert contained(coverage, insurance=[{"coverage": to("#b")}]).line_of_business == business


def test_the_payer_of_a_coverage_of_r5() -> None:
    numbers = [{"value": "tax"}, {"type": coded("NIIP"), "value": "99999"}]
    name = {"resourceType": "Organization", "id": "c", "name": "A payer", "identifier": numbers}
    line = contained(
        name, {"resourceType": "Coverage", "id": "b", "insurer": to("#c")}, insurance=[{"coverage": to("#b")}]
    )
    assert (line.payer, line.payer_id) == ("A payer", "99999")


def test_a_member_of_a_bundle_is_known_by_the_identifier() -> None:
    patient = {"resourceType": "Patient", "identifier": [{"system": "s", "value": "9"}]}
    claim = {"resourceType": "Claim", "patient": to("urn:uuid:1"), "item": [{}]}
    entries = [{"resource": claim}, {"fullUrl": "urn:uuid:1", "resource": patient}]
    assert read({"resourceType": "Bundle", "entry": entries})[0][0].member == "s|9"


@pytest.mark.parametrize("use", ["preauthorization", "predetermination", "proposed"])
def test_a_request_is_not_a_claim(use: str) -> None:
    lines, (problem,) = read(claim_with("use", use))
    assert lines == []
    assert str(problem).startswith("f.json:1:1: entry[0].resource.use: this asks for an authorization")
    assert problem.rule == "not-a-claim"


def test_lines_of_ndjson() -> None:
    lines, problems = read(NDJSON)
    assert [(one.claim, one.line, one.code) for one in lines] == [
        ("n1", "1", "H2024"),
        ("CN-2", "1", "H2025"),
        ("CN-2", "2", "H2026"),
        ("line 5", None, "T2019"),
    ]
    assert problems == []


def test_ndjson_is_not_read_ahead() -> None:
    stream = io.BytesIO(NDJSON * 1000)
    next(fhir_file.read(stream, "f"))
    assert stream.tell() == NDJSON.index(b"\n") + 1


FIRST, _, _, THIRD, _ = NDJSON.splitlines(keepends=True)


@pytest.mark.parametrize("cut", range(2, len(FIRST) - 1))
def test_the_lines_around_a_broken_one_are_read(cut: int) -> None:
    broken = FIRST[:cut] + b"\n"
    for raw, line in ((broken + THIRD + FIRST, 1), (THIRD + broken + FIRST, 2), (THIRD + FIRST + broken, 3)):
        lines, problems = read(raw)
        assert [one.code for one in lines] == ["H2025", "H2026", "H2024"]
        assert [(one.line, one.rule) for one in problems] == [(line, "truncated")]
        assert 1 <= problems[0].column <= cut + 1


def test_a_broken_bundle_gives_the_entries_before_the_break() -> None:
    raw = json.dumps({**BUNDLE, "entry": BUNDLE["entry"][1:] + BUNDLE["entry"][:1] * 2}).encode()
    second = raw.rindex(b'{"fullUrl"')
    for cut in [*range(second, len(raw), 41), len(raw) - 2, len(raw) - 1]:
        lines, (problem,) = read(raw[:cut])
        assert lines == [LINE] * (2 if cut >= len(raw) - 2 else 1)
        assert problem.rule == "truncated"


DEEP = b'{"resourceType":' + b"[" * 100_000
CLAIM = b'{"resourceType": "Claim", "item": [{"productOrService": {"coding": [{"code": "H2024"}]}}]}'

TOO_WIDE = "1:1: item[0].quantity.value: write a number of at most 15 digits before its point and 15 after it [number]"


def bundle(entries: bytes) -> bytes:
    return b'{"resourceType": "Bundle", "entry": [%b]}' % entries


def quantity(value: bytes) -> bytes:
    return b'{"resourceType": "Claim", "item": [{"quantity": {"value": %b}}]}' % value


# A file, how many lines it gives, and what is said of it.
FILES = {
    "empty": (b"", 0, ["1:1: the file is empty [empty]"]),
    "blank": (b"\n \r\n\t\n", 0, ["1:1: the file is empty [empty]"]),
    "utf-8-mark": (b"\xef\xbb\xbf" + CLAIM, 1, []),
    "blank-first": (b"\n\n" + CLAIM, 1, []),
    "carriage-returns": (CLAIM + b"\r\n" + CLAIM + b"\r\n", 2, []),
    "latin-1": (
        b'{"resourceType": "Patient",\n "text": "\xe9"}\n',
        0,
        [
            "2:11: this is not UTF-8, and the file is read as Latin-1; save it as UTF-8 [encoding]",
            "1:1: this file has no Claim and no ExplanationOfBenefit [no-claims]",
        ],
    ),
    "latin-1-lines": (
        (CLAIM.replace(b'"Claim"', b'"Claim", "a": "\xe9"') + b"\n") * 3,
        3,
        ["1:33: this is not UTF-8, and the file is read as Latin-1; save it as UTF-8 [encoding]"],
    ),
    "text": (b"payer,code\nA,H2024\n", 0, ["1:1: this is not JSON: Expecting value [json]"]),
    "comma": (b'{"resourceType":\n "Claim",, }', 0, ["2:10: this is not JSON: "]),
    "cut": (b'{\n "resourceType": "Cla', 0, ["2:18: the JSON ends before it is complete [truncated]"]),
    "more-after": (CLAIM.replace(b" ", b"\n") + b"\n]", 1, ["8:1: this is not JSON: Extra data [json]"]),
    "list-of-claims": (b"[" + CLAIM + b"]", 0, ["1:1: write one FHIR resource, a Bundle of several, or one resource"]),
    "deep": (DEEP, 0, ["1:1: this JSON is nested too deeply to be FHIR [too-deep]"]),
    "deep-line": (CLAIM + b"\n" + DEEP + b"\n" + CLAIM, 2, ["2:1: this JSON is nested too deeply to be FHIR"]),
    "list": (
        b"[]",
        0,
        ["1:1: write one FHIR resource, a Bundle of several, or one resource on each line (NDJSON) [not-fhir]"],
    ),
    "no-type": (b"{}\n" + CLAIM, 1, ["1:1: resourceType: write the type of the resource, as Claim [not-fhir]"]),
    "number": (
        CLAIM + b"\n7\n",
        1,
        ["2:1: write one FHIR resource, a Bundle of several, or one resource on each line (NDJSON) [not-fhir]"],
    ),
    "entries": (
        bundle(b'7, {"resource": []}, {"response": {}}, {"resource": %b}' % CLAIM),
        1,
        ["1:1: entry[0]: write an object, in braces", "1:1: entry[1].resource: write one object, in braces"],
    ),
    "odd-type": (
        bundle(b'{"resource": {"resourceType": 7, "id": "1"}}, {"resource": %b}' % CLAIM),
        1,
        ["1:1: entry[0].resource.resourceType: write a text, in quotes [fhir-type]"],
    ),
    "a-resource-on-each-line": (bundle(b'{"resource":\n%b\n},{"resource":\n%b\n}' % (CLAIM, CLAIM)), 2, []),
    "inner-bundle": (bundle(b'{"resource": %b}' % bundle(b'{"resource": %b}' % CLAIM)), 1, []),
    "nothing-in-it": (bundle(b""), 0, ["1:1: this file has no Claim and no ExplanationOfBenefit [no-claims]"]),
    "huge-number": (quantity(b"1e99999999999999999999"), 1, [TOO_WIDE]),
    "not-a-number": (quantity(b"NaN"), 1, [TOO_WIDE]),
    "endless-number": (quantity(b"-Infinity"), 1, [TOO_WIDE]),
    "long-number": (quantity(b"9" * 5000), 1, [TOO_WIDE]),
    "half-a-pair": (
        b'{"resourceType": "Claim", "id": "\\ud800", "item": [{}]}',
        1,
        ["1:1: id: leave out the characters that cannot be printed [fhir-value]"],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_files(name: str) -> None:
    raw, count, messages = FILES[name]
    lines, problems = read(raw)
    assert len(lines) == count
    assert len(problems) == len(messages)
    for problem, message in zip(problems, messages, strict=True):
        assert str(problem).startswith(f"f.json:{message}")


SHORT = CLAIM + b"\n"
LONG = CLAIM.replace(b'"Claim"', b'"Claim", "text": "' + b"x" * 500 + b'"') + b"\n"
PRETTY = SHORT.replace(b" ", b"\n ")

# A file, how many lines it gives, and on which lines something is said, where 200 bytes of a line are read and 400 of
# a document.
TOO_LONG = {
    "between": (SHORT + LONG + SHORT, 2, [2]),
    "last": (SHORT + LONG.rstrip(), 1, [2]),
    "first": (LONG + SHORT, 1, [1]),
    "alone": (LONG.rstrip(), 0, [1]),
    "document": (PRETTY + b"\n" * 400, 0, [1]),
    "small-document": (PRETTY, 1, []),
    "broken-first": (SHORT[:40] + b"\n" + SHORT * 5, 5, [1]),
    "just-a-line": (SHORT + CLAIM.ljust(200) + b"\n" + SHORT, 3, []),
    "just-a-last-line": (SHORT + CLAIM.ljust(200), 2, []),
    "one-more": (SHORT + CLAIM.ljust(201) + b"\n" + SHORT, 2, [2]),
    "just-a-document": (PRETTY.ljust(400, b"\n"), 1, []),
    "just-one-line": (CLAIM.ljust(400), 1, []),
    "just-a-first-line": (CLAIM.ljust(400) + b"\n" + SHORT, 2, []),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_what_is_too_long_is_skipped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fhir_file, "LINE", 200)
    monkeypatch.setattr(fhir_file, "DOCUMENT", 400)
    raw, count, places = TOO_LONG[name]
    lines, problems = read(raw)
    assert (len(lines), [one.line for one in problems]) == (count, places)
    assert {one.rule for one in problems} <= {"too-long", "truncated"}


# How many service lines each public sample gives, and the rules of the problems in it.
SAMPLES = {
    "cms_bcda/Claim.json": (0, []),
    "cms_bcda/ExplanationOfBenefit.json": (52, ["modifier"] * 10),
    "cms_bfd/ExplanationOfBenefit-Carrier.json": (4, ["frequency"]),
    "cms_bfd/ExplanationOfBenefit-MCS.json": (4, ["frequency"]),
    "cms_bfd/ExplanationOfBenefit-PriorAuth.json": (0, ["not-a-claim"]),
    "cms_bfd/claimFissRead.json": (2, ["date"]),
    "cms_bfd/claimMcsRead.json": (1, ["date", "modifier"]),
    "cms_bfd/eobReadByPatientWithSamhsa.json": (2, []),
    "cms_bfd/eobReadCarrier.json": (1, []),
    "cms_bfd/eobReadOutpatient.json": (1, []),
    "hl7_r4_examples/Claim-100150.json": (1, []),
    "hl7_r4_examples/Claim-100151.json": (3, []),
    "hl7_r4_examples/Claim-100152.json": (1, []),
    "hl7_r4_examples/Claim-100153.json": (0, ["not-a-claim"]),
    "hl7_r4_examples/Claim-100154.json": (1, []),
    "hl7_r4_examples/Claim-100155.json": (1, []),
    "hl7_r4_examples/Claim-100156.json": (3, []),
    "hl7_r4_examples/Claim-660150.json": (1, []),
    "hl7_r4_examples/Claim-660151.json": (1, []),
    "hl7_r4_examples/Claim-660152.json": (1, []),
    "hl7_r4_examples/Claim-760150.json": (1, []),
    "hl7_r4_examples/Claim-760151.json": (1, []),
    "hl7_r4_examples/Claim-760152.json": (1, []),
    "hl7_r4_examples/Claim-860150.json": (1, []),
    "hl7_r4_examples/Claim-960150.json": (1, []),
    "hl7_r4_examples/Claim-960151.json": (1, []),
    "hl7_r4_examples/Claim-MED-00050.json": (1, []),
    "hl7_r4_examples/ClaimResponse-R3500.json": (0, ["no-claims"]),
    "hl7_r4_examples/ClaimResponse-R3501.json": (0, ["no-claims"]),
    "hl7_r4_examples/ClaimResponse-R3502.json": (0, ["no-claims"]),
    "hl7_r4_examples/ClaimResponse-R3503.json": (0, ["no-claims"]),
    "hl7_r4_examples/ClaimResponse-UR3503.json": (0, ["no-claims"]),
    "hl7_r4_examples/Coverage-7546D.json": (0, ["no-claims"]),
    "hl7_r4_examples/Coverage-7547E.json": (0, ["no-claims"]),
    "hl7_r4_examples/Coverage-9876B1.json": (0, ["no-claims"]),
    "hl7_r4_examples/Coverage-SP1234.json": (0, ["no-claims"]),
    "hl7_r4_examples/ExplanationOfBenefit-EB3500.json": (2, []),
    "hl7_r4_examples/ExplanationOfBenefit-EB3501.json": (0, []),
}


def sample(name: str) -> tuple[list[ServiceLine], list[Problem]]:
    path = ROOT.parent / "shared" / "samples" / "fhir" / name
    if not path.exists():
        pytest.skip("the public samples are not here")
    return read(path.read_bytes())


@pytest.mark.parametrize("name", SAMPLES)
def test_public_samples(name: str) -> None:
    lines, problems = sample(name)
    assert (len(lines), [one.rule for one in problems]) == SAMPLES[name]


def test_every_public_sample_is_in_the_table() -> None:
    folder = ROOT.parent / "shared" / "samples" / "fhir"
    if not folder.exists():
        pytest.skip("the public samples are not here")
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")} == set(SAMPLES)


def test_lines_of_a_medicare_bundle_of_stu3() -> None:
    lines, _ = sample("cms_bcda/ExplanationOfBenefit.json")
    assert lines[0] == ServiceLine(
        code="45384",
        modifiers=(),
        date_of_service=dt.date(2000, 10, 1),
        units=Decimal(1),
        place_of_service="99",
        diagnoses=("9999999",),
        charge=Decimal(850),
        line_of_business="medicare",
        claim="carrier-10300336722",
        line="1",
        member="Patient/20000000000001",
    )
    assert sum(line.modifiers is None for line in lines) == 10
    assert {line.place_of_service for line in lines} == {"99"}


def test_lines_of_a_medicare_carrier() -> None:
    lines, _ = sample("cms_bfd/ExplanationOfBenefit-Carrier.json")
    assert [line.code for line in lines] == ["99213", "99453", None, "J2270"]
    assert [line.modifiers for line in lines] == [(), ("A2", "A2", "A2", "A2", "A5"), ("99",), ()]
    assert lines[0] == ServiceLine(
        code="99213",
        modifiers=(),
        date_of_service=dt.date(2025, 1, 1),
        last_date_of_service=dt.date(2025, 1, 2),
        units=Decimal("3.0"),
        place_of_service="07",
        diagnoses=("M48062",),
        charge=Decimal("50.11"),
        payer="Centers for Medicare & Medicaid Services",
        line_of_business="medicare",
        claim="NON-UNIQUE-ID-HERE",
        line="1",
        member="Patient/12345",
    )


def test_the_line_of_an_example_of_hl7() -> None:
    (line,), _ = sample("hl7_r4_examples/Claim-MED-00050.json")
    assert line == ServiceLine(
        code="62264",
        modifiers=(),
        date_of_service=dt.date(2015, 10, 13),
        place_of_service="24",
        prior_authorization_number="",
        diagnoses=("G894", "M47816"),
        charge=Decimal(12500),
        age=61,
        payer="Humana Inc.",
        payer_id="123456",
        submitted=dt.date(2015, 10, 16),
        claim="MED-00050",
        line="1",
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(SECRETS),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["coding", "code", "value"]), inner),
    max_leaves=3,
)


def places(value: object) -> Iterator[tuple[Any, Any]]:
    """Each member of a JSON value, as the object or list that holds it and its name or number there."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in list(members):
        yield value, name
        yield from places(member)


@settings(max_examples=600)
@given(st.data())
def test_no_change_of_structure_raises_or_shows_a_value(data: st.DataObject) -> None:
    resource = copy.deepcopy(data.draw(st.sampled_from([BUNDLE, BENEFIT])))
    for _ in range(data.draw(st.integers(1, 4))):
        holder, name = data.draw(st.sampled_from([({}, "a"), *places(resource)]))
        if data.draw(st.booleans()):
            holder[name] = data.draw(ANYTHING)
        else:
            holder.pop(name, None) if isinstance(holder, dict) else holder.pop(name)
    _, problems = read(resource)
    for problem in problems:
        assert problem.message
        assert not any(secret in problem.message for secret in SECRETS)


@settings(max_examples=300)
@given(st.data())
def test_no_change_of_bytes_raises_or_shows_a_value(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from([json.dumps(BUNDLE).encode(), (HERE / "bundle.json").read_bytes(), NDJSON]))
    for _ in range(data.draw(st.integers(1, 3))):
        at, end = sorted(data.draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
        raw = raw[:at] + data.draw(st.binary(max_size=4)) + raw[end if data.draw(st.booleans()) else at :]
    for problem in read(raw)[1]:
        assert not any(secret in problem.message for secret in SECRETS)


ITEMS = yaml.safe_load((HERE / "items.yaml").read_text("utf-8"))
SYSTEMS = {
    "hcpcs": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "cpt": "http://www.ama-assn.org/go/cpt",
    "revenue": "https://www.nubc.org/CodeSystem/RevenueCodes",
    "other": "https://example.org/codes",
}


@pytest.mark.parametrize("case", ITEMS, ids=lambda case: str(case["what"]))
def test_items_as_senders_write_them(case: dict[str, Any]) -> None:
    claim = {"resourceType": "Claim", "id": "C1", **case.get("claim", {}), "item": [{"sequence": 1, **case["item"]}]}
    text = json.dumps(claim)
    for name, system in SYSTEMS.items():
        text = text.replace(f'"system": "{name}"', f'"system": "{system}"')
    found = list(fhir_file.read(io.BytesIO(text.encode()), "f"))
    lines = [one for one in found if isinstance(one, ServiceLine)]
    assert len(lines) == len(case["lines"])
    for line, expected in zip(lines, case["lines"], strict=True):
        read_of = {name: getattr(line, name) for name in expected}
        assert {name: list(one) if isinstance(one, tuple) else one for name, one in read_of.items()} == expected
    said = [one for one in found if isinstance(one, Problem)]
    assert [str(one).removeprefix("f:1:1: ") for one in said if not one.is_note] == case.get("problems", [])
    assert [str(one).removeprefix("f:1:1: ") for one in said if one.is_note] == case.get("notes", [])


@pytest.mark.parametrize(("relation", "notes"), [("next", ["more-pages"]), ("self", []), ("last", [])])
def test_a_page_of_a_bundle_with_more_to_come_is_said(relation: str, notes: list[str]) -> None:
    link = [{"relation": relation, "url": "https://example.org/Claim?page=2"}]
    found = list(fhir_file.read(io.BytesIO(json.dumps(BUNDLE | {"link": link}).encode()), "f"))
    assert [one.rule for one in found if isinstance(one, Problem) and one.is_note] == notes
    assert sum(isinstance(one, ServiceLine) for one in found) == 1


def test_a_byte_order_mark_before_any_line_costs_none() -> None:
    claim = json.dumps({"resourceType": "Claim", "item": [{"sequence": 1}]}).encode()
    lines, problems = read(b"\xef\xbb\xbf" + claim + b"\n\xef\xbb\xbf" + claim + b"\n")
    assert (len(lines), problems) == (2, [])

"""The static JSON API: every file is what its schema and the description say, and says what the knowledge base says."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pyarrow.parquet as pq
import pytest
from answers import EXAMPLE_DAY, ROOT, TODAY
from api_promise import COPY, broken, promise
from openapi_spec_validator import OpenAPIV31SpecValidator

from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.changes import changes
from h2024kb.knowledge.code_sets import PayerName
from h2024kb.knowledge.in_force import entries
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS
from h2024kb.site import api, files, pages
from h2024kb.site.api.change_files import change_files
from h2024kb.site.api.making import Making
from h2024kb.site.api.openapi import PATHS
from h2024kb.site.api.policy_files import by_entry, policy_files
from h2024kb.site.api.resources import ChangesSince, Policy
from h2024kb.site.api.schemas import RESOURCES, schema
from h2024kb.site.pages.policy import versions

KINDS = (
    (r"index", "index"),
    (r"policies/index", "policies"),
    (r"policies/.+", "policy"),
    (r"codes/index", "codes"),
    (r"codes/.+", "code"),
    (r"payers/index", "payers"),
    (r"payers/.+", "payer"),
    (r"changes/index", "changes"),
    (r"changes/since/.+", "changes-since"),
)
ADDRESSES = ("json", "page", "file", "sums", "llms", "documentation", "payer_json", "next")
Made = dict[str, bytes]


@pytest.fixture(scope="module", params=["example", "shipped"])
def kb(request: pytest.FixtureRequest) -> KnowledgeBase:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, KnowledgeBase)
    return found


@pytest.fixture(scope="module")
def today(kb: KnowledgeBase) -> dt.date:
    return EXAMPLE_DAY if kb.policies()[0].id.startswith("zz/") else TODAY


@pytest.fixture(scope="module")
def invented(example: KnowledgeBase) -> Made:
    return whole(api.files(example, EXAMPLE_DAY))


@pytest.fixture(scope="module")
def real(shipped: KnowledgeBase) -> Made:
    return whole(api.files(shipped, TODAY))


@pytest.fixture(scope="module")
def made(kb: KnowledgeBase, shipped: KnowledgeBase, request: pytest.FixtureRequest) -> Made:
    made: Made = request.getfixturevalue("real" if kb is shipped else "invented")
    return made


def whole(made: Iterable[tuple[str, bytes]]) -> Made:
    """The files by path, with the list of their hashes."""
    files = dict(made)
    return files | dict([api.hashes(files)])


def resource_of(path: str) -> str | None:
    """The resource that a path holds, None for files that are none."""
    inside = path.removeprefix("api/v1/").removesuffix(".json")
    if not path.endswith(".json") or inside.startswith(("schemas/", "openapi")):
        return None
    return next(name for pattern, name in KINDS if re.fullmatch(pattern, inside))


def resources(made: Made) -> Iterator[tuple[str, str, bytes]]:
    yield from ((path, name, content) for path, content in made.items() if (name := resource_of(path)))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from objects(one)


def policy(made: Made, id: str) -> Any:
    return json.loads(made[f"api/v1/policies/{id}.json"])


def test_every_file_is_what_its_schema_says(made: Made) -> None:
    checks = {
        name: jsonschema.Draft202012Validator(schema(name), format_checker=jsonschema.FormatChecker())
        for name in RESOURCES
    }
    seen = set()
    for path, name, content in resources(made):
        seen.add(name)
        assert [fault.message for fault in checks[name].iter_errors(json.loads(content))] == [], path
        again = msgspec.json.decode(content, type=RESOURCES[name])
        assert msgspec.json.encode(again) + b"\n" == content, path
    assert seen == RESOURCES.keys()


def test_the_schemas_are_the_files_of_schemas(made: Made) -> None:
    for name in RESOURCES:
        written = json.loads(made[f"api/v1/schemas/{name}.json"])
        assert written == json.loads(json.dumps(schema(name)))
        jsonschema.Draft202012Validator.check_schema(written)


def test_no_unknown_has_a_value_and_every_known_has_one(made: Made) -> None:
    held = [one for _, _, content in resources(made) for one in objects(json.loads(content)) if "answer" in one]
    answers = [one for one in held if isinstance(one["answer"], str)]
    assert {one["answer"] for one in answers} == {"known", "unknown"}
    for one in answers:
        assert ("value" in one) == (one["answer"] == "known"), one


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ({"answer": "unknown"}, {"value": "not-covered"}),
        ({"answer": "known", "fact": "coverage"}, {"value": "denied"}),
        ({"answer": "known", "fact": "limits"}, {"value": {"units": 1}}),
        ({"answer": "known", "fact": "coverage"}, {"answer": "yes"}),
    ],
    ids=["an unknown with a value", "a word outside the list", "another fact's form", "a third kind of answer"],
)
def test_the_schema_refuses(invented: Made, where: dict[str, str], change: dict[str, Any]) -> None:
    held = policy(invented, "zz/medicaid")
    check = jsonschema.Draft202012Validator(schema("policy"))
    answer = next(one for one in held["answers"] if where.items() <= one.items())
    assert check.is_valid(held)
    answer |= change
    assert not check.is_valid(held)


def test_the_description_is_openapi_and_describes_every_file(made: Made) -> None:
    described = json.loads(made["api/v1/openapi.json"])
    OpenAPIV31SpecValidator(described).validate()
    patterns = {name: re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(name)) for name in described["paths"]}
    held = {path.removeprefix("api/v1") if path.startswith("api/") else f"/{path}" for path in made}
    held -= {"/llms.txt"}
    assert [path for path in held if not any(re.fullmatch(one, path) for one in patterns.values())] == []
    assert [name for name, one in patterns.items() if not any(re.fullmatch(one, path) for path in held)] == []


def test_the_examples_in_the_description_are_real(made: Made) -> None:
    described = json.loads(made["api/v1/openapi.json"])
    for name, path in PATHS.items():
        operation = described["paths"][name]["get"]
        there = name
        for one in operation.get("parameters", ()):
            there = there.replace(f"{{{one['name']}}}", one["example"])
        assert there.removeprefix("/") in made or f"api/v1{there}" in made, there
        if path.resource:
            example = operation["responses"]["200"]["content"]["application/json"]["example"]
            jsonschema.validate(example, schema(path.resource))


def test_every_address_in_a_file_leads_somewhere(
    kb: KnowledgeBase, shipped: KnowledgeBase, shipped_pages: dict[str, str], made: Made, today: dt.date
) -> None:
    by_hand = {path.stem for path in (ROOT / "docs").glob("*.md")}
    generated = shipped_pages if kb is shipped else pages(kb, EXAMPLE_DAY)
    htmls = {name.removesuffix(".md") for name in generated} | by_hand
    dated = {name.removesuffix(".md") for name, _ in versions.pages(kb, today)}
    linked = set()
    for path, _, content in resources(made):
        for one in objects(json.loads(content)):
            for to in (one[name] for name in ADDRESSES if isinstance(one.get(name), str)):
                there = posixpath.normpath(posixpath.join(posixpath.dirname(path), to))
                if "as_known_on" in one:
                    linked.add(there.removesuffix(".html"))
                else:
                    assert there in made or there.removesuffix(".html") in htmls, f"{path} names {to}"
    assert linked == dated or not dated


def test_the_answers_are_the_knowledge_bases(kb: KnowledgeBase, made: Made, today: dt.date) -> None:
    for one in kb.policies():
        answers = msgspec.json.decode(made[f"api/v1/policies/{one.id}.json"], type=Policy).answers
        asked: dict[str, Any] = {"policy": one.id, "code": "H2024", "date_of_service": today}
        assert len({(answer.fact, answer.modifier) for answer in answers}) == len(answers)
        for answer in answers:
            own = kb.modifier(modifier=answer.modifier, **asked) if answer.modifier else kb.fact(answer.fact, **asked)
            said = json.loads(msgspec.json.encode(own))
            shown = json.loads(msgspec.json.encode(answer))
            same = said.keys() & {
                "answer",
                "value",
                "condition",
                "citation",
                "stated_for",
                "why",
                "because",
                "searched",
            }
            assert {name: said[name] for name in same} == {name: shown[name] for name in same}


def test_a_rule_for_the_service_says_so(real: Made) -> None:
    held = policy(real, "md/brain-injury-waiver")
    coverage = held["answers"][0]
    assert coverage["stated_for"] == "service"
    assert coverage["stated_for_words"] == "stated for supported employment, not for H2024"
    rows = json.loads(real["api/v1/policies/index.json"])["policies"]
    row = next(row for row in rows if row["id"] == "md/brain-injury-waiver")
    assert row["coverage"]["stated_for"] == "service"


def test_every_entry_ever_made_is_there(kb: KnowledgeBase, made: Made) -> None:
    for one in kb.policies():
        rows = [row for row in policy(made, one.id)["entries"] if "heading" in row]
        assert len(rows) == len(list(entries(one)))
        for row in rows:
            assert ("citation" in row) == (row["answer"] == "known")


def test_withdrawn_ended_and_older_entries_do_not_stand_in_force(invented: Made) -> None:
    rows = policy(invented, "zz/medicaid")["entries"]
    said = {(row["name"], *row["words"]): row["in_force"] for row in rows}
    assert said["Modifier HQ", "Allowed: Group of two or three"] is False
    assert said["Modifier HQ", "Allowed: Group of two to four"] is True
    assert said["Prior authorization", "Not required"] is False
    assert said["Minimum time", "Four hours of service (240 minutes per unit)"] is False


def test_each_answer_names_an_entry_that_is_there(kb: KnowledgeBase, made: Made) -> None:
    every = {row["entry"] for one in kb.policies() for row in policy(made, one.id)["entries"]}
    for one in kb.policies():
        for answer in policy(made, one.id)["answers"]:
            assert answer.get("entry") is None or answer["entry"] in every


def test_a_payers_own_code_is_asked_of_its_own_policy_only(shipped: KnowledgeBase, real: Made) -> None:
    owner = next(policy for policy in shipped.policies() if policy.own_codes)
    held = json.loads(real[f"api/v1/codes/{owner.own_codes[0].code}.json"])
    assert "hcpcs" not in held
    assert {row["policy"] for row in held["coverage"]} == {owner.id}
    assert len(json.loads(real["api/v1/codes/H2024.json"])["coverage"]) == len(shipped.policies())


def test_the_codes_tell_what_the_knowledge_base_tells_of_coverage(shipped: KnowledgeBase, real: Made) -> None:
    for code in ("H2023", "H2024", "T2018"):
        for row in json.loads(real[f"api/v1/codes/{code}.json"])["coverage"]:
            own = shipped.coverage(row["policy"], code=code, date_of_service=TODAY)
            assert row["coverage"]["answer"] == ("known" if isinstance(own, Known) else "unknown")
            assert row["coverage"].get("value") == getattr(own, "value", None)


def test_two_payers_whose_names_make_one_address_have_a_file_each(example: KnowledgeBase) -> None:
    names = ("A & B", "A-B", "../../index", "保险")
    sets = msgspec.structs.replace(example.contents.code_sets, payers=tuple(PayerName(payer=name) for name in names))
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, code_sets=sets))
    made = whole(api.files(kb, EXAMPLE_DAY))
    rows = json.loads(made["api/v1/payers/index.json"])["payers"]
    assert {row["payer"] for row in rows} >= set(names)
    assert len({row["json"] for row in rows}) == len(rows)
    for row in rows:
        assert json.loads(made[f"api/v1/payers/{row['json']}"])["payer"] == row["payer"]


@pytest.mark.parametrize("most", [1, 5, 10_000])
def test_changes_since_a_day_are_all_changes_since_that_day(example: KnowledgeBase, most: int) -> None:
    making = Making.of(example, EXAMPLE_DAY)
    since = {str(one.since): one for one, _ in change_files(making, by_entry(policy_files(making)), most)}
    every = changes(example)
    assert len(since) == len({change.posted for change in every}) >= 3
    for day in since:
        read = list(_read_on(since, day))
        expected = {change.id for change in every if str(change.posted) >= day}
        assert [one.posted for one in read] == sorted(one.posted for one in read)
        assert len(read) == len(expected)
        assert {one.id for one in read} == expected


def _read_on(since: dict[str, ChangesSince], day: str) -> Iterator[Any]:
    one: ChangesSince | None = since[day]
    while one:
        assert all(one.since <= change.posted <= one.last for change in one.changes)
        yield from one.changes
        one = since[one.next.removesuffix(".json")] if one.next else None


def test_a_file_of_changes_ends_with_a_whole_day(example: KnowledgeBase) -> None:
    making = Making.of(example, EXAMPLE_DAY)
    files = [one for one, _ in change_files(making, by_entry(policy_files(making)), 1)]
    assert all(one.since == one.last for one in files)
    assert sum(one.next is None for one in files) == 1


def rows_of_csv(made: Made) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made["data/facts.csv"].decode(), newline="")))


def test_the_tables_hold_each_entry_once_and_the_same(kb: KnowledgeBase, made: Made) -> None:
    table = pq.read_table(io.BytesIO(made["data/facts.parquet"])).to_pylist()
    listed = rows_of_csv(made)
    assert len(listed) == len(table)
    for text, row in zip(listed, table, strict=True):
        plain = {name: "" if value is None else str(value) for name, value in row.items()}
        plain |= {name: str(value).lower() for name, value in row.items() if isinstance(value, bool)}
        assert {name: cell.removeprefix("'") for name, cell in text.items()} == plain
    names = [row["entry"] for one in kb.policies() for row in policy(made, one.id)["entries"]]
    assert [row["entry"] for row in table] == names


def test_a_row_of_the_table_tells_what_the_entry_tells(invented: Made) -> None:
    rows = {row["entry"].rpartition("~")[0]: row for row in rows_of_csv(invented)}
    row = rows["zz/medicaid/H2024/rate/2022-01-01"]
    assert json.loads(row["value"])["per"] == "day"
    assert set(json.loads(row["when"])["modifiers"]) <= {"U4", "HQ"}
    assert (row["source_tier"], row["answer"], row["unknown"]) == ("primary", "known", "")
    row = rows["zz/medicaid/H2024/modifiers.22/2022-01-01"]
    assert (row["modifier"], row["answer"], row["value"]) == ("22", "unknown", "")
    assert row["searched"].startswith("Supported Employment Provider Manual, rev. 3")


@pytest.mark.parametrize("hostile", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", '",=1,"'])
def test_no_cell_is_a_formula(example: KnowledgeBase, hostile: str) -> None:
    one = msgspec.structs.replace(example.policy("zz/medicaid"), program=hostile)
    others = [p for p in example.policies() if p.id != one.id]
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(one, *others)))
    rows = [row for row in rows_of_csv(whole(api.files(kb, EXAMPLE_DAY))) if row["policy"] == one.id]
    assert {row["program"].removeprefix("'") for row in rows} == {hostile}
    assert not any(cell.startswith(tuple("=+-@\t\r")) for row in rows for cell in row.values())


def test_the_same_policies_on_the_same_day_give_the_same_bytes(kb: KnowledgeBase, made: Made, today: dt.date) -> None:
    again = KnowledgeBase.of(msgspec.json.decode(msgspec.json.encode(kb.contents), type=type(kb.contents)))
    assert whole(api.files(again, today)) == made


@pytest.mark.parametrize("which", ["example", "shipped"])
def test_the_hashes_are_those_of_every_file(
    which: str, example: KnowledgeBase, shipped_files: dict[str, bytes]
) -> None:
    made = shipped_files if which == "shipped" else files(example, EXAMPLE_DAY)
    held = {path: content for path, content in made.items() if path.startswith(("api/v1/", "data/"))}
    lines = held.pop("api/v1/SHA256SUMS").decode().splitlines()
    told = dict(reversed(line.split("  ", 1)) for line in lines)
    there = {posixpath.normpath(posixpath.join("api/v1", path)): sum for path, sum in told.items()}
    assert there == {path: hashlib.sha256(content).hexdigest() for path, content in held.items()}


def test_the_hashes_in_lists_are_those_of_the_files_they_name(made: Made) -> None:
    found = 0
    for path, _, content in resources(made):
        for one in objects(json.loads(content)):
            if "sha256" in one:
                there = posixpath.normpath(posixpath.join(posixpath.dirname(path), one.get("json") or one["file"]))
                assert hashlib.sha256(made[there]).hexdigest() == one["sha256"], there
                found += 1
    assert found > 15


def test_a_policys_hash_stays_while_its_file_stays(example: KnowledgeBase) -> None:
    later = whole(api.files(example, EXAMPLE_DAY + dt.timedelta(days=400)))
    now = whole(api.files(example, EXAMPLE_DAY))
    assert policy(later, "zz/medicaid")["content_hash"] == policy(now, "zz/medicaid")["content_hash"]
    assert policy(later, "zz/medicaid")["overdue"] is True
    assert policy(now, "zz/medicaid")["overdue"] is False


def test_what_v1_promises_is_kept() -> None:
    copy = json.loads(COPY.read_text("utf-8"))
    assert broken(copy, promise()) == [], "this breaks readers of v1"
    assert copy == promise(), "nothing breaks, but the copy is old: python tests/api_promise.py"


@pytest.mark.parametrize(
    ("new", "faults"),
    [
        ({"A": {"x": "string", "y?": "date"}}, []),
        ({"A": {"x": "string", "y?": "date", "z": "string"}, "B": {}}, []),
        ({"A": {"x": "string", "y": "date"}}, []),
        ({"A": {"x": "string"}}, ["A: y? is gone, or may now be left out"]),
        ({"A": {"x?": "string", "y?": "date"}}, ["A: x is gone, or may now be left out"]),
        ({"A": {"x": "string | integer", "y?": "date"}}, ["A: x may now be integer"]),
        ({"A": {"x": "string", "y?": "date | 'never'"}}, []),
    ],
)
def test_what_breaks_a_reader_is_noticed(new: dict[str, dict[str, str]], faults: list[str]) -> None:
    assert broken({"A": {"x": "string", "y?": "date"}}, new) == faults


def test_the_text_for_language_models_has_its_form_and_its_links_lead_somewhere(
    shipped_pages: dict[str, str], shipped_files: dict[str, bytes]
) -> None:
    made = shipped_files
    text = made["llms.txt"].decode()
    assert re.match(r"# h2024kb\n\n> .+\n\n", text)
    assert "Unknown is not no" in text
    lists = text.split("\n## ")[1:]
    assert lists
    for section in lists:
        assert all(re.fullmatch(r"- \[[^]]+\]\([^)]+\): .+", row) for row in section.strip().splitlines()[2:])
    htmls = {f"{name.removesuffix('.md')}.html" for name in shipped_pages}
    htmls |= {f"{path.stem}.html" for path in (ROOT / "docs").glob("*.md")}
    for to in re.findall(r"\]\(([^)]+)\)", text):
        assert to in made or to in htmls, to


def test_the_examples_in_the_documentation_run(
    real: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, content in real.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "json-api.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == text.count("```python")
    known: dict[str, Any] = {}
    for code, printed in blocks:
        exec(code.replace("http://127.0.0.1:8000/", tmp_path.as_uri() + "/"), known)
        assert capsys.readouterr().out == printed


def test_every_fact_is_answered_or_said_to_be_unknown(kb: KnowledgeBase, made: Made) -> None:
    for one in kb.policies():
        answers = policy(made, one.id)["answers"]
        assert {answer["fact"] for answer in answers} == {*FACTS, "modifiers"}
        assert "22" in {answer.get("modifier") for answer in answers}


def test_nothing_that_was_learned_later_is_told_on_an_earlier_day(example: KnowledgeBase) -> None:
    day = dt.date(2026, 11, 21)
    made = whole(api.files(example, day))
    known = {one["as_known_on"] for one in policy(made, "zz/medicaid")["versions"]}
    posted = {one["posted"] for one in json.loads(made["api/v1/changes/index.json"])["days"]}
    assert known == posted == {"2026-11-20", "2026-11-21"}

"""Which lines change result with other knowledge: every line is counted once, by outcome, payer and rule."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import json
import re
import shutil
from collections.abc import Sequence
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow.parquet as pq
import pytest
from answers import EXAMPLE, EXAMPLE_DAY
from hypothesis import given
from hypothesis import strategies as st

from h2024kb import KnowledgeBase, ServiceLine
from h2024kb.cli.impact_commands import MOST_LISTED, add_commands
from h2024kb.impact.compare import Impact, LineChange, Sum, impact, total
from h2024kb.impact.report import counted, dollars, line_cells
from h2024kb.impact.rows import ImpactRow, rows
from h2024kb.knowledge import snapshot
from h2024kb.load import load_folder
from h2024kb.validation.validate import Defaults, validate
from h2024kb.writing.flat_files import csv_file

MEDICAID, LISTS = "zz/medicaid.yaml", "code-sets/lists.yaml"
LATER_AUTHORIZATION = (MEDICAID, "effective_date: 2024-07-01", "effective_date: 2026-12-01")
NO_PLACE = (
    MEDICAID,
    "    limits:\n",
    "        withdrawn: {date: 2026-11-23, because: The page was misread.}\n"
    "      - effective_date: 2022-01-01\n        unknown: The page is not legible.\n        searched: [manual-r3]\n"
    "    limits:\n",
)
OTHER_CODE = (LISTS, "  H2023:\n", "  H2025:\n", "codes: [H2023, H2024]", "codes: [H2024, H2025]")
OTHER_NAME = (LISTS, "aliases: [ESM, ", "aliases: [ESM, STATE01, ")
READ_AGAIN = (MEDICAID, "retrieved: 2026-11-22", "retrieved: 2026-11-23")


def world(folder: Path, file: str = "", *texts: str) -> KnowledgeBase:
    """The example with some texts of one file replaced, each of which must stand there once."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    text = (folder / file).read_text() if file else ""
    for old, new in zip(texts[::2], texts[1::2], strict=True):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    if file:
        (folder / file).write_text(text)
    return load_folder(folder, EXAMPLE_DAY)


def line(claim: str = "C1", **more: Any) -> ServiceLine:
    """A line that keeps every rule of the example's program but the one about authorization."""
    plain = {
        "claim": claim,
        "line": "1",
        "policy": "zz/medicaid",
        "code": "H2024",
        "modifiers": ("U4",),
        "date_of_service": dt.date(2026, 11, 2),
        "submitted": dt.date(2026, 11, 20),
        "units": Decimal(1),
        "place_of_service": "18",
        "prior_authorization_number": "",
        "conditions_met": True,
        "member": claim,
        "charge": Decimal("61.20"),
    }
    return ServiceLine(**(plain | more))


def named(*lines: ServiceLine) -> list[tuple[str, ServiceLine]]:
    return [("claims.csv", one) for one in lines]


def turns(changes: Sequence[LineChange]) -> list[tuple[str | None, str | None, str | None]]:
    return [(change.claim, change.then, change.now) for change in changes]


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_line_that_a_claim_of_another_code_replaces_or_takes_back_changes_nothing(
    example: KnowledgeBase, tmp_path: Path, frequency: str
) -> None:
    lines = named(line("mended"), line("mended", code="99213", frequency=frequency))
    found = impact((example, None), (world(tmp_path, *LATER_AUTHORIZATION), None), lines)
    assert (found.changes, found.lines, found.same, found.in_neither) == ((), 2, 1, 1)


def test_an_authorization_wanted_only_later(example: KnowledgeBase, tmp_path: Path) -> None:
    lines = named(
        line("mended"),
        line("not-yet", date_of_service=dt.date(2026, 11, 30), submitted=dt.date(2026, 12, 1), charge=None),
        line("still", date_of_service=dt.date(2026, 12, 1), submitted=dt.date(2026, 12, 2)),
        line("long-ago", date_of_service=dt.date(2024, 6, 30), submitted=dt.date(2024, 7, 1)),
        line("numbered", prior_authorization_number="A77"),
        line("plan", policy="zz/plan"),
        line("other-code", code="99213"),
    )
    found = impact((example, None), (world(tmp_path, *LATER_AUTHORIZATION), None), lines)
    assert turns(found.of("outcome")) == [("mended", "fail", "pass"), ("not-yet", "fail", "pass")]
    assert turns(found.of("findings")) == [("numbered", "pass", "pass")]
    assert (found.lines, found.same, found.in_neither) == (7, 3, 1)
    once = Sum(lines=2, charge=Decimal("61.20"), without_charge=1)
    assert found.by_outcome() == {("fail", "pass"): once}
    assert found.by_payer() == {("zz/medicaid", "Example State Medicaid"): once}
    assert found.by_rule() == {("prior-authorization", "fail", "pass"): once}


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_claim_of_other_codes_takes_back_or_replaces_one_whose_code_is_held(
    example: KnowledgeBase, tmp_path: Path, frequency: str
) -> None:
    lines = named(line(), line(code="99213", frequency=frequency))
    found = impact((example, None), (world(tmp_path, *LATER_AUTHORIZATION), None), lines)
    assert (found.lines, found.same, found.in_neither, found.changes) == (2, 1, 1, ())


def test_a_rule_that_changes_tells_what_is_said_and_cited_then_and_now(example: KnowledgeBase, tmp_path: Path) -> None:
    found = impact((example, None), (world(tmp_path, *LATER_AUTHORIZATION), None), named(line()))
    [change] = found.changes
    [rule] = change.rules
    [was], [now] = rule.was, rule.findings
    assert (rule.rule, rule.then, rule.now) == ("prior-authorization", "fail", "pass")
    assert was.message == (
        "Prior authorization: Required; the line has no number, which must be on the claim (Supported Employment "
        "Provider Manual, rev. 3, page 11, box 23)."
    )
    assert now.message == "Prior authorization: Not required."
    assert now.citation
    assert (now.citation.source.title, now.citation.locator) == (
        "Supported Employment Provider Manual, rev. 3",
        "page 9",
    )


def test_an_entry_withdrawn_leaves_what_it_decided_open(example: KnowledgeBase, tmp_path: Path) -> None:
    told = {"prior_authorization_number": "A77"}
    lines = named(line("office", place_of_service="11", **told), line("work", charge=Decimal("38.34"), **told))
    found = impact((example, None), (world(tmp_path, *NO_PLACE), None), lines)
    assert turns(found.changes) == [("office", "fail", "cannot-tell"), ("work", "pass", "cannot-tell")]
    assert list(found.by_rule().items()) == [
        (("place-of-service", "fail", "cannot-tell"), Sum(lines=1, charge=Decimal("61.20"), without_charge=0)),
        (("place-of-service", "pass", "cannot-tell"), Sum(lines=1, charge=Decimal("38.34"), without_charge=0)),
    ]


def test_two_days_of_one_knowledge_base(example: KnowledgeBase) -> None:
    """The bulletin was read, and the row for HQ put right, on November 22, 2026."""
    day = dt.date(2026, 11, 22)
    lines = named(
        line("alone"),
        line("group", modifiers=("U4", "HQ"), charge=Decimal("38.34")),
        line("numbered", modifiers=("U4", "HQ"), prior_authorization_number="A77"),
        line("before", date_of_service=dt.date(2024, 6, 30), submitted=dt.date(2024, 7, 1)),
    )
    found = impact((example, day - dt.timedelta(days=1)), (example, day), lines)
    assert turns(found.changes) == [("alone", "pass", "fail"), ("group", "pass", "fail"), ("numbered", "pass", "pass")]
    assert found.by_rule() == {
        ("prior-authorization", "pass", "fail"): Sum(lines=2, charge=Decimal("99.54"), without_charge=0),
        ("modifiers", "pass", "pass"): Sum(lines=1, charge=Decimal("38.34"), without_charge=0),
    }
    group = found.changes[1].rules[1]
    assert [finding.message for finding in group.was] == ["Modifier HQ: Allowed: Group of two or three."]
    assert [finding.message for finding in group.findings] == ["Modifier HQ: Allowed: Group of two to four."]
    assert impact((example, day), (example, None), lines).changes == ()


def test_a_source_that_was_only_read_again_changes_nothing(example: KnowledgeBase, tmp_path: Path) -> None:
    again = world(tmp_path, *READ_AGAIN)
    assert again.content_hash != example.content_hash
    found = impact((example, None), (again, None), named(line()))
    assert (found.same, found.changes) == (1, ())


def test_a_code_held_by_one_of_the_two_only_is_told(example: KnowledgeBase, tmp_path: Path) -> None:
    other = world(tmp_path, *OTHER_CODE)
    lines = named(line("old", code="H2023"), line("new", code="H2025", charge=None), line("none", code="99213"))
    found = impact((example, None), (other, None), lines)
    assert turns(found.of("in-one-only")) == [("old", "cannot-tell", None), ("new", None, "cannot-tell")]
    assert (found.same, found.in_neither, found.of("outcome")) == (0, 1, ())
    assert found.by_outcome() == {
        ("cannot-tell", None): Sum(lines=1, charge=Decimal("61.20"), without_charge=0),
        (None, "cannot-tell"): Sum(lines=1, charge=Decimal(0), without_charge=1),
    }
    assert {rule.then for change in found.changes[1:] for rule in change.rules} == {None}
    assert [
        (row.number, row.outcome_then, row.outcome_now) for row in rows(found.changes) if row.rule == "coverage"
    ] == [
        ("1", "cannot-tell", "not-in-knowledge-base"),
        ("2", "not-in-knowledge-base", "cannot-tell"),
    ]
    [cells] = line_cells(found.changes[0], name_file=False)
    assert cells[3:] == ("? Cannot tell → not in the knowledge base", "", "A policy names the code only then.")


def test_a_line_held_no_longer_tells_the_rules_it_failed(example: KnowledgeBase, tmp_path: Path) -> None:
    late = line(code="H2023", submitted=dt.date(2028, 1, 1))
    found = impact((example, None), (world(tmp_path, *OTHER_CODE), None), named(late))
    [cells] = line_cells(found.changes[0], name_file=False)
    assert cells[3:5] == ("✗ Fails → not in the knowledge base", "timely-filing")
    assert cells[5].startswith("No longer said: Timely filing: within 365 days")


def test_a_payer_known_by_one_of_the_two_only_is_the_payer_of_the_line(example: KnowledgeBase, tmp_path: Path) -> None:
    lines = named(line(policy=None, payer_id="STATE01", jurisdiction="ZZ", prior_authorization_number="A77"))
    new = world(tmp_path, *OTHER_NAME)
    for old, now in (((example, None), (new, None)), ((new, None), (example, None))):
        [change] = impact(old, now, lines).changes
        assert {change.policy_then, change.policy_now} == {None, "zz/medicaid"}
        assert (change.policy, change.payer) == ("zz/medicaid", "Example State Medicaid")


def test_what_the_caller_tells_is_read_with_each_knowledge_base(example: KnowledgeBase, tmp_path: Path) -> None:
    """A policy that only the new one holds must not be taken for a payer's name by it, nor fail in the old one."""
    shutil.copytree(EXAMPLE, tmp_path / "new")
    (tmp_path / "new" / "zz" / "plan.yaml").rename(tmp_path / "new" / "zz" / "renamed.yaml")
    defaults = Defaults(payers={"99": "zz/renamed"})
    lines = named(line(policy=None, payer_id="99", prior_authorization_number="A77"))
    [change] = impact(
        (example, None), (load_folder(tmp_path / "new", EXAMPLE_DAY), None), lines, defaults=defaults
    ).changes
    assert (change.policy_then, change.policy_now, change.payer) == (None, "zz/renamed", "Example Health Plan")


def test_a_policy_that_is_another_counts_even_where_all_findings_are_the_same(
    example: KnowledgeBase, tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "new")
    (tmp_path / "new" / "zz" / "plan.yaml").rename(tmp_path / "new" / "zz" / "renamed.yaml")
    lines = named(line(policy=None, payer="Example Health Plan", date_of_service=dt.date(2021, 6, 1)))
    [change] = impact((example, None), (load_folder(tmp_path / "new", EXAMPLE_DAY), None), lines).changes
    assert (change.kind, change.policy_then, change.policy_now) == ("findings", "zz/plan", "zz/renamed")
    assert change.rules == ()
    assert [(row.number, row.rule, row.policy_now) for row in rows([change])] == [("1", None, "zz/renamed")]


def test_a_rule_comes_to_what_all_its_findings_do(example: KnowledgeBase) -> None:
    """U4 is missing then and now; what differs is what HQ means."""
    lines = named(line(modifiers=("HQ",), prior_authorization_number="A77"))
    [change] = impact((example, dt.date(2026, 11, 21)), (example, None), lines).changes
    rule = next(rule for rule in change.rules if rule.rule == "modifiers")
    assert (rule.then, rule.now) == ("fail", "fail")
    assert [finding.outcome for finding in rule.findings] == ["pass"]


def test_lines_of_one_member_are_seen_together(example: KnowledgeBase, tmp_path: Path) -> None:
    more = world(tmp_path, MEDICAID, "{units: 1, per: day}", "{units: 2, per: day}")
    lines = named(*(line(claim, member="M", prior_authorization_number="A77") for claim in ("first", "second")))
    found = impact((example, None), (more, None), lines)
    assert turns(found.changes) == [("first", "fail", "pass"), ("second", "fail", "pass")]
    assert [rule.rule for rule in found.changes[0].rules] == ["limits"]
    assert len(found.changes[0].rules[0].findings) == 1  # the limit for a week says the same


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[KnowledgeBase]:
    return [world(tmp_path_factory.mktemp("world"), *change) for change in CHANGES]


CHANGES: Final = ((), LATER_AUTHORIZATION, NO_PLACE, OTHER_CODE, OTHER_NAME)
WORLDS = st.sampled_from(range(len(CHANGES)))
DAYS = st.sampled_from([None, dt.date(2026, 11, 19), dt.date(2026, 11, 21), dt.date(2026, 11, 22)])
LINES = st.builds(
    line,
    claim=st.sampled_from(["A", "B"]),
    policy=st.sampled_from(["zz/medicaid", "zz/plan", "zz/none", None]),
    payer_id=st.sampled_from([None, "STATE01"]),
    code=st.sampled_from(["H2024", "H2023", "H2025", "99213", None]),
    modifiers=st.sampled_from([None, (), ("U4",), ("U4", "HQ")]),
    date_of_service=st.sampled_from([None, dt.date(2024, 6, 30), dt.date(2026, 11, 2), dt.date(2026, 12, 1)]),
    place_of_service=st.sampled_from([None, "18", "11"]),
    prior_authorization_number=st.sampled_from([None, "", "A77"]),
    frequency=st.sampled_from([None, "7", "8"]),
    charge=st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15),
)


@given(WORLDS, WORLDS, DAYS, DAYS, st.lists(LINES, max_size=8))
def test_every_line_is_counted_once_as_validate_has_it(
    worlds: list[KnowledgeBase],
    first: int,
    second: int,
    then: dt.date | None,
    now: dt.date | None,
    lines: list[ServiceLine],
) -> None:
    kb, other = worlds[first], worlds[second]
    lines = [msgspec.structs.replace(one, line=str(n)) for n, one in enumerate(lines)]
    found = impact((kb, then), (other, now), named(*lines))
    assert found.lines == len(lines) == found.same + found.in_neither + len(found.changes)
    assert sum(list(counted(found).values())[1:]) == len(lines)
    was, is_ = (_validated(*one, lines) for one in ((kb, then), (other, now)))
    assert found.in_neither == sum(one is None and two is None for one, two in zip(was, is_, strict=True))
    expected = [(n, one, two) for n, (one, two) in enumerate(zip(was, is_, strict=True), 1) if one != two]
    assert [(change.number, change.then, change.now) for change in found.moved()] == expected
    _sums_add_up(found)


def _validated(kb: KnowledgeBase, day: dt.date | None, lines: list[ServiceLine]) -> list[str | None]:
    """The outcome of each line as `validate` tells it, and None where it drops the line."""
    checked = validate(kb, [Path("claims.csv")], as_known_on=day, read=lambda _: iter(lines)).checked
    outcomes = {one.line.line: one.result.outcome for one in checked}
    return [outcomes.get(one.line) for one in lines]


def _sums_add_up(found: Impact) -> None:
    whole = total(change.charge for change in found.moved())
    for sums in (found.by_outcome(), found.by_payer()):
        assert sum(one.lines for one in sums.values()) == whole.lines == len(found.moved())
        assert sum(one.without_charge for one in sums.values()) == whole.without_charge
        with_cents = total(one.charge for one in sums.values())
        assert with_cents.charge == whole.charge
    for (rule, then, now), one in found.by_rule().items():
        lines = [c for c in found.moved() if (rule, then, now) in {(r.rule, r.then, r.now) for r in c.rules}]
        assert one == total(change.charge for change in lines)


CLAIMS = """\
claim,line,policy,code,modifiers,date_of_service,submitted,units,place_of_service,prior_authorization_number,\
conditions_met,charge,member,age,diagnoses
C1,1,zz/medicaid,H2024,U4,2026-11-02,2026-11-20,1,18,NONE,true,1061.20,MEMBER-1,44,F209
C1,2,zz/medicaid,H2024,U4,2026-11-03,2026-11-20,1,18,AUTH-77,true,61.20,MEMBER-1,44,F209
C2,1,zz/medicaid,H2024,U4 HQ,2026-11-04,2026-11-20,1,18,NONE,true,38.34,MEMBER-2,45,F209
,,zz/medicaid,H2024,U4,2026-11-05,2026-11-20,1,18,NONE,true,,MEMBER-3,46,F209
C4,1,zz/plan,H2024,U4,2026-11-06,2026-11-20,1,18,NONE,true,10,MEMBER-4,47,F209
C5,1,zz/plan,99213,U4,2026-11-07,2026-11-20,1,18,NONE,true,10,MEMBER-5,48,F209
"""
PERSONAL = ("MEMBER", "AUTH-77", "F209", "44\\b", "46\\b", "2026-11-02", "2026-11-05")
TWO_DAYS = ("2026-11-21", "2026-11-22")


@pytest.fixture
def claims(tmp_path: Path) -> str:
    (tmp_path / "claims.csv").write_text(CLAIMS)
    return str(tmp_path / "claims.csv")


def run(*arguments: str) -> int:
    top = argparse.ArgumentParser()
    top.add_argument("--policies")
    add_commands(top.add_subparsers())
    args = top.parse_args(["--policies", str(EXAMPLE), "impact", *arguments])
    status: int = args.run(args)
    return status


GOLDEN = """\
Lines whose outcome changes

  Then → now           Lines   Charges     Lines without a charge
 ─────────────────────────────────────────────────────────────────
  ✓ Passes → ✗ Fails   3       $1,099.54   1

By payer

  Policy        Payer                    Lines   Charges     Lines without a charge
 ───────────────────────────────────────────────────────────────────────────────────
  zz/medicaid   Example State Medicaid   3       $1,099.54   1

By rule; a line counts under each rule whose findings change

  Rule                  Then → now           Lines   Charges     Lines without a charge
 ───────────────────────────────────────────────────────────────────────────────────────
  prior-authorization   ✓ Passes → ✗ Fails   3       $1,099.54   1
  modifiers             ✓ Passes as before   1          $38.34

Lines

  Claim/line     Policy        Charge      Then → now     Rule                  What the rule says now
 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  C1/1           zz/medicaid   $1,061.20   ✓ Passes → ✗   prior-authorization   Prior authorization: Required; the
                                           Fails                                line has no number, which must be on
                                                                                the claim (Supported Employment
                                                                                Provider Manual, rev. 3, page 11, box
                                                                                23). [Provider Bulletin 24-07, page 1]
  C2/1           zz/medicaid   $38.34      ✓ Passes → ✗   prior-authorization   Prior authorization: Required; the
                                           Fails                                line has no number, which must be on
                                                                                the claim (Supported Employment
                                                                                Provider Manual, rev. 3, page 11, box
                                                                                23). [Provider Bulletin 24-07, page 1]
                                                          modifiers             Modifier HQ: Allowed: Group of two to
                                                                                four. [Supported Employment Provider
                                                                                Manual, rev. 3, appendix B]
  line 4 as      zz/medicaid               ✓ Passes → ✗   prior-authorization   Prior authorization: Required; the
  read                                     Fails                                line has no number, which must be on
                                                                                the claim (Supported Employment
                                                                                Provider Manual, rev. 3, page 11, box
                                                                                23). [Provider Bulletin 24-07, page 1]

"""


def test_the_tables_are_these(claims: str, example: KnowledgeBase, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*TWO_DAYS, claims) == 1
    said = capsys.readouterr()
    contents = f"contents {example.content_hash[:12]}… as known on"
    last = f"Compared: {contents} 2026-11-21 (then), and {contents} 2026-11-22 (now).\n"
    assert "".join(text.rstrip() + "\n" for text in said.out.splitlines()) == GOLDEN + last
    counts = "outcome changes: 3, other findings only: 1, the same: 1"
    assert said.err == f"lines: 6, {counts}, in one knowledge base only: 0, in neither knowledge base: 1, problems: 0\n"


def test_csv_and_json_lines_and_parquet_hold_the_same_rows(claims: str, tmp_path: Path) -> None:
    for format in ("csv", "jsonl", "parquet"):
        assert run(*TWO_DAYS, claims, "--every", "--format", format, "--output", str(tmp_path / format)) == 1
    from_csv = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_text("utf-8"), newline="")))
    from_json = [json.loads(text) for text in (tmp_path / "jsonl").read_text("utf-8").splitlines()]
    from_parquet = pq.read_table(tmp_path / "parquet").to_pylist()
    assert from_json == from_parquet
    assert [{name: value or "" for name, value in row.items()} for row in from_json] == from_csv
    assert from_csv[3]["message_then"] == "Modifier HQ: Allowed: Group of two or three."
    assert from_csv[3]["message_now"] == "Modifier HQ: Allowed: Group of two to four."
    names = ("number", "claim", "line", "outcome_then", "outcome_now", "charge", "rule", "rule_now", "locator")
    assert [tuple(row[name] for name in names) for row in from_csv] == [
        ("1", "C1", "1", "pass", "fail", "1061.20", "prior-authorization", "fail", "page 1"),
        ("2", "C1", "2", "pass", "pass", "61.20", "prior-authorization", "pass", "page 1"),
        ("3", "C2", "1", "pass", "fail", "38.34", "prior-authorization", "fail", "page 1"),
        ("3", "C2", "1", "pass", "fail", "38.34", "modifiers", "pass", "appendix B"),
        ("4", "", "", "pass", "fail", "", "prior-authorization", "fail", "page 1"),
    ]
    assert tuple(from_csv[0]) == ImpactRow.__struct_fields__


def test_json_holds_it_all(claims: str, example: KnowledgeBase, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*TWO_DAYS, claims, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["old"] == {"content_hash": example.content_hash, "as_known_on": "2026-11-21"}
    sums = {"lines": 3, "charge": "1099.54", "without_charge": 1}
    assert said["by_outcome"] == [{"then": "pass", "now": "fail", **sums}]
    assert said["by_payer"] == [{"policy": "zz/medicaid", "payer": "Example State Medicaid", **sums}]
    assert said["by_rule"][0] == {"rule": "prior-authorization", "then": "pass", "now": "fail", **sums}
    assert [change["charge"] for change in said["changes"]] == ["1061.20", "38.34", None]
    assert said["changes"][0]["rules"][0]["findings"][0]["citation"]["locator"] == "page 1"
    assert (said["lines"], said["other_findings_only"], said["problems"]) == (6, 1, [])


class Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts += [data.strip()] if data.strip() else []


def test_the_page_tells_sums_and_lines_and_loads_nothing(claims: str, tmp_path: Path) -> None:
    run(*TWO_DAYS, claims, "--format", "html", "--output", str(tmp_path / "a.html"))
    page = (tmp_path / "a.html").read_text("utf-8")
    reader = Texts()
    reader.feed(page)
    assert reader.texts.count("$1,099.54") == 3
    assert "Claim C2, line 1:" in reader.texts
    assert "Line 4 as read:" in reader.texts
    assert "H2024, zz/medicaid, $1,061.20, " + claims in reader.texts
    assert ": Modifier HQ: Allowed: Group of two or three." in reader.texts
    assert ": Modifier HQ: Allowed: Group of two to four." in reader.texts
    assert not any(text in page for text in ("<script", "<link", "src=", "@import", "url("))


def test_the_page_shows_what_is_met_and_what_could_not_be_read(claims: str, tmp_path: Path) -> None:
    (tmp_path / "<b>.csv").write_text(CLAIMS.replace("1061.20", "a lot"))
    run(*TWO_DAYS, str(tmp_path / "<b>.csv"), "--format", "html", "--output", str(tmp_path / "a.html"))
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<details>" not in page
    assert page.count("<details open>") == page.count("What is met") > 0
    assert "<h2>What could not be read</h2>\n<ul><li>" in page
    assert "<b>.csv" not in page
    assert "&lt;b&gt;.csv, " not in page
    assert "&lt;b&gt;.csv</p>" in page


@pytest.mark.parametrize("more", [["table"], ["csv"], ["jsonl"], ["html"], ["table", "--json"]])
def test_no_output_tells_of_a_person(more: list[str], claims: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(*TWO_DAYS, claims, "--every", "--format", *more)
    said = "".join(capsys.readouterr())
    assert "C1" in said
    assert [text for text in PERSONAL if re.search(rf"\b{text}", said)] == []


def test_nothing_that_changes_exits_0(claims: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("2026-11-22", "2026-11-23", claims) == 0
    assert capsys.readouterr().out.startswith("No line changes outcome.\nCompared: contents ")
    assert run("2026-11-22", "2026-11-23", claims, "--format", "csv", "--output", str(tmp_path / "none.csv")) == 0
    assert (tmp_path / "none.csv").read_text() == ",".join(ImpactRow.__struct_fields__) + "\n"


def test_other_findings_alone_exit_0_and_are_listed_only_with_every(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.csv").write_text("".join(CLAIMS.splitlines(keepends=True)[i] for i in (0, 2)))
    assert run(*TWO_DAYS, str(tmp_path / "one.csv")) == 0
    assert "C1/2" not in capsys.readouterr().out
    assert run(*TWO_DAYS, str(tmp_path / "one.csv"), "--every") == 0
    assert "C1/2" in capsys.readouterr().out


def test_a_snapshot_a_folder_and_a_day_go_together(
    claims: str, example: KnowledgeBase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.json").write_bytes(snapshot.to_bytes(example, "1"))
    later = world(tmp_path / "later", *LATER_AUTHORIZATION)
    assert run(str(tmp_path / "old.json"), str(tmp_path / "later"), claims, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert [said[one]["content_hash"] for one in ("old", "new")] == [example.content_hash, later.content_hash]
    assert said["by_outcome"][0]["then"] == "fail"
    assert run("2026-11-22", str(tmp_path / "old.json"), claims) == 0


def test_a_file_with_problems_exits_1_and_the_rest_is_checked(
    claims: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.csv").write_text(CLAIMS.replace("1061.20", "a lot"))
    assert run("2026-11-22", "2026-11-23", str(tmp_path / "bad.csv"), str(tmp_path / "nowhere.csv"), claims) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"{tmp_path / 'bad.csv'}:2:")
    assert "a lot" not in said[0]
    assert said[1].startswith(f"{tmp_path / 'nowhere.csv'}:1:1: cannot be read")
    assert said[2].startswith("lines: 12, ")


def test_what_is_told_for_all_lines_and_a_mapping_are_heeded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = CLAIMS.replace("zz/medicaid", "PAYER9").replace("policy", "payer_id").replace("charge", "billed")
    (tmp_path / "claims.csv").write_text(text.replace("submitted", "sent"))
    columns = {name: name for name in text.split("\n")[0].split(",") if name not in ("billed", "submitted")}
    mapping = {"columns": columns | {"charge": "billed"}, "payers": {"PAYER9": "zz/medicaid"}}
    (tmp_path / "mapping.yaml").write_text(json.dumps(mapping))
    files = (str(tmp_path / "claims.csv"), "--mapping", str(tmp_path / "mapping.yaml"))
    assert run(*TWO_DAYS, *files, "--submitted", "2026-11-20", "--json") == 1
    [by_outcome] = json.loads(capsys.readouterr().out)["by_outcome"]
    assert by_outcome == {"then": "pass", "now": "fail", "lines": 3, "charge": "1099.54", "without_charge": 1}


def test_a_mapping_with_problems_stops_before_any_line_is_read(
    claims: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mapping.yaml").write_text("payer: {}\n")
    assert run(*TWO_DAYS, claims, "--mapping", str(tmp_path / "mapping.yaml")) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.splitlines()[-1]) == ("", "problems: 1")


def test_lines_of_several_files_are_named_by_file_too(
    claims: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.csv").write_text(CLAIMS.replace("MEMBER", "SOMEBODY-ELSE"))
    run(*TWO_DAYS, claims, str(tmp_path / "b.csv"))
    said = capsys.readouterr().out.replace("\n", " ").split()
    assert ("claims.csv:" in said, "b.csv:" in said) == (True, True)


@pytest.mark.parametrize("wrong", ["2026-02-30", "nowhere.json", "20261122"])
def test_neither_a_day_nor_a_snapshot_is_wrong_use(wrong: str, claims: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(wrong, "2026-11-22", claims)
    assert ended.value.code == 2
    assert f"'{wrong}' is not a date YYYY-MM-DD, and no snapshot or folder has that name" in capsys.readouterr().err


def test_long_lists_show_the_greatest_charges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, first = CLAIMS.splitlines()[:2]
    many = [first.replace("C1,", f"D{n},").replace("MEMBER-1", f"M{n}").replace("1061.20", f"{n}") for n in range(60)]
    (tmp_path / "many.csv").write_text("\n".join([head, *many]))
    run(*TWO_DAYS, str(tmp_path / "many.csv"))
    said = capsys.readouterr().out
    assert f"The {MOST_LISTED} lines with the greatest charges of 60" in said
    assert ("D59/1" in said, "D10/1" in said, "D9/1" in said) == (True, True, False)


def test_a_cell_is_no_formula_and_a_charge_stays_a_number(example: KnowledgeBase) -> None:
    found = impact((example, dt.date(2026, 11, 21)), (example, None), named(line("=1+1", charge=Decimal("-61.20"))))
    [row] = csv.DictReader(io.StringIO(csv_file(ImpactRow, rows(found.changes)).decode()))
    assert (row["claim"], row["charge"]) == ("'=1+1", "-61.20")


def test_dollars_are_exact_however_many_digits_they_have() -> None:
    many = [Decimal("999999999999999.000000000000001"), Decimal("1E+20"), None]
    assert total(many) == Sum(lines=3, charge=Decimal("100000999999999999999.000000000000001"), without_charge=1)
    assert (
        dollars(Decimal("100000999999999999999999999999999.005")) == "$100,000,999,999,999,999,999,999,999,999,999.00"
    )

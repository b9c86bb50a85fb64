"""Checks of service lines that a biller can read, in an invented world and against the shipped policies."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import yaml
from answers import EXAMPLE_DAY, ROOT

from h2024kb.claims import RULES, Finding, Result, check_line, check_lines
from h2024kb.claims.check import MOST_CHECKERS, checker
from h2024kb.claims.plan import plan
from h2024kb.editing.document import read_file
from h2024kb.editing.read_folder import read_folder
from h2024kb.knowledge.answer import Citation, Evidence
from h2024kb.knowledge.in_force import facts
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.timeline import known_days
from h2024kb.line import ServiceLine, hidden
from h2024kb.load import load_folder

WORLD = ROOT / "tests" / "claims-example"
CLAIMS = ROOT / "tests" / "claims"
FILES = sorted(CLAIMS.glob("*.yaml"))
DENIALS = yaml.safe_load((ROOT / "tests" / "denials.yaml").read_text("utf-8"))


def rows(path: Path) -> list[dict[str, Any]]:
    """The cases in a file, as the strict reader reads them."""
    document = read_file(path)
    assert document.problems == []
    assert document.ambiguous == {}
    assert isinstance(document.data, list)
    return document.data


ALL = {f"{path.stem}: {case['name']}": case for path in FILES for case in rows(path)}


@cache
def world() -> KnowledgeBase:
    return load_folder(WORLD, EXAMPLE_DAY)


def line_of(facts: dict[str, Any]) -> ServiceLine:
    """A line as a case writes it: what it leaves out is not given."""
    return msgspec.convert(facts, ServiceLine, strict=False)


def checked(case: dict[str, Any], kb: KnowledgeBase) -> Result:
    others = [line_of(other) for other in case["others"]] if "others" in case else None
    known_on = dt.date.fromisoformat(case["as_known_on"]) if "as_known_on" in case else None
    evidence: Evidence = case.get("accepts", "seen")
    return check_line(kb, line_of(case["line"]), others=others, as_known_on=known_on, evidence=evidence)


@pytest.mark.parametrize("id", ALL)
def test_case(id: str, shipped: KnowledgeBase) -> None:
    """A rule that a case names has the findings it lists, in order; no other rule is broken."""
    case = ALL[id]
    expect, result = case["expect"], checked(case, shipped if id.startswith("shipped") else world())
    expected = expect.get("findings", [])
    named = {row["rule"] for row in expected}
    of_these = [finding for finding in result.findings if finding.rule in named]
    assert [brief(finding) for finding in of_these] == [(row["rule"], row["outcome"]) for row in expected]
    for finding, row in zip(of_these, expected, strict=True):
        assert says(finding, row) == row
    assert {finding.rule for finding in result.of("fail")} <= named
    assert {finding.rule for finding in result.findings}.isdisjoint(expect.get("none", []))
    assert result.outcome == expect["outcome"]
    assert result.pile == expect.get("pile", result.pile)
    assert result.needs == tuple(expect.get("needs", result.needs))
    assert result.policy == expect.get("policy", result.policy)


def brief(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.outcome


def says(finding: Finding, row: dict[str, Any]) -> dict[str, Any]:
    """What a finding says of all that a case expects of it; of its message, the part that is expected."""
    said = {
        "rule": finding.rule,
        "outcome": finding.outcome,
        "says": row["says"] if row["says"] in finding.message else finding.message,
        "needs": list(finding.needs),
        "likely": list(finding.likely.adjustment_reasons) if finding.likely else [],
        "said_by": finding.said_by,
        "stated_for": finding.stated_for,
        "evidence": finding.evidence,
        "proposed_by": finding.likely.proposed_by if finding.likely else None,
    }
    return {name: said[name] for name in row}


KEYS = {
    "case": {"name", "line", "others", "as_known_on", "accepts", "expect"},
    "expect": {"outcome", "pile", "findings", "needs", "none", "policy"},
    "finding": {"rule", "outcome", "says", "needs", "likely", "said_by", "stated_for", "proposed_by", "evidence"},
}
EVERY = frozenset({"pass", "fail", "cannot-tell"})
ONLY: Final = {
    "payer": {"cannot-tell"},
    "dates": {"cannot-tell"},
    "frequency": {"cannot-tell"},
    "bill-instead": {"cannot-tell"},
    "payment": {"pass"},
}
"""The outcomes of rules that cannot have every one."""


def test_the_invented_world_has_no_problem() -> None:
    assert read_folder([WORLD], EXAMPLE_DAY).problems == []


def test_no_two_cases_have_one_name_and_no_key_is_misspelled() -> None:
    assert len(ALL) == sum(len(rows(path)) for path in FILES)
    for case in ALL.values():
        assert set(case) <= KEYS["case"]
        assert set(case["expect"]) <= KEYS["expect"]
        assert all(set(row) <= KEYS["finding"] for row in case["expect"].get("findings", []))
        assert set(case["expect"].get("none", [])) <= set(RULES)


def test_every_rule_is_expected_with_every_outcome_it_can_have() -> None:
    findings = [row for case in ALL.values() for row in case["expect"].get("findings", [])]
    expected = {(row["rule"], row["outcome"]) for row in findings}
    assert expected == {(rule, outcome) for rule in RULES for outcome in ONLY.get(rule, EVERY)}


def test_no_rule_has_an_outcome_that_it_cannot_have(shipped: KnowledgeBase) -> None:
    results = [checked(case, shipped if id.startswith("shipped") else world()) for id, case in ALL.items()]
    findings = [finding for result in results for finding in result.findings]
    assert [finding for finding in findings if finding.outcome not in ONLY.get(finding.rule, EVERY)] == []


def test_a_denial_is_proposed_for_failures_only_and_called_ours(shipped: KnowledgeBase) -> None:
    results = [checked(case, shipped if id.startswith("shipped") else world()) for id, case in ALL.items()]
    with_denial = [finding for result in results for finding in result.findings if finding.likely]
    assert {finding.outcome for finding in with_denial} == {"fail"}
    assert {finding.likely.proposed_by for finding in with_denial if finding.likely} == {"h2024kb"}


def test_every_rule_that_may_fail_has_a_denial_proposed(shipped: KnowledgeBase) -> None:
    """The table of denials, as a specialist would send them: rule, reasons, remarks."""
    sets = shipped.contents.code_sets
    named = {rule: denial for denial in sets.denials for rule in denial.rules}
    may_fail = {rule for rule in RULES if "fail" in ONLY.get(rule, EVERY)}
    assert may_fail <= named.keys()
    table = {rule: " ".join((*named[rule].adjustment_reasons, *named[rule].remarks)) for rule in may_fail}
    assert table == {rule: row for rule, row in DENIALS["by_rule"].items() if rule in may_fail}
    by_id = {denial.id: " ".join((*denial.adjustment_reasons, *denial.remarks)) for denial in sets.denials}
    assert DENIALS["by_id"].items() <= by_id.items()
    proposed = {number for denial in sets.denials for number in (*denial.adjustment_reasons, *denial.remarks)}
    assert proposed.isdisjoint(DENIALS["never"])


def test_a_finding_says_where_it_stands() -> None:
    line = ServiceLine(policy="zz/plan", code="H2024", date_of_service=dt.date(2022, 3, 1))
    findings = {finding.rule: finding for finding in check_line(world(), line).findings}
    authorization = findings["prior-authorization"]
    assert isinstance(authorization.citation, Citation)
    assert authorization.citation.source.title == "Authorization program, manual"
    assert authorization.citation.locator == "year 2022"
    assert (authorization.said_by, authorization.heading, authorization.stated_for) == (
        "zz/authorization",
        "H2024",
        "code",
    )
    assert (authorization.effective_date, authorization.last_day) == (dt.date(2022, 1, 1), dt.date(2022, 12, 31))
    assert authorization.about == ("prior_authorization_number",)
    assert findings["unit"].about == ("units", "date_of_service")
    assert findings["limits"].about == ("units", "other_lines")
    assert findings["limits"].stated_for == "service"


def test_an_unknown_says_where_one_looked() -> None:
    line = ServiceLine(policy="zz/coverage", code="H2024", date_of_service=dt.date(2024, 3, 1))
    (coverage,) = [finding for finding in check_line(world(), line).findings if finding.rule == "coverage"]
    assert [looked.name for looked in coverage.searched] == ["manual"]
    assert (coverage.citation, coverage.needs, coverage.said_by) == (None, (), "zz/coverage")


# Many lines: those of one member to one policy are seen together.


def lines_of(*rows: dict[str, Any], **shared: Any) -> list[ServiceLine]:
    """Lines of one unit of H2024 on one day, as the limit of one unit a day has them."""
    same: dict[str, Any] = {"policy": "zz/limits", "code": "H2024", "date_of_service": dt.date(2020, 3, 2)}
    same |= {"modifiers": (), "place_of_service": "18", "units": 1, "member": "M1"}
    return [line_of(same | shared | row) for row in rows]


def outcomes(lines: list[ServiceLine]) -> list[str]:
    return [result.outcome for result in check_lines(world(), lines)]


def test_lines_of_one_member_are_seen_together_and_results_keep_their_order() -> None:
    other_day = dt.date(2020, 3, 3)
    assert outcomes(lines_of({}, {"date_of_service": other_day}, {})) == ["fail", "pass", "fail"]
    assert outcomes(lines_of({}, {"member": "M2"})) == ["pass", "pass"]
    assert outcomes(lines_of({}, {"policy": "zz/plain"})) == ["fail", "pass"], "another program of the payer"
    assert outcomes([]) == []


def test_what_the_other_lines_of_nobody_show_is_not_told() -> None:
    results = check_lines(world(), lines_of({}, {}, member=None))
    assert [(result.outcome, result.needs) for result in results] == [("cannot-tell", ("other_lines",))] * 2


def test_lines_to_one_policy_are_together_by_whatever_name_the_payer_is_called() -> None:
    payers = [{"policy": "zz/senior"}, {"payer": "Example Mutual", "line_of_business": "medicare-advantage"}]
    together = lines_of(*[{"policy": None} | payer for payer in payers], units=600)
    assert [finding.rule for result in check_lines(world(), together) for finding in result.of("fail")] == [
        "coverage",
        "unit",
        "limits",
    ] * 2


def test_a_line_whose_payer_is_not_known_counts_for_no_other() -> None:
    results = check_lines(world(), lines_of({}, {"policy": "zz/none"}))
    assert [result.outcome for result in results] == ["pass", "cannot-tell"]
    assert [finding.rule for finding in results[1].findings] == ["payer"]


def test_lines_taken_back_or_replaced_are_not_checked_and_do_not_count() -> None:
    too_many: dict[str, Any] = {"units": 9, "claim": "C1", "frequency": "1"}
    results = check_lines(world(), lines_of(too_many, {"claim": "C1", "frequency": "7"}))
    assert [result.outcome for result in results] == ["cannot-tell", "pass"]
    assert [result.pile for result in results] == ["not-checked", "clear"]
    assert results[0].findings[0].message == "A later claim takes back or replaces the line, so it is not checked."
    assert results[1].findings[0].rule == "code"
    results = check_lines(world(), lines_of({}, too_many, {"claim": "C1", "frequency": "8"}))
    assert [result.findings[0].rule for result in results] == ["code", "frequency", "frequency"]
    assert results[2].findings[0].message == "The line takes back an earlier claim, and is not checked."
    results = check_lines(world(), lines_of(too_many, {"claim": "C2", "frequency": "8"}, {"claim": "C2"}))
    assert [result.outcome for result in results] == ["fail", "cannot-tell", "cannot-tell"]
    assert [result.pile for result in results] == ["fix", "not-checked", "not-checked"]


def test_one_line_beside_others_has_the_result_it_has_among_them() -> None:
    days = [{"date_of_service": dt.date(2021, 1, n)} for n in (4, 5, 6, 7, 8, 9, 12)]
    lines = lines_of(*days, {"date_of_service": dt.date(2021, 1, 4)})
    for at, result in enumerate(check_lines(world(), lines)):
        assert result == check_line(world(), lines[at], others=[*lines[:at], *lines[at + 1 :]])


# What is kept between checks.


def test_a_checker_is_kept_for_a_knowledge_base_and_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("h2024kb.claims.check._CHECKERS", {})
    first = checker(world())
    days = [EXAMPLE_DAY - dt.timedelta(days=n) for n in range(MOST_CHECKERS)]
    assert checker(world()) is first
    assert checker(world(), days[0]) is checker(world(), days[0]) is not first
    assert len({id(checker(world(), day)) for day in days}) == MOST_CHECKERS
    assert checker(world()) is not first


@pytest.mark.parametrize("field", ["modifiers", "diagnoses"])
def test_a_text_is_not_taken_for_a_list(field: str) -> None:
    facts: dict[str, Any] = {field: "HQ"}
    with pytest.raises(TypeError, match=f"^{field} must be a tuple of texts, not str$"):
        ServiceLine(**facts)


@pytest.mark.parametrize("field", ["date_of_service", "last_date_of_service", "submitted"])
def test_a_time_of_day_is_not_taken_for_a_date(field: str) -> None:
    facts: dict[str, Any] = {field: dt.datetime(2025, 3, 3, 12)}
    with pytest.raises(TypeError, match=f"^{field} must be a datetime.date, not a datetime$"):
        ServiceLine(**facts)


def test_a_line_meets_the_rules_of_its_own_day_as_known_on_any_day() -> None:
    """Days of an entry that was withdrawn since, or learned since, never lend their rules to the days around them."""
    kb, withdrawn = world(), 0
    for policy, code in itertools.product(kb.policies(), ("H2024", "T2018")):
        entries = [entry for rules in policy.rules for _, _, listed in facts(rules) for entry in listed]
        withdrawn += sum(entry.withdrawn is not None for entry in entries)
        for known in (None, *known_days(kb, policy.id, code)):
            rules = plan(kb, policy.id, code, known)
            for day in sorted({entry.start for entry in entries} - {dt.date.min}):
                own = replace(rules, starts=(dt.date.min, day), _versions={}).version(day)
                line = ServiceLine(code=code, date_of_service=day)
                assert rules.version(day).result(line, None) == own.result(line, None), (policy.id, code, known, day)
    assert withdrawn


def test_a_member_of_an_837_is_the_one_of_a_table() -> None:
    """An 837P hides the member's id; the same id in a table names the same member, in whatever case."""
    of_837, of_table, other = (lines_of({}, member=name)[0] for name in (hidden("M47"), "m47", "M48"))
    assert outcomes([of_837, of_table, other]) == ["fail", "fail", "pass"]
    assert outcomes([of_table, other]) == ["pass", "pass"]

"""Cases are asked by `h2024kb check`, and `h2024kb cases` writes those that a policy lacks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from answers import EXAMPLE, EXAMPLE_DAY, ROOT

from h2024kb.authoring.check import check
from h2024kb.authoring.write_cases import cases_to_add
from h2024kb.authoring.yaml_text import block, in_line
from h2024kb.cli import main
from h2024kb.editing.document import read_bytes
from h2024kb.knowledge.answer import NameNotFound
from h2024kb.problem import PolicyProblems


@pytest.fixture(scope="module")
def confirmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with the cases that are written for it."""
    folder = tmp_path_factory.mktemp("authoring")
    shutil.copytree(EXAMPLE, folder / "policies")
    (folder / "tests" / "cases" / "zz").mkdir(parents=True)
    for name in ("medicaid", "plan"):
        file = folder / "tests" / "cases" / "zz" / f"{name}.yaml"
        file.write_text(cases_to_add(folder / "policies", f"zz/{name}", file, EXAMPLE_DAY), "utf-8")
    return folder


@pytest.fixture
def tree(confirmed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(confirmed, tmp_path / "tree")


def said(tree: Path, *paths: str) -> list[str]:
    named = [tree / path for path in paths] or [tree]
    return [str(problem).removeprefix(f"{tree}/") for problem in check(named, EXAMPLE_DAY)]


def cases(tree: Path, name: str = "plan") -> Path:
    return tree / "tests" / "cases" / "zz" / f"{name}.yaml"


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_was_written_lacks_nothing_and_holds(tree: Path) -> None:
    assert said(tree) == []
    assert cases_to_add(tree / "policies", "zz/medicaid", cases(tree, "medicaid"), EXAMPLE_DAY) == ""


def _another_answer(tree: Path) -> None:
    rewrite(cases(tree), "coverage: conditional", "coverage: covered")


def _another_reason(tree: Path) -> None:
    rewrite(cases(tree), "coverage: {unknown: before-first-rule}", "coverage: {unknown: ended}")


def _another_source(tree: Path) -> None:
    rewrite(cases(tree), "  expect:", "  source: portal\n  stated_for: service\n  expect:")


def _one_name_twice(tree: Path) -> None:
    rewrite(cases(tree), "2022-12-31: coverage", "2023-01-01: coverage")


def _another_policy(tree: Path) -> None:
    rewrite(cases(tree), "policy: zz/plan", "policy: zz/medicaid")


def _no_policy(tree: Path) -> None:
    shutil.move(cases(tree), cases(tree, "other"))


def _no_cases(tree: Path) -> None:
    cases(tree).unlink()


def _other_days(tree: Path) -> None:
    rewrite(cases(tree), "date_of_service: 2022-12-31", "date_of_service: 2022-12-30")


def _modifier_not_asked(tree: Path) -> None:
    text = cases(tree, "medicaid").read_text("utf-8")
    cases(tree, "medicaid").write_text(text.replace("      U4: {unknown", "      U5: {unknown"), "utf-8")


def _day_after_the_last(tree: Path) -> None:
    rewrite(cases(tree, "medicaid"), "date_of_service: 2026-01-01", "date_of_service: 2026-01-02")


def _another_code(tree: Path) -> None:
    text = cases(tree, "medicaid").read_text("utf-8")
    of_2024 = text.index("date_of_service: 2024-07-01")
    start = text.rindex("code: H2024", 0, of_2024)
    cases(tree, "medicaid").write_text(f"{text[:start]}code: H2023{text[start + 11 :]}", "utf-8")


def _withdrawn(tree: Path) -> None:
    rewrite(
        tree / "policies" / "zz" / "medicaid.yaml",
        "        - effective_date: 2022-01-01\n          value: {use: allowed, meaning: Group of two or three}",
        "        - effective_date: 2021-12-31\n          value: {use: allowed, meaning: Group of two or three}",
    )


ADVICE = 'write them, or let "h2024kb cases zz/{} --write" do it and confirm what it wrote [missing-case]'
BROKEN: list[tuple[Callable[[Path], None], list[str]]] = [
    (_another_answer, ["20:15: the answer is conditional: correct this case, or the policy [case]"]),
    (_another_reason, ["8:15: the answer is {unknown: before-first-rule}: correct this case, or the policy [case]"]),
    (
        _another_source,
        [
            "7:11: nothing here is known: take this out [case]",
            "8:15: nothing here is known: take this out [case]",
        ],
    ),
    (
        _one_name_twice,
        [
            "3:9: another case has this name: say what is different [case-name]",
            "15:9: another case has this name: say what is different [case-name]",
        ],
    ),
    (_another_policy, ["4:11: this file is for the cases of 'zz/plan' [case-policy]"]),
    (_no_policy, ["no case asks this policy: " + ADVICE.format("plan"), "no policy is named 'zz/other' [case-policy]"]),
    (_no_cases, ["no case asks this policy: " + ADVICE.format("plan")]),
    (
        _other_days,
        [
            "no case asks for what the policy that is followed says on 2022-12-31: " + ADVICE.format("plan"),
            "no case asks for prior authorization on 2022-12-31: " + ADVICE.format("plan"),
        ],
    ),
    (_day_after_the_last, ["no case asks for minimum time on 2026-01-01: " + ADVICE.format("medicaid")]),
    (
        _another_code,
        [
            "no case asks for prior authorization on 2024-07-01: " + ADVICE.format("medicaid"),
            "the answer is {unknown: not-looked}: correct this case, or the policy [case]",
        ],
    ),
    (_withdrawn, []),
    (
        _modifier_not_asked,
        [
            "no case asks for modifier U4 on 2021-12-31: " + ADVICE.format("medicaid"),
            "41:11: the answer is {unknown: not-looked}: correct this case, or the policy [case]",
        ],
    ),
]


@pytest.mark.parametrize(("make", "messages"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_wrong_with_cases_is_said_at_its_place(
    tree: Path, make: Callable[[Path], None], messages: list[str]
) -> None:
    make(tree)
    found = said(tree)
    assert [line for line, message in zip(found, messages, strict=True) if not line.endswith(message)] == []


def test_a_date_without_a_case_is_shown_where_it_is_written(tree: Path) -> None:
    _other_days(tree)
    problem, _ = check([tree], EXAMPLE_DAY)
    assert problem.path.endswith("policies/zz/plan.yaml")
    assert problem.source_line.strip(" -").startswith("effective_date: 2023-01-01")


def test_cases_wait_until_the_files_are_right(tree: Path) -> None:
    _another_answer(tree)
    rewrite(tree / "policies" / "zz" / "plan.yaml", "line_of_business: ", "line_of_busines: ")
    assert {line.rpartition("[")[2] for line in said(tree)} == {"required]", "unknown-key]"}


def test_policies_without_cases_among_the_files_need_none(tree: Path) -> None:
    assert said(tree, "policies") == []
    assert said(tree, "tests/cases") == []


def test_one_policy_with_its_cases_is_asked_with_those_beside_it(tree: Path) -> None:
    _another_answer(tree)
    named = ("policies/zz/plan.yaml", "tests/cases/zz/plan.yaml")
    assert said(tree, *named) == [f"tests/cases/zz/plan.yaml:{BROKEN[0][1][0]}"]
    rewrite(tree / "policies" / "zz" / "medicaid.yaml", "reviewed: ", "reviewd: ")
    assert {line.partition(":")[0] for line in said(tree, *named)} == {"policies/zz/medicaid.yaml"}


def test_a_service_that_is_no_codes_needs_no_case(tree: Path) -> None:
    lists, policy = tree / "policies" / "code-sets" / "lists.yaml", tree / "policies" / "zz" / "plan.yaml"
    rewrite(lists, "services:\n", "services:\n  job-club: {label: Job club, describes: A group of job seekers.}\n")
    rule = """  job-club:
    coverage:
      - effective_date: 2023-01-01
        value: covered
        source: contract-2023
        locator: section 12
        passage: "7:1a47c16ec1dc99af43d9b11e8a0f6fb7"
"""
    source = policy.read_text("utf-8").partition("sources:\n  ")[2].partition(":")[0]
    policy.write_text(policy.read_text("utf-8").rstrip("\n") + "\n" + rule.replace("contract-2023", source), "utf-8")
    assert said(tree) == []
    rewrite(policy, "  job-club:", "  day-habilitation:")
    assert [line.rpartition("[")[2] for line in said(tree)] == ["missing-case]"]


def test_cases_are_printed_or_added(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policies = ["--policies", str(tree / "policies"), "cases"]
    _no_cases(tree)
    assert main([*policies, "zz/plan"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("# yaml-language-server: $schema=../../../schema/cases.schema.json\n# Confirm ")
    assert main([*policies, "zz/plan", "--write"]) == 0
    assert cases(tree).read_text("utf-8") == printed
    assert "confirm" in capsys.readouterr().err
    assert main([*policies, "zz/plan", "--write"]) == 0
    assert capsys.readouterr().err == "zz/plan lacks no case\n"
    _other_days(tree)
    before = cases(tree).read_text("utf-8")
    assert main([*policies, "zz/plan", "--write"]) == 0
    assert cases(tree).read_text("utf-8").startswith(before)
    assert said(tree) == []


def test_cases_of_no_policy_and_of_a_broken_one(tree: Path) -> None:
    with pytest.raises(NameNotFound, match="near it: zz/plan"):
        cases_to_add(tree / "policies", "zz/plans", cases(tree, "plans"), EXAMPLE_DAY)
    rewrite(tree / "policies" / "zz" / "plan.yaml", "reviewed: ", "reviewd: ")
    with pytest.raises(PolicyProblems, match="reviewd"):
        cases_to_add(tree / "policies", "zz/plan", cases(tree), EXAMPLE_DAY)


TEXTS = """22|NO|2026-11-23|a: b|a, b|- a|#1|| a|a |it's|"|~|null|1.50|a # b|tab\t|true|é|{|12:30|1E2|- |*a|a:|@a
prior_authorization|U4 with HQ (group of 2-3)|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"""


@pytest.mark.parametrize("value", TEXTS.replace("\n", "|").split("|"))
def test_text_is_written_so_that_it_is_read_as_it_was(value: str) -> None:
    everything = {"a": [value, {"b": value}], "c": 12, "d": True, value: [value] * 9}
    assert read_bytes(in_line(everything).encode(), "").data == everything
    assert read_bytes(f"key:{block(everything, '  ')}\n".encode(), "").data == {"key": everything}
    assert read_bytes(in_line(everything).encode(), "").problems == []


def test_the_checkout_has_the_folder_that_cases_are_written_to() -> None:
    assert (ROOT / "policies").parent / "tests" / "cases" == ROOT / "tests" / "cases"

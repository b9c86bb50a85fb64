"""What a caller may rely on: names, policies that follow, both clocks, claim lines, and that nothing can be changed."""

from __future__ import annotations

import datetime as dt
import shutil
import typing
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from answers import DAY, EXAMPLE, EXAMPLE_DAY, days_of, every_answer

from h2024kb.knowledge.answer import Answer, Known, NameNotFound, SeveralPolicies, Unknown
from h2024kb.knowledge.headlines import COVERAGE_HEADLINES, headline, labeled
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import CORE_FACTS, FACTS, ModifierUse, Rate, Rules, When
from h2024kb.load import load_folder

H2024: dict[str, Any] = {"code": "H2024", "date_of_service": EXAMPLE_DAY}
MEDICAID = "zz/medicaid.yaml"
STATED = 'source: manual-r3, locator: page 1, passage: "9:00000000000000000000000000000000"'


class World:
    """The invented policies, to be changed before they are loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)

    def put(self, heading: str, text: str) -> World:
        """Adds lines at the head of what the state's policy says under a heading."""
        path = self.folder / MEDICAID
        before, found, after = path.read_text("utf-8").partition(f"\n  {heading}:\n")
        assert found
        path.write_text(f"{before}{found}    {text}\n{after}", "utf-8")
        return self

    def drop(self, fact: str) -> World:
        """Takes a fact and all its entries out of the state's policy."""
        path = self.folder / MEDICAID
        before, _, after = path.read_text("utf-8").partition(f"\n    {fact}:\n")
        lines = after.splitlines(keepends=True)
        end = next(at for at, line in enumerate(lines) if not line.startswith("      "))
        path.write_text(before + "\n" + "".join(lines[end:]), "utf-8")
        return self

    def load(self) -> KnowledgeBase:
        return load_folder(self.folder, EXAMPLE_DAY)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# Names


@pytest.mark.parametrize(
    ("policy", "asked", "message"),
    [
        ("zz/medicade", {}, "no policy is named 'zz/medicade'; near it: zz/medicaid"),
        ("plan", {}, "no policy is named 'plan'; near it: zz/plan"),
        (None, {"payer": "state"}, "no payer is named 'state'; near it: Example State Medicaid"),
        (
            None,
            {"payer": "Exampel Health Plan"},
            "no payer is named 'Exampel Health Plan'; near it: Example Health Plan",
        ),
        (None, {"payer": "Nobody"}, "no payer is named 'Nobody'"),
        ("zz/plan", {"code": "H2042"}, "no code is named 'H2042'; near it: H2024, H2023, T2020"),
    ],
)
def test_a_misspelled_name_is_told_with_those_near_it(
    example: KnowledgeBase, policy: str | None, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(NameNotFound) as raised:
        example.coverage(policy, **{**H2024, **asked})
    assert str(raised.value) == message


def test_no_fact_is_guessed(example: KnowledgeBase) -> None:
    with pytest.raises(NameNotFound, match="no fact is named 'coverge'; near it: coverage"):
        example.fact("coverge", "zz/plan", **H2024)


@pytest.mark.parametrize("name", ["Example State Medicaid", "ESM", "esm", "example MEDICAID"])
def test_a_payer_goes_by_any_of_its_names(example: KnowledgeBase, name: str) -> None:
    assert example.payer_name(name) == "Example State Medicaid"
    assert [policy.id for policy in example.policies(payer=name)] == ["zz/medicaid"]


# Which policy is meant


def test_payer_jurisdiction_and_line_of_business_name_a_policy(example: KnowledgeBase) -> None:
    answer = example.coverage(payer="esm", jurisdiction="ZZ", line_of_business="medicaid", **H2024)
    assert isinstance(answer, Known)
    assert (answer.question.policy, answer.question.payer) == ("zz/medicaid", "esm")
    assert answer.entry == known(example.coverage("zz/medicaid", **H2024)).entry


def test_a_nationwide_policy_serves_a_state(shipped: KnowledgeBase) -> None:
    answer = shipped.coverage(payer="Medicare", jurisdiction="MD", **H2024)
    assert (answer.question.policy, known(answer).value) == ("us/medicare", "not-covered")


def test_a_policy_of_the_state_stands_before_a_nationwide_one(world: World) -> None:
    plan = world.folder / "zz" / "plan.yaml"
    nationwide = world.folder / "us" / "plan.yaml"
    nationwide.parent.mkdir()
    nationwide.write_text(plan.read_text("utf-8").replace("jurisdiction: ZZ", "jurisdiction: US"), "utf-8")
    kb = world.load()
    found = [kb.coverage(payer="Example Health Plan", jurisdiction=at, **H2024).question.policy for at in ("ZZ", "MD")]
    assert found == ["zz/plan", "us/plan"]


def test_the_line_of_business_tells_two_policies_of_a_payer_apart(world: World) -> None:
    plan = world.folder / "zz" / "plan.yaml"
    other = plan.read_text("utf-8").replace("medicaid-managed-care", "marketplace")
    (world.folder / "zz" / "marketplace-plan.yaml").write_text(other, "utf-8")
    kb = world.load()
    asked: dict[str, Any] = {"payer": "Example Health Plan", "jurisdiction": "ZZ", **H2024}
    found = [
        kb.coverage(line_of_business=business, **asked).question.policy
        for business in ("marketplace", "medicaid-managed-care")
    ]
    assert found == ["zz/marketplace-plan", "zz/plan"]
    with pytest.raises(SeveralPolicies):
        kb.coverage(**asked)


def test_where_several_policies_fit_none_is_chosen(example: KnowledgeBase) -> None:
    with pytest.raises(SeveralPolicies, match="several policies fit; name one of: zz/medicaid, zz/plan") as raised:
        example.coverage(jurisdiction="ZZ", **H2024)
    assert raised.value.ids == ("zz/medicaid", "zz/plan")


def test_no_such_policy_yet_names_what_is_held_of_the_payer(example: KnowledgeBase) -> None:
    answer = unknown(example.coverage(payer="ESM", jurisdiction="MD", **H2024))
    assert (answer.why, answer.question.policy) == ("no-such-policy", None)
    assert answer.because == "No policy in the knowledge base fits this. For this payer there is: zz/medicaid."
    assert unknown(example.coverage(jurisdiction="MD", **H2024)).because == "No policy in the knowledge base fits this."
    assert example.modifiers(jurisdiction="MD", **H2024) == {}


# Headings and policies that answer for others


def test_a_fact_stated_for_the_service_says_so(example: KnowledgeBase) -> None:
    answer = known(example.fact("minimum_time", "zz/medicaid", code="H2024", date_of_service=dt.date(2025, 1, 1)))
    assert (answer.stated_for, answer.heading) == ("service", "supported-employment")
    assert (answer.effective_date, answer.in_force_by) == (dt.date(2022, 1, 1), None)
    assert known(example.coverage("zz/medicaid", **H2024)).stated_for == "code"


def test_a_rule_whose_start_is_not_stated_has_no_effective_date(example: KnowledgeBase) -> None:
    answer = known(example.fact("timely_filing", "zz/medicaid", **H2024))
    assert (answer.effective_date, answer.in_force_by) == (None, dt.date(2021, 12, 15))


def test_the_code_stands_before_its_service_and_that_before_all_services(world: World) -> None:
    world.put("H2024", f"payment: [{{effective_date: 2024-01-01, value: paid, {STATED}}}]")
    world.put("supported-employment", f"payment: [{{effective_date: 2023-01-01, value: encounter-only, {STATED}}}]")
    world.put("all-services", f"payment: [{{effective_date: 2022-01-01, value: paid, {STATED}}}]")
    kb = world.load()
    days = [dt.date(year, 6, 1) for year in (2024, 2023, 2022)]
    answers = [known(kb.fact("payment", "zz/medicaid", code="H2024", date_of_service=day)) for day in days]
    assert [answer.heading for answer in answers] == ["H2024", "supported-employment", "all-services"]


def test_a_policy_that_is_followed_answers_under_its_own_name(example: KnowledgeBase) -> None:
    answer = known(example.coverage("zz/plan", **H2024))
    assert (answer.question.policy, answer.said_by) == ("zz/plan", "zz/medicaid")
    assert answer.entry.startswith("zz/medicaid/H2024/coverage/2022-01-01~")


def test_an_unknown_that_is_stated_ends_the_search(example: KnowledgeBase) -> None:
    answer = unknown(example.prior_authorization("zz/plan", **H2024))
    assert (answer.why, answer.because) == ("not-found", "The plan's own list could not be read.")
    assert [(place.name, place.date) for place in answer.searched] == [("contract", dt.date(2026, 11, 20))]


def test_before_it_follows_another_a_policy_answers_alone(example: KnowledgeBase) -> None:
    answer = example.coverage("zz/plan", code="H2024", date_of_service=dt.date(2022, 12, 31))
    assert unknown(answer).why == "before-first-rule"
    assert unknown(answer).because == "The first rule known takes effect on 2023-01-01."


def test_entries_that_fit_a_line_alike_and_differ_give_no_answer(example: KnowledgeBase) -> None:
    tied = _with_rates(example, (("U4", "61.20"), ("HQ", "38.34")))
    answer = tied.fact("rate", "zz/medicaid", **H2024, modifiers=("U4", "HQ"))
    assert unknown(answer).needs == ()
    assert unknown(answer).because == "Several entries fit this claim line, differ, and do not say which prevails."
    assert known(tied.fact("rate", "zz/medicaid", **H2024, modifiers=("U4",))).value.amount == Decimal("61.20")
    same = _with_rates(example, (("U4", "61.20"), ("HQ", "61.20")))
    assert known(same.fact("rate", "zz/medicaid", **H2024, modifiers=("U4", "HQ"))).value.amount == Decimal("61.20")


def _with_rates(kb: KnowledgeBase, rates: tuple[tuple[str, str], ...]) -> KnowledgeBase:
    policy = kb.policy("zz/medicaid")
    rules = policy.rules[0]
    entries = tuple(
        msgspec.structs.replace(
            rules.rate[0], when=When(modifiers=(name,)), value=Rate(amount=Decimal(amount), per="day")
        )
        for name, amount in rates
    )
    policy = msgspec.structs.replace(policy, rules=(msgspec.structs.replace(rules, rate=entries), *policy.rules[1:]))
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=(policy,)))


def test_where_the_policy_followed_is_silent_too_nobody_has_looked(example: KnowledgeBase) -> None:
    answer = unknown(example.fact("payment", "zz/plan", **H2024))
    assert (answer.why, answer.because) == ("not-looked", "Nobody has looked for this yet.")


def test_a_policy_is_followed_from_when_that_was_recorded(world: World) -> None:
    plan = world.folder / "zz" / "plan.yaml"
    text = plan.read_text("utf-8").replace(
        "    value: zz/medicaid\n", "    value: zz/medicaid\n    recorded: 2026-11-22\n"
    )
    plan.write_text(text, "utf-8")
    kb = world.load()
    answers = [kb.coverage("zz/plan", as_known_on=dt.date(2026, 11, day), **H2024) for day in (21, 22)]
    assert [type(answer) for answer in answers] == [Unknown, Known]


def test_modifiers_of_the_policy_followed_are_named_too(example: KnowledgeBase) -> None:
    answers = example.modifiers("zz/plan", **H2024)
    assert list(answers) == ["22", "U4", "HQ"]
    assert known(answers["U4"]).said_by == "zz/medicaid"
    assert unknown(answers["22"]).why == "not-found"


def test_a_payer_bills_another_code_only_where_it_says_so_of_this_one(
    shipped: KnowledgeBase, shipped_answers: tuple[Answer[Any], ...]
) -> None:
    others = [
        answer
        for answer in shipped_answers
        if answer.question.fact == "coverage" and headline(answer).startswith("Bills ")
    ]
    assert {answer.question.policy for answer in others} >= {"nc/b3-services", "il/ddd-waivers"}
    for answer in others:
        billed = known(shipped.replay(msgspec.structs.replace(answer.question, fact="bill_instead")))
        assert answer.question.code not in {row.code for row in billed.value}
        assert unknown(answer).billed_as == billed


def test_a_code_billed_for_itself_is_not_another_code(world: World) -> None:
    world.drop("coverage").put("H2024", "coverage: [{unknown: Nothing was found., searched: [manual-r3]}]")
    row = "{code: %s, describes: Job coaching}"
    world.put("H2024", f"bill_instead: [{{effective_date: 2022-01-01, value: [{row % 'H2024'}], {STATED}}}]")
    assert headline(world.load().coverage("zz/medicaid", **H2024)) == "Not found in the payer's documents"


# The second clock


def test_what_was_withdrawn_answers_until_then_and_the_correction_from_when_it_was_recorded(
    example: KnowledgeBase,
) -> None:
    days = (dt.date(2026, 11, 19), dt.date(2026, 11, 20), dt.date(2026, 11, 21), dt.date(2026, 11, 22), None)
    answers = [example.modifier("zz/medicaid", modifier="HQ", as_known_on=day, **H2024) for day in days]
    assert unknown(answers[0]).because == "Nobody had looked for this by 2026-11-19."
    meanings = [known(answer).value.meaning for answer in answers[1:]]
    assert meanings == [
        "Group of two or three",
        "Group of two or three",
        "Group of two to four",
        "Group of two to four",
    ]


def test_a_withdrawn_entry_answers_as_it_did_wherever_it_stands_in_the_list(world: World) -> None:
    withdrawn = "withdrawn: {date: 2026-11-22, because: It was misread.}"
    entries = [
        f"effective_date: 2022-01-01, value: day, {STATED}",
        f"effective_date: 2024-01-01, value: hour, {STATED}",
    ]
    world.drop("unit").put("H2024", f"unit: [{{{entries[0]}}}, {{{entries[1]}, {withdrawn}}}]")
    kb = world.load()
    known_on = (dt.date(2026, 11, 21), dt.date(2026, 11, 22))
    answers = [known(kb.fact("unit", "zz/medicaid", as_known_on=day, **H2024)) for day in known_on]
    assert [(answer.value, answer.last_day) for answer in answers] == [("hour", None), ("day", None)]


def test_two_undated_unknowns_of_which_one_is_withdrawn_are_no_fault(world: World) -> None:
    rows = [
        "because: It was misread.}, unknown: First., searched: [manual-r3]}",
        "unknown: Second., searched: [manual-r3]}",
    ]
    world.drop("unit").put("H2024", f"unit: [{{withdrawn: {{date: 2026-11-22, {rows[0]}, {{{rows[1]}]")
    kb = world.load()
    known_on = (dt.date(2026, 11, 21), dt.date(2026, 11, 22))
    answers = [unknown(kb.fact("unit", "zz/medicaid", as_known_on=day, **H2024)) for day in known_on]
    assert [answer.because for answer in answers] == ["First.", "Second."]


def test_an_entry_is_known_from_the_day_it_was_recorded(world: World) -> None:
    text = f"effective_date: 2022-01-01, value: paid, {STATED}, recorded: 2026-11-22"
    kb = world.put("H2024", f"payment: [{{{text}}}]").load()
    answers = [kb.fact("payment", "zz/medicaid", as_known_on=dt.date(2026, 11, day), **H2024) for day in (21, 22)]
    assert [type(answer) for answer in answers] == [Unknown, Known]


def test_what_is_nearby_was_known_then_too(example: KnowledgeBase) -> None:
    asked: dict[str, Any] = {"code": "H2024", "date_of_service": dt.date(2021, 12, 31)}
    answers = [
        unknown(example.prior_authorization("zz/medicaid", as_known_on=dt.date(2026, 11, day), **asked))
        for day in (21, 22)
    ]
    assert [[near.value for near in answer.nearby] for answer in answers] == [
        ["not-required"],
        ["required", "not-required"],
    ]


# Days on which nothing is in force


def test_before_the_first_entry_the_next_is_named(example: KnowledgeBase) -> None:
    answer = unknown(example.coverage("zz/medicaid", code="H2024", date_of_service=dt.date(2021, 12, 31)))
    assert answer.why == "before-first-rule"
    assert answer.because == "The first rule known takes effect on 2022-01-01."
    assert [near.value for near in answer.nearby] == ["conditional"]


def test_of_two_later_entries_the_first_is_named(example: KnowledgeBase) -> None:
    answer = example.prior_authorization("zz/medicaid", code="H2024", date_of_service=dt.date(2021, 12, 31))
    assert unknown(answer).because.endswith("The first rule known takes effect on 2022-01-01.")


def test_other_headings_are_nearby_on_the_date_only(world: World) -> None:
    ended = f"{{effective_date: 2022-01-01, termination_date: 2022-12-31, value: paid, {STATED}}}"
    holds = f"{{effective_date: 2023-01-01, value: encounter-only, {STATED}}}"
    kb = world.put("supported-employment", f"payment: [{ended}]").put("H2024", f"payment: [{holds}, {ended}]").load()
    answer = unknown(kb.fact("payment", "zz/medicaid", code="H2023", date_of_service=EXAMPLE_DAY))
    found = [(near.heading, near.value) for near in answer.nearby]
    assert found == [("H2024", "encounter-only"), ("supported-employment", "paid")]


def test_only_of_coverage_it_is_said_what_is_billed_instead(shipped_answers: tuple[Answer[Any], ...]) -> None:
    answers = [answer for answer in shipped_answers if isinstance(answer, Unknown)]
    with_codes = {
        answer.question.fact
        for answer in answers
        if answer.billed_as or any(near.question.fact == "bill_instead" for near in answer.nearby)
    }
    assert with_codes == {"coverage", "bill_instead"}
    assert all(answer.question.fact == "coverage" for answer in answers if answer.billed_as)


def test_where_the_source_has_no_date_that_is_said(example: KnowledgeBase) -> None:
    asked: dict[str, Any] = {"code": "H2024", "date_of_service": dt.date(2021, 12, 14)}
    answer = unknown(example.fact("timely_filing", "zz/medicaid", **asked))
    assert answer.why == "weaker-evidence"
    assert answer.because == "The source does not say since when; the rule was first seen on 2021-12-15."
    assert answer.nearest == known(example.fact("timely_filing", "zz/medicaid", evidence="seen-later", **asked))


def test_after_the_last_entry_its_end_is_named(example: KnowledgeBase) -> None:
    answer = unknown(example.fact("minimum_time", "zz/medicaid", **H2024))
    assert answer.because == "The last rule known ended on 2025-12-31."
    assert [near.last_day for near in answer.nearby] == [dt.date(2025, 12, 31)]


def test_between_two_entries_both_are_named(world: World) -> None:
    rows = (
        f"{{effective_date: 2026-06-01, value: paid, {STATED}}}",
        f"{{effective_date: 2022-01-01, termination_date: 2025-12-31, value: encounter-only, {STATED}}}",
    )
    kb = world.put("H2024", f"payment: [{', '.join(rows)}]").load()
    asked: dict[str, Any] = {"code": "H2024", "date_of_service": dt.date(2026, 3, 1)}
    answer = unknown(kb.fact("payment", "zz/medicaid", **asked))
    ended, starts = "The last rule known ended on 2025-12-31.", "The next rule known takes effect on 2026-06-01."
    assert answer.because == f"{ended} {starts}"
    assert [near.value for near in answer.nearby] == ["paid", "encounter-only"]


def test_entries_of_one_heading_do_not_end_those_of_another(world: World) -> None:
    world.put(
        "H2024", f"payment: [{{effective_date: 2022-01-01, termination_date: 2022-12-31, value: paid, {STATED}}}]"
    )
    later = f"effective_date: 2023-01-01, termination_date: 2023-06-30, value: paid, {STATED}"
    kb = world.put("supported-employment", f"payment: [{{{later}}}]").load()
    answer = unknown(kb.fact("payment", "zz/medicaid", **H2024))
    assert answer.because == "The last rule known ended on 2023-06-30."


def test_undated_entries_that_ended_under_two_headings_are_no_fault(world: World) -> None:
    row = "[{termination_date: 2022-12-31, unknown: Nothing was found., searched: [manual-r3]}]"
    kb = world.put("H2024", f"payment: {row}").put("supported-employment", f"payment: {row}").load()
    answer = unknown(kb.fact("payment", "zz/medicaid", **H2024))
    assert answer.because == "The last rule known ended on 2022-12-31."


# Claim lines


def test_what_is_stated_for_other_lines_only_is_not_said_to_be_missing(example: KnowledgeBase) -> None:
    answer = unknown(example.fact("rate", "zz/medicaid", modifiers=(), **H2024))
    assert answer.why == "not-looked"
    assert answer.because == "What is stated is for other claim lines."
    assert [near.value.amount for near in answer.nearby] == [Decimal("61.20"), Decimal("38.34")]


def test_what_the_line_must_tell_is_named(example: KnowledgeBase) -> None:
    answer = unknown(example.fact("rate", "zz/medicaid", **H2024))
    assert (answer.why, answer.needs) == ("depends-on-line", ("modifiers",))
    assert answer.because == "The answer depends on the claim line: give modifiers."
    assert [near.value.amount for near in answer.nearby] == [Decimal("61.20"), Decimal("38.34")]


RATES = {
    "50.00": 'when: {modifiers: [U4], place_of_service: ["18"]}, ',
    "40.00": "when: {modifiers: [U4]}, ",
    "20.00": "when: {modifiers: [U5, HQ], age: {from: 21, to: 64}}, ",
    "25.00": "when: {modifiers: [U5, HQ]}, ",
    "30.00": "",
}


@pytest.fixture
def rates(world: World) -> KnowledgeBase:
    rows = ((f"effective_date: 2022-01-01, {when}", amount) for amount, when in RATES.items())
    text = ", ".join(f'{{{row}value: {{amount: "{amount}", per: day}}, {STATED}}}' for row, amount in rows)
    world.drop("rate").drop("billing_lines").put("H2024", f"rate: [{text}]")
    # The schedule must be cited by something else now.
    return world.put("all-services", "payment: [{unknown: Nothing was found., searched: [fee-schedule]}]").load()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ({}, ("modifiers", "place_of_service", "age")),
        ({"modifiers": ()}, "30.00"),
        ({"modifiers": ("HQ",)}, "30.00"),
        ({"modifiers": ("U4",)}, ("place_of_service",)),
        ({"modifiers": ("U4",), "place_of_service": "18"}, "50.00"),
        ({"modifiers": ("22", "U4"), "place_of_service": "11", "age": 30}, "40.00"),
        ({"place_of_service": "11"}, ("modifiers", "age")),
        ({"place_of_service": "11", "age": 20}, ("modifiers",)),
        ({"modifiers": ("U5", "HQ")}, ("age",)),
        ({"modifiers": ("HQ", "U5"), "age": 20}, "25.00"),
        ({"modifiers": ("HQ", "U5"), "age": 21}, "20.00"),
        ({"modifiers": ("HQ", "U5"), "age": 64}, "20.00"),
        ({"modifiers": ("HQ", "U5"), "age": 65}, "25.00"),
    ],
)
def test_the_entry_that_asks_most_of_the_line_wins(
    rates: KnowledgeBase, line: dict[str, Any], answer: str | tuple[str, ...]
) -> None:
    given = rates.fact("rate", "zz/medicaid", **H2024, **line)
    assert (given.needs if isinstance(given, Unknown) else str(given.value.amount)) == answer


PAYMENTS = ("paid", "encounter-only")


def test_what_asks_less_of_the_line_need_not_be_settled(world: World) -> None:
    whens = ('{modifiers: [U4], place_of_service: ["18"]}', "{age: {from: 65}}")
    rows = (
        f"{{effective_date: 2022-01-01, when: {when}, value: {use}, {STATED}}}"
        for when, use in zip(whens, PAYMENTS, strict=True)
    )
    kb = world.put("H2024", f"payment: [{', '.join(rows)}]").load()
    answer = kb.fact("payment", "zz/medicaid", modifiers=("U4",), place_of_service="18", **H2024)
    assert known(answer).value == "paid"


@pytest.mark.parametrize(
    "rows",
    [
        ("value: conditional, condition: Enrolled., " + STATED, "value: conditional, condition: Planned., " + STATED),
        ("unknown: Nothing was found., searched: [manual-r3]", "unknown: Nothing was read., searched: [manual-r3]"),
    ],
)
def test_entries_that_differ_in_their_sentence_differ(world: World, rows: tuple[str, str]) -> None:
    start = "effective_date: 2022-01-01"
    lines = f"{{{start}, when: {{modifiers: [U4]}}, {rows[0]}}}, {{{start}, {rows[1]}}}"
    kb = world.put("H2024", f"telehealth: [{lines}]").load()
    assert unknown(kb.fact("telehealth", "zz/medicaid", **H2024)).needs == ("modifiers",)


def test_nothing_needs_to_be_told_where_it_changes_nothing(world: World) -> None:
    row = f"effective_date: 2022-01-01, value: day, {STATED}"
    kb = world.drop("unit").put("H2024", f"unit: [{{when: {{modifiers: [U4]}}, {row}}}, {{{row}}}]").load()
    assert known(kb.fact("unit", "zz/medicaid", **H2024)).value == "day"


# Arguments


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"code": "H2024"}, "a question needs date_of_service"),
        ({"date_of_service": EXAMPLE_DAY}, "a question needs code"),
        ({**H2024, "date_of_service": "2026-11-23"}, "date_of_service must be a datetime.date, not str"),
        (
            {**H2024, "date_of_service": dt.datetime(2026, 11, 23)},
            "date_of_service must be a datetime.date, not datetime",
        ),
        ({**H2024, "as_known_on": "2026-11-23"}, "as_known_on must be a datetime.date, not str"),
        ({**H2024, "code": 2024}, "Expected `str`, got `int` - at `$.code`"),
        ({**H2024, "modifiers": "U4"}, "Expected `array | null`, got `str` - at `$.modifiers`"),
        ({**H2024, "place_of_service": 18}, "Expected `str | null`, got `int` - at `$.place_of_service`"),
        ({**H2024, "age": "40"}, "Expected `int | null`, got `str` - at `$.age`"),
        ({**H2024, "modifer": ("U4",)}, "Unexpected keyword argument 'modifer'"),
    ],
)
def test_arguments_of_the_wrong_kind_are_refused(example: KnowledgeBase, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as raised:
        example.coverage("zz/medicaid", **asked)
    assert message in str(raised.value)


def test_a_question_without_a_policy_is_refused(example: KnowledgeBase) -> None:
    with pytest.raises(TypeError, match="name a policy, or its payer, jurisdiction and line_of_business"):
        example.coverage(**H2024)


def test_a_list_of_modifiers_is_as_good_as_a_tuple(example: KnowledgeBase) -> None:
    listed: Any = ["U4"]
    answer = example.fact("rate", "zz/medicaid", modifiers=listed, **H2024)
    assert answer == example.fact("rate", "zz/medicaid", modifiers=("U4",), **H2024)
    assert known(answer).value.amount == Decimal("61.20")


# Answers


def test_nothing_can_be_changed(example: KnowledgeBase) -> None:
    answer = known(example.fact("limits", "zz/medicaid", **H2024))
    policy = example.policy("zz/medicaid")
    for thing, field in (
        (answer, "value"),
        (answer.value[0], "units"),
        (answer.citation.source, "tier"),
        (answer.question, "code"),
        (policy, "payer"),
        (policy.rules[0], "coverage"),
        (policy.rules[0].coverage[0], "value"),
        (example.contents, "policies"),
        (example, "contents"),
    ):
        with pytest.raises(AttributeError):
            setattr(thing, field, None)
    modifiers: Any = example.modifiers("zz/medicaid", **H2024)
    with pytest.raises(TypeError):
        modifiers["22"] = answer


def answers_of(folder: str, request: pytest.FixtureRequest) -> Iterable[Answer[Any]]:
    if folder == "example":
        return every_answer(request.getfixturevalue("example"))
    found: tuple[Answer[Any], ...] = request.getfixturevalue("shipped_answers")
    return found


@pytest.mark.parametrize("folder", ["example", "shipped"])
def test_an_unknown_never_reads_as_covered_or_refused(folder: str, request: pytest.FixtureRequest) -> None:
    answers = [answer for answer in answers_of(folder, request) if isinstance(answer, Unknown)]
    assert {answer.why for answer in answers} >= {"not-looked", "before-first-rule"}
    assert {labeled(answer) for answer in answers}.isdisjoint(COVERAGE_HEADLINES.values())
    assert all(answer.because.endswith(".") and not hasattr(answer, "value") for answer in answers)


@pytest.mark.parametrize("folder", ["example", "shipped"])
def test_every_answer_can_be_replayed(folder: str, request: pytest.FixtureRequest) -> None:
    kb: KnowledgeBase = request.getfixturevalue(folder)
    for policy in kb.policies():
        for day in days_of(policy):
            answers = kb.core_answers(policy.id, code="H2024", date_of_service=day)
            assert tuple(kb.replay(answer.question) for answer in answers) == answers


def test_core_answers_stand_in_the_order_a_biller_asks(example: KnowledgeBase) -> None:
    answers = example.core_answers("zz/medicaid", **H2024)
    names = [answer.question.modifier or answer.question.fact for answer in answers]
    assert names == ["coverage", "prior_authorization", "22", "unit", "place_of_service", "limits", "rate"]
    assert {*names} == {*CORE_FACTS, "22"}


def test_unknowns_are_those_core_answers_that_nobody_has(example: KnowledgeBase) -> None:
    gaps = example.unknowns(EXAMPLE_DAY)
    named = [(gap.question.policy, gap.question.modifier or gap.question.fact) for gap in gaps]
    assert named == [("zz/medicaid", "22"), ("zz/plan", "prior_authorization"), ("zz/plan", "22")]
    assert len(example.unknowns(dt.date(2021, 1, 1))) == 14


def test_last_days_meet_first_days(example: KnowledgeBase) -> None:
    asked: dict[str, Any] = {"code": "H2024", "date_of_service": dt.date(2024, 6, 30)}
    older = known(example.prior_authorization("zz/medicaid", **asked))
    newer = known(example.prior_authorization("zz/medicaid", **H2024))
    assert (older.last_day, newer.effective_date) == (dt.date(2024, 6, 30), dt.date(2024, 6, 30) + DAY)
    assert newer.last_day is None


# Answers as JSON

HINTS = typing.get_type_hints(Rules)
VALUES = {fact: typing.get_args(typing.get_args(HINTS[fact])[0])[0] for fact in FACTS}


def decoded(answer: Answer[Any]) -> Answer[Any]:
    """An answer written as JSON and read with the type of its fact."""
    generic: Any = Known
    value = ModifierUse if answer.question.modifier else VALUES[answer.question.fact]
    made: Answer[Any] = msgspec.json.decode(msgspec.json.encode(answer), type=generic[value] | Unknown)
    return made


@pytest.mark.parametrize("folder", ["example", "shipped"])
def test_json_decodes_to_an_equal_answer(folder: str, request: pytest.FixtureRequest) -> None:
    seen = set()
    for answer in answers_of(folder, request):
        seen.add((answer.question.fact, type(answer)))
        assert msgspec.json.encode(decoded(answer)) == msgspec.json.encode(answer)
        # What is nearby or nearest is of any fact, so its values are read as plain lists and mappings.
        if isinstance(answer, Known) or not (answer.nearby or answer.nearest or answer.billed_as):
            assert decoded(answer) == answer
    assert {fact for fact, _ in seen} == {*FACTS, "modifiers"}


def test_plain_json_tells_known_from_unknown(example: KnowledgeBase) -> None:
    answers = example.core_answers("zz/medicaid", **H2024)
    read = [msgspec.json.decode(msgspec.json.encode(answer), type=Known | Unknown) for answer in answers]
    assert [type(answer) for answer in read] == [type(answer) for answer in answers]
    assert read[0] == answers[0]


def known(answer: Answer[Any]) -> Known[Any]:
    assert isinstance(answer, Known), answer
    return answer


def unknown(answer: Answer[Any]) -> Unknown:
    assert isinstance(answer, Unknown), answer
    return answer

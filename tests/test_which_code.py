"""From the service given to the code: a source's words first, CMS's descriptors apart, silence never a refusal."""

from __future__ import annotations

import datetime as dt
import re

import msgspec
import pytest
from answers import EXAMPLE_DAY, TODAY

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import BillingLine, BillInstead, Entry, Rules
from h2024kb.site.pages.which_code.choices import Named, choices, counting, named, programs
from h2024kb.site.pages.which_code.kinds import KINDS, kinds_of
from h2024kb.site.pages.which_code.which_code_page import which_code_page
from h2024kb.site.parts.named_codes import billed

KINDS_OF_ROWS = [
    ("Individual job coaching", "H2024", "H2024", ("individual",)),
    ("Small group, one to three", "supported-employment", "33G", ("group",)),
    ("Large group", "supported-employment", "36G", ("group",)),
    ("Employment Services for one person", "employment-services", "H2025", ("individual",)),
    ("Maintenance (long-term follow-up), one person", "supported-employment", "H2026", ("ongoing",)),
    ("Career Prep", "T2014", "T2014", ("prevocational",)),
    ("Job development", "supported-employment", "H2023", ("finding",)),
    ("A full day", "T2020", "T2020", ("day-habilitation",)),
    ("A full day", "day-habilitation", "X1", ("day-habilitation",)),
    ("Support", "ongoing-employment-support", "H2025", ("ongoing",)),
    ("Support", "H2025", "H2025", ("ongoing",)),
    ("Support", "group-supported-employment", "H2024", ("group",)),
    ("Support", "H2024", "H2024", ("individual", "group")),
    ("A service of its own", "some-service", "X2", ("individual", "group")),
]


@pytest.mark.parametrize(("describes", "heading", "code", "kinds"), KINDS_OF_ROWS)
def test_a_rows_own_words_decide_what_it_is(describes: str, heading: str, code: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(describes, heading, code) == kinds


def rows(kb: KnowledgeBase, policy: str) -> list[Named]:
    return list(named(kb, kb.policy(policy), TODAY))


def billing(kb: KnowledgeBase, heading: str, *codes: str, last_day: dt.date | None = None) -> KnowledgeBase:
    """The example, where the waiver says under a heading which codes are billed, and nothing else."""
    entry = Entry(
        effective_date=dt.date(2022, 1, 1),
        termination_date=last_day,
        value=tuple(BillInstead(code=code, describes="Support") for code in codes),
        source="manual-r3",
        locator="page 1",
    )
    policy = msgspec.structs.replace(
        kb.policy("zz/medicaid"), rules=(Rules(heading=heading, bill_instead=(entry,)),), leads=(), own_codes=()
    )
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=(policy,)))


def test_what_a_program_names_has_its_modifiers_unit_and_source(example: KnowledgeBase) -> None:
    first = rows(example, "zz/medicaid")[0]
    assert (first.code, first.modifiers, first.unit, first.rate) == ("H2024", ("U4",), "day", "$61.20")
    assert first.entry
    assert first.entry.source
    assert first.in_force


def test_a_unit_that_the_source_does_not_state_is_not_taken_from_the_descriptor(example: KnowledgeBase) -> None:
    found = rows(billing(example, "supported-employment", "H2023"), "zz/medicaid")
    assert [(row.code, row.unit) for row in found] == [("H2023", "")]


def test_a_code_used_for_what_cms_describes_otherwise_is_marked(example: KnowledgeBase) -> None:
    found = rows(billing(example, "supported-employment", "H2023", "T2020"), "zz/medicaid")
    other_use = {row.code: row.other_use for row in found}
    assert other_use["T2020"].startswith("Day habilitation")
    assert other_use["H2023"] == ""


def test_what_has_ended_is_kept_and_marked(example: KnowledgeBase) -> None:
    for last_day, past in ((dt.date(2022, 12, 31), True), (None, False)):
        kb = billing(example, "supported-employment", "H2023", last_day=last_day)
        assert [row.in_force for row in rows(kb, "zz/medicaid") if not row.refused] == [not past]
        pattern = r'<tr data-policy="zz/medicaid"[^>]* class="past" data-past>'
        assert bool(re.search(pattern, which_code_page(kb, TODAY))) is past


def test_a_refusal_is_named_for_the_kinds_of_the_code_and_after_what_is_paid(shipped: KnowledgeBase) -> None:
    individual = next(choice for choice in choices(shipped, TODAY) if choice.kind.id == "individual")
    assert ("us/medicare", "H2024", True) in [(row.policy.id, row.code, row.refused) for row in individual.rows]
    order = [(not row.in_force, row.refused) for row in individual.rows]
    assert order == sorted(order)


def test_a_refusal_that_has_ended_is_not_todays(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    at = {"effective_date": dt.date(2024, 1, 1), "source": "manual-r3", "locator": "page 1", "value": "not-covered"}
    for last_day, refused in ((None, True), (dt.date(2025, 1, 1), False)):
        rules = (Rules(heading="H2024", coverage=(Entry(**at, termination_date=last_day),)),)
        changed = msgspec.structs.replace(policy, rules=rules)
        assert any(row.refused for row in named(example, changed, EXAMPLE_DAY)) is refused


def test_codes_of_the_payers_own_are_told_once(shipped: KnowledgeBase) -> None:
    found = [row.code for row in rows(shipped, "il/ddd-waivers")]
    assert sorted(found) == sorted(row.code for row in shipped.policy("il/ddd-waivers").own_codes)
    assert all(row.own for row in rows(shipped, "il/ddd-waivers"))


def test_a_table_and_a_list_of_the_same_code_make_one_row(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    at = {"effective_date": dt.date(2024, 1, 1), "source": "manual-r3", "locator": "page 1"}
    lines = (BillingLine(modifiers=("U4", "HQ"), describes="From the table"),)
    instead = (BillInstead(code="H2023", modifiers=("HQ", "U4"), describes="From the list"),)
    rules = (
        Rules(heading="supported-employment", bill_instead=(Entry(value=instead, **at),)),
        Rules(heading="H2023", billing_lines=(Entry(value=lines, **at),)),
    )
    made = billed(msgspec.structs.replace(policy, rules=rules), EXAMPLE_DAY)
    assert [row.describes for row in made] == ["From the table"]


def test_every_kind_is_on_the_page_with_cms_descriptors_marked_as_such(shipped: KnowledgeBase) -> None:
    text = which_code_page(shipped, TODAY)
    for kind in KINDS:
        part = text[text.index(f'data-kind="{kind.id}"') :].split("\n## ")[0]
        for code in kind.codes:
            assert re.search(rf'<div class="family">.*CMS’s descriptors, no payer’s rule.*{code}', part, re.DOTALL)
        assert bool(kind.codes) == ("CMS’s descriptors, no payer’s rule" in part)
    assert "That is no refusal: nobody here knows." in text


def test_every_program_is_listed_with_the_unit_its_source_states(shipped: KnowledgeBase) -> None:
    found = {row.policy.id: row for row in programs(shipped, TODAY)}
    assert found.keys() == {policy.id for policy in shipped.policies()}
    assert found["md/brain-injury-waiver"].unit == "day"
    assert found["md/brain-injury-waiver"].unit_source
    assert found["us/cigna"].unit == ""
    assert found["us/medicare"].kinds == ()
    assert found["sc/dd-waivers"].kinds == ("individual", "group")


def test_rounding_is_shown_only_where_a_source_states_how_time_counts(
    shipped: KnowledgeBase, example: KnowledgeBase
) -> None:
    assert {row.policy.id for row in counting(shipped, TODAY)} >= {"ny/opwdd-waiver"}
    assert counting(example, EXAMPLE_DAY) == []
    assert "No source in the knowledge base says how minutes are counted." in which_code_page(example, EXAMPLE_DAY)


def test_markup_in_data_stays_text(example: KnowledgeBase) -> None:
    hostile = "<script>alert(1)</script>"
    policy = msgspec.structs.replace(example.policy("zz/medicaid"), program=hostile)
    entry = policy.rules[0].billing_lines[0]
    lines = (BillingLine(modifiers=("U4",), describes=hostile),)
    rules = msgspec.structs.replace(policy.rules[0], billing_lines=(msgspec.structs.replace(entry, value=lines),))
    policy = msgspec.structs.replace(policy, rules=(rules,))
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))
    text = which_code_page(kb, EXAMPLE_DAY)
    assert "&lt;script&gt;" in text
    assert hostile not in text

"""The finder's record and the home page; what its script makes of the record is tested in a browser."""

from __future__ import annotations

import itertools
import json
import re

import msgspec
import pytest
from answers import EXAMPLE_DAY, TODAY

from h2024kb.knowledge import words
from h2024kb.knowledge.headlines import labeled
from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.stats import counts
from h2024kb.site.pages import home
from h2024kb.site.pages.state_tiles import tile
from h2024kb.site.script_data import finder_data

HOSTILE = ("<script>alert(1)</script>", "</td></table><h1>x", "a | b *c* [d](e) `f`", "{{ 7*7 }}")


def _copies(kb: KnowledgeBase, number: int) -> KnowledgeBase:
    """As many policies, in turn copies of those held, each with an id and a program of its own."""
    held = kb.policies()
    copies = [
        msgspec.structs.replace(held[n % len(held)], id=f"{held[n % len(held)].id}-{n}", program=f"Program {n}")
        for n in range(number)
    ]
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=tuple(copies)))


def test_rows_change_where_the_answer_changes_and_not_elsewhere(example: KnowledgeBase) -> None:
    rows = finder_data.rows(example, example.policy("zz/medicaid"), "H2024")
    assert [(row.first_day, row.status) for row in rows][:2] == [
        ("", "Before the first rule known"),
        ("2022-01-01", "Covered with conditions"),
    ]
    assert all(one[1:] != other[1:] for one, other in itertools.pairwise(rows))


def test_a_row_says_for_what_it_was_stated_and_on_what_condition(shipped: KnowledgeBase) -> None:
    row = finder_data.rows(shipped, shipped.policy("md/brain-injury-waiver"), "H2024")[-1]
    assert row.stated_for == "stated for supported employment, not for H2024"
    assert row.says.endswith(".")
    assert row.since.startswith("since ")
    assert (row.evidence, row.seen) == ("", "")


def test_the_codes_a_payer_bills_instead_are_named(shipped: KnowledgeBase) -> None:
    billed = [row for policy in shipped.policies() for row in finder_data.rows(shipped, policy, "H2024")]
    other = [row for row in billed if row.kind == "other-code"]
    assert other
    assert all(re.fullmatch(r"Bills [A-Z0-9]+(, [A-Z0-9]+)*( or [A-Z0-9]+)? instead", row.status) for row in other)


def test_weak_evidence_is_named_with_the_day_from_which_the_distance_is_counted(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    (coverage,) = policy.rules[0].coverage
    seen = msgspec.structs.replace(coverage, effective_date=None, in_force_by=EXAMPLE_DAY)
    undated = msgspec.structs.replace(coverage, effective_date=None)
    made = {}
    for name, entry in {"seen": seen, "undated": undated}.items():
        rules = (msgspec.structs.replace(policy.rules[0], coverage=(entry,)), *policy.rules[1:])
        kb = KnowledgeBase.of(
            msgspec.structs.replace(example.contents, policies=(msgspec.structs.replace(policy, rules=rules),))
        )
        rows = finder_data.rows(kb, kb.policy("zz/medicaid"), "H2024")
        made[name] = [(row.evidence, row.seen) for row in (rows[0], rows[-1])]
    assert made == {
        "seen": [("seen-later", str(EXAMPLE_DAY)), ("", "")],
        "undated": [("undated", ""), ("undated", "")],
    }


def test_a_code_without_a_heading_is_left_out_and_is_one_we_have_not_checked(shipped: KnowledgeBase) -> None:
    record = finder_data.record(shipped, TODAY)
    codes = [code for code, _, _ in record["codes"]]
    for policy in record["policies"]:
        held = {codes[place] for place in policy["answers"][::2]}
        for code in {row.code for row in shipped.contents.code_sets.codes} - held:
            assert finder_data.rows(shipped, shipped.policy(policy["id"]), code) == finder_data.NOT_CHECKED


def test_h2024_and_its_siblings_are_the_first_codes_and_own_codes_the_last(shipped: KnowledgeBase) -> None:
    codes = finder_data.record(shipped, TODAY)["codes"]
    assert [code for code, _, _ in codes[:3]] == ["H2024", "H2023", "H2025"]
    assert [hcpcs for _, _, hcpcs in codes] == sorted((hcpcs for _, _, hcpcs in codes), reverse=True)


def test_the_record_is_small_and_every_text_stands_once(shipped: KnowledgeBase) -> None:
    record = finder_data.record(shipped, TODAY)
    assert len(msgspec.json.encode(record)) / len(record["policies"]) < 700
    assert len(set(record["texts"])) == len(record["texts"])
    assert len({json.dumps(rows) for rows in record["answers"]}) == len(record["answers"])


def test_the_record_grows_with_the_policies_and_no_faster(shipped: KnowledgeBase) -> None:
    once = len(shipped.policies())
    one, two = (finder_data.record(_copies(shipped, number), TODAY) for number in (once, 2 * once))
    assert len(two["answers"]) == len(one["answers"])
    assert len(two["texts"]) == len(one["texts"])
    size = [len(msgspec.json.encode(record["policies"])) for record in (one, two)]
    assert size[1] < 2.1 * size[0]


def test_every_jurisdiction_has_a_name_and_every_state_a_tile_of_its_own(shipped: KnowledgeBase) -> None:
    tiles = [tile(code) for code in NAMES if code not in ("US", "ZZ")]
    assert None not in tiles
    assert len(set(tiles)) == len(tiles) == 56
    assert {policy.jurisdiction for policy in shipped.policies()} <= NAMES.keys()


def test_the_home_page_without_scripts_holds_every_policy_with_todays_answer(shipped: KnowledgeBase) -> None:
    text = home.home(shipped, TODAY)
    rows = [line for line in text.splitlines() if line.startswith("<tr><td>")]
    assert len(rows) == len(shipped.policies())
    for policy in shipped.policies():
        answer = shipped.coverage(policy.id, code="H2024", date_of_service=TODAY, evidence="undated")
        row = next(row for row in rows if f'href="policies/{policy.id}.html"' in row)
        assert words.with_long_dates(labeled(answer)) in row.replace("&#39;", "'")
    whole = counts(shipped, shipped.policies(), TODAY)
    assert f"{whole.known} of the {whole.known + whole.unknown} core facts of H2024 were known" in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_data_stays_text_on_the_home_page(example: KnowledgeBase, hostile: str) -> None:
    policy = msgspec.structs.replace(example.policy("zz/medicaid"), payer=hostile, program=hostile)
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))
    text = home.home(kb, EXAMPLE_DAY)
    assert "<script>alert" not in text
    assert "<h1>x" not in text
    assert ">49" not in text


def test_every_task_of_a_biller_can_be_reached_from_the_home_page(shipped: KnowledgeBase) -> None:
    text = home.home(shipped, TODAY)
    tasks = text[text.index('class="tasks"') : text.index("</nav>")]
    for target in ("modifiers.html", "check.html", "changes.html", "finder-payer", "finder-date"):
        assert target in tasks

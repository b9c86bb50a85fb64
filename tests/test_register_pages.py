"""The pages of changes, denials, benchmarks and words: nothing left out, nothing drowned, no markup from data."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from answers import EXAMPLE, EXAMPLE_DAY, TODAY

from h2024kb.claims.finding import RULES
from h2024kb.knowledge import words
from h2024kb.knowledge.changes import changes
from h2024kb.knowledge.headlines import COVERAGE_HEADLINES, sentence_start
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy
from h2024kb.load import load_folder
from h2024kb.site.feeds.change_views import found_nothing
from h2024kb.site.pages import benchmarks, denials, glossary, unknowns
from h2024kb.site.pages import changes as changes_page
from h2024kb.site.pages.denials import reasons
from h2024kb.site.pages.glossary import glossary as words_of_the_site
from h2024kb.site.pages.policy.policy_page import policy_page

HOSTILE = ("<script>alert(1)</script>", "</td></table><h1>x", 'a" onclick="x', "{{ 7*7 }} a | b *c* [d](e) `f`")


def with_policies(kb: KnowledgeBase, *policies: Policy) -> KnowledgeBase:
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=policies))


def starting(kb: KnowledgeBase, day: str) -> KnowledgeBase:
    """The invented knowledge base, where authorization is required from another day on."""
    policy = kb.policy("zz/medicaid")
    newest, *older = policy.rules[0].prior_authorization
    entries = (msgspec.structs.replace(newest, effective_date=dt.date.fromisoformat(day)), *older)
    rules = msgspec.structs.replace(policy.rules[0], prior_authorization=entries)
    return with_policies(kb, msgspec.structs.replace(policy, rules=(rules, *policy.rules[1:])), kb.policy("zz/plan"))


def rows(text: str) -> list[str]:
    return re.findall("<tr data-kind=.*?</tr>", text, re.DOTALL)


def section(text: str, heading: str) -> str:
    return text[text.index(f"## {heading}") :].split("\n## ")[0]


CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
COMING = ' <span class="tag">coming</span>'


def on_the_policys_page(kb: KnowledgeBase, id: str) -> list[tuple[str, ...]]:
    """The rows under What changed: when it takes effect, the rule with its kind, what it was, what it is, posted."""
    text = policy_page(kb, id, TODAY)
    rows = re.findall("<tr.*?</tr>", section(text, "What changed"), re.DOTALL)[1:] if "## What changed" in text else []
    return [tuple(cell.replace(COMING, "") for cell in CELL.findall(row)) for row in rows]


def on_the_pages_of_changes(kb: KnowledgeBase) -> dict[str, set[tuple[str, ...]]]:
    """The same of the pages of the years, by policy: they have the payer and the source besides."""
    made = "".join(text for name, text in changes_page.pages(kb, TODAY) if name.startswith("changes/"))
    found: dict[str, set[tuple[str, ...]]] = {policy.id: set() for policy in kb.policies()}
    for row in rows(made):
        cells = CELL.findall(row)
        if len(cells) == 7:
            effect, posted, payer, *rule, _ = cells
            found[re.findall(r'policies/([^"]+)\.html"', payer)[0]].add((effect, *rule, posted))
    return found


@pytest.mark.parametrize("world", ["shipped", "example"])
def test_a_change_is_worded_alike_on_its_policys_page_and_on_the_page_of_changes(
    world: str, request: pytest.FixtureRequest
) -> None:
    kb = request.getfixturevalue(world)
    of_changes = on_the_pages_of_changes(kb)
    compared = 0
    for policy in kb.policies():
        for row in on_the_policys_page(kb, policy.id):
            if "Not found" not in row[1]:  # what was searched and not found is folded there, day by day
                assert row in of_changes[policy.id], policy.id
                compared += 1
    assert compared > 0


def test_every_change_stands_on_the_page_of_its_year(shipped: KnowledgeBase) -> None:
    made = dict(changes_page.pages(shipped, TODAY))
    found = [change for change in changes(shipped) if not found_nothing(change)]
    for year in {change.day.year for change in found}:
        text = made[f"changes/{year}.md"]
        listed = [row for row in rows(text) if 'data-kind="searched"' not in row]
        assert len(listed) == sum(change.day.year == year for change in found)
        assert f'<a data-keeps href="changes/{year}.html"' in made["changes.md"]


def test_coming_ones_come_first_and_leave_that_place_on_their_day(example: KnowledgeBase) -> None:
    kb = starting(example, "2027-01-01")
    before = dict(changes_page.pages(kb, dt.date(2026, 12, 31)))["changes.md"]
    on_the_day = dict(changes_page.pages(kb, dt.date(2027, 1, 1)))["changes.md"]
    assert before.index("## Coming") < before.index("## Newest first")
    assert len(rows(section(before, "Coming"))) == 1
    assert "Jan 1, 2027" in section(before, "Coming")
    assert "Not required" in section(before, "Coming")
    assert rows(section(on_the_day, "Coming")) == []
    assert '<td data-label="Takes effect">Jan 1, 2027' in rows(section(on_the_day, "Newest first"))[0]


def day_of(row: str) -> dt.date:
    """The day a change takes effect; of a withdrawal, or where no day is given, that is the day it was posted."""
    posted = row.startswith('<tr data-kind="withdrawn"') or 'data-label="Takes effect">not given' in row
    label = "Posted here" if posted else "Takes effect"
    shown = re.findall(rf'data-label="{label}">(?:seen )?(\w{{3}} \d{{1,2}}, \d{{4}})', row)[0]
    return dt.datetime.strptime(shown, "%b %d, %Y").date()


def test_newest_comes_first(shipped: KnowledgeBase) -> None:
    text = section(dict(changes_page.pages(shipped, TODAY))["changes.md"], "Newest first")
    days = [day_of(row) for row in rows(text)]
    assert len(days) == changes_page.NEWEST
    assert days == sorted(days, reverse=True)


def test_what_was_not_found_is_a_row_for_a_policy_and_a_day(shipped: KnowledgeBase) -> None:
    text = dict(changes_page.pages(shipped, TODAY))["changes.md"]
    silent = [change for change in changes(shipped) if found_nothing(change)]
    listed = rows(section(text, "Searched and not found"))
    assert len(listed) == len({(change.policy, change.posted) for change in silent})
    assert sum(int(number) for number in re.findall(r'data-label="Facts">(\d+)', text)) == len(silent)
    assert 'data-kind="searched"' not in section(text, "Newest first")


def test_the_first_page_does_not_grow_without_end(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    many = [msgspec.structs.replace(policy, id=f"zz/p{n:03}", follows=()) for n in range(60)]
    made = dict(changes_page.pages(with_policies(example, *many), EXAMPLE_DAY))
    assert len(rows(section(made["changes.md"], "Newest first"))) == changes_page.NEWEST
    assert "older changes stand on" in made["changes.md"]
    by_year = "".join(text for name, text in made.items() if "/" in name)
    assert len(re.findall(r'<tr data-kind="(?:starts|in-force)"', by_year)) == 60 * 15


def test_a_rule_whose_start_nobody_states_is_no_start(example: KnowledgeBase) -> None:
    text = dict(changes_page.pages(example, EXAMPLE_DAY))["changes.md"]
    by_then = [row for row in rows(text) if row.startswith('<tr data-kind="in-force"')]
    assert ["Timely filing" in row for row in by_then] == [True]
    assert "seen Dec 15, 2021" in by_then[0]
    assert "Starts" not in by_then[0]


def test_a_withdrawal_shows_what_it_was_and_what_it_became(example: KnowledgeBase) -> None:
    text = dict(changes_page.pages(example, EXAMPLE_DAY))["changes.md"]
    row = next(row for row in rows(text) if row.startswith('<tr data-kind="withdrawn"'))
    assert row.index("Group of two or three") < row.index("Group of two to four") < row.index("The row was misread")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_data_stays_text_on_every_page(example: KnowledgeBase, hostile: str) -> None:
    policy = example.policy("zz/medicaid")
    rules = policy.rules[0]
    entry = msgspec.structs.replace(rules.coverage[0], condition=hostile, locator=hostile)
    silent = msgspec.structs.replace(rules.modifiers[0].entries[0], unknown=hostile)
    modifiers = (msgspec.structs.replace(rules.modifiers[0], entries=(silent,)),)
    rules = msgspec.structs.replace(rules, coverage=(entry,), modifiers=modifiers)
    sources = tuple(msgspec.structs.replace(source, title=hostile, url="javascript:x") for source in policy.sources)
    more: dict[str, Any] = {"payer": hostile, "program": hostile, "sources": sources, "rules": (rules,)}
    kb = with_policies(example, msgspec.structs.replace(policy, **more))
    made = dict([*changes_page.pages(kb, EXAMPLE_DAY), *unknowns.pages(kb, EXAMPLE_DAY)])
    for name, text in made.items():
        body = text.replace("\\", "")
        assert "<script>alert" not in body, name
        assert "<h1>x" not in body, name
        assert 'onclick="x' not in body, name
        assert "javascript:" not in body, name
        assert "49 a |" not in body, name


def test_every_adjustment_reason_has_its_place_and_every_cause_its_rules(shipped: KnowledgeBase) -> None:
    ((_, text),) = denials.pages(shipped, TODAY)
    sets = shipped.contents.code_sets
    ids = re.findall(r'id="((?:carc|rarc)-\w+)"', text)
    assert len(ids) == len(set(ids))
    assert {f"carc-{row.number}" for row in sets.adjustment_reasons} <= set(ids)
    assert {f"rarc-{row.number.lower()}" for row in sets.remarks} <= set(ids)
    assert sum(len(reason.causes) for reason in reasons(sets)) == sum(len(d.adjustment_reasons) for d in sets.denials)
    assert "proposals of ours" in text
    assert RULES["prior-authorization"] in text[text.index('id="carc-197"') :].split("</tr>")[0]


def test_a_page_with_nothing_to_show_says_so(example: KnowledgeBase) -> None:
    kb = with_policies(example)
    assert "None are in the knowledge base yet." in dict(denials.pages(kb, EXAMPLE_DAY))["denials.md"]
    assert "None are in the knowledge base yet." in dict(benchmarks.pages(kb, EXAMPLE_DAY))["benchmarks.md"]
    assert "Nothing is in the knowledge base yet." in dict(changes_page.pages(kb, EXAMPLE_DAY))["changes.md"]


def test_every_figure_is_drawn_said_in_words_and_written_in_a_table(shipped: KnowledgeBase) -> None:
    ((_, text),) = benchmarks.pages(shipped, TODAY)
    charts = [ET.fromstring(svg) for svg in re.findall("<svg.*?</svg>", text, re.DOTALL)]
    described = [chart.findtext("{http://www.w3.org/2000/svg}desc") or "" for chart in charts]
    for benchmark in shipped.contents.benchmarks:
        for row in benchmark.codes:
            assert any(f"{row.code} " in said and f"{row.claims:,}" in said for said in described)
            assert f"${row.paid_per_claim.median:,}" in described[2]
        assert all(caution in text for caution in benchmark.cautions)
    bars = [bar for chart in charts for bar in chart.iter() if bar.get("class") == "bar" and bar.get("height") == "8"]
    assert max(float(bar.get("width") or 0) for bar in bars) == 340


def test_a_hostile_label_stays_text_in_a_chart(shipped: KnowledgeBase) -> None:
    sets = shipped.contents.code_sets
    codes = tuple(msgspec.structs.replace(row, long="<script>alert(1)</script>") for row in sets.codes)
    contents = msgspec.structs.replace(shipped.contents, code_sets=msgspec.structs.replace(sets, codes=codes))
    ((_, text),) = benchmarks.pages(KnowledgeBase.of(contents), TODAY)
    assert "<script>" not in text.replace("<script defer", "")


def test_the_glossary_has_every_status_word_once() -> None:
    terms = [term for group in words_of_the_site().values() for term in group]
    assert len({term.anchor for term in terms}) == len(terms)
    listed = {term.word for term in terms}
    reasons = {sentence_start(says) for why, says in words.WHY_WORDS.items() if why != "ended"}
    assert {*reasons, *COVERAGE_HEADLINES.values()} <= listed


def test_the_glossary_says_how_the_words_of_the_format_are_called() -> None:
    ((_, text),) = glossary.pages(load_folder(EXAMPLE, EXAMPLE_DAY), EXAMPLE_DAY)
    for word in ("Payer", "Program", "Line of business", "Jurisdiction", "Prior authorization", "Effective date"):
        assert f"<dt>{word}</dt>" in text
    for word in ("CARC (", "RARC (", "NCCI edit (", "MUE (", "837P<", "As known on<", "Finding<"):
        assert f"<dt>{word}" in text

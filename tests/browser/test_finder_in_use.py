"""The finder in a real browser: its answers are the Python's, and it can be used by keys, misspelled, from a folder."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from answers import ROOT, TODAY
from playwright.sync_api import Browser, Locator, Page, expect
from slices import slice_of
from watching import silent

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Known, Unknown
from h2024kb.knowledge.headlines import evidence_label, headline
from h2024kb.knowledge.in_force import DAY
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.timeline import starts
from h2024kb.site.script_data import finder_data

SCRIPTS = [ROOT / "docs" / "assets" / name for name in ("shared.js", "finder-search.js")]
ANSWER = """([at, code, day]) => {
  const said = finder.answer(index, at, code, day);
  return said && [said.status, finder.evidenceLabel(said), said.since, said.statedFor, said.says, said.unknown];
}"""
PREPARE = """text => {
  window.finder = window.h2024kb.finder;
  window.index = finder.prepare(JSON.parse(text));
}"""
OF_PAYER = """asked => finder.search(index, asked).rows
  .map(at => index.data.policies[at])
  .filter(policy => index.data.payers[policy.payer][0] === asked.text)
  .map(policy => policy.id).sort()"""


def load(page: Page, record: dict[str, Any]) -> None:
    """Puts the search and a record into an empty page."""
    page.goto("about:blank")
    for script in SCRIPTS:
        page.add_script_tag(path=script)
    text = msgspec.json.encode(record).decode()
    page.evaluate(PREPARE, text)


@pytest.fixture(scope="module")
def searched(chromium: Browser, shipped: KnowledgeBase) -> Iterator[Page]:
    """An empty page with the search and the shipped record, for tests that only ask it."""
    page = chromium.new_page()
    load(page, finder_data.record(shipped, TODAY))
    with silent(page):
        yield page
    page.close()


def evaluated(page: Page, script: str, items: list[Any]) -> list[Any]:
    made: list[Any] = page.evaluate(f"items => items.map({script})", items)
    return made


def found(page: Page, **asked: Any) -> list[str]:
    """The ids of the policies that the search finds."""
    asked = {"code": 0, **asked}
    script = "asked => finder.search(index, asked).rows.map(at => index.data.policies[at].id)"
    ids: list[str] = page.evaluate(script, asked)
    return ids


# The search, proved equal to the Python


def _days(kb: KnowledgeBase, policy: str, code: str) -> set[dt.date]:
    """The first and the last day of every stretch, and a day in the last."""
    days = {TODAY, dt.date(2100, 1, 1)}
    for start in starts(kb, policy, code):
        days |= {start} | ({start - DAY} if start > dt.date.min else set())
    return days


def _expected(kb: KnowledgeBase, policy: str, code: str, day: dt.date) -> list[object]:
    core = kb.core_answers(policy, code=code, date_of_service=day, evidence="undated")
    answer = kb.coverage(policy, code=code, date_of_service=day, evidence="undated")
    unknown = [one for one in core if isinstance(one, Unknown) and one.why != "depends-on-line"]
    said = [words.since(answer), words.stated_for(answer, code)] if isinstance(answer, Known) else ["", ""]
    says = answer.condition or "" if isinstance(answer, Known) else ""
    return [headline(answer), words.with_long_dates(evidence_label(answer)), *said, says, len(unknown)]


@pytest.mark.parametrize("which", ["shipped", "example"])
def test_every_answer_is_the_knowledge_bases(which: str, page: Page, request: pytest.FixtureRequest) -> None:
    kb: KnowledgeBase = request.getfixturevalue(which)
    record = finder_data.record(kb, TODAY)
    codes = [code for code, _, _ in record["codes"]]
    asked, expected = [], []
    for at, policy in enumerate(record["policies"]):
        own = {row.code for row in kb.policy(policy["id"]).own_codes}
        for place, code in enumerate(codes):
            known = code in own or code in {row.code for row in kb.contents.code_sets.codes}
            for day in _days(kb, policy["id"], code) if known else {TODAY}:
                asked.append([at, place, day.isoformat()])
                expected.append(_expected(kb, policy["id"], code, day) if known else None)
    load(page, record)
    answered = evaluated(page, ANSWER, asked)
    assert [(a, got, due) for a, got, due in zip(asked, answered, expected, strict=True) if got != due] == []
    assert len(asked) > 20


def _nationwide_too(example: KnowledgeBase) -> KnowledgeBase:
    """A payer with nationwide policies for two lines of business, and one of its own in Ohio for one of them."""
    policy = example.policy("zz/medicaid")
    held = [("US", "commercial"), ("US", "medicaid"), ("OH", "commercial")]
    copies = tuple(
        msgspec.structs.replace(policy, id=f"{place.lower()}/{line}", jurisdiction=place, line_of_business=line)
        for place, line in held
    )
    return KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=copies))


@pytest.mark.parametrize("which", ["shipped", "example"])
def test_a_payer_in_a_place_is_served_by_the_policies_that_the_knowledge_base_names(
    which: str, shipped: KnowledgeBase, example: KnowledgeBase, page: Page
) -> None:
    kb = shipped if which == "shipped" else _nationwide_too(example)
    load(page, finder_data.record(kb, TODAY))
    payers = sorted({policy.payer for policy in kb.policies()})
    places = sorted({policy.jurisdiction for policy in kb.policies()} | {"TX"})
    lines = ["", *sorted({policy.line_of_business for policy in kb.policies()})]
    asked = [(p, j, line) for p in payers for j in places for line in lines]
    made = evaluated(page, OF_PAYER, [{"text": p, "jurisdiction": j, "line": line, "code": 0} for p, j, line in asked])
    for (payer, place, line), ids in zip(asked, made, strict=True):
        fits = kb.fitting(payer=payer, jurisdiction=place, line_of_business=line or None)
        assert ids == sorted(policy.id for policy in fits), (payer, place, line)


WORDS = (
    ("uhc", "us/unitedhealthcare"),
    ("UHC", "us/unitedhealthcare"),
    ("optum", "us/unitedhealthcare"),
    ("united health", "us/unitedhealthcare"),
    ("unitedhealth", "us/unitedhealthcare"),
    ("untied healthcare", "us/unitedhealthcare"),
    ("bcbs", "us/bcbs"),
    ("blue cross blue sheild", "us/bcbs"),
    ("atena", "us/aetna"),
    ("aetna", "us/aetna"),
    ("cingna", "us/cigna"),
    ("nebraskablue", "ne/bcbs-nebraska-medicare-advantage"),
    ("mainecare", "me/section-18"),
    ("triple s", "pr/triple-s"),
    ("C\u00edgna", "us/cigna"),
    ("bcbs in ma", "ma/bcbs-massachusetts"),
    ("maryland", "md/brain-injury-waiver"),
    ("md medicaid brain", "md/brain-injury-waiver"),
    ("west virginia medicaid", "wv/medicaid"),
    ("uhc ny medicaid h2026", "ny/unitedhealthcare-community-plan"),
    ("optum in new york", "ny/unitedhealthcare-community-plan"),
    ("washington dc medicaid", "dc/idd-waiver"),
)


@pytest.mark.parametrize(("text", "policy"), WORDS)
def test_words_aliases_and_misspellings_find_the_payer(searched: Page, text: str, policy: str) -> None:
    ids = found(searched, text=text)
    assert policy in ids
    assert len(ids) < 14


@pytest.mark.parametrize("text", ["humana", "zzzz", "anthem", "uhc humana"])
def test_a_name_that_nothing_here_has_finds_nothing(searched: Page, text: str) -> None:
    assert found(searched, text=text) == []


def test_a_code_of_a_payers_own_is_asked_of_that_payer_alone(shipped: KnowledgeBase, searched: Page) -> None:
    codes = [code for code, _, _ in searched.evaluate("index.data.codes")]
    owner = next(policy for policy in shipped.policies() if policy.own_codes)
    code = owner.own_codes[0].code
    owners = {policy.id for policy in shipped.policies() if code in {row.code for row in policy.own_codes}}
    assert set(found(searched, code=codes.index(code))) == owners


def test_a_date_in_another_stretch_leads_to_the_dated_page(searched: Page) -> None:
    policy = {"id": "zz/x", "versions": [["", "old.html"], ["2024-01-01", "new.html"]]}
    asked = [
        [0, "2023-12-31", "2026-11-23"],
        [0, "2024-01-01", "2026-11-23"],
        [0, "2024-01-01", "2023-01-01"],
        [1, "2023-12-31", "2026-11-23"],
    ]
    script = f"([code, day, today]) => finder.address({json.dumps(policy)}, code, day, today)"
    made = evaluated(searched, script, asked)
    assert made == ["policies/zz/x/old.html", "policies/zz/x.html", "policies/zz/x/new.html", "policies/zz/x.html"]


@pytest.mark.parametrize("number", slice_of((300, 10_000), 1))
def test_very_many_policies_are_answered_right(example: KnowledgeBase, page: Page, number: int) -> None:
    states = ("OH", "TX", "US", "WY")
    policy = example.policy("zz/medicaid")
    copies = tuple(
        msgspec.structs.replace(policy, id=f"zz/copy-{n}", program=f"Program{n}", jurisdiction=states[n % 4])
        for n in range(number)
    )
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=copies))
    load(page, finder_data.record(kb, TODAY))
    one = number - 36
    assert found(page, text=f"program{one}") == found(page, text=f"progam{one}") == [f"zz/copy-{one}"]
    assert len(found(page, text="example state", jurisdiction="TX")) == number / 4
    at = page.evaluate(f"index.data.policies.findIndex(policy => policy.id === 'zz/copy-{number - 1}')")
    for day in ("2021-12-31", "2022-01-01"):
        expected = _expected(example, "zz/medicaid", "H2024", dt.date.fromisoformat(day))
        assert evaluated(page, ANSWER, [[at, 0, day]]) == [expected]


# The page


class Finder:
    """The finder's fields and rows."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        self.payer = page.get_by_role("combobox", name="Payer or plan")
        self.state = page.get_by_role("combobox", name="State")
        self.line = page.get_by_label("Line of business", exact=True)
        self.code = page.get_by_role("combobox", name="Code")
        self.date = page.get_by_label("Date of service")
        self.count = page.locator("#finder-count")
        self.more = page.locator("#finder-more")

    @property
    def rows(self) -> Locator:
        return self.page.locator("#finder-rows tr:not(.finder__group)")


def _as_read(day: dt.date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def test_days_read_as_people_write_them_and_nothing_else_in_a_text_changes(finder: Finder) -> None:
    days = [dt.date(2026, month, 2 * month + 3) for month in range(1, 13)]
    read = "(days) => days.map(window.h2024kb.shared.longDate)"
    assert finder.page.evaluate(read, [day.isoformat() for day in days]) == [_as_read(day) for day in days]
    text = "by 2024-11-01, until 2026-01-31; 12345-11-01 is not a day"
    found = finder.page.evaluate("(text) => window.h2024kb.shared.withLongDates(text)", text)
    assert found == "by Nov 1, 2024, until Jan 31, 2026; 12345-11-01 is not a day"


@pytest.fixture
def finder(served: str, page: Page) -> Finder:
    return Finder(page, f"{served}/index.html")


def test_typing_narrows_the_rows_at_once_and_says_how_many(finder: Finder) -> None:
    expect(finder.count).to_contain_text("policies · H2024 on")
    finder.payer.press_sequentially("aetna")
    expect(finder.rows).to_have_count(2)
    expect(finder.count).to_have_text(f"2 policies · H2024 on {_as_read(TODAY)} (today)")
    expect(finder.rows.first).to_contain_text("Document not fully read")
    assert finder.count.get_attribute("role") == "status"


def test_the_list_is_used_by_keys_alone(finder: Finder) -> None:
    finder.payer.focus()
    finder.page.keyboard.type("uhc")
    expect(finder.payer).to_have_attribute("aria-expanded", "true")
    finder.page.keyboard.press("ArrowDown")
    active = finder.payer.get_attribute("aria-activedescendant")
    option = finder.page.locator(f"#{active}")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(option).to_contain_text("UnitedHealthcare")
    finder.page.keyboard.press("Enter")
    expect(finder.payer).to_have_value("UnitedHealthcare")
    expect(finder.payer).to_have_attribute("aria-expanded", "false")
    assert finder.payer.get_attribute("aria-activedescendant") is None
    finder.page.keyboard.press("Tab")
    expect(finder.state).to_be_focused()
    finder.page.keyboard.type("ny")
    expect(finder.rows).to_have_count(2)
    finder.page.keyboard.press("Escape")
    expect(finder.state).to_have_attribute("aria-expanded", "false")
    finder.page.keyboard.press("Escape")
    expect(finder.state).to_have_value("")


def test_arrows_go_round_and_tab_takes_nothing(finder: Finder) -> None:
    finder.state.focus()
    finder.page.keyboard.type("new")
    finder.page.keyboard.press("ArrowUp")
    active = finder.state.get_attribute("aria-activedescendant")
    expect(finder.page.locator(f"#{active}")).to_contain_text("New York")
    finder.page.keyboard.press("ArrowDown")
    active = finder.state.get_attribute("aria-activedescendant")
    expect(finder.page.locator(f"#{active}")).to_contain_text("New Hampshire")
    finder.page.keyboard.press("Tab")
    expect(finder.state).to_have_value("new")
    expect(finder.page.locator("#finder-state-list")).to_be_hidden()


def test_an_option_is_taken_with_the_mouse(finder: Finder) -> None:
    finder.state.click()
    finder.page.get_by_role("option", name="Texas TX").click()
    expect(finder.state).to_have_value("Texas")
    expect(finder.rows.first).to_contain_text("Texas")
    finder.code.click()
    finder.page.get_by_role("option", name="H2023").click()
    expect(finder.count).to_contain_text("H2023 on")


def test_nationwide_rows_come_after_the_states_own_and_say_so(finder: Finder) -> None:
    finder.payer.fill("uhc ny")
    expect(finder.rows).to_have_count(2)
    expect(finder.rows.first).to_contain_text("Community Plan of New York")
    expect(finder.rows.last).to_contain_text("Nationwide")
    expect(finder.page.locator(".finder__group").first).to_contain_text("the payer has none of its own for New York")
    expect(finder.page.locator("#finder-read")).to_have_text("Read as: New York")


def test_an_unclear_state_is_asked_back_and_not_guessed(finder: Finder) -> None:
    finder.state.fill("new")
    expect(finder.rows).to_have_count(0)
    finder.page.get_by_role("button", name="New Jersey").click()
    expect(finder.state).to_have_value("New Jersey")
    expect(finder.rows.first).to_contain_text("New Jersey")
    finder.state.fill("qqqq")
    expect(finder.more).to_contain_text("No state is spelled “qqqq”")


def test_a_misspelled_state_or_code_is_understood_or_asked_back(finder: Finder) -> None:
    finder.state.fill("marylnd")
    expect(finder.rows.first).to_contain_text("Maryland")
    finder.code.fill("H9999")
    expect(finder.rows).to_have_count(0)
    expect(finder.more).to_contain_text("The code “H9999” is not in the knowledge base")


def test_no_result_says_what_is_held_and_never_that_it_is_not_covered(finder: Finder) -> None:
    finder.payer.fill("humana tx")
    expect(finder.rows).to_have_count(0)
    expect(finder.more).to_contain_text("Nothing here is named “humana”.")
    expect(finder.more).to_contain_text("That says nothing about coverage")
    expect(finder.more).to_contain_text("In the knowledge base for Texas")
    expect(finder.more.get_by_role("link").first).to_be_visible()
    finder.payer.fill("cigna")
    finder.line.select_option("medicare")
    expect(finder.more).to_contain_text("In the knowledge base for this payer")
    expect(finder.more).to_contain_text("Cigna")
    text = finder.page.locator("#finder-answers").inner_text()
    assert "Not covered" not in text


def test_a_date_before_anything_is_stated_is_unknown_and_tells_the_first_rule(finder: Finder) -> None:
    finder.payer.fill("md brain injury")
    expect(finder.rows).to_have_count(1)
    expect(finder.rows.first).to_contain_text("Service covered with conditions, code not named")
    expect(finder.rows.first).to_contain_text("stated for supported employment, not for H2024")
    finder.date.fill("2003-12-10")
    expect(finder.rows.first).to_contain_text("Before the first rule known")
    expect(finder.rows.first).to_contain_text("first rule known: since Dec 11, 2003")
    expect(finder.count).to_have_text("1 policy · H2024 on Dec 10, 2003")


def test_a_rule_seen_later_says_how_many_days_after_the_date_asked(finder: Finder) -> None:
    finder.payer.fill("virginia fis")
    expect(finder.rows).to_have_count(1)
    finder.date.fill("2024-09-20")
    expect(finder.rows.first).to_contain_text("code not named (seen Sep 23, 2024, 3 days after this date)")


def test_a_copied_address_restores_the_choices_and_back_undoes_them(served: str, finder: Finder) -> None:
    finder.page.goto(f"{served}/index.html#payer=uhc&state=NY&code=H2023&date=2024-06-30")
    expect(finder.state).to_have_value("New York")
    expect(finder.count).to_have_text("2 policies (1 nationwide) · H2023 on Jun 30, 2024")
    finder.line.select_option("commercial")
    expect(finder.rows).to_have_count(1)
    assert "line=commercial" in finder.page.url
    finder.rows.first.get_by_role("link").click()
    expect(finder.page.locator("h1")).to_contain_text("UnitedHealthcare")
    finder.page.go_back()
    expect(finder.rows).to_have_count(1)
    expect(finder.line).to_have_value("commercial")
    finder.page.go_back()
    expect(finder.rows).to_have_count(2)
    expect(finder.line).to_have_value("")


def test_a_link_pressed_right_after_typing_is_followed(finder: Finder) -> None:
    finder.payer.press_sequentially("triple")
    finder.page.keyboard.press("Escape")
    finder.rows.first.get_by_role("link").click()
    expect(finder.page.locator("h1")).to_contain_text("Triple-S")


def test_what_names_nothing_here_stays_out_of_the_address(finder: Finder) -> None:
    finder.payer.fill("John Qwertz 12345678 aetna atena")
    finder.payer.press("Enter")
    assert finder.page.url.partition("#")[2] == "payer=aetna+aetna"


def test_starting_over_empties_every_field(finder: Finder) -> None:
    before = finder.count.text_content()
    finder.payer.fill("uhc")
    finder.code.fill("H2023")
    finder.date.fill("2024-01-01")
    finder.page.get_by_role("button", name="Start over").click()
    expect(finder.count).to_have_text(before or "")
    expect(finder.payer).to_be_focused()


def test_more_rows_are_shown_on_demand(finder: Finder, shipped: KnowledgeBase) -> None:
    expect(finder.rows).to_have_count(40)
    button = finder.page.locator("#finder-all")
    while button.is_visible():
        button.click()
    expect(finder.rows).to_have_count(len(shipped.policies()))


def test_tasks_lead_to_their_field(finder: Finder) -> None:
    finder.page.get_by_role("link", name="Is it covered?").click()
    expect(finder.payer).to_be_focused()
    finder.page.get_by_role("link", name="What was the rule on a past date?").click()
    expect(finder.date).to_be_focused()


def test_the_finder_works_from_a_folder(site: Path, page: Page) -> None:
    finder = Finder(page, (site / "index.html").as_uri())
    finder.payer.fill("uhc ny")
    finder.payer.press("Enter")
    expect(finder.rows).to_have_count(2)
    assert page.url.endswith("#payer=uhc+ny")
    finder.rows.first.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("Community Plan of New York")


def test_without_scripts_the_table_of_all_policies_stays(
    served: str, chromium: Browser, shipped: KnowledgeBase
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/index.html")
    expect(page.locator("#finder")).to_be_hidden()
    expect(page.locator("#finder-static tbody tr:not(.finder__group)")).to_have_count(len(shipped.policies()))
    context.close()


@pytest.mark.parametrize("width", [320, 1200])
def test_nothing_sticks_out_sideways(served: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    finder = Finder(page, f"{served}/index.html")
    finder.payer.fill("ny")
    expect(finder.rows.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

"""What a biller does on a policy's page: cites it, prints it, saves it, asks for another date; and finds a policy."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from answers import TODAY
from chromium import without_search
from playwright.sync_api import Browser, BrowserContext, Page, Route
from watching import silent, staying

import h2024kb
from h2024kb.knowledge.words import long_date
from h2024kb.site.pages.policy.versions import newest_versions

POLICY = "md/brain-injury-waiver"
ADDRESS = f"policies/{POLICY}.html"
DAYS = newest_versions(h2024kb.open(), POLICY, TODAY)
PAST, NOW = DAYS[-2], DAYS[-1]


@pytest.fixture
def policy(page: Page, served: str) -> Page:
    page.goto(f"{served}/{ADDRESS}")
    return page


def copied(page: Page, context: BrowserContext, button: str) -> str:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("status").get_by_text("Copied").wait_for()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_citation_can_be_pasted(policy: Page, context: BrowserContext, served: str) -> None:
    text = copied(policy, context, "Copy citation")
    assert text.startswith(
        "Supported employment, Maryland Medicaid (HCBS waiver for Individuals with Brain Injury), MD, date of service"
    )
    assert "Service covered with conditions, code not named." in text
    assert "H2024: " not in text
    assert "Stated for supported employment, not for H2024." in text
    answer = h2024kb.open().coverage(POLICY, code="H2024", date_of_service=TODAY)
    assert isinstance(answer, h2024kb.Known)
    cited = answer.citation.source
    assert f"Source: {cited.title}, {cited.publisher}, {answer.citation.locator}." in text
    assert cited.copy
    assert f"Text of {long_date(cited.copy.dated)}, read {long_date(cited.retrieved)}." in text
    assert f"{served}/{NOW.page.removesuffix('.md')}.html" in text, "a page that never changes is cited"
    assert re.search(r"knowledge base [0-9a-f]{12}", text)


def test_a_link_can_be_copied_without_its_fragment(policy: Page, context: BrowserContext, served: str) -> None:
    policy.evaluate("location.hash = 'key-facts'")
    assert copied(policy, context, "Copy link") == f"{served}/{ADDRESS}"


def test_a_problem_is_reported_by_name_and_hash(policy: Page, context: BrowserContext) -> None:
    assert re.match(rf"policy {POLICY}, knowledge base [0-9a-f]{{64}}, http", copied(policy, context, "Copy"))


def test_the_print_button_prints(page: Page, served: str) -> None:
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto(f"{served}/{ADDRESS}")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True


def test_paper_says_which_page_and_day_it_is(policy: Page, served: str) -> None:
    assert not policy.locator(".print-only").is_visible()
    policy.emulate_media(media="print")
    line = policy.locator(".print-only").inner_text()
    assert POLICY in line
    assert f"{served}/{ADDRESS}" in line
    assert not policy.locator(".actions").is_visible()
    assert not policy.locator(".picker").is_visible()


def test_the_key_facts_are_saved_as_a_table_that_runs_no_formula(policy: Page) -> None:
    policy.evaluate("document.querySelector('#facts tbody td').textContent = '=HYPERLINK(\"x\")'")
    with policy.expect_download() as found:
        policy.get_by_role("button", name="CSV").click()
    assert found.value.suggested_filename == "md-brain-injury-waiver.csv"
    lines = Path(found.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == '"Fact","What the payer says","Dates","Source"'
    assert lines[1].startswith('"Coverage","\'=HYPERLINK(""x"")"')
    assert len(lines) == 8


def test_another_date_of_service_leads_to_its_own_page(policy: Page) -> None:
    assert PAST.stretch.last_day
    policy.get_by_label("Date of service", exact=True).fill(str(PAST.stretch.last_day))
    policy.get_by_role("button", name="Show that date").click()
    policy.wait_for_url(f"**/{PAST.page.removesuffix('.md')}.html")
    assert "not today's page" in policy.locator(".bar").inner_text()


def test_a_date_the_page_holds_for_stays_on_it(policy: Page) -> None:
    assert NOW.stretch.first_day
    policy.get_by_label("Date of service", exact=True).fill(str(NOW.stretch.first_day))
    policy.keyboard.press("Enter")
    policy.get_by_text("This page holds for that date.").wait_for()
    assert policy.url.endswith(ADDRESS)


def test_other_dates_are_reached_without_a_script(scriptless: Page, served: str) -> None:
    page = scriptless
    page.goto(f"{served}/{ADDRESS}")
    assert not page.get_by_role("button", name="Copy link").is_visible()
    assert not page.get_by_label("Date of service", exact=True).is_visible()
    page.locator(".picker__links a").first.click()
    assert "not today's page" in page.locator(".bar").inner_text()


@pytest.fixture
def scriptless(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def with_a_clock(chromium: Browser) -> Iterator[BrowserContext]:
    """A context whose clock the tests set, each for a page of its own."""
    context = chromium.new_context()
    without_search(context)
    with staying(context):
        yield context
    context.close()


@pytest.fixture
def dated(with_a_clock: BrowserContext) -> Iterator[Page]:
    made = with_a_clock.new_page()
    with silent(made):
        yield made
    made.close()


@pytest.mark.parametrize(("days", "late"), [(179, False), (180, False), (181, True)])
def test_a_review_that_is_overdue_on_the_readers_day_says_so(dated: Page, served: str, days: int, late: bool) -> None:
    reviewed = h2024kb.open().policy(POLICY).reviewed
    dated.clock.set_fixed_time(dt.datetime.combine(reviewed + dt.timedelta(days=days), dt.time(12)))
    dated.goto(f"{served}/{ADDRESS}")
    assert dated.get_by_text("overdue").is_visible() is late
    assert dated.locator(".due--overdue").count() == int(late)


BAR = '<p class="bar" data-change-day="2027-01-01" data-change-until="2027-06-30" hidden>Another rule applies.</p>'


@pytest.mark.parametrize(
    ("today", "told"), [("2026-12-31", False), ("2027-01-01", True), ("2027-06-30", True), ("2027-07-01", False)]
)
def test_a_page_older_than_the_rule_says_so_on_the_readers_day(
    dated: Page, served: str, today: str, told: bool
) -> None:
    def with_a_coming_rule(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('<div class="answer', f'{BAR}<div class="answer', 1))

    dated.route(f"**/{ADDRESS}", with_a_coming_rule)
    dated.clock.set_fixed_time(dt.datetime.combine(dt.date.fromisoformat(today), dt.time(12)))
    dated.goto(f"{served}/{ADDRESS}")
    assert dated.get_by_text("Another rule applies.").is_visible() is told


NEWER = """((window.h2024kb ??= {}).data ??= {})["versions"] =
  {"knownOn": "2030-01-01", "versions": [[null, null, "of all time", "x.html"]]};"""


def test_a_version_tells_what_was_learned_since(page: Page, served: str) -> None:
    address = f"{served}/{PAST.page.removesuffix('.md')}.html"
    page.goto(address)
    assert not page.locator(".newer").is_visible()
    page.route(f"**/{POLICY}/versions.js", lambda route: route.fulfill(body=NEWER, content_type="text/javascript"))
    page.goto(address)
    page.get_by_text("More is known since Jan 1, 2030.").wait_for()
    assert page.locator(".newer a").get_attribute("href") == "x.html"


def test_policies_are_found_by_the_names_people_type(page: Page, served: str) -> None:
    page.goto(f"{served}/policies/index.html")
    page.get_by_label("Find").fill("mdh brain")
    page.get_by_text(re.compile(r"^1 of \d+ policies$")).wait_for()
    assert page.locator("#policies tbody:visible tr:not(.group)").all_inner_texts()[0].startswith("Maryland")
    page.get_by_label("Find").fill("no such payer")
    page.get_by_text("No policy fits.").wait_for()


def test_a_choice_of_policies_can_be_linked(page: Page, served: str) -> None:
    page.goto(f"{served}/policies/index.html")
    page.get_by_label("H2024", exact=True).select_option("Not covered")
    assert page.url.endswith("#answer=Not+covered")
    statuses = page.locator("#policies tr:visible .status")
    assert set(statuses.all_inner_texts()) == {"Not covered"}
    count = statuses.count()
    page.reload()
    assert statuses.count() == count


def test_the_page_for_nothing_found_is_styled_from_a_folder(context: BrowserContext, site: Path) -> None:
    page = context.new_page()
    page.goto((site / "404.html").as_uri())
    header = page.locator(".md-header")
    assert header.evaluate("(it) => getComputedStyle(it).position") == "sticky"
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--covered').length") > 0

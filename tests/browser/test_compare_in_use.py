"""Comparing payers, finding modifiers and narrowing codes, in a real browser, as a reader does it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect

BRAIN, MEDICARE, CIGNA = "md/brain-injury-waiver", "us/medicare", "us/cigna"
SIDES = f"compare.html#compare={BRAIN},{MEDICARE}"


def shown(page: Page) -> list[str]:
    """The policies in the table that can be seen, in order."""
    rows = page.locator("#grid tr[data-policy]:visible").all()
    return [row.get_attribute("data-policy") or "" for row in rows]


def mark(page: Page, fact: str) -> str:
    row = page.locator("#side-table tbody tr").filter(has=page.locator("th", has_text=fact)).first
    return row.locator(".mark").inner_text()


def rows_of(download: Download) -> list[dict[str, str]]:
    text = Path(download.path()).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_filters_narrow_the_table_and_say_how_many_are_left(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    whole = len(shown(page))
    page.select_option("#f-where", "MD")
    assert shown(page)
    assert all(id.startswith("md/") for id in shown(page))
    expect(page.locator("#found")).to_have_text(f"{len(shown(page))} of {whole} policies are shown.")
    page.fill("#f-payer", "brain injury")
    assert shown(page) == [BRAIN]
    page.fill("#f-payer", "no such payer")
    expect(page.locator("#found")).to_contain_text("says nothing about payers that are not in it")
    page.click("#filters button[type=reset]")
    expect(page.locator("#found")).to_have_text(f"{whole} of {whole} policies are shown.")


def test_a_payer_answers_to_its_other_names(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    page.fill("#f-payer", "uhc")
    assert "us/unitedhealthcare" in shown(page)


def test_known_and_not_known_part_the_table(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    whole = set(shown(page))
    page.select_option("#f-fact", label="Coverage: known")
    known = set(shown(page))
    page.select_option("#f-fact", label="Coverage: not known")
    unknown = set(shown(page))
    assert MEDICARE in known
    assert CIGNA in unknown
    assert (known | unknown, known & unknown) == (whole, set())


def test_the_order_can_be_chosen_and_undone(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    before = shown(page)
    page.select_option("#f-sort", "payer")
    titles = page.locator("#grid tr[data-policy] a").all_inner_texts()
    assert titles == sorted(titles, key=str.casefold) != []
    page.select_option("#f-sort", "")
    assert shown(page) == before


def test_another_code_fills_the_table_and_its_unknowns_stay_unknown(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    page.select_option("#f-code", "T2019")
    row = page.locator(f'#grid tr[data-policy="{CIGNA}"] td').first
    expect(page.locator("#grid")).to_have_attribute("data-code", "T2019")
    assert row.get_attribute("class") in ("not-found", "not-fully-read", "no-document", "not-looked")
    unit = page.locator('#grid tr[data-policy="ok/dds-waivers"] td[data-label="Unit"]')
    expect(unit).to_have_text("15 minutes")
    assert "code=T2019" in page.url


def test_two_policies_lie_side_by_side_and_an_unknown_is_no_difference(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    for id in (BRAIN, MEDICARE):
        page.check(f'#grid tr[data-policy="{id}"] input')
    page.click("#tray-show")
    expect(page.locator("#side")).to_be_focused()
    assert mark(page, "Coverage") == "≠ Differs"
    assert mark(page, "Unit") == "= Same"
    assert mark(page, "Prior authorization") == "? Not comparable"
    cells = page.locator("#side-table tbody tr").first.locator("td")
    expect(cells.first).to_contain_text("since ")
    cited = page.locator("#side-table tbody .cite a")
    assert (cited.first.get_attribute("href") or "").startswith("http")
    page.check("#only")
    expect(page.locator("#side-table tbody tr:visible .mark").first).to_have_text("≠ Differs")
    marks = page.locator("#side-table tbody tr:visible .mark").all_inner_texts()
    assert set(marks) <= {"≠ Differs", "≈ Read both"}


def test_words_of_ours_are_to_be_read_and_not_called_a_difference(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html#compare={BRAIN},va/dd-waivers")
    page.wait_for_selector("#side-table table")
    assert mark(page, "Place of service") == "≈ Read both"
    assert mark(page, "Coverage") == "≈ Read both"


def test_a_link_opens_the_same_comparison_and_typed_text_is_not_in_it(page: Page, served: str) -> None:
    page.goto(f"{served}/{SIDES}&only=1&code=H2023&state=MD")
    page.wait_for_selector("#side-table table")
    assert page.locator("#side-table thead a").count() == 2
    assert page.is_checked("#only")
    assert page.input_value("#f-code") == "H2023"
    assert page.input_value("#f-where") == "MD"
    page.fill("#f-payer", "Jane Doe")
    page.select_option("#f-business", "medicaid")
    expect(page).to_have_url(
        f"{served}/compare.html#code=H2023&state=MD&business=medicaid&only=1&compare={BRAIN},{MEDICARE}"
    )


def test_what_no_policy_is_named_in_a_link_is_passed_over(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html#compare=no/such,{BRAIN},<b>&code=X9999&state=Q")
    expect(page.locator("#tray-said")).to_contain_text("1 chosen")
    assert page.input_value("#f-code") == "H2024"
    assert page.locator("#side").is_hidden()


def test_four_are_the_most_and_each_can_be_removed(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    ticks = page.locator("#grid tbody input")
    for at in range(4):
        ticks.nth(at).check()
    assert ticks.nth(4).is_disabled()
    expect(page.locator("#tray-said")).to_contain_text("4 chosen, the most that fit")
    page.locator("#side-table thead button").first.click()
    assert not ticks.nth(4).is_disabled()
    expect(page.locator("#side-table thead a")).to_have_count(3)


def test_a_policy_is_added_by_its_name(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html#compare={BRAIN}")
    page.fill("#f-add", "Medicare (US)")
    expect(page.locator("#side-table thead a")).to_have_count(2)
    assert page.input_value("#f-add") == ""


def test_what_is_shown_is_saved_as_csv(page: Page, served: str) -> None:
    page.goto(f"{served}/{SIDES}&state=MD")
    page.wait_for_selector("#side-table table")
    with page.expect_download() as saved:
        page.click("#csv")
    rows = rows_of(saved.value)
    assert [row["policy"] for row in rows] == shown(page)
    assert rows[0]["Coverage"]
    page.check("#only")
    with page.expect_download() as saved:
        page.click("#side-csv")
    rows = rows_of(saved.value)
    assert {row["policy"] for row in rows} == {BRAIN, MEDICARE}
    assert {row["mark"] for row in rows} <= {"Differs", "Read both"}
    assert {row["source"] for row in rows} - {""}


def test_a_formula_is_saved_as_text(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    page.evaluate("document.querySelector('#grid tr[data-policy] td').textContent = '=1+1'")
    with page.expect_download() as saved:
        page.click("#csv")
    assert rows_of(saved.value)[0]["Coverage"] == "'=1+1"


def test_the_comparison_works_from_a_folder(page: Page, site: Path) -> None:
    page.goto(f"{(site / 'compare.html').as_uri()}#compare={BRAIN},{MEDICARE}&code=T2018")
    page.wait_for_selector("#side-table table")
    expect(page.locator("#side-title")).to_have_text("Side by side: T2018")


def test_it_is_done_by_keyboard_alone(page: Page, served: str) -> None:
    page.goto(f"{served}/compare.html")
    ticks = page.locator("#grid tbody input")
    ticks.nth(60).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#tray-show").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#side")).to_be_focused()
    assert page.locator("#side-table thead a").count() == 2


@pytest.mark.parametrize("name", ["compare.html", "modifiers.html", "which-code.html"])
def test_without_a_script_the_tables_stand_and_no_dead_control_is_shown(
    chromium: Browser, served: str, name: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/{name}")
    assert page.locator(".md-content table.wide tbody tr:visible").count() > 10
    assert page.locator(".md-content :is(input, select, button):visible").count() == 0
    context.close()


def test_a_modifier_is_found_by_name_payer_or_meaning(page: Page, served: str) -> None:
    page.goto(f"{served}/modifiers.html")
    page.fill("#modifier-filter", "HQ")
    assert page.locator("h2#hq").is_visible()
    assert page.locator("h2#ga").is_hidden()
    page.fill("#modifier-filter", "nebraska")
    assert page.locator("h2#ga").is_visible()
    page.fill("#modifier-filter", "overtime")
    assert page.locator("tr#tu").is_visible()
    expect(page.locator(".find [role=status]")).to_have_text(re.compile(r"^1 of \d+ modifiers$"))
    page.fill("#modifier-filter", "zzzz")
    expect(page.locator(".find [role=status]")).to_contain_text("says nothing about what payers allow")


def test_three_questions_lead_to_the_code_that_the_source_names(page: Page, served: str) -> None:
    page.goto(f"{served}/which-code.html")
    page.select_option("#ask-kind", "group")
    page.select_option("#ask-policy", "ok/dds-waivers")
    expect(page.locator("#said-codes")).to_contain_text("T2019 TG HQ")
    page.select_option("#ask-unit", "day")
    expect(page.locator("#said-codes")).to_contain_text("No source that we read names a code for this.")
    assert page.url.endswith("#given=group&program=ok/dds-waivers&unit=day")


def test_silence_is_no_refusal_and_a_descriptor_no_rule(page: Page, served: str) -> None:
    page.goto(f"{served}/which-code.html#given=individual&program={BRAIN}&unit=day")
    said = page.locator("#said-codes")
    expect(said).to_contain_text("That is not a refusal")
    expect(said).to_contain_text("Codes that CMS describes so: H2024 (day), T2018 (day).")
    expect(said).to_contain_text("not this program’s rule")
    expect(said).to_contain_text("This program counts supported employment by: day")
    page.select_option("#ask-policy", MEDICARE)
    expect(said).to_contain_text("Not covered: ")


def test_an_ended_code_is_not_offered_as_todays(page: Page, served: str) -> None:
    page.goto(f"{served}/which-code.html#given=group&program=nc/b3-services")
    said = page.locator("#said-codes")
    expect(said).to_contain_text("Named earlier, no longer in force: H2023 HQ U4.")
    expect(said).to_contain_text("No source that we read names a code for this.")

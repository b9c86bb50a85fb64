"""The page that checks a line, in a real browser: told at the field, by keyboard alone, and nothing kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

POLICY = "md/brain-injury-waiver"
DAY = "2026-11-23"


def opened(page: Page, address: str, fragment: str = f"#policy={POLICY}&code=H2024") -> None:
    page.goto(f"{address}/check.html{fragment}")
    expect(page.locator("#check-form")).to_be_visible()


def checked(page: Page) -> None:
    page.get_by_role("button", name="Check the line").click()
    expect(page.locator("#check-result .answer")).to_be_visible()


def status(page: Page) -> str:
    return page.locator("#check-result .answer__status").inner_text()


@pytest.fixture
def line(served: str, page: Page) -> Page:
    """The page with a policy, a code and a day."""
    opened(page, served)
    page.get_by_label("Date of service").fill(DAY)
    return page


def test_a_line_is_checked_from_a_folder(site: Path, page: Page) -> None:
    opened(page, site.as_uri())
    page.get_by_label("Date of service").fill(DAY)
    page.get_by_label("Units", exact=True).fill("2")
    checked(page)
    assert "Fails" in status(page)
    broken = page.locator(".check-group", has_text="Broken")
    expect(broken.get_by_text("more units are billed than the line has days")).to_be_visible()
    expect(broken.get_by_text("our proposal").first).to_be_visible()
    source = broken.get_by_role("link").first
    assert source.get_attribute("href") == f"policies/{POLICY}.html#source-1"


def test_not_given_is_not_none(line: Page) -> None:
    checked(line)
    assert "Cannot tell" in status(line)
    line.get_by_label("It has none").check()
    expect(line.get_by_text("the line has no number, and nothing says that one must be on the claim")).to_be_visible()


def test_the_result_says_the_pile_of_the_line(line: Page) -> None:
    checked(line)
    pile = line.locator("#check-result .check-pile")
    expect(pile).to_have_text("Pile: Answer, the line leaves out what a known rule needs.")
    line.get_by_label("Units", exact=True).fill("3")
    checked(line)
    expect(pile).to_have_text("Pile: Fix, a known rule is broken.")


def test_what_is_still_needed_leads_to_its_field(line: Page) -> None:
    checked(line)
    line.get_by_role("button", name="Enter minutes").first.click()
    expect(line.get_by_label("Minutes of service")).to_be_focused()


def test_what_no_rule_looks_at_stands_under_more(line: Page) -> None:
    expect(line.locator("#check-more [data-field=age]")).to_have_count(1)
    expect(line.locator("#check-first [data-field=units]")).to_have_count(1)


@pytest.mark.parametrize(
    ("label", "text", "says"),
    [
        ("Units", "two", "Write a number such as 1 or 2.5."),
        ("Code", "H 2024", "Write a code such as H2024."),
        ("The line's modifiers", "U4HQ", "Write modifiers of two characters"),
        ("Place of service", "2", "Write two digits"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(line: Page, label: str, text: str, says: str) -> None:
    line.locator("#check-more").evaluate("(more) => { more.open = true; }")
    field = line.get_by_label(label, exact=True)
    field.fill(text)
    line.get_by_role("button", name="Check the line").click()
    expect(line.get_by_text(says)).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(line.locator("#check-result .answer")).to_have_count(0)


def test_without_a_policy_there_is_only_that_to_choose(served: str, page: Page) -> None:
    opened(page, served, "")
    expect(page.get_by_text("Choose a policy. Then this page asks")).to_be_visible()
    expect(page.get_by_label("Units", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Check the line")).to_be_hidden()
    page.get_by_label("Policy", exact=True).select_option(POLICY)
    expect(page.get_by_label("Date of service")).to_be_visible()
    expect(page.get_by_text("Choose a policy. Then this page asks")).to_be_hidden()
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("button", name="Check the line")).to_be_hidden()
    expect(page.get_by_label("Policy", exact=True)).to_be_focused()


def test_other_lines_of_the_member_count(line: Page) -> None:
    line.get_by_label("Units", exact=True).fill("1")
    others = line.locator("[data-field=other_lines]")
    others.get_by_label("These:").check()
    line.get_by_label("First day of other line 1").fill(DAY)
    line.get_by_label("Units of other line 1").fill("1")
    checked(line)
    expect(line.get_by_text("the lines given are over it").first).to_be_visible()
    line.get_by_role("button", name="Remove other line 1").click()
    expect(line.get_by_text("the lines given are over it")).to_have_count(0)


def test_a_fix_says_only_if(served: str, page: Page) -> None:
    opened(page, served, "#policy=nc/b3-services&code=H2024")
    page.get_by_label("Date of service").fill("2022-03-01")
    page.locator("#check-more").evaluate("(more) => { more.open = true; }")
    page.get_by_label("Units", exact=True).fill("1")
    page.get_by_label("Minutes of service").fill("120")
    page.get_by_label("The line's modifiers").fill("hq")
    checked(page)
    mend = page.locator(".check-group", has_text="What would fix it")
    expect(mend).to_contain_text("H2024 HQ, units: 1 → H2023 HQ U4, units: 8")
    expect(mend).to_contain_text("Only if: Initial phase, group")


def test_a_payer_is_found_by_another_name(served: str, page: Page) -> None:
    opened(page, served, "")
    page.get_by_label("Find the payer").fill("uhc")
    expect(page.locator("#check-policy option", has_text="UnitedHealthcare").first).to_be_attached()
    expect(page.locator("#check-policy option", has_text="Medicare (US)")).to_have_count(0)


def test_nothing_that_is_typed_is_kept(line: Page) -> None:
    line.get_by_label("Units", exact=True).fill("7.25")
    checked(line)
    assert line.url.endswith(f"check.html#policy={POLICY}&code=H2024")
    kept = line.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "7.25" not in kept
    assert DAY not in kept


def test_it_works_by_keyboard_alone(served: str, page: Page) -> None:
    opened(page, served)
    page.get_by_label("Date of service").fill(DAY)
    page.get_by_label("Units", exact=True).focus()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("#check-result .answer__status")).to_contain_text("Fails")
    expect(page.locator("#check-result")).to_be_focused()


def test_a_result_prints_without_the_form(line: Page) -> None:
    checked(line)
    line.emulate_media(media="print")
    expect(line.locator("#check-form")).to_be_hidden()
    expect(line.get_by_text("What a result means")).to_be_hidden()
    expect(line.locator("#check-result .answer")).to_be_visible()


def test_it_fits_a_phone(line: Page) -> None:
    line.set_viewport_size({"width": 320, "height": 800})
    line.get_by_label("Units", exact=True).fill("2")
    checked(line)
    assert line.evaluate("document.documentElement.scrollWidth") <= 320

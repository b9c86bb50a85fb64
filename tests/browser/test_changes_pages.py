"""Changes, unknowns, denials, benchmarks and the glossary in a real browser: lists narrow, forms copy, links work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

NARROWED = ("changes.html", "unknowns.html", "denials.html")


def count(page: Page) -> str:
    return page.locator(".filter__count").inner_text()


def visible(page: Page, rows: str) -> int:
    return page.locator(f"{rows}:visible").count()


def test_changes_narrow_to_a_payer_and_the_choice_stands_in_the_address(page: Page, served: str) -> None:
    page.goto(f"{served}/changes.html")
    whole = page.locator("tr[data-kind]").count()
    expect(page.locator(".filter__count")).to_have_text(f"{whole} changes on this page")
    page.get_by_label("Payer").select_option("Medicare")
    medicare = page.locator('tr[data-payer="Medicare"]').count()
    assert 0 < medicare < whole
    expect(page.locator(".filter__count")).to_have_text(f"{medicare} of {whole} changes on this page")
    assert visible(page, 'tr[data-payer="Medicare"]') == visible(page, "tr[data-kind]") == medicare
    assert page.url.endswith("#payer=Medicare")
    page.reload()
    expect(page.locator(".filter__count")).to_have_text(f"{medicare} of {whole} changes on this page")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".filter__count")).to_have_text(f"{whole} changes on this page")
    assert page.url.endswith("changes.html")


def test_a_choice_is_kept_on_the_way_to_a_year(page: Page, served: str) -> None:
    page.goto(f"{served}/changes.html")
    page.get_by_label("Payer").select_option("Idaho Medicaid")
    page.locator("a[data-keeps]", has_text="2025").click()
    expect(page.get_by_role("heading", name="Changes of 2025")).to_be_visible()
    expect(page.locator("select[name=payer]")).to_have_value("Idaho Medicaid")
    assert visible(page, "tr[data-kind]") == visible(page, 'tr[data-payer="Idaho Medicaid"]') > 0


def test_days_and_sections_without_a_row_go_too(page: Page, served: str) -> None:
    page.goto(f"{served}/changes.html")
    page.get_by_label("Kind").select_option("searched")
    expect(page.get_by_role("heading", name="Newest first")).to_be_hidden()
    expect(page.get_by_role("heading", name="Searched and not found")).to_be_visible()
    assert visible(page, "tr.day") == 0
    assert visible(page, 'tr[data-kind="searched"]') > 50
    page.get_by_label("Kind").select_option("ends")
    expect(page.get_by_role("heading", name="Searched and not found")).to_be_hidden()
    assert visible(page, "tr.day") > 0


def test_what_was_not_found_is_folded_until_it_is_asked_for(page: Page, served: str) -> None:
    page.goto(f"{served}/changes.html")
    assert visible(page, 'tr[data-kind="searched"]') == 0
    page.locator("details.silent summary").first.click()
    assert visible(page, 'tr[data-kind="searched"]') > 0


def test_effective_and_posted_dates_stand_in_columns_of_their_own(page: Page, served: str) -> None:
    page.goto(f"{served}/changes/2025.html")
    effective = page.locator('table.changes [data-label="Takes effect"]').all_inner_texts()
    posted = page.locator('table.changes [data-label="Posted here"]').all_inner_texts()
    assert len(effective) == len(posted) == page.locator("table.changes tr[data-kind]").count()
    assert all(re.fullmatch(r"[A-Z][a-z]{2} \d{1,2}, 20\d\d", day) for day in posted)
    assert any(re.fullmatch(r"[A-Z][a-z]{2} \d{1,2}, 2025", day) for day in effective)
    assert all(", 2025" in day for day in effective)


def test_nothing_fits_is_said(page: Page, served: str) -> None:
    page.goto(f"{served}/denials.html")
    page.get_by_label("Find a word").fill("no such words anywhere")
    expect(page.locator(".filter__count")).to_contain_text("None of")
    assert "no such" not in page.url


def test_a_denial_is_found_by_its_number_and_by_its_anchor(page: Page, served: str) -> None:
    page.goto(f"{served}/denials.html#carc-197")
    expect(page.locator("#carc-197")).to_be_in_viewport()
    page.locator("select[name=carc]").select_option("197")
    assert visible(page, "tr[data-carc]") == 1
    expect(page.locator("#carc-197")).to_contain_text("Find the authorization")


def test_an_entry_is_copied_with_the_path_of_its_policy(context: BrowserContext, page: Page, served: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{served}/unknowns.html#payer=Medicare")
    page.locator("summary:visible", has_text="Entry to add: Prior authorization").first.click()
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(
        "# policies/us/medicare.yaml\nrules:\n  H2024:\n    prior_authorization:\n      - effective_date:"
    )


def test_unknowns_narrow_by_state_and_fact(page: Page, served: str) -> None:
    page.goto(f"{served}/unknowns.html")
    page.get_by_label("State").select_option("MD")
    page.get_by_label("Fact").select_option("Rate")
    rows = page.locator("tr[data-fact]:visible")
    assert {row.get_attribute("data-jurisdiction") for row in rows.all()} == {"MD"}
    assert rows.count() == page.locator('tr[data-jurisdiction="MD"][data-fact="Rate"]').count()
    assert page.locator(".program:visible").count() == rows.count()
    expect(page.get_by_role("heading", name="Cigna", exact=True)).to_be_hidden()


@pytest.mark.parametrize("name", NARROWED)
def test_a_list_narrows_by_keyboard_from_a_folder(page: Page, site: Path, name: str) -> None:
    page.goto((site / name).as_uri())
    before = count(page)
    page.locator(".filter select").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".filter__count")).not_to_have_text(before)
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".filter__count")).to_have_text(before)


WCAG: Final = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


def violations(page: Page, rules: list[str]) -> list[tuple[str, str]]:
    """What breaks WCAG in the content; links have the theme's color, which is tested for whole pages."""
    found = (
        Axe()
        .run(page, context=".md-content", options={"runOnly": rules, "resultTypes": ["violations"]})
        .response["violations"]
    )
    nodes = [(one["id"], node["html"][:150]) for one in found for node in one["nodes"]]
    return [(rule, html) for rule, html in nodes if not html.startswith("<a ")]


@pytest.mark.parametrize(("scheme", "rules"), [("light", WCAG), ("dark", ["color-contrast"])], ids=["light", "dark"])
def test_what_opens_breaks_no_rule_of_wcag(
    page: Page, served: str, scheme: Literal["light", "dark"], rules: list[str]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{served}/unknowns.html#payer=Cigna")
    page.locator("summary:visible", has_text="Entry to add: Coverage").first.click()
    page.get_by_text("How to add what you know").click()
    assert violations(page, rules) == []
    page.goto(f"{served}/changes/2025.html#kind=ends")
    assert violations(page, rules) == []


def test_each_chart_is_named_and_each_value_is_text(page: Page, served: str) -> None:
    page.goto(f"{served}/benchmarks.html")
    for name, value in (
        ("Claims, by code", "60,306"),
        ("Paid per claim, by code", "$363.67"),
        ("Claims, by state", "4,116"),
    ):
        chart = page.get_by_role("img", name=name)
        expect(chart).to_be_visible()
        assert any(value in text for text in chart.locator("text").all_text_contents())
    cautions, chart = page.locator(".care").bounding_box(), page.locator(".charts").bounding_box()
    assert cautions
    assert chart
    assert abs(cautions["y"] - chart["y"]) < 20


def test_a_word_of_the_glossary_can_be_linked_to(page: Page, served: str) -> None:
    for anchor in ("covered-with-conditions", "carc", "rarc", "ncci-edit", "mue", "837p", "stated-for-the-service"):
        page.goto(f"{served}/glossary.html#{anchor}")
        expect(page.locator(f'[id="{anchor}"]')).to_be_in_viewport()

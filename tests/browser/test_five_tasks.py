"""The five things a biller comes for, each from the home page within 20 seconds of a practiced hand.

The seconds are those of the keystroke-level model (Card, Moran and Newell, 1980): 0.28 s a key, 1.1 s to point, 0.1 s
to press, 0.4 s to move the hand to the keyboard or back, 1.35 s to make up one's mind before each step. So the figure
is of the page, and not of the machine that runs the test. Two seconds more are given to reading each page.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

KEY, POINT, PRESS, HAND, MIND, READ = 0.28, 1.1, 0.1, 0.4, 1.35, 2.0
MOST_SECONDS = 20


class Biller:
    """A hand on the keyboard and the mouse, and the seconds it takes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seconds = READ

    def click(self, what: Locator, *, to_another_page: bool = False) -> None:
        what.click()
        self.seconds += MIND + HAND + POINT + PRESS + (READ if to_another_page else 0)

    def types(self, text: str, into: Locator) -> None:
        into.press_sequentially(text)
        self.seconds += MIND + HAND + len(text) * KEY

    def enter(self) -> None:
        self.page.keyboard.press("Enter")
        self.seconds += MIND + KEY

    def date(self, day: str, into: Locator) -> None:
        """A date is typed as eight figures, the field puts in the rest."""
        into.fill(day)
        self.seconds += MIND + HAND + 8 * KEY


@pytest.fixture
def biller(served: str, page: Page) -> Biller:
    page.goto(f"{served}/index.html")
    return Biller(page)


def rows(page: Page) -> Locator:
    return page.locator("#finder-rows tr")


def ask(biller: Biller, words: str) -> None:
    field = biller.page.get_by_role("combobox", name="Payer or plan")
    biller.click(field)
    biller.types(words, field)


def test_is_it_covered(biller: Biller) -> None:
    ask(biller, "md brain")
    expect(rows(biller.page)).to_have_count(1)
    expect(rows(biller.page)).to_contain_text("Service covered with conditions, code not named")
    expect(rows(biller.page)).to_contain_text("stated for supported employment, not for H2024")
    assert biller.seconds < MOST_SECONDS


def test_which_modifiers(biller: Biller) -> None:
    page = biller.page
    biller.click(page.get_by_role("link", name="Which modifiers?"), to_another_page=True)
    biller.click(page.get_by_role("link", name="HQ", exact=True).first)
    heading = page.get_by_role("heading", name="HQ")
    expect(heading.first).to_be_in_viewport()
    assert biller.seconds < MOST_SECONDS


def test_will_this_line_pass(biller: Biller) -> None:
    page = biller.page
    biller.click(page.get_by_role("link", name="Will this line pass?"), to_another_page=True)
    payer = page.get_by_label("Find the payer")
    expect(payer).to_be_focused()
    biller.types("medicare", payer)
    biller.enter()
    expect(page.get_by_label("Date of service")).to_be_focused()
    biller.date("2026-11-02", page.get_by_label("Date of service"))
    biller.enter()
    expect(page.locator("#check-result .answer__status")).to_contain_text("Fails")
    assert page.get_by_label("Policy").input_value() == "us/medicare"
    assert biller.seconds < MOST_SECONDS


def test_what_was_the_rule_on_a_past_date(biller: Biller) -> None:
    page = biller.page
    ask(biller, "md brain")
    biller.date("2021-03-03", page.get_by_label("Date of service"))
    expect(rows(page)).to_contain_text("since Dec 11, 2003")
    biller.click(rows(page).get_by_role("link").last, to_another_page=True)
    expect(page.locator("main")).to_contain_text("Dates of service May 18, 2020 to ")
    assert biller.seconds < MOST_SECONDS


def test_what_changed(biller: Biller) -> None:
    page = biller.page
    biller.click(page.get_by_role("link", name="What changed?"), to_another_page=True)
    expect(page.get_by_role("heading", name="Newest first")).to_be_visible()
    assert biller.seconds < MOST_SECONDS

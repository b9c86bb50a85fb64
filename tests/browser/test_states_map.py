"""The map of states in a real browser: a grid where there is room, a list on a phone, links to the table."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.site.pages.state_tiles import tile


def test_each_tile_stands_in_its_place_on_a_wide_screen(served: str, page: Page) -> None:
    page.goto(f"{served}/states.html")
    boxes = {
        code: page.locator(f'.states__map a[href="#{code.lower()}"]').bounding_box() for code in NAMES if tile(code)
    }
    assert all(box and box["width"] >= 44 and box["height"] >= 44 for box in boxes.values())
    for code, box in boxes.items():
        for other, there in boxes.items():
            assert box
            assert there
            row, column = tile(code) or (0, 0)
            other_row, other_column = tile(other) or (0, 0)
            assert (row < other_row) == (box["y"] < there["y"])
            assert (column < other_column) == (box["x"] < there["x"])


def test_no_width_scrolls_sideways_and_tiles_are_large_enough(served: str, page: Page) -> None:
    page.goto(f"{served}/states.html")
    small = (
        "tiles => tiles.filter(t => t.offsetWidth < 44 || t.offsetHeight < 44 || t.scrollWidth > t.offsetWidth).length"
    )
    for width in (320, 700, 1200):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.locator(".tile").evaluate_all(small) == 0, width


def test_a_tile_leads_to_its_programs_by_keyboard(served: str, page: Page) -> None:
    page.goto(f"{served}/states.html")
    tile = page.get_by_role("link", name=re.compile("^SC South Carolina Sibling$"))
    tile.focus()
    page.keyboard.press("Enter")
    group = page.locator("tbody", has=page.locator("#sc"))
    expect(group.locator("th")).to_be_in_viewport()
    group.get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("South Carolina Medicaid")

"""Every kind of page opens from a folder in a real browser, without an error or a request outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

KINDS = (
    "index.html",
    "policies/index.html",
    "policies/us/medicare.html",
    "compare.html",
    "check.html",
    "changes.html",
)


@pytest.mark.parametrize("name", KINDS)
def test_a_page_opens_from_a_folder(site: Path, page: Page, name: str) -> None:
    page.goto((site / name).as_uri())
    assert page.locator("h1").count() == 1

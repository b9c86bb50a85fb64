"""A real Chromium, and the built site served on loopback; skips with a reason where no Chromium is found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from chromium import NAMES, QUIET, chromium_path, without_search
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from serving import serving
from watching import silent, staying


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip(f"no Chromium was found: install one of {', '.join(NAMES)}, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of the built site on loopback, without a slash at its end."""
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session")
def kept(chromium: Browser) -> Iterator[BrowserContext]:
    """The context that the tests of one worker share: in a new one, a page takes three times as long to open.

    It has one empty page, so that the process of its pages stays.
    """
    made = chromium.new_context(viewport={"width": 1200, "height": 900})
    without_search(made)
    made.new_page()
    yield made
    made.close()


FORGETS: Final = """() => {
  if (location.protocol !== 'about:') for (const kept of [localStorage, sessionStorage]) kept.clear();
}"""
HOUR: Final = 3600


@pytest.fixture
def context(kept: BrowserContext) -> Iterator[BrowserContext]:
    """A browser context at desktop width that keeps nothing of a test; a request that leaves the site fails it."""
    with staying(kept):
        yield kept
    kept.clear_cookies()
    kept.clear_permissions()
    for page in kept.pages[1:]:
        page.evaluate(FORGETS)
        now = page.evaluate("Date.now()") / 1000
        page.close()
        assert abs(now - time.time()) < HOUR, "a test that sets the clock needs a context of its own"


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page in that context; an error of a script or a line on the console fails the test."""
    made = context.new_page()
    with silent(made):
        yield made

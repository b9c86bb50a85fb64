"""A real Chromium, and the built site served on loopback; skips with a reason where no Chromium is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import NAMES, QUIET, chromium_path, without_search
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from serving import serving


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


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser context at desktop width; a request that leaves the site fails the test."""
    made = chromium.new_context(viewport={"width": 1200, "height": 900})
    outside: list[str] = []
    without_search(made)
    made.on("request", lambda request: outside.append(request.url) if _leaves(request.url) else None)
    yield made
    made.close()
    assert outside == []


def _leaves(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:", "about:"))


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page in that context; an error of a script or a line on the console fails the test."""
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield made
    assert errors == []

"""Where a Chromium is, and how it is started so that it asks nobody anything."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import BrowserContext

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str | None:
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


NOTHING_TO_FIND = {
    "config": {"lang": ["en"], "separator": "\\s+", "pipeline": [], "fields": {"title": {}, "text": {}, "tags": {}}},
    "docs": [],
}


def without_search(context: BrowserContext) -> None:
    """Gives pages an empty index: each would make one of the whole site anew, and few tests search."""
    context.route("**/search/search_index.json", lambda route: route.fulfill(json=NOTHING_TO_FIND))

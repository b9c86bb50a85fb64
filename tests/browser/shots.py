"""Takes screenshots of a built site, to be looked at: `python tests/browser/shots.py site shots index.html check.html`.

Each page is taken whole at desktop and phone width, light and dark; `--print` adds the PDF that printing it gives.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from chromium import QUIET, chromium_path
from playwright.sync_api import Browser, sync_playwright

WIDTHS = {"desktop": 1200, "phone": 320}


def shoot(browser: Browser, site: Path, to: Path, name: str, *, printed: bool) -> None:
    stem = name.removesuffix(".html").replace("/", "-")
    for device, width in WIDTHS.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.goto((site / name).resolve().as_uri())
            page.wait_for_load_state("networkidle")
            page.screenshot(path=to / f"{stem}-{device}-{scheme}.png", full_page=True)
            if printed and device == "desktop" and scheme == "light":
                page.pdf(path=to / f"{stem}.pdf", format="Letter")
            context.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("site", type=Path)
    arguments.add_argument("to", type=Path)
    arguments.add_argument("pages", nargs="+")
    arguments.add_argument("--print", action="store_true", dest="printed")
    given = arguments.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        for name in given.pages:
            shoot(browser, given.site, given.to, name, printed=given.printed)
        browser.close()


if __name__ == "__main__":
    main()

"""What every page keeps: WCAG 2.2 AA, the keyboard, a narrow phone, no script, paper, a strict policy on content."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from serving import serving

from h2024kb.site.build.after_build import HEADER, ZIP

KINDS = (
    "404.html",
    "about.html",
    "api.html",
    "benchmarks.html",
    "changes.html",
    "check.html",
    "codes/h2024.html",
    "compare.html",
    "contributing.html",
    "denials.html",
    "glossary.html",
    "index.html",
    "json-api.html",
    "looked.html",
    "modifiers.html",
    "policies/index.html",
    "policies/md/brain-injury-waiver.html",
    "policies/nc/b3-services.html",
    "policies/us/cigna.html",
    "policies/us/medicare.html",
    "reference.html",
    "rules.html",
    "states.html",
    "stats.html",
    "unknowns.html",
    "which-code.html",
)
STANDARD = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SCHEMES = ("light", "dark")


def served_page(chromium: Browser, **options: Any) -> Iterator[Page]:
    context = chromium.new_context(**options)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=SCHEMES)
def colored(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    yield from served_page(chromium, color_scheme=request.param, viewport={"width": 1200, "height": 900})


@pytest.fixture(scope="module")
def phone(chromium: Browser) -> Iterator[Page]:
    yield from served_page(chromium, viewport={"width": 320, "height": 640})


@pytest.fixture(scope="module")
def scriptless(chromium: Browser) -> Iterator[Page]:
    yield from served_page(chromium, java_script_enabled=False)


@pytest.mark.parametrize("name", KINDS)
def test_no_page_breaks_wcag_2_2_aa(colored: Page, served: str, name: str) -> None:
    colored.goto(f"{served}/{name}")
    found = Axe().run(colored, options=STANDARD).response["violations"]
    assert [(one["id"], node["html"][:200], node["failureSummary"]) for one in found for node in one["nodes"]] == []


def test_no_page_is_wider_than_a_narrow_phone(phone: Page, served: str, site: Path) -> None:
    wide = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        phone.goto(f"{served}/{name}")
        width = phone.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[name] = width
    assert wide == {}


@pytest.mark.parametrize("name", KINDS)
def test_every_page_reads_without_a_script(scriptless: Page, served: str, name: str) -> None:
    scriptless.goto(f"{served}/{name}")
    heading = scriptless.locator("main h1, .md-content h1").first
    assert heading.is_visible()
    assert len(scriptless.locator(".md-content").inner_text()) > 200 or name == "404.html"


FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const labels = [...(at.labels || [])].filter(label => label.getBoundingClientRect().width > 0);
  const shows = [at, ...labels].filter(one => one.getBoundingClientRect().width > 0);
  const ringed = one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
  };
  return {what: at.outerHTML.slice(0, 120), ring: shows.some(ringed), seen: shows.length > 0};
}"""
MOST_STOPS = 60


@pytest.mark.parametrize("name", KINDS)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, served: str, name: str) -> None:
    page.goto(f"{served}/{name}")
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 5
    assert "skip" in stops[0]["what"]
    assert [stop["what"] for stop in stops if not stop["ring"] or not stop["seen"]] == []


@pytest.mark.parametrize("name", KINDS)
def test_paper_shows_the_content_and_no_navigation(page: Page, served: str, name: str) -> None:
    page.goto(f"{served}/{name}")
    page.emulate_media(media="print")
    assert page.locator(".md-content h1").first.is_visible()
    hidden = (".md-header", ".md-tabs", ".md-sidebar", ".md-footer")
    assert [one for one in hidden if page.locator(one).first.is_visible()] == []


@pytest.fixture(scope="module")
def guarded(site: Path) -> Iterator[str]:
    """The site under the header it ships."""
    policy = (site / HEADER).read_text("utf-8").strip()
    with serving(site, {"Content-Security-Policy": policy}) as address:
        yield address


@pytest.mark.parametrize("name", KINDS)
def test_a_strict_policy_on_content_breaks_no_page(page: Page, guarded: str, name: str) -> None:
    page.goto(f"{guarded}/{name}")
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--covered').length") > 0


def search(page: Page, words: str) -> str:
    page.keyboard.press("/")
    page.keyboard.type(words)
    result = page.locator(".md-search-result__item").first
    result.wait_for(state="attached")
    return result.inner_text()


def test_search_works_under_that_policy(page: Page, guarded: str) -> None:
    page.goto(f"{guarded}/about.html")
    assert "Brain Injury" in search(page, "brain injury")


def test_the_zip_works_from_a_folder_search_included(
    site: Path, context: BrowserContext, page: Page, tmp_path: Path
) -> None:
    with zipfile.ZipFile(site / ZIP) as archive:
        archive.extractall(tmp_path)
    page.goto((tmp_path / "h2024kb" / "index.html").as_uri())
    assert "Brain Injury" in search(page, "brain injury")

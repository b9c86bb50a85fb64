"""What every page keeps: WCAG 2.2 AA, the keyboard, a narrow phone, no script, paper, a strict policy on content.

A page of each kind is asked all of it in one visit; `make exhaustive` asks these more, and more pages.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from chromium import without_search
from playwright.sync_api import Browser, Page, ViewportSize, expect
from serving import serving
from watching import silent, staying

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
WCAG: Final = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST: Final = {"type": "rule", "values": ["color-contrast"]}
TEMPLATES: Final = ("policies/??/*.html", "policies/??/*/*.html", "codes/*.html", "changes/*.html")
"""Where many pages are made from one template."""
MOST_STOPS: Final = 60
SOME_STOPS: Final = 25
NARROW: Final = 320
DESK: Final[ViewportSize] = {"width": 1200, "height": 900}
PHONE: Final[ViewportSize] = {"width": NARROW, "height": 640}
DARKENS: Final = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync('*, ::before, ::after { transition: none !important }');
  document.adoptedStyleSheets.push(still);
  document.body.setAttribute('data-md-color-scheme', 'slate');
}"""
"""At once: colors would pass into one another, and be judged on their way."""


ALIKE: Final = 3
THINS_OUT: Final = """(most) => {
  const [kinds, seen, kept] = [new Map(), new Map(), new Set()];
  for (const one of document.querySelectorAll('.md-content *')) {
    const kind = `${kinds.get(one.parentElement) ?? ''}>${one.localName}.${one.className}${one.getAttributeNames()}`;
    kinds.set(one, kind);
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    if (seen.get(kind) <= most) for (let up = one; up && !kept.has(up); up = up.parentElement) kept.add(up);
  }
  for (const one of document.querySelectorAll('.md-content :not(form *, th, td)')) if (!kept.has(one)) one.remove();
}"""
"""Leaves the first of the things alike in tags, classes and attributes: one template makes many, slow to judge.

Forms stay whole, for a place in a line of fields depends on those before it; and so do rows.
"""


def new_page(chromium: Browser, **options: Any) -> Iterator[Page]:
    context = chromium.new_context(**options)
    without_search(context)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def phone(chromium: Browser) -> Iterator[Page]:
    yield from new_page(chromium, viewport=PHONE)


@pytest.fixture(scope="module")
def scriptless(chromium: Browser) -> Iterator[Page]:
    yield from new_page(chromium, java_script_enabled=False)


@pytest.fixture(scope="module")
def guarded(site: Path) -> Iterator[str]:
    """The site under the header it ships."""
    policy = (site / HEADER).read_text("utf-8").strip()
    with serving(site, {"Content-Security-Policy": policy}) as address:
        yield address


@pytest.fixture(scope="module")
def dark(chromium: Browser) -> Iterator[Page]:
    yield from new_page(chromium, color_scheme="dark", viewport=DESK)


@pytest.mark.parametrize("name", KINDS)
def test_a_page_keeps_all_of_it(page: Page, guarded: str, name: str) -> None:
    """What the strict policy stops is an error on the console, which fails the test by itself."""
    page.goto(f"{guarded}/{name}")
    found = {
        "style": not page.evaluate("getComputedStyle(document.body).getPropertyValue('--covered')"),
        "titles": page.locator("h1").count() - 1,
        "keyboard": keyboard(page, SOME_STOPS, past_the_header=name != "index.html"),
        "paper": shown_wrongly_on_paper(page),
        "phone": wider_than_a_phone(page),
        "WCAG": violations(thinned(page), WCAG),
        "dark": violations(darkened(page), CONTRAST),
    }
    assert {what: faults for what, faults in found.items() if faults} == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", KINDS)
def test_no_page_breaks_wcag_2_2_aa_anywhere(page: Page, dark: Page, served: str, name: str) -> None:
    for shown in (page, dark):
        shown.goto(f"{served}/{name}")
        assert violations(shown, WCAG) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", KINDS)
def test_the_keyboard_reaches_everything(page: Page, served: str, name: str) -> None:
    page.goto(f"{served}/{name}")
    assert keyboard(page, MOST_STOPS, past_the_header=False) == []


def violations(page: Page, rules: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What axe finds; it is not asked for what it has passed, which is most and slow to hand over."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    run = "rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(made => made.violations)"
    found = page.evaluate(run, rules)
    return [(one["id"], node["html"][:200], node["failureSummary"]) for one in found for node in one["nodes"]]


# Each Tab ends in a `keyup` at what it has reached; so the page notes its stops itself, without being asked after each,
# until it comes round to the first. A field for a date has four stops.
NOTES_STOPS: Final = """() => {
  const seen = [];
  let round = false;
  window.stops = [];
  const ringed = one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
  };
  window.addEventListener('keyup', event => {
    const at = document.activeElement;
    round ||= seen.length > 1 && at === seen[0];
    if (event.key !== 'Tab' || !at || at === document.body || round) return;
    const labels = [...(at.labels || [])].filter(label => label.getBoundingClientRect().width > 0);
    const shows = [at, ...labels].filter(one => one.getBoundingClientRect().width > 0);
    const again = seen.filter(one => one === at).length > (at.type === 'date' ? 3 : 0);
    const fault = again ? 'again' : !shows.length ? 'not seen' : !shows.some(ringed) ? 'no ring' : '';
    seen.push(at);
    window.stops.push([at.outerHTML.slice(0, 120), fault]);
  }, true);
}"""


def keyboard(page: Page, most: int, *, past_the_header: bool) -> list[str]:
    """What is wrong with where Tab stops: at nothing one sees, without a ring, at one thing again, or nowhere.

    The header is the same everywhere; the link that skips it leads to what is the page's own.
    """
    page.evaluate(NOTES_STOPS)
    for number in range(most):
        page.keyboard.press("Tab")
        if number == 0 and past_the_header:
            page.keyboard.press("Enter")
    stops = page.evaluate("stops")
    few = [] if len(stops) > (1 if past_the_header else 5) else [f"{len(stops)} stops only"]
    first = [] if stops and "skip" in stops[0][0] else ["the first stop skips nothing"]
    return [*few, *first, *(f"{fault}: {what}" for what, fault in stops if fault)]


def shown_wrongly_on_paper(page: Page) -> list[str]:
    page.emulate_media(media="print")
    shown = [".md-content h1"] if not page.locator(".md-content h1").first.is_visible() else []
    hidden = (".md-header", ".md-tabs", ".md-sidebar", ".md-footer")
    wrongly = [*shown, *(one for one in hidden if page.locator(one).first.is_visible())]
    page.emulate_media(media="screen")
    return wrongly


def darkened(page: Page) -> Page:
    """The page as the theme shows it to readers who prefer the dark, without opening it anew."""
    page.evaluate(DARKENS)
    return page


def thinned(page: Page) -> Page:
    """The page with no more than the first of many things alike."""
    page.evaluate(THINS_OUT, ALIKE)
    return page


WIDTH_AT_REST: Final = """(narrow) => new Promise((done) => {
    const end = performance.now() + 3000;
    const look = () => {
        const width = document.documentElement.scrollWidth;
        if (width <= narrow || performance.now() > end) done(width);
        else requestAnimationFrame(look);
    };
    look();
})"""
"""The theme's search slides to its place at a new size; until it is there, the page is wider."""


def wider_than_a_phone(page: Page) -> int:
    """How wide the page is where that is more than a narrow phone is."""
    page.set_viewport_size(PHONE)
    width: int = page.evaluate(WIDTH_AT_REST, NARROW)
    page.set_viewport_size(DESK)
    return width if width > NARROW else 0


def test_readers_who_prefer_the_dark_get_it(dark: Page, served: str) -> None:
    dark.goto(f"{served}/about.html")
    expect(dark.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


@pytest.mark.parametrize("name", KINDS)
def test_every_page_reads_without_a_script(scriptless: Page, served: str, name: str) -> None:
    scriptless.goto(f"{served}/{name}")
    assert scriptless.locator("main h1, .md-content h1").first.is_visible()
    assert len(scriptless.locator(".md-content").inner_text()) > 200 or name == "404.html"


def test_the_longest_titles_are_no_wider_than_a_narrow_phone(phone: Page, served: str, site: Path) -> None:
    """The page with the longest title of each template; `test_a_page_keeps_all_of_it` asks one page of each kind."""
    assert too_wide(phone, served, [longest(site, pattern) for pattern in TEMPLATES]) == {}


@pytest.mark.exhaustive
def test_none_of_all_pages_is_wider_than_a_narrow_phone(phone: Page, served: str, site: Path) -> None:
    assert too_wide(phone, served, [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]) == {}


def longest(site: Path, pattern: str) -> str:
    titles = {path: re.findall("<title>(.*?)</title>", path.read_text("utf-8")) for path in site.glob(pattern)}
    return max(sorted(titles), key=lambda path: len(titles[path][0])).relative_to(site).as_posix()


def too_wide(phone: Page, address: str, names: list[str]) -> dict[str, int]:
    widths = {}
    for name in names:
        phone.goto(f"{address}/{name}")
        widths[name] = phone.evaluate("document.documentElement.scrollWidth")
    return {name: width for name, width in widths.items() if width > NARROW}


def search(page: Page, words: str) -> str:
    page.keyboard.press("/")
    page.keyboard.type(words)
    result = page.locator(".md-search-result__item").first
    result.wait_for(state="attached")
    return result.inner_text()


@pytest.fixture
def searching(chromium: Browser) -> Iterator[Page]:
    """A page that is given the whole index to search in."""
    context = chromium.new_context()
    page = context.new_page()
    with staying(context), silent(page):
        yield page
    context.close()


def test_search_works_under_that_policy(searching: Page, guarded: str) -> None:
    searching.goto(f"{guarded}/about.html")
    assert "Brain Injury" in search(searching, "brain injury")


def test_the_zip_works_from_a_folder_search_included(site: Path, searching: Page, tmp_path: Path) -> None:
    with zipfile.ZipFile(site / ZIP) as archive:
        archive.extractall(tmp_path)
    searching.goto((tmp_path / "h2024kb" / "index.html").as_uri())
    assert "Brain Injury" in search(searching, "brain injury")

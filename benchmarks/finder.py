"""How fast the finder answers in Chromium, and how its record grows: `python benchmarks/finder.py 100 1000 10000`.

The policies are copies of those shipped, each with an id and a program of its own and a jurisdiction in turn.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import os
import shutil
import tempfile
import time
from pathlib import Path

import msgspec
from playwright.sync_api import Browser, sync_playwright

import h2024kb
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.pages.state_tiles import NAMES
from h2024kb.site.parts.script_file import script_data
from h2024kb.site.script_data import finder_data

TYPED = ("uhc ny medicaid h2026", "program 4711", "progamme 4711", "medicaid", "m", "atena", "zzzzzz", "")
LIMIT = 100

SEARCH = """([text, times]) => {
  const { finder } = window.h2024kb;
  const spent = [];
  for (let n = 0; n < times; n++) {
    // The index is fresh, so that no word was looked for before.
    const index = { ...window.index, kept: new Map() };
    const start = performance.now();
    const found = finder.search(index, { text, code: 0 });
    found.rows.slice(0, 40).map((at) => finder.answer(index, at, found.code, '2026-11-23'));
    spent.push(performance.now() - start);
  }
  return Math.max(...spent.slice(1));
}"""

PREPARE = """() => {
  const start = performance.now();
  window.index = window.h2024kb.finder.prepare(window.h2024kb.data.finder);
  return performance.now() - start;
}"""

TYPE = """([text]) => {
  const input = document.getElementById('finder-payer');
  const start = performance.now();
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  document.body.offsetHeight;
  return performance.now() - start;
}"""


def copies(kb: KnowledgeBase, number: int) -> KnowledgeBase:
    """Returns a knowledge base of so many copies of the policies of another."""
    held, places = kb.policies(), [*NAMES]
    made = []
    for n in range(number):
        fields = {"id": f"{held[n % len(held)].id}-{n}", "program": f"Program {n}", "jurisdiction": places[n % 50]}
        made.append(msgspec.structs.replace(held[n % len(held)], **fields))
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=tuple(made)))


def measure(browser: Browser, site: Path, number: int, times: int) -> None:
    """Prints what one number of policies costs: to make, to load, to search, and to show in the page."""
    start = time.perf_counter()
    data = script_data("finder", finder_data.record(copies(h2024kb.open(), number), dt.date(2026, 11, 23)))
    spent = time.perf_counter() - start
    (site / finder_data.FILE).write_bytes(data)
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector("#finder-rows tr")
    print(f"\n{number} policies: made in {spent:.1f} s, {spent / number * 1000:.1f} ms a policy")
    size, packed = len(data) / 1000, len(gzip.compress(data)) / 1000
    print(f"  record {size:.0f} kB, gzip {packed:.0f} kB; index {page.evaluate(PREPARE):.0f} ms")
    for text in TYPED:
        search, shown = page.evaluate(SEARCH, [text, times]), max(page.evaluate(TYPE, [text]) for _ in range(times))
        over = "" if max(search, shown) < LIMIT else f"  OVER {LIMIT} ms"
        print(f"  {text!r:28} search {search:7.1f} ms   typed and shown {shown:7.1f} ms{over}")
    page.close()


def main() -> None:
    """Builds nothing: takes a built site, whose record it replaces in a copy."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("number", type=int, nargs="*", default=[100, 1000, 10_000])
    arguments.add_argument("--site", type=Path, default=Path("site"), help="the folder of the built site")
    arguments.add_argument("--times", type=int, default=10, help="how often; the slowest counts")
    given = arguments.parse_args()
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(shutil.copytree(given.site, Path(folder) / "site"))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for number in given.number:
            measure(browser, site, number, given.times)
        browser.close()


if __name__ == "__main__":
    main()

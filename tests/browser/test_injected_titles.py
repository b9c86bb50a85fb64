"""A script in the name of a program or of a code is text on every page and never runs, with the header and without."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from answers import ROOT, TODAY
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page
from serving import serving

from h2024kb import site as made_site
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.build.after_build import HEADER, finish

HOSTILE = "Waiver</title><script>document.ran = true</script><img src=x onerror='document.ran = true'>"
POLICY = "md/brain-injury-waiver"
ASKED = (f"policies/{POLICY}", "codes/h2024")


def injected(kb: KnowledgeBase) -> KnowledgeBase:
    """One policy and the codes, with markup in every name that a page's title is made of."""
    contents = kb.contents
    codes = tuple(msgspec.structs.replace(code, long=HOSTILE) for code in contents.code_sets.codes)
    policy = msgspec.structs.replace(kb.policy(POLICY), program=HOSTILE)
    code_sets = msgspec.structs.replace(contents.code_sets, codes=codes)
    return KnowledgeBase.of(msgspec.structs.replace(contents, policies=(policy,), code_sets=code_sets))


@pytest.fixture(scope="module")
def hostile_site(shipped: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of those, built by the theme."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets")
    kb = injected(shipped)
    texts = {name: text.encode() for name, text in made_site.pages(kb, TODAY).items() if name.startswith(ASKED)}
    for name, content in (texts | made_site.files(kb, TODAY)).items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    settings = {"docs_dir": str(folder / "docs"), "site_dir": str(folder / "site"), "hooks": [], "nav": None}
    build(load_config(str(ROOT / "mkdocs.yml"), **settings, strict=False, validation={}))
    finish(folder / "site", ROOT / "mkdocs.yml")
    return folder / "site"


def pages_of(folder: Path) -> list[str]:
    found = sorted((folder / "policies" / POLICY).glob("*.html"))[:1]
    return [f"policies/{POLICY}.html", *(path.relative_to(folder).as_posix() for path in found), "codes/h2024.html"]


@pytest.fixture(params=["with the header", "without"])
def address(request: pytest.FixtureRequest, hostile_site: Path) -> Iterator[str]:
    header = {"Content-Security-Policy": (hostile_site / HEADER).read_text().strip()}
    with serving(hostile_site, header if request.param == "with the header" else {}) as served:
        yield served


def test_nothing_runs_and_the_title_shows_it_as_text(chromium: Browser, address: str, hostile_site: Path) -> None:
    page: Page = chromium.new_page()
    names = pages_of(hostile_site)
    assert len(names) == 3
    for name in names:
        page.goto(f"{address}/{name}")
        assert page.evaluate("document.ran") is None, name
        assert "</title><script>" in page.title(), name
        assert "<script>" in page.locator("h1").first.inner_text(), name
    page.close()

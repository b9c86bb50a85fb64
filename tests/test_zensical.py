"""The same files build under Zensical, which is to follow Material for MkDocs; only the hook is MkDocs's own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from answers import ROOT
from slices import slice_of

from h2024kb.cli import main

ZENSICAL = Path(sys.executable).parent / "zensical"
ANSWER = re.compile('class="answer answer--[a-z-]+"')


@pytest.fixture(scope="module", params=slice_of(("tests/example", "policies"), 1))
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a folder of policies beside those written by hand."""
    if not ZENSICAL.exists():
        pytest.skip("zensical is not installed")
    folder = tmp_path_factory.mktemp("zensical")
    for name in ("docs", "policies", "schema", "theme"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    assert main(["--policies", str(ROOT / request.param), "site", str(folder / "docs")]) == 0
    done = subprocess.run([ZENSICAL, "build"], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, "No issues found" in done.stderr) == (0, True), done.stdout + done.stderr
    return folder / "site"


def test_it_builds_the_same_site(built: Path) -> None:
    """One test, since building takes most of its time: every page, every file of ours, and what a policy says."""
    docs = built.parent / "docs"
    pages = {path.relative_to(docs).with_suffix(".html").as_posix() for path in docs.rglob("*.md")}
    made = {path.relative_to(built).as_posix() for path in built.rglob("*.html")}
    assert len(pages) > 30
    assert pages - made == set()
    files = [path for path in docs.rglob("*") if path.is_file() and path.suffix not in (".md", ".j2")]
    assert [path for path in files if (built / path.relative_to(docs)).read_bytes() != path.read_bytes()] == []
    found = set()
    for page in built.glob("policies/??/*.html"):
        answers = [ANSWER.findall(path.read_text("utf-8")) for path in (given(docs, built, page), page)]
        assert answers[0] == answers[1]
        found.update(answers[1])
    assert 'class="answer answer--conditional"' in found


def given(docs: Path, built: Path, page: Path) -> Path:
    return (docs / page.relative_to(built)).with_suffix(".md")

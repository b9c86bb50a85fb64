"""The same files build under Zensical, which is to follow Material for MkDocs; only the hook is MkDocs's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from h2024kb.cli import main

ROOT = Path(__file__).parent.parent
ZENSICAL = Path(sys.executable).parent / "zensical"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not ZENSICAL.exists():
        pytest.skip("zensical is not installed")
    folder = tmp_path_factory.mktemp("zensical")
    for name in ("docs", "policies", "schema", "theme"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    assert main(["site", str(folder / "docs")]) == 0
    done = subprocess.run([ZENSICAL, "build"], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, "No issues found" in done.stderr) == (0, True), done.stdout + done.stderr
    return folder / "site"


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def test_it_builds_every_page(built: Path, site: Path) -> None:
    assert names(site) - names(built) == set()


def test_it_builds_every_file_of_ours(built: Path) -> None:
    for path in built.parent.joinpath("docs").rglob("*"):
        if path.is_file() and path.suffix not in (".md", ".j2"):
            copy = built / path.relative_to(built.parent / "docs")
            assert copy.read_bytes() == path.read_bytes()


def test_what_a_policy_says_stands_on_its_page(built: Path) -> None:
    text = (built / "policies" / "md" / "brain-injury-waiver.html").read_text("utf-8")
    assert "COMAR 10.09.46.11" in text
    assert 'class="answer answer--conditional"' in text

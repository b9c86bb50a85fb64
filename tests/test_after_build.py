"""What is made of a built site: a zip that is always the same, and a header that allows the theme's scripts only."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

import pytest
from answers import ROOT

from h2024kb.site.build.after_build import (
    HEADER,
    ZIP,
    UnknownScript,
    content_security_policy,
    finish,
    inline_scripts,
    pack,
    theme_scripts,
)

CONFIG = ROOT / "mkdocs.yml"


@pytest.fixture(scope="module")
def themes_own() -> set[str]:
    return theme_scripts(CONFIG, (1, 2))


def allowed(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def test_the_header_allows_the_given_scripts_by_their_hash_and_nothing_unsafe() -> None:
    header = content_security_policy({"let a = 1", "let b\n= 2"})
    scripts = header.split("script-src ")[1].split(";")[0].split()
    assert sorted(scripts) == sorted(["'self'", allowed("let a = 1"), allowed("let b\n= 2")])
    assert "unsafe" not in header
    assert header.startswith("default-src 'none'; ")


@pytest.mark.parametrize(
    ("page", "scripts"),
    [
        ("<script defer>let b\n= 2</script>", {"let b\n= 2"}),
        ("<SCRIPT TYPE='text/javascript'>a()</SCRIPT>", {"a()"}),
        ("<script data-src='x.js'>a()</script>", {"a()"}),
        ("<script src='a.js'></script><script type='application/json'>{}</script>", set()),
        ("<title>&lt;script&gt;a()&lt;/script&gt;</title>", set()),
    ],
)
def test_what_counts_as_an_inline_script(page: str, scripts: set[str]) -> None:
    assert inline_scripts(page) == scripts


def test_the_theme_has_inline_scripts_that_differ_with_the_depth_of_a_page(themes_own: set[str]) -> None:
    assert 0 < len(theme_scripts(CONFIG, (1,))) < len(themes_own) < 10


def test_a_script_that_is_not_the_themes_fails_the_build_and_names_the_page(
    tmp_path: Path, themes_own: set[str]
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "index.html").write_text(f"<script>{min(themes_own)}</script>")
    finish(tmp_path, CONFIG)
    assert allowed(min(themes_own)) in (tmp_path / HEADER).read_text()
    (tmp_path / "policies" / "x.html").write_text("<title>Brain waiver</title><script>alert(1)</script>")
    with pytest.raises(UnknownScript, match=r"^policies/x\.html has an inline script .*: alert\(1\)$"):
        finish(tmp_path, CONFIG)


def test_the_zip_holds_every_file_but_itself_and_is_the_same_again(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    for name in ("index.html", "policies/x.html"):
        (tmp_path / name).write_text("a page")
    pack(tmp_path, tmp_path / ZIP)
    first = (tmp_path / ZIP).read_bytes()
    with zipfile.ZipFile(tmp_path / ZIP) as archive:
        names = archive.namelist()
    assert names == ["h2024kb/index.html", "h2024kb/policies/x.html"]
    pack(tmp_path, tmp_path / ZIP)
    assert (tmp_path / ZIP).read_bytes() == first

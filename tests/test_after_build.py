"""What is made of a built site: a zip that is always the same, and a header that allows its own scripts only."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

import pytest

from h2024kb.site.after_build import HEADER, ZIP, content_security_policy, finish


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "index.html").write_text("<script>let a = 1</script><script src='a.js'></script>")
    (tmp_path / "policies" / "x.html").write_text(
        "<script defer>let b\n= 2</script><script type='application/json'>{}</script>"
    )
    return tmp_path


def allowed(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def test_only_scripts_that_run_inline_are_allowed_by_their_hash(made: Path) -> None:
    header = content_security_policy(made)
    scripts = header.split("script-src ")[1].split(";")[0].split()
    assert sorted(scripts) == sorted(["'self'", allowed("let a = 1"), allowed("let b\n= 2")])
    assert "unsafe" not in header
    assert header.startswith("default-src 'none'; ")


def test_the_zip_holds_every_file_but_itself_and_is_the_same_again(made: Path) -> None:
    finish(made)
    first = (made / ZIP).read_bytes()
    with zipfile.ZipFile(made / ZIP) as archive:
        names = archive.namelist()
    assert names == [f"h2024kb/{HEADER}", "h2024kb/index.html", "h2024kb/policies/x.html"]
    finish(made)
    assert (made / ZIP).read_bytes() == first

"""What is made of a built site: all of it as one zip, and the header that allows the theme's scripts only."""

from __future__ import annotations

import base64
import hashlib
import tempfile
import zipfile
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from mkdocs.commands.build import build
from mkdocs.config import load_config

ZIP: Final = "h2024kb-site.zip"
HEADER: Final = "content-security-policy.txt"
_DATA: Final = ("application/json", "application/ld+json")
_START_OF_TIME: Final = (1980, 1, 1, 0, 0, 0)


class UnknownScript(ValueError):
    """Raised when a built page has an inline script that is not the theme's: it came in with somebody's text."""


def finish(site: Path, config_file: Path) -> None:
    """Writes the header and the zip into a built site.

    Raises UnknownScript where a page has an inline script that an empty page of the same theme has not.
    """
    pages = {path.relative_to(site): path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    allowed = theme_scripts(config_file, {len(path.parts) for path in pages})
    for path, text in pages.items():
        if unknown := inline_scripts(text) - allowed:
            raise UnknownScript(f"{path.as_posix()} has an inline script that is not the theme's: {min(unknown)[:80]}")
    (site / HEADER).write_text(content_security_policy(allowed) + "\n", "utf-8")
    pack(site, site / ZIP)


def theme_scripts(config_file: Path, depths: Iterable[int]) -> set[str]:
    """Returns the inline scripts of the theme, from empty pages at these depths, built as the site is.

    They are never taken from the site itself, where a script may have come in with somebody's text. Their text
    depends on nothing else than how deep a page stands.
    """
    with tempfile.TemporaryDirectory() as folder:
        docs, out = Path(folder, "docs"), Path(folder, "site")
        for depth in sorted({1, *depths}):
            page = docs.joinpath(*["empty"] * (depth - 1), "index.md")
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("# Empty\n", "utf-8")
        settings: dict[str, Any] = {
            "docs_dir": str(docs),
            "site_dir": str(out),
            "hooks": [],
            "nav": None,
            "strict": False,
        }
        build(load_config(str(config_file), **settings))
        return set().union(*(inline_scripts(path.read_text("utf-8")) for path in out.rglob("*.html")))


class _Scripts(HTMLParser):
    """Gathers the scripts that stand in a page and would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._text: list[str] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") not in _DATA:
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._text is not None:
            self.found.add("".join(self._text))
            self._text = None


def inline_scripts(page: str) -> set[str]:
    """Returns the text of each script that stands in a page itself; blocks of data are not scripts.

    >>> inline_scripts("<script>let a = 1</script><script src='b.js'></script>")
    {'let a = 1'}
    """
    return _Scripts(page).found


def content_security_policy(scripts: Iterable[str]) -> str:
    """Returns the value of a Content-Security-Policy header under which every page of the site works.

    The theme's few inline scripts are allowed by their hashes. Nothing else may run, nothing may be
    loaded from elsewhere, and nothing sent away.
    """
    hashes = " ".join(sorted(f"'sha256-{_hash(script)}'" for script in scripts))
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def pack(site: Path, to: Path) -> None:
    """Writes a folder as a zip that unpacks to one folder; equal folders give equal bytes."""
    files = sorted(path for path in site.rglob("*") if path.is_file() and path != to)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            name = zipfile.ZipInfo(f"h2024kb/{path.relative_to(site).as_posix()}", _START_OF_TIME)
            archive.writestr(name, path.read_bytes(), zipfile.ZIP_DEFLATED)

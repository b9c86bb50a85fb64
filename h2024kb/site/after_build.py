"""What is made of a built site: all of it as one zip, and the header that lets it run nothing but its own code."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from pathlib import Path
from typing import Final

ZIP: Final = "h2024kb-site.zip"
HEADER: Final = "content-security-policy.txt"
_INLINE: Final = re.compile(r"<script(?![^>]*\b(?:src|type)=)[^>]*>(.*?)</script>", re.DOTALL)
_START_OF_TIME: Final = (1980, 1, 1, 0, 0, 0)


def finish(site: Path) -> None:
    """Writes the header and the zip into a built site."""
    (site / HEADER).write_text(content_security_policy(site) + "\n", "utf-8")
    pack(site, site / ZIP)


def content_security_policy(site: Path) -> str:
    """Returns the value of a Content-Security-Policy header under which every page of the site works.

    The theme has a few inline scripts; each is allowed by its hash. Nothing may be loaded from elsewhere or sent away.
    """
    pages = (path.read_text("utf-8") for path in sorted(site.rglob("*.html")))
    scripts = {script for page in pages for script in _INLINE.findall(page)}
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

"""Links to report something, filled in, where the project's host is known."""

from __future__ import annotations

from urllib.parse import quote


def report_link(pattern: str, title: str, body: str) -> str | None:
    """Returns the link that a pattern makes of a title and a body; None where there is no pattern, or no web address.

    >>> report_link("https://host.example/new?title={title}&body={body}", "A & B", "50%")
    'https://host.example/new?title=A%20%26%20B&body=50%25'
    >>> report_link("", "A", "B") is None
    True
    """
    if not pattern.startswith(("https://", "http://", "mailto:")):
        return None
    parts = {"{title}": quote(title, safe=""), "{body}": quote(body, safe="")}
    before, *rest = pattern.split("{")
    return before + "".join(_filled("{" + part, parts) for part in rest)


def _filled(part: str, parts: dict[str, str]) -> str:
    """A piece of the pattern that begins with a brace, its name filled in; what was filled in stays as it is."""
    for name, text in parts.items():
        if part.startswith(name):
            return text + part.removeprefix(name)
    return part

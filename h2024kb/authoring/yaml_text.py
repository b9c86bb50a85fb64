"""Writes a value as YAML that the strict reader takes for the same value."""

from __future__ import annotations

import json
import re

from h2024kb.editing.document import read_bytes

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./()'_-]*")


def in_line(value: object) -> str:
    """Returns a value of text, numbers, lists and mappings on one line.

    >>> in_line({"allowed": ["18", "NO"], "settings": ["At home, or at work."]})
    '{allowed: ["18", "NO"], settings: ["At home, or at work."]}'
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{in_line(key)}: {in_line(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_line, value))}]"
    if isinstance(value, str) and (not _PLAIN.fullmatch(value) or value != value.strip() or not _same(value)):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same(text: str) -> bool:
    read = read_bytes(text.encode(), "")
    return read.data == text and not read.ambiguous


def block(value: object, indent: str, width: int = 120) -> str:
    """Returns a value to stand behind `key:`, on the same line where it fits and else in lines of their own."""
    if len(indent) + len(in_line(value)) <= width - 30 or not isinstance(value, (dict, list)):
        return f" {in_line(value)}"
    if isinstance(value, dict):
        return "".join(f"\n{indent}{in_line(key)}:{block(inner, indent + '  ')}" for key, inner in value.items())
    return "".join(f"\n{indent}- {in_line(inner)}" for inner in value)

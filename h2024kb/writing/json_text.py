"""Writes one JSON document that people read too."""

from __future__ import annotations

import msgspec


def json_document(value: object) -> bytes:
    r"""Returns a value as JSON with line breaks, which ends with one, too.

    >>> json_document({"code": "H2024"})
    b'{\n  "code": "H2024"\n}\n'
    """
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"

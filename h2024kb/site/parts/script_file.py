"""Data for the scripts in the pages: a page opened from a folder can load a script, but fetch nothing."""

from __future__ import annotations

import json
from typing import Any

import msgspec


def script_data(name: str, value: Any) -> bytes:
    r"""Returns a script that sets `h2024kb.data.<name>`; `value` is anything msgspec can write as JSON.

    >>> script_data("finder", {"codes": ["H2024"]})
    b'((window.h2024kb ??= {}).data ??= {})["finder"] = {"codes":["H2024"]};\n'
    """
    text = msgspec.json.encode(value).decode()
    return f"((window.h2024kb ??= {{}}).data ??= {{}})[{json.dumps(name)}] = {text};\n".encode()

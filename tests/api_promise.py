"""What the JSON API promises its readers, short enough to be read in a diff; the copy is tests/api-v1.json.

`python tests/api_promise.py` writes the copy anew. It refuses where that would break a reader: then it is not v1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from h2024kb.site.api.schemas import RESOURCES, components

COPY = Path(__file__).parent / "api-v1.json"
Promise = dict[str, dict[str, str]]


def promise() -> Promise:
    """The keys of every record with their types; a key that may be left out ends with a question mark."""
    parts = components(list(RESOURCES.values()), "{name}")
    return {name: _keys(part) for name, part in parts.items()}


def _keys(part: dict[str, Any]) -> dict[str, str]:
    always = part.get("required", ())
    keys = {key if key in always else f"{key}?": kind(of) for key, of in part["properties"].items()}
    facts = {rule["if"]["properties"]["fact"]["const"]: rule["then"]["properties"] for rule in part.get("allOf", ())}
    return keys | {f"value of {fact}": kind(then["value"]) for fact, then in facts.items()}


def kind(of: dict[str, Any]) -> str:
    """A type in words: `date`, `[string]`, `'covered' | 'not-covered'`; that a key may be null is said by its mark."""
    if "anyOf" in of:
        return " | ".join(said for one in of["anyOf"] if (said := kind(one)) != "null")
    if "enum" in of:
        return " | ".join(sorted(f"'{word}'" for word in of["enum"]))
    if of.get("type") == "array":
        return f"[{kind(of['items'])}]" if "items" in of else "[]"
    return str(of.get("$ref") or of.get("format") or of.get("type", "any"))


def broken(old: Promise, new: Promise) -> list[str]:
    """What a reader of the old would trip over in the new; keys and words that are new break nobody."""
    return [fault for name in old for fault in _faults(name, old[name], new.get(name, {}))]


def _faults(name: str, old: dict[str, str], new: dict[str, str]) -> list[str]:
    faults = []
    for key, was in old.items():
        if key not in new and (not key.endswith("?") or key[:-1] not in new):
            faults.append(f"{name}: {key} is gone, or may now be left out")
        elif strange := _alternatives(new.get(key, new.get(key[:-1], ""))) - _alternatives(was):
            faults += [f"{name}: {key} may now be {one}" for one in sorted(strange) if not one.startswith("'")]
    return faults


def _alternatives(said: str) -> set[str]:
    return set(said.split(" | "))


def main() -> int:
    new = promise()
    faults = broken(json.loads(COPY.read_text()), new) if COPY.exists() else []
    for fault in faults:
        print(fault)
    if not faults:
        COPY.write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())

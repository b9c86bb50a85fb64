"""Checks of what facts rest on: sources, searches, passages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.editing.checks.fault import Fault
from h2024kb.editing.document import Where
from h2024kb.editing.fingerprint import normalize
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import PolicyFile, mapping
from h2024kb.near import did_you_mean

SHORTEST_SHARE = 0.6
"""A summary is shorter than its source; one that is far longer says what the passage does not."""


def unknown_source(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """Every source cited is described under `sources`, and everything searched under `sources` or `searches`."""
    sources, searches = mapping(file.data.get("sources")), mapping(file.data.get("searches"))
    for path, name in _cited(file.data, ()):
        if path[-1] == "source" and name not in sources:
            yield Fault(path, f"no source is named '{name}' under 'sources'{did_you_mean(name, sources)}")
        elif path[-1] != "source" and name not in sources and name not in searches:
            hint = did_you_mean(name, [*sources, *searches])
            yield Fault(path, f"nothing is named '{name}' under 'sources' or 'searches'{hint}")


def unused_source(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """Every source and search listed is cited somewhere; one that is not would look like evidence for all."""
    used = {name for _, name in _cited(file.data, ())}
    for key in ("sources", "searches"):
        for name in file.named(key).keys() - used:
            yield Fault((key, name), f"'{name}' is never cited: cite it or take it out", at_key=True)


def _cited(value: object, path: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "source" and isinstance(inner, str):
                yield (*path, key), inner
            elif key == "searched" and isinstance(inner, list):
                yield from (((*path, key, at), name) for at, name in enumerate(inner) if isinstance(name, str))
            else:
                yield from _cited(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _cited(inner, (*path, at))


def tertiary_value(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A value never rests on a tertiary source: an aggregator's word is a lead, not the payer's."""
    sources = file.named("sources")
    for _, entry in file.entries:
        name = entry.data.get("source")
        if sources.get(str(name), {}).get("tier") == "tertiary":
            yield Fault((*entry.path, "source"), f"'{name}' is a tertiary source: write this under 'leads'")


def shared_passage(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """One fingerprint does not stand under different facts with different locators: one of them does not bear it."""
    first: dict[str, tuple[str, str]] = {}
    for dated, entry in file.entries:
        fact, locator = dated.modifier or dated.fact, str(entry.data.get("locator"))
        for passage in passages(entry.data):
            other_fact, other_locator = first.setdefault(passage, (fact, locator))
            if other_fact != fact and other_locator != locator:
                says = f"'{other_fact}' has it too, with another locator: fingerprint the words that bear this fact"
                yield Fault((*entry.path, "passage"), says)


def short_passage(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """The words fingerprinted are not far fewer than those of the value, which they could not all bear."""
    sources = file.named("sources")
    for _, entry in file.entries:
        source = sources.get(str(entry.data.get("source")), {})
        borne = sum(int(passage.split(":")[0]) for passage in passages(entry.data))
        said = len(normalize(" ".join(_texts([entry.data.get("value"), entry.data.get("condition")]))).split())
        if borne and not source.get("structured") and borne < SHORTEST_SHARE * said:
            says = f"{borne} words cannot bear a value of {said}: list the fingerprints that bear the rest"
            yield Fault((*entry.path, "passage"), says)


def passages(data: dict[str, Any]) -> list[str]:
    """Returns the fingerprints of an entry, one or several."""
    written = data.get("passage")
    return [written] if isinstance(written, str) else [one for one in written or [] if isinstance(one, str)]


def _texts(value: object) -> Iterator[str]:
    # A word of a closed list, such as encounter-only, is our name for what may take one word or twenty at the source.
    if isinstance(value, str) and " " in value:
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def passage_missing(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A value carries the fingerprint of the words that bear it, unless its source is structured data."""
    sources = file.named("sources")
    for _, entry in file.entries:
        source = sources.get(str(entry.data.get("source")))
        if source and "passage" not in entry.data and source.get("structured") is not True:
            yield Fault(entry.path, "'passage' is missing; make it with \"h2024kb fingerprint\"")

"""Checks of names against policies/code-sets/."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from h2024kb.editing.checks.fault import Fault
from h2024kb.editing.document import STILL_TO_WRITE, Where
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import PolicyFile, mapping
from h2024kb.knowledge.model import is_code
from h2024kb.near import did_you_mean, near


def unknown_payer(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """The payer is listed in policies/code-sets/payers.yaml, so that one payer has one name."""
    payer = file.data.get("payer")
    if not known.payers or ("payer",) in file.broken or not isinstance(payer, str) or payer.startswith(STILL_TO_WRITE):
        return
    if payer not in known.payers:
        yield Fault(
            ("payer",), f"no payer is named '{payer}' in policies/code-sets/payers.yaml{_payer_meant(payer, known)}"
        )


def _payer_meant(typed: str, known: KnownNames) -> str:
    """Another name that is listed is surely meant; of all that look like it the payers' own names are shown."""
    own = {name.casefold(): payer for name, payer in known.aliases.items()}
    if typed.casefold() in own:
        return f"; it is another name of '{own[typed.casefold()]}': write that"
    close = near(typed, sorted({*known.payers, *known.aliases}))
    payers = [known.aliases.get(name, name) for name in close]
    return did_you_mean(payers[0], payers[:1]) if payers else ""


def unknown_name(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """Every code, service, modifier and place of service is listed under policies/code-sets/."""
    if not known.codes:
        return
    listed: dict[str, Collection[str]] = {
        "code": {*known.codes, *file.named("own_codes")},
        "service": known.services,
        "modifier": known.modifiers,
        "place of service": known.places_of_service,
    }
    for heading in {dated.heading: None for dated in file.lists if dated.heading}:
        kind = "code" if is_code(heading) else "service"
        if heading not in listed[kind]:
            yield Fault(("rules", heading), _not_listed(kind, heading, listed), at_key=True)
    for kind, path, name in _names(file):
        if name not in listed[kind]:
            yield Fault(path, _not_listed(kind, name, listed), at_key=path[-1] == name)


def _not_listed(kind: str, name: str, listed: dict[str, Collection[str]]) -> str:
    # A code written small is taken for a service, so both kinds are looked through for either.
    names = {*listed["code"], *listed["service"]} if kind in ("code", "service") else listed[kind]
    return f"no {kind} is named '{name}' under policies/code-sets/{did_you_mean(name, sorted(names))}"


def _names(file: PolicyFile) -> Iterator[tuple[str, Where, str]]:
    seen: set[Where] = set()
    for dated, entry in file.entries:
        if dated.modifier is not None and entry.path[:-1] not in seen:
            seen.add(entry.path[:-1])
            yield "modifier", entry.path[:-1], dated.modifier
        for key in ("when", "value"):
            yield from _names_in(entry.data.get(key), (*entry.path, key))


_LISTS_OF_NAMES = {
    "modifiers": "modifier",
    "only_modifiers": "modifier",
    "place_of_service": "place of service",
    "allowed": "place of service",
    "not_allowed": "place of service",
}


def _names_in(value: object, path: Where) -> Iterator[tuple[str, Where, str]]:
    if isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _names_in(inner, (*path, at))
    for key, inner in mapping(value).items():
        if key in ("code", "service"):
            yield key, (*path, key), inner
        elif key in _LISTS_OF_NAMES:
            yield from ((_LISTS_OF_NAMES[key], (*path, key, at), name) for at, name in enumerate(inner))
        elif key == "together_with":
            for at, name in enumerate(inner):
                yield "code" if is_code(name) else "service", (*path, key, at), name

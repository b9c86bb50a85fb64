"""What a policy file is checked against: the names in the code sets beside it, and the other policies."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from h2024kb.day import day
from h2024kb.editing.document import Document, read_file
from h2024kb.editing.policy_file import PolicyFile, mapping, rows
from h2024kb.problem import Problem

Program = tuple[object, ...]
"""Payer, program, line of business and jurisdiction, as written."""

LISTS = ("payers", "codes", "services", "modifiers", "places_of_service")


@dataclass(frozen=True)
class KnownNames:
    """The names in the code sets, the policies with the one each follows, and today; an empty list checks nothing."""

    today: dt.date
    payers: Collection[str] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other names of payers, each with the payer's own."""
    codes: Collection[str] = ()
    codes_added: Mapping[str, dt.date] = field(default_factory=dict)
    """The first day of each code of which the lists give it."""
    services: Collection[str] = ()
    modifiers: Collection[str] = ()
    places_of_service: Collection[str] = ()
    policies: Mapping[str, str | None] = field(default_factory=dict)
    """Policy ids, each with the id it follows last, or None."""
    programs: Mapping[str, Program] = field(default_factory=dict)
    """What each policy file checked is for, by policy id."""

    @classmethod
    def of(cls, root: Path, lists: list[Document], policies: Iterable[PolicyFile], today: dt.date) -> KnownNames:
        """Makes those of the policies below a root; `lists` are its code sets, read from it where empty."""
        documents = lists or [read_file(path) for path in sorted((root / "code-sets").glob("*.yaml"))]
        policies = list(policies)
        listed = {key: _in_all(documents, key) for key in LISTS}
        beside = {f"{path.parent.name}/{path.stem}": None for path in sorted(root.glob("[a-z][a-z]/*.yaml"))}
        added = {code: day(mapping(row).get("code_added")) for code, row in listed["codes"].items()}
        return cls(
            today=today,
            payers=listed["payers"],
            aliases={alias: payer for payer, row in listed["payers"].items() for alias in _aliases(row)},
            codes=listed["codes"],
            codes_added={code: date for code, date in added.items() if date},
            services=listed["services"],
            modifiers=listed["modifiers"],
            places_of_service=listed["places_of_service"],
            policies={**beside, **{file.id: _follows(file) for file in policies}},
            programs={file.id: _program(file) for file in policies},
        )


def _in_all(documents: list[Document], key: str) -> dict[str, object]:
    return {name: row for document in documents for name, row in _listed(document, key).items()}


def listed_twice(documents: list[Document]) -> Iterator[Problem]:
    """Yields a problem for each name that two files list under the same key."""
    for key in LISTS:
        counts = Counter(name for document in documents for name in _listed(document, key))
        for document in documents:
            for name in _listed(document, key):
                if counts[name] > 1:
                    message = f"'{name}' appears in two files under '{key}'"
                    yield document.problem((key, name), message, "duplicate-key", at_key=True)


def _listed(document: Document, key: str) -> dict[str, object]:
    return mapping(mapping(document.data).get(key))


def _aliases(payer: object) -> list[str]:
    aliases = mapping(payer).get("aliases")
    return [alias for alias in aliases if isinstance(alias, str)] if isinstance(aliases, list) else []


def _program(file: PolicyFile) -> Program:
    return tuple(file.data.get(key) for key in ("payer", "program", "line_of_business", "jurisdiction"))


def _follows(file: PolicyFile) -> str | None:
    targets = [row.get("value") for row in rows(file.data.get("follows"))]
    return next((target for target in targets if isinstance(target, str)), None)

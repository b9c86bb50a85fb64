"""Checks of the file as such: its first line, its folder, its quotes."""

from __future__ import annotations

from collections.abc import Iterator

from h2024kb.editing.checks.fault import Fault
from h2024kb.editing.document import Where
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import PolicyFile, mapping

SCHEMA_COMMENT = "# yaml-language-server: $schema="


def schema_comment(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """The first line names the schema, so that an editor completes and checks while one types."""
    if not file.document.text.startswith(SCHEMA_COMMENT):
        yield Fault((), f"begin the file with '{SCHEMA_COMMENT}../../schema/policy.schema.json'")


def ambiguous_text(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """Text that another YAML reader would take for a number, a boolean or null is in quotes."""
    for path, text in file.document.ambiguous.items():
        yield Fault(path, f'write {text} in quotes: "{text}"')


def wrong_folder(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A policy file is in the folder of its jurisdiction, in lower case."""
    folder, jurisdiction = file.id.split("/")[0], file.data.get("jurisdiction")
    if isinstance(jurisdiction, str) and jurisdiction.lower() != folder:
        yield Fault(("jurisdiction",), f"the file is in folder '{folder}', which is not '{jurisdiction.lower()}'")


def split_sentence(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A sentence in a list does not begin with a small letter, which would show that a comma split it."""
    for _, entry in file.entries:
        written = entry.data.get("value")
        lists: dict[Where, object] = {("value",): written, ("value", "settings"): mapping(written).get("settings")}
        for path, value in lists.items():
            for at, item in enumerate(value if isinstance(value, list) else []):
                where = (*entry.path, *path, at)
                if isinstance(item, str) and item[:1].islower() and where not in file.document.ambiguous:
                    yield Fault(where, f"'{item}' begins small: put the whole sentence in quotes")

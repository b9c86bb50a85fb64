"""Checks of the file as such: its name, its first line, its folder, its quotes, what is still to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from h2024kb.editing.checks.fault import Fault
from h2024kb.editing.document import STILL_TO_WRITE, Where
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import PolicyFile, mapping

_STEM = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_FOLDER = re.compile("[a-z]{2}")
_STOPGAP = re.compile(r"(todo|tbd|tba|fixme|n/?a|xxx+|\?+|\.{2,}|-+)[.:]?", re.IGNORECASE)
SCHEMA_COMMENT = "# yaml-language-server: $schema="


def schema_comment(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """The first line names the schema, so that an editor completes and checks while one types."""
    if not file.document.text.startswith(SCHEMA_COMMENT):
        yield Fault((), f"begin the file with '{SCHEMA_COMMENT}../../schema/policy.schema.json'")


def ambiguous_text(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """Text that another YAML reader would take for a number, a boolean or null is in quotes."""
    for path, text in file.document.ambiguous.items():
        yield Fault(path, f'write {text} in quotes: "{text}"')


def comment_behind_value(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A text without quotes has no # behind a space: YAML takes what follows for a comment and drops it."""
    for path, comment in file.document.cut.items():
        message = (
            f"'{comment}' is cut off as a comment: put the whole text in quotes, or the comment on a line of its own"
        )
        yield Fault(path, message)


def file_name(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A policy file is named in lower case with hyphens, in a folder of two letters: its path is the policy's id."""
    folder, _, stem = file.id.partition("/")
    if not _STEM.fullmatch(stem):
        instead = "-".join(re.findall("[a-z0-9]+", stem.lower())) or "program"
        yield Fault((), f"the file is named '{stem}.yaml': name it in lower case with hyphens, as in {instead}.yaml")
    if not _FOLDER.fullmatch(folder):
        yield Fault((), f"the file is in folder '{folder}': put it in the folder of its state, as in md")


def still_to_write(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """No text is a stopgap, such as tbd, todo, n/a or a question mark; what nobody knows is an entry that says so."""
    for path, text in _texts(file.data, ()):
        if path in file.broken:
            continue
        if _STOPGAP.fullmatch(text.strip()):
            yield Fault(path, f"'{text}' stands for what is still to be written: write it, or take it out")
        elif text.startswith(STILL_TO_WRITE):
            yield Fault(path, f"'{path[-1]}' is still to be written")


def _texts(value: object, path: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, str) and path[-1:] != ("value",):
        yield path, value
    for key, inner in mapping(value).items():
        yield from _texts(inner, (*path, key))
    for at, inner in enumerate(value if isinstance(value, list) else []):
        yield from _texts(inner, (*path, at))


def wrong_folder(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A policy file is in the folder of its jurisdiction, in lower case."""
    folder, jurisdiction = file.id.split("/")[0], file.data.get("jurisdiction")
    if ("jurisdiction",) in file.broken or not isinstance(jurisdiction, str) or not _FOLDER.fullmatch(folder):
        return
    if jurisdiction.lower() != folder:
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

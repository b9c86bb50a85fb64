"""Reads a mapping file: YAML in which anyone can write what the columns of a table mean and who its payers are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from h2024kb.editing.document import Document, Where, read_file
from h2024kb.formats.fields import Unreadable
from h2024kb.formats.table.cells import DATES, FIELDS, SEVERAL, ColumnRef, value
from h2024kb.formats.table.columns import Columns
from h2024kb.knowledge.answer import near
from h2024kb.problem import Problem

PARTS = ("columns", "constants", "payers", "separator", "encoding")
ENCODINGS = ("utf-8", "latin-1", "windows-1252")

_IN_COLUMNS = (*FIELDS, "birth_date")
_OF_A_COLUMN = ("column", "format", "separator")
_NUMBERS = {"units": (int, Decimal), "minutes": (int, Decimal), "charge": (int, Decimal)}
_KINDS: dict[str, tuple[type, ...]] = {**_NUMBERS, "age": (int,), "group_size": (int,), "conditions_met": (bool,)}
_NAMED = {str: "text", int: "a whole number", bool: "true or false"}
_NEVER_BETWEEN = " \"'._-\r\n"
_PROBE = dt.date(2026, 11, 23)
# The YAML reader speaks of policy files; these are what it says of a mapping file.
_REWORDED = {
    "too-large": "the file is over 1 MiB: write what columns and payers mean, and nothing else",
    "one-document": "a second document starts here; one file holds one mapping",
}


class MappingFile(NamedTuple):
    """What a mapping file says, as far as it can be read; who uses one that has problems may check the wrong thing.

    `payers` goes from a payer's name or id, as claims write it, to a policy's id or a payer's name.
    """

    columns: Columns
    payers: Mapping[str, str]
    problems: tuple[Problem, ...]


def read(path: Path) -> MappingFile:
    """Returns the columns and payers that a mapping file names, and every problem in it; nothing is raised.

    Where it has no `columns`, those are left for the header to say. Whether a table has the columns, and the knowledge
    base the policies, is not looked up here.
    """
    document = read_file(path)
    told = [one._replace(message=_REWORDED.get(one.rule, one.message)) for one in document.problems]
    reader = _Reader(document, {(one.line, one.column) for one in told})
    columns, payers = reader.whole()
    return MappingFile(columns, payers, tuple(sorted({*told, *reader.problems})))


class _Reader:
    """Makes columns and payers of a document, one method for each part, and gathers what is wrong."""

    def __init__(self, document: Document, told: set[tuple[int, int]]) -> None:
        self.document = document
        self.told = told
        self.problems: list[Problem] = []

    def say(self, where: Where, message: str, rule: str, *, at_key: bool = False) -> None:
        """Keeps a problem, unless one at the same place is told already."""
        problem = self.document.problem(where, message, rule, at_key=at_key)
        if (problem.line, problem.column) not in self.told:
            self.told.add((problem.line, problem.column))
            self.problems.append(problem)

    def whole(self) -> tuple[Columns, dict[str, str]]:
        """Returns what the file says, and leaves out what cannot be read."""
        if self.document.data is None and self.told:
            return Columns(), {}
        for where, text in self.document.ambiguous.items():
            self.say(where, f'write {text} in quotes: "{text}"', "ambiguous-text")
        parts = self.mapping((), self.document.data, PARTS)
        fields = self.columns(parts)
        constants = self.constants(parts, fields)
        payers = self.payers(parts)
        separator, encoding = self.separator(parts), self.encoding(parts)
        return Columns(fields=fields, constants=constants, separator=separator, encoding=encoding), payers

    def mapping(self, where: Where, written: object, keys: Iterable[str] | None = None) -> dict[str, Any]:
        """Returns the keys that may stand in a mapping, with their values."""
        if not isinstance(written, dict):
            self.say(where, "write a mapping here, keys with their values, or leave it out", "type")
            return {}
        known = list(keys) if keys is not None else list(written)
        for key in written:
            if key not in known:
                close = near(key, known)
                hint = f"did you mean '{close[0]}'?" if close else f"the keys are: {', '.join(known)}"
                self.say((*where, key), f"'{key}' is not a key here; {hint}", "unknown-key", at_key=True)
        return {key: one for key, one in written.items() if key in known}

    def text(self, where: Where, written: object) -> str | None:
        """Returns a text; None, with a problem, for what is none."""
        if isinstance(written, str) and written.strip():
            return written
        if isinstance(written, bool | int | Decimal):
            shown = str(written).lower() if isinstance(written, bool) else str(written)
            self.say(where, f'write {shown} in quotes: "{shown}"', "type")
        else:
            self.say(where, "write some text here, or leave the key out", "type")
        return None

    def texts(self, where: Where, written: object) -> tuple[str, ...]:
        """Returns one text, or a list of them, as several; empty, with a problem, where one is no text."""
        if not isinstance(written, list):
            one = self.text(where, written)
            return (one,) if one else ()
        made = [self.text((*where, n), one) for n, one in enumerate(written)]
        names = tuple(one for one in made if one)
        for n, one in enumerate(made):
            if one in made[:n] and one:
                self.say((*where, n), f"'{one}' stands here twice", "repeated")
        return names if len(names) == len(made) else ()

    def columns(self, parts: dict[str, Any]) -> dict[str, ColumnRef]:
        """Returns where each field stands."""
        if "columns" not in parts:
            return {}
        written = self.mapping(("columns",), parts["columns"], _IN_COLUMNS)
        made = {field: self.column(field, one) for field, one in written.items()}
        return {field: ref for field, ref in made.items() if ref and ref.names}

    def column(self, field: str, written: object) -> ColumnRef | None:
        """Returns where one field stands: a name, several for modifiers and diagnoses, or a mapping with a name."""
        where: Where = ("columns", field)
        options = self.mapping(where, written, _OF_A_COLUMN) if isinstance(written, dict) else {"column": written}
        if "column" not in options:
            self.say(where, "'column' is missing: write which column of the file it is", "required")
            return None
        at = (*where, "column") if isinstance(written, dict) else where
        named = options["column"]
        if isinstance(named, list) and (field not in SEVERAL or not named):
            self.say(at, "write the name of one column here", "type")
            return None
        each = [(*at, n) for n in range(len(named))] if isinstance(named, list) else [at]
        return ColumnRef(
            names=self.texts(at, named),
            format=self.format(field, where, options),
            separator=self.between(field, where, options),
            places=tuple((self.document.path, *self.document.places[one]) for one in each),
        )

    def format(self, field: str, where: Where, options: dict[str, Any]) -> str | None:
        """Returns the format of a date, which must tell day, month and year."""
        if "format" not in options:
            return None
        at = (*where, "format")
        format = self.text(at, options["format"])
        if format and field not in DATES:
            self.say(at, f"only a date has a format: {', '.join(DATES)}", "not-together", at_key=True)
            return None
        if format and not _tells_a_day(format):
            self.say(at, 'write day, month and year as in "%m/%d/%Y"', "format")
            return None
        return format

    def between(self, field: str, where: Where, options: dict[str, Any]) -> str | None:
        """Returns what stands between the values of one cell."""
        if "separator" not in options:
            return None
        at = (*where, "separator")
        if field not in SEVERAL:
            self.say(at, f"only these hold several values: {', '.join(SEVERAL)}", "not-together", at_key=True)
            return None
        written = options["separator"]
        if not isinstance(written, str) or not written or written.isalnum():
            self.say(at, 'write what stands between two values in quotes, such as ":" or " "', "type")
            return None
        return written

    def constants(self, parts: dict[str, Any], fields: Mapping[str, ColumnRef]) -> dict[str, Any]:
        """Returns the values that are the same for every line."""
        if "constants" not in parts:
            return {}
        made: dict[str, Any] = {}
        for field, written in self.mapping(("constants",), parts["constants"], FIELDS).items():
            where: Where = ("constants", field)
            if field in fields:
                self.say(
                    where, f"'{field}' stands under columns too: write it in one place", "not-together", at_key=True
                )
                continue
            told = self.constant(where, field, written)
            if told is not None:
                made[field] = told
        return made

    def constant(self, where: Where, field: str, written: object) -> Any:
        """Returns a constant as a service line holds it; None, with a problem, for what is none."""
        if not self.of_its_kind(where, field, written):
            return None
        try:
            if isinstance(written, list):
                return tuple(one for text in written for one in value(field, text))
            told = value(field, written)
        except Unreadable as why:
            self.say(where, why.message, why.rule)
            return None
        if told is None:
            self.say(where, "write some text here, or leave the key out", "type")
        return told

    def of_its_kind(self, where: Where, field: str, written: object) -> bool:
        """Whether a constant is of the kind its field has; says so where it is not."""
        kinds = _KINDS.get(field)
        if kinds is None:
            told_none = written == "" and field == "prior_authorization_number"
            several = field in SEVERAL and isinstance(written, list)
            return (
                told_none
                or (several and not written)
                or bool(self.texts(where, written) if field in SEVERAL else self.text(where, written))
            )
        if isinstance(written, kinds) and isinstance(written, bool) == (bool in kinds):
            return True
        self.say(
            where, f"write {_NAMED.get(kinds[0] if len(kinds) == 1 else Decimal, 'a number')} without quotes", "type"
        )
        return False

    def payers(self, parts: dict[str, Any]) -> dict[str, str]:
        """Returns which policy or payer is meant by each name."""
        if "payers" not in parts:
            return {}
        written = self.mapping(("payers",), parts["payers"])
        made = {name: self.text(("payers", name), one) for name, one in written.items()}
        return {name: meant for name, meant in made.items() if meant}

    def separator(self, parts: dict[str, Any]) -> str | None:
        """Returns what stands between the columns of a CSV file."""
        if "separator" not in parts:
            return None
        written = parts["separator"]
        if isinstance(written, str) and len(written) == 1 and not written.isalnum() and written not in _NEVER_BETWEEN:
            return written
        self.say(("separator",), 'write one character in quotes: ",", "|", ";" or "\\t" for a tab', "enum")
        return None

    def encoding(self, parts: dict[str, Any]) -> str | None:
        """Returns the encoding of a CSV file."""
        if "encoding" not in parts:
            return None
        if parts["encoding"] in ENCODINGS:
            return str(parts["encoding"])
        self.say(("encoding",), f"write one of: {', '.join(ENCODINGS)}", "enum")
        return None


def _tells_a_day(format: str) -> bool:
    """Whether a date written in a format can be read from it again."""
    if not any(year in format for year in ("%Y", "%y")):
        return False
    try:
        return dt.datetime.strptime(_PROBE.strftime(format), format).date() == _PROBE
    except (ValueError, re.error):  # the latter for a part that stands twice
        return False

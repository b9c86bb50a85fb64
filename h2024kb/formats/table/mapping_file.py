"""Reads a mapping file: YAML in which anyone can write what the columns of a table mean and who its payers are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from h2024kb.editing.document import Document, Where, read_file
from h2024kb.editing.policy_file import mapping
from h2024kb.editing.schema_problems import located_problems
from h2024kb.formats.fields import Billed, Unreadable
from h2024kb.formats.table.cells import ColumnRef, value
from h2024kb.formats.table.columns import Columns
from h2024kb.problem import Problem

_PROBE = dt.date(2026, 11, 23)  # no two of its day, month and year are alike
# The YAML reader speaks of policy files; these are what it says of a mapping file.
_REWORDED = {
    "too-large": "the file is over 1 MiB: write what columns and payers mean, and nothing else",
    "one-document": "a second document starts here; write one mapping per file",
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

    `schema/mapping.schema.json` says what is allowed in it; here is what no schema can say. Where it has no `columns`,
    those are left for the header to say. Whether a table has the columns, and the knowledge base the policies, is not
    looked up here.
    """
    document = read_file(path)
    found = [one._replace(message=_REWORDED.get(one.rule, one.message)) for one in document.problems]
    if document.data is None and found:
        return MappingFile(Columns(), {}, tuple(found))
    located = located_problems(document, "mapping")
    broken = {where[:2] for _, where in located}
    found += [problem for problem, _ in located]
    found += [
        document.problem(where, f'write {text} in quotes: "{text}"', "ambiguous-text")
        for where, text in document.ambiguous.items()
        if where[:2] not in broken
    ]
    written = mapping(document.data)
    sound = {
        part: {key: one for key, one in mapping(written.get(part)).items() if (part, key) not in broken}
        for part in ("columns", "constants", "payers")
    }
    columns = Columns(
        fields={field: _column(document, field, one) for field, one in sound["columns"].items()},
        constants=dict(_constants(document, sound["constants"], mapping(written.get("columns")), found)),
        separator=None if ("separator",) in broken else written.get("separator"),
        encoding=None if ("encoding",) in broken else written.get("encoding"),
    )
    found += _formats_of_no_day(document, columns.fields)
    # Where two things are said of one place, the first is the nearer to what was written.
    by_place = {(problem.line, problem.column): problem for problem in reversed(found)}
    return MappingFile(columns, sound["payers"], tuple(sorted(by_place.values())))


def _column(document: Document, field: str, written: Any) -> ColumnRef:
    """Where one field stands: a name, several for modifiers and diagnoses, or a mapping with a name."""
    where: Where = ("columns", field)
    options, at = (written, (*where, "column")) if isinstance(written, dict) else ({"column": written}, where)
    named = options["column"]
    names = {(*at, n): name for n, name in enumerate(named)} if isinstance(named, list) else {at: named}
    return ColumnRef(
        names=tuple(names.values()),
        format=options.get("format"),
        separator=options.get("separator"),
        places=tuple((document.path, *document.places[place]) for place in names),
    )


def _formats_of_no_day(document: Document, fields: Mapping[str, ColumnRef]) -> Iterator[Problem]:
    for field, ref in fields.items():
        if ref.format is not None and not tells_a_day(ref.format):
            where = ("columns", field, "format")
            yield document.problem(where, 'write day, month and year as in "%m/%d/%Y"', "format")


def tells_a_day(format: str) -> bool:
    """Whether a date written in a format can be read from it again."""
    if not any(year in format for year in ("%Y", "%y")):
        return False
    try:
        return dt.datetime.strptime(_PROBE.strftime(format), format).date() == _PROBE
    except (ValueError, re.error):  # the latter for a part that stands twice
        return False


def _constants(
    document: Document, written: Mapping[str, Any], columns: Mapping[str, Any], found: list[Problem]
) -> Iterator[tuple[str, Any]]:
    """The values that are the same for every line, as a service line holds them; what is wrong with one is `found`."""
    for field, one in written.items():
        where: Where = ("constants", field)
        if field in columns:
            message = f"'{field}' is under columns too: write it in one place"
            found.append(document.problem(where, message, "not-together", at_key=True))
            continue
        try:
            told = (
                tuple(each for text in one for each in value(field, text))
                if isinstance(one, list)
                else value(field, one)
            )
        except Unreadable as why:
            found.append(document.problem(where, why.message, why.rule))
            continue
        if told is None and field == "prior_authorization_number" and one == "":
            # A blank cell may only not be filled in; who writes "" down for every line says that there is none.
            told = ""
        if told is None:
            found.append(document.problem(where, "write some text here, or leave the key out", "type"))
        else:
            yield field, told.code if isinstance(told, Billed) else told

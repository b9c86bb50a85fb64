"""What the cells of a table say of service lines: each different cell is read once, as the row readers read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from h2024kb.formats.fields import UNSEEN
from h2024kb.formats.table.cells import CLAIM_DATES, NOTHING, SEVERAL
from h2024kb.formats.table.columns import Columns, Fault, service_line
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine
from h2024kb.validation.validate import Defaults, completed

Fields: TypeAlias = tuple[str, ...]
"""Fields that are read together."""

WHO: Final[Fields] = ("policy", "payer", "payer_id", "jurisdiction", "line_of_business")
OF_CLAIM: Final = (*CLAIM_DATES, "claim_type")
"""What a row says of its whole claim, read with the date of service, to which it belongs."""
IDENTIFYING: Final = ("claim", "line", "member", "replaces", "prior_authorization_number")
"""Texts that differ from line to line: SQL reads them, where a row reader would only strip them."""

_STRIPPED: Final = "".join(map(chr, (*range(9, 14), *range(28, 33), 133, 160, 5760, *range(8192, 8203))))
BLANKS: Final = _STRIPPED + "\u2028\u2029\u202f\u205f\u3000" + UNSEEN
"""All that the row readers strip off a text."""


class Reader(Protocol):
    """How the columns of a table are read."""

    def tells(self, field: str) -> bool:
        """Whether anything gives a field."""

    def names(self, fields: Fields) -> tuple[str, ...]:
        """Returns the columns that give some fields."""

    def lines(self, fields: Fields, batch: Any) -> Iterator[tuple[ServiceLine, list[Fault]]]:
        """Yields, for each row of an Arrow batch with these columns, a line that has these fields alone."""

    def as_sql(self, field: str, column: str, kind: str, /) -> str | None:
        """Returns SQL that reads an identifying text from a column of a type; None where SQL reads it differently."""


@dataclass(frozen=True)
class Exact:
    """Reads columns named and typed as the fields of a service line are; null is not given."""

    told: frozenset[str]

    def tells(self, field: str) -> bool:
        """Whether anything gives a field."""
        return field in self.told

    def names(self, fields: Fields) -> tuple[str, ...]:
        """Returns the columns that give some fields."""
        return tuple(name for name in fields if name in self.told)

    def lines(self, fields: Fields, batch: Any) -> Iterator[tuple[ServiceLine, list[Fault]]]:
        """Yields, for each row of an Arrow batch with these columns, a line that has these fields alone."""
        columns = {name: batch.column(n).to_pylist() for n, name in enumerate(self.names(fields))}
        for name in SEVERAL:
            if name in columns:
                columns[name] = [None if cell is None else tuple(cell) for cell in columns[name]]
        for n in range(batch.num_rows):
            yield ServiceLine(**{name: cells[n] for name, cells in columns.items()}), []

    def as_sql(self, _field: str, column: str, _kind: str, /) -> str | None:
        """Returns SQL that reads an identifying text from a column, which holds it as it is."""
        return column


@dataclass(frozen=True)
class InFile:
    """Reads the columns of a file as its row reader does, and completes what they say as `validate` does."""

    kb: KnowledgeBase
    columns: Columns
    defaults: Defaults

    def tells(self, field: str) -> bool:
        """Whether anything gives a field: a column, a mapping file, the caller, or a birth date."""
        given = (self.columns.fields, self.columns.constants, self.defaults.fields)
        return any(name in one for name in self._wanted((field,)) for one in given)

    def names(self, fields: Fields) -> tuple[str, ...]:
        """Returns the columns that give some fields.

        An age may be given by a birth date and the date of service, that date by the claim, and modifiers may stand
        behind the code.
        """
        refs = (self.columns.fields[name] for name in self._wanted(fields) if name in self.columns.fields)
        return tuple(dict.fromkeys(name for ref in refs for name in ref.names))

    def lines(self, fields: Fields, batch: Any) -> Iterator[tuple[ServiceLine, list[Fault]]]:
        """Yields, for each row of an Arrow batch with these columns, a line that has these fields alone."""
        part = self._part(fields)
        defaults = msgspec.structs.replace(self.defaults, fields=_of(self.defaults.fields, fields))
        # The date of service, read here for an age, is read for itself too: its problem is reported there.
        about = {name for field, ref in part.fields.items() if self._tells(field, fields) for name in ref.names}
        names = self.names(fields)
        columns = [_cells(batch.column(n)) for n in range(len(names))]
        for n in range(batch.num_rows):
            line, faults = service_line(part, {name: cells[n] for name, cells in zip(names, columns, strict=True)})
            yield completed(self.kb, line, defaults), [fault for fault in faults if fault.column in about]

    def as_sql(self, field: str, column: str, kind: str, /) -> str | None:
        """Returns SQL that reads an identifying text; None for a number with a point, a date or a caller's word."""
        if field in self.defaults.fields or kind not in ("VARCHAR", "BIGINT"):
            return None
        read = _told(column) if kind == "VARCHAR" else f"CAST({column} AS VARCHAR)"
        return f"nullif({read}, '')"

    def _wanted(self, fields: Fields) -> Fields:
        if fields == ("modifiers",) and "code" in self.columns.fields:
            return (*fields, "code")
        of_claim = tuple(name for name in OF_CLAIM if name in self.columns.fields)
        dated = (*of_claim, "last_date_of_service") if of_claim else ()
        if fields == ("date_of_service",):
            return (*fields, *dated)
        born = "birth_date" in self.columns.fields or "birth_date" in self.columns.constants
        return (*fields, "birth_date", "date_of_service", *dated) if fields == ("age",) and born else fields

    def _part(self, fields: Fields) -> Columns:
        wanted = self._wanted(fields)
        return Columns(fields=_of(self.columns.fields, wanted), constants=_of(self.columns.constants, wanted))

    def _tells(self, field: str, fields: Fields) -> bool:
        return field in fields or field == "birth_date" or (fields == ("date_of_service",) and field in OF_CLAIM)


def _told(column: str) -> str:
    """SQL that reads a text as Python does: stripped, and blank where it is a database's word for no value."""
    nothing = ", ".join(f"'{word}'" for word in NOTHING)
    return f"CASE WHEN {_stripped(column)} IN ({nothing}) THEN '' ELSE {_stripped(column)} END"


def _stripped(column: str) -> str:
    """SQL that strips a text as Python does; few texts need it, and it takes its time."""
    # trim() of a list of characters is slow; a text that begins and ends with printable ASCII has nothing to strip.
    plain = " AND ".join(f"{side}({column}, 1) BETWEEN '!' AND '~'" for side in ("left", "right"))
    return f"CASE WHEN {plain} THEN {column} ELSE trim({column}, '{BLANKS}') END"


def _of(given: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    return {name: given[name] for name in fields if name in given}


def _cells(array: Any) -> list[object]:
    """What the cells of a column hold, as Python has it; a number with a point as the decimal it is written as."""
    if pa.types.is_floating(array.type):
        texts = pc.cast(array, pa.string()).to_pylist()
        return [None if text is None else Decimal(text) for text in texts]
    return list(array.to_pylist())

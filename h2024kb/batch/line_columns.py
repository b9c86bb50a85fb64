"""The service lines of a table in typed columns: only what some line's own rules look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from h2024kb.batch.cells import IDENTIFYING, Fields
from h2024kb.batch.database import Columns, Connection
from h2024kb.batch.distinct_cells import NUMBERS, Readings, made_of
from h2024kb.batch.versions import KIND, PLACED_BY, Verdicts
from h2024kb.claims.cuts import TOLD_BY
from h2024kb.line import BETWEEN, NO_NUMBER, ServiceLine

NUMBERED: Final = ("modifiers", "diagnoses", "place_of_service", "age", "group_size", "conditions_met")
"""Fields whose values SQL knows by number only."""

DAYS: Final = ("days", "days_to_submission")
"""What is worked out from dates; no rule looks at a date itself once the version is found."""

LOOKED_AT: Final = (*NUMBERED, *NUMBERS, "authorized", *DAYS)
"""All that a rule may look at, in the order of the columns."""


NAMED: Final[tuple[Fields, ...]] = (("claim",), ("line",), ("member",), ("replaces",))
READ: Final = (*NUMBERED, *NUMBERS, "prior_authorization_number", "submitted")
MANY: Final = 6
"""A field in more columns than five modifiers and the code is read only if some line's rules look at it."""


def looked_at(verdicts: Verdicts, readings: Readings) -> tuple[str, ...]:
    """Returns all fields that the rules of some line look at and some column gives, and days and units."""
    # Days and units tell a line from another of its claim and number, whatever its rules look at.
    fields = {"days", "units"}.union(*(version.fields for version in verdicts.versions))
    always = (*NUMBERS, "days")
    tells = readings.source.reader.tells
    return tuple(name for name in LOOKED_AT if name in fields and (name in always or tells(TOLD_BY.get(name, name))))


def take(database: Connection, readings: Readings, where: str) -> None:
    """Makes a table `cells` of the rows of a source that are taken, without fields that stand in many columns."""
    groups = [*PLACED_BY, *NAMED, *((name,) for name in READ if not _is_wide(readings, name))]
    source = readings.source
    made = f"CREATE TABLE cells AS SELECT {source.file} AS file, {source.row} AS row{readings.selected(groups)}"
    made_of(source, database, made, where)


def gather(database: Connection, readings: Readings, where: str, fields: tuple[str, ...]) -> None:
    """Makes a table `lines` of what the cells give for some fields, each different cell read once."""
    # Diagnoses may stand in a dozen columns, and few rules look at them. So the source is scanned once more for them,
    # and only where a rule does.
    read = [TOLD_BY.get(name, name) for name in fields if name != "days"]
    wide: list[Fields] = [(name,) for name in read if _is_wide(readings, name)]
    if wide:
        made = f"CREATE TABLE more AS SELECT {readings.source.row} AS row{readings.selected(wide)}"
        made_of(readings.source, database, made, where)
        database.execute("CREATE TABLE all_cells AS FROM cells JOIN more USING (row)")
        database.execute("DROP TABLE cells; DROP TABLE more; ALTER TABLE all_cells RENAME TO cells")
    groups = [group for group in (*((name,) for name in read), *NAMED) if readings.direct(group[0]) is None]
    for group in groups:
        readings.read("cells", group, _how(readings, group[0]))
    joins = "".join(readings.joined(group) for group in (*PLACED_BY, *groups))
    columns = "".join(f", {_column(readings, name)} AS {name}" for name in (*fields, *(name for (name,) in NAMED)))
    kind = f"SELECT file, row, {KIND}, read_policy.verdict AS other{columns} FROM cells{joins}"
    database.execute(_LINES.format(kind=kind))


# `IS NOT DISTINCT FROM`: what is not given is a kind too, and equals what is not given.
_LINES: Final = """
    CREATE TABLE lines AS
    SELECT kind.* EXCLUDE (stretch, last_stretch, turn, other),
        placed.version, coalesce(other, placed.verdict) AS verdict
    FROM ({kind}) AS kind
    LEFT JOIN placed ON kind.policy = placed.policy
        AND kind.code IS NOT DISTINCT FROM placed.code
        AND kind.stretch IS NOT DISTINCT FROM placed.stretch
        AND kind.last_stretch IS NOT DISTINCT FROM placed.last_stretch
        AND kind.turn IS NOT DISTINCT FROM placed.turn
        AND (kind.frequency IS NOT DISTINCT FROM '8') = placed.taken_back"""


def _is_wide(readings: Readings, field: str) -> bool:
    return len(readings.source.reader.names((field,))) > MANY


def _how(readings: Readings, field: str) -> Callable[[Iterator[ServiceLine]], Columns]:
    if field in NUMBERS:
        return readings.numbers(field)
    if field in IDENTIFYING:
        return readings.texts(field)
    return readings.days(field) if field == "submitted" else readings.numbered(field)


def _column(readings: Readings, field: str) -> str:
    """SQL for one column of `lines`; of an authorization number, only whether there is one."""
    if field == "days":
        return "last - first + 1"
    if field == "days_to_submission":
        return "read_submitted.value - last"
    read = TOLD_BY.get(field, field)
    text = readings.direct(read) or f"read_{read}.value"
    if field != "authorized":
        return text
    plain = f"upper(regexp_replace({text}, '{BETWEEN}', '', 'g'))"
    return f"NOT regexp_full_match({plain}, '{NO_NUMBER}')"

"""Lines that no rule of theirs tells apart, each such class settled once by the evaluator that checks single lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from h2024kb.batch.database import Columns, Connection, inserted, widened
from h2024kb.batch.distinct_cells import NUMBERS
from h2024kb.batch.line_columns import NUMBERED
from h2024kb.batch.other_lines import Shown
from h2024kb.batch.versions import Verdicts
from h2024kb.claims.plan import Version
from h2024kb.claims.receipt import GIVEN
from h2024kb.line import ServiceLine

AUTHORIZED: Final = {True: GIVEN, False: "", None: None}
"""An authorization number that shows what SQL knows of one."""


class Classes:
    """The classes of the lines of one table: cut only where a version of rules looks at a field."""

    def __init__(self, verdicts: Verdicts, fields: Sequence[str], kept: Mapping[str, Sequence[Any]]) -> None:
        self.verdicts = verdicts
        self.fields = fields
        self.kept = kept

    def settle(self, database: Connection) -> None:
        """Makes a table `settled` of all classes, with the number of the result of each."""
        versions = self.verdicts.versions
        rows = {"version": pa.array(range(len(versions)), pa.int32())}
        for name in (*self.fields, "others"):
            rows[f"by_{name}"] = pa.array([_looks_at(version, name) for version in versions], pa.bool_())
        inserted(database, "looks", pa.table(rows))
        widened(database, f"SELECT DISTINCT {self.cut()} FROM {self.cut_from()}", "settled", self._settled)

    def cut(self) -> str:
        """SQL for what separates classes: the version, and of the other fields those that it looks at.

        `others` is null where a line's member is not given.
        """
        # A field that the version does not look at is null for all its lines: with it, there would be nearly as many
        # classes as lines.
        masked = [f"CASE WHEN by_{name} THEN lines.{name} END AS {name}" for name in self.fields]
        others = "CASE WHEN by_others AND member IS NOT NULL THEN coalesce(slots, '') END AS others"
        return ", ".join(("lines.version", *masked, others))

    def cut_from(self) -> str:
        """SQL for where `cut` is selected from."""
        return "lines JOIN looks USING (version) LEFT JOIN slots USING (row)"

    def same(self, one: str) -> str:
        """SQL that holds where a relation with what `cut` selects is of a class in `settled`."""
        names = (*self.fields, "others")
        same = (f"{one}.{name} IS NOT DISTINCT FROM settled.{name}" for name in names)
        return " AND ".join((f"{one}.version = settled.version", *same))

    def _settled(self, batch: Any) -> Columns:
        return {"result": (pa.int32(), [self._result(row) for row in batch.to_pylist()])}

    def _result(self, row: dict[str, Any]) -> int:
        version = self.verdicts.versions[row["version"]]
        seen = None if row["others"] is None else Shown(version, row["others"])
        return self.verdicts.of_result(version.result(self._line(row), seen))

    def _line(self, row: dict[str, Any]) -> ServiceLine:
        """A line that shows what every line of its class shows; its dates only tell how far they lie apart."""
        shown: dict[str, Any] = {name: row[name] for name in self.fields if name in NUMBERS}
        for name in NUMBERED:
            if row.get(name) is not None:
                shown[name] = self.kept[name][row[name]]
        shown["prior_authorization_number"] = AUTHORIZED[row.get("authorized")]
        return ServiceLine(**shown, **_dates(row.get("days") or 1, row.get("days_to_submission")))


def _looks_at(version: Version, name: str) -> bool:
    """Whether a version looks at a field; for what other lines show, it may need to know how many days a line has."""
    others = bool(version.together.cuts)
    return others if name == "others" else name in version.fields or (name == "days" and others)


def _dates(days: int, late: int | None) -> dict[str, Any]:
    """Dates that cover so many days and lie so far before the day of submission; they may be any such."""
    # The version is known, so no date decides a rule any more; the first days there are leave room for every distance.
    first = dt.date.min + dt.timedelta(days=max(0, -(late or 0)))
    last = first + dt.timedelta(days=days - 1)
    submitted = {} if late is None else {"submitted": last + dt.timedelta(days=late)}
    return {"date_of_service": first, "last_date_of_service": last, **submitted}

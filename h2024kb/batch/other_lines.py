"""What the other lines of a member show, worked out in SQL for all members at once.

It says about each line what `h2024kb.claims.other_lines` says; see there why a total is a range. Members are taken part
by part: all at once, a table of ten million lines would not fit into the memory that DuckDB is given.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final, NamedTuple

import pyarrow as pa

from h2024kb.batch.database import Connection, batches, inserted
from h2024kb.batch.distinct_cells import SHORT, Readings
from h2024kb.batch.periods import shares, windows
from h2024kb.batch.versions import Verdicts
from h2024kb.claims.check import NOT_STANDING
from h2024kb.claims.cuts import Total
from h2024kb.claims.other_lines import ANYWHERE
from h2024kb.claims.plan import Version
from h2024kb.claims.standing import LATER, MOST_DAYS_COVERED, standings
from h2024kb.line import ServiceLine

BROKEN, UNSURE, WELL = range(3)

AT_ONCE: Final = 50_000
"""About so many lines are looked at together; the lines of a member are never split."""


class Shown:
    """What the other lines of one kind of line show.

    `slots` lists each thing asked that is not well: twice its place among all that the version asks, plus one where it
    is not sure. Most lines have none, so most lines of a version are of one class.
    """

    def __init__(self, version: Version, slots: str) -> None:
        numbers = {int(number) for number in slots.split()}
        self._states = {
            cut.args: BROKEN if 2 * place in numbers else UNSURE if 2 * place + 1 in numbers else WELL
            for place, cut in enumerate(version.together.cuts)
        }

    def within(self, _line: ServiceLine, total: Total, bound: Decimal, /) -> str:
        """Says whether a total is `within` a bound, `over` it, or `unsure`."""
        return ("over", "unsure", "within")[self._states[total, bound]]

    def beside(self, _line: ServiceLine, codes: frozenset[str], per: str, /) -> str:
        """Says whether a line with one of these codes is `beside` in a day or a month, `apart`, or that is `unsure`."""
        return ("beside", "unsure", "apart")[self._states[codes, per]]


class Ask(NamedTuple):
    """What versions of a payer's policies ask: a total that they limit, or codes not paid beside the line."""

    payer: int
    codes: frozenset[str]
    per: str
    total: Total | None


class Asked:
    """All that the versions of some lines ask about other lines, by number."""

    def __init__(self, verdicts: Verdicts, payer_of: Callable[[str], int]) -> None:
        # Versions share most of their asks: a limit stays when another fact changes. Each ask is worked out once, and
        # `by` says which version asks it, at which place of its own, with which bound.
        self.numbers: dict[Ask, int] = {}
        self.by: list[tuple[int, int, int, Decimal | None]] = []
        for number, version in enumerate(verdicts.versions):
            for place, cut in enumerate(version.together.cuts):
                total, bound = cut.args if cut.kind == "within" else (None, None)
                codes, per = (total.codes, total.per) if total else cut.args
                ask = Ask(payer_of(version.policy), codes, per, total)
                self.by.append((number, self.numbers.setdefault(ask, len(self.numbers)), place, bound))

    def tables(self, database: Connection, type_: str) -> None:
        """Makes a table `asked` of who asks what, and a table `counted` of the codes that each ask is about.

        A bound such as a third of an hour has no last digit. It is rounded down to what a sum can be, so whether a sum
        is over it stays the same.
        """
        places = 4 if type_ == SHORT else 15
        least = Decimal(1).scaleb(-places)
        bounds = [None if bound is None else bound.quantize(least, ROUND_FLOOR) for *_, bound in self.by]
        columns = list(zip(*self.by, strict=True))
        inserted(
            database,
            "asked",
            pa.table(
                {
                    **{name: pa.array(columns[n], pa.int32()) for n, name in enumerate(("version", "ask", "place"))},
                    "bound": pa.array(bounds, pa.decimal128(38, places)),
                }
            ),
        )
        rows = [
            {"ask": number, "payer": ask.payer, "code": code, "by_day": ask.total is not None and ask.total.by_day}
            for ask, number in self.numbers.items()
            for code in ask.codes
        ]
        kinds = pa.schema({"ask": pa.int32(), "payer": pa.int32(), "code": pa.string(), "by_day": pa.bool_()})
        inserted(database, "counted", pa.Table.from_pylist(rows, schema=kinds))

    def shapes(self) -> Iterator[tuple[str, str | None, str]]:
        """Yields each period with a measure, None for codes beside, with its numbers as SQL lists them."""
        shapes: dict[tuple[str, str | None], list[int]] = {}
        for ask, number in self.numbers.items():
            shapes.setdefault((ask.per, ask.total.measure if ask.total else None), []).append(number)
        for (per, measure), numbers in shapes.items():
            yield per, measure, ", ".join(map(str, numbers))


def strike_out(database: Connection, verdicts: Verdicts, payers: Sequence[int]) -> None:
    """Makes a table `gone` of the lines that a later claim takes back or replaces, or may, and of those read twice.

    `payers` has the number of each policy's payer. `verdict` is the number of the result of such a line; `counts` says
    whether it may still count.
    """
    numbers = pa.array(range(len(payers)), pa.int32())
    inserted(database, "payers", pa.table({"policy": numbers, "payer": pa.array(payers, pa.int32())}))
    made = _gone(database, verdicts)
    some = list(itertools.islice(made, AT_ONCE))
    inserted(database, "gone", _table(some))
    while some := list(itertools.islice(made, AT_ONCE)):
        inserted(database, "gone", _table(some), new=False)


def _gone(database: Connection, verdicts: Verdicts) -> Iterator[tuple[int, int, bool]]:
    # Few members have such claims. SQL finds these, and the function that sees lines one by one settles them.
    rows = (row for batch in batches(database, _CORRECTED) for row in batch.to_pylist())
    for _, group in itertools.groupby(rows, key=lambda row: (row["payer"], row["member"])):
        member = list(group)
        lines = [ServiceLine(**{name: row[name] for name in _OF_LINE}) for row in member]
        for row, one in zip(member, standings(lines), strict=True):
            if one != "stands":
                yield row["row"], verdicts.of_result(NOT_STANDING[one]), one == "perhaps"


def _table(rows: Sequence[tuple[int, int, bool]]) -> Any:
    columns = zip(*rows, strict=True) if rows else [()] * len(_GONE)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, _GONE.values(), strict=True)], list(_GONE))


_GONE: Final = {"row": pa.int64(), "verdict": pa.int32(), "counts": pa.bool_()}
_OF_LINE: Final = (
    "claim", "line", "code", "units", "frequency", "replaces", "date_of_service", "last_date_of_service"
)  # fmt: skip
_CORRECTED: Final = f"""
    WITH given AS MATERIALIZED (
        SELECT row, payer, member, claim, line, code, units, frequency, replaces,
            first AS date_of_service, last AS last_date_of_service
        FROM lines JOIN payers USING (policy) WHERE member IS NOT NULL
    ),
    corrected AS (
        SELECT payer, member FROM given WHERE frequency IN {LATER}
        UNION
        SELECT payer, member FROM given WHERE claim IS NOT NULL AND line IS NOT NULL
        GROUP BY payer, member, claim, line, code, date_of_service, last_date_of_service HAVING count(*) > 1
    )
    FROM given SEMI JOIN corrected USING (payer, member) ORDER BY payer, member, row"""


def look(database: Connection, verdicts: Verdicts, payer_of: Callable[[str], int], readings: Readings) -> None:
    """Makes a table `slots` of what other lines show; a line is not in it where all that is asked is well."""
    database.execute("CREATE TABLE shown (row BIGINT, slot INTEGER)")
    asked = Asked(verdicts, payer_of)
    if asked.numbers:
        type_ = readings.measure()
        asked.tables(database, type_)
        for part in range(_parts(database, asked)):
            # A table, not a view: each shape reads it several times.
            database.execute(f"CREATE OR REPLACE TABLE present AS FROM standing WHERE part = {part}")
            for per, measure, numbers in asked.shapes():
                database.execute(_within(numbers, type_, per, measure) if measure else _beside(numbers, per))
    # One text a line, so that lines whose other lines show the same fall into one class.
    database.execute(
        "CREATE TABLE slots AS SELECT row, string_agg(slot, ' ' ORDER BY slot) AS slots FROM shown GROUP BY row"
    )


def _parts(database: Connection, asked: Asked) -> int:
    """Makes a table `standing` of the lines that are looked at, and returns how many parts it has."""
    measures = sorted({"units", *(ask.total.measure for ask in asked.numbers if ask.total)})
    for made in (_THOSE, _PERSONS, _STANDING):
        database.execute(made.format(measures=", ".join(measures), most_days=MOST_DAYS_COVERED, at_once=AT_ONCE))
    parts: int = database.execute("SELECT coalesce(max(part) + 1, 0) FROM persons").fetchall()[0][0]
    return parts


# A view, read twice: as a table, most lines would be written to disk once more. Left out are lines that no ask counts
# and whose version asks nothing. A line without a code stays in, for it may be any of those that are counted.
_THOSE: Final = """
    CREATE VIEW those AS
    SELECT row, payer, member, version, code, code IS NULL OR coalesce(gone.counts, false) AS in_doubt, first, last,
        CASE WHEN days BETWEEN 1 AND {most_days} THEN days END AS days, {measures}
    FROM lines JOIN payers USING (policy) LEFT JOIN gone USING (row)
    WHERE frequency IS DISTINCT FROM '8' AND member IS NOT NULL AND coalesce(gone.counts, true)
        AND payer IN (SELECT payer FROM counted)
        AND (code IS NULL OR version IN (SELECT version FROM asked)
            OR (payer, code) IN (SELECT (payer, code) FROM counted))"""

# `person` is a number for a member of a payer, quicker to join on than two texts. The running sum of lines gives each
# member whole to one part of about as many lines as the others.
_PERSONS: Final = """
    CREATE TABLE persons AS
    SELECT payer, member, row_number() OVER () AS person,
        CAST(sum(lines) OVER (ROWS UNBOUNDED PRECEDING) // {at_once} AS INTEGER) AS part
    FROM (SELECT payer, member, count(*) AS lines FROM those GROUP BY ALL)"""

_STANDING: Final = """
    CREATE TABLE standing AS
    SELECT those.* EXCLUDE (member), person, part FROM those JOIN persons USING (payer, member) ORDER BY part"""
"""The lines of a part lie together, so that DuckDB skips all blocks of the others."""

_PARTS: Final = """
    SELECT person, ask, first, last, days, by_day, in_doubt AS doubtful, {measured} AS amount
    FROM present JOIN counted USING (payer, code) WHERE ask IN ({asks})
    UNION ALL
    SELECT person, ask, first, last, days, by_day, true, {measured}
    FROM present JOIN (SELECT DISTINCT payer, ask, by_day FROM counted WHERE ask IN ({asks})) USING (payer)
    WHERE code IS NULL"""
"""The lines that an ask counts; a line without a code is counted by each ask, and may be none of its lines.

That is once for each ask, hence the DISTINCT: `counted` has a row for each of its codes.
"""

# Joins and groups, no window functions: the lines that ask are not the lines that are counted, a line lies in several
# periods at once, and a period is laid over the calendar in many ways. What is read more than once is MATERIALIZED, for
# DuckDB would work it out again each time.
_WITHIN: Final = """
    INSERT INTO shown
    WITH parts AS MATERIALIZED ({parts}),
    -- Whose lines could be over a bound at all: all of them counted at once, whatever their days, or an amount left
    -- out. Most persons' could not, and spreading lines over periods is the dear part, so this comes first.
    unsettled AS MATERIALIZED (
        SELECT person, ask FROM parts JOIN (SELECT ask, min(bound) AS bound FROM asked GROUP BY ask) USING (ask)
        GROUP BY person, ask, bound
        HAVING count(amount) < count(*) OR sum(greatest(amount, 0)) > bound
    ),
    -- The lines counted for these, then the range of each window that one of them touches.
    counts AS MATERIALIZED (SELECT * FROM parts SEMI JOIN unsettled USING (person, ask)),
    sums AS MATERIALIZED (
        SELECT person, ask, laid, number, sum(low) AS low, CASE WHEN count(high) = count(*) THEN sum(high) END AS high
        FROM ({shares}) GROUP BY person, ask, laid, number
    ),
    -- Lines without days are summed under a window of their own, and may lie in any other.
    anywhere AS (SELECT person, ask, low, high FROM sums WHERE laid = {anywhere}),
    -- The days on which a line asks. A member's lines of equal days get equal answers, so each span is looked at once.
    spans AS MATERIALIZED (
        SELECT DISTINCT person, ask, first, last, days
        FROM present JOIN asked USING (version) SEMI JOIN unsettled USING (person, ask)
        WHERE ask IN ({asks}) AND days IS NOT NULL
    ),
    -- From here on as MemberLines._range: the range of each window that a span touches, then the greatest within one
    -- way to lay the period, then the least of the lows and the greatest of the highs over all ways. A high that is
    -- null is unbounded, and stays so: max() would pass over it.
    touched AS (
        SELECT person, ask, first, last, laid, sums.low + coalesce(anywhere.low, 0) AS low,
            CASE WHEN anywhere.ask IS NULL THEN sums.high ELSE sums.high + anywhere.high END AS high
        FROM ({windows}) JOIN sums USING (person, ask, laid, number) LEFT JOIN anywhere USING (person, ask)
    ),
    laid_so AS (
        SELECT person, ask, first, last, max(low) AS low, CASE WHEN count(high) = count(*) THEN max(high) END AS high
        FROM touched GROUP BY person, ask, first, last, laid
    ),
    ranges AS (
        SELECT person, ask, first, last, min(low) AS low, CASE WHEN count(high) = count(*) THEN max(high) END AS high
        FROM laid_so GROUP BY person, ask, first, last
    )
    -- Only what is not well: broken where the low is over the bound, unsure where the high may be, or the line has no
    -- days.
    SELECT row, 2 * place + CASE WHEN low > bound THEN 0 ELSE 1 END
    FROM present JOIN asked USING (version) JOIN ranges USING (person, ask, first, last)
    WHERE low > bound OR high IS NULL OR high > bound
    UNION ALL
    SELECT row, 2 * place + 1 FROM present JOIN asked USING (version) WHERE ask IN ({asks}) AND days IS NULL"""


def _within(asks: str, type_: str, per: str, measured: str) -> str:
    """SQL that looks at totals of one measure in one kind of period."""
    return _WITHIN.format(
        asks=asks,
        anywhere=ANYWHERE.laid,
        parts=_PARTS.format(measured=f"CAST({measured} AS {type_})", asks=asks),
        shares=shares(windows("counts", per), type_),
        windows=windows("spans", per),
    )


# Lines are counted by day or month, and each line looks up its own: joining lines with lines would grow with the square
# of a member's lines. A line that is itself among the codes asked about is in those counts, and `itself` takes it out
# again.
_BESIDE: Final = """
    INSERT INTO shown
    WITH parts AS MATERIALIZED (
        {parts}
    ),
    -- `here` may be in the period. `surely` is: a line over several of them does not say in which it bills.
    by_period AS (
        SELECT person, ask, number, count(*) AS here, count(*) FILTER (WHERE in_one AND NOT doubtful) AS surely
        FROM ({part_periods}) GROUP BY person, ask, number
    ),
    counts AS (
        SELECT person, ask, count(*) AS others, count(*) FILTER (WHERE days IS NULL) AS anywhere
        FROM parts GROUP BY person, ask
    ),
    lines AS MATERIALIZED (
        SELECT row, person, ask, place, first, last, days, {in_one} AS in_one, counted.code IS NOT NULL AS itself
        FROM present JOIN asked USING (version) SEMI JOIN parts USING (person, ask)
            LEFT JOIN counted USING (payer, ask, code)
        WHERE ask IN ({asks})
    ),
    beside AS (
        SELECT row, place, bool_or(here > itself::INTEGER) AS perhaps,
            bool_or(in_one AND surely > (itself AND in_one)::INTEGER) AS surely
        FROM ({line_periods}) JOIN by_period USING (person, ask, number) GROUP BY row, place
    )
    -- A line without days may share one with any other line, and any other without days may share one with it.
    SELECT row, 2 * place + CASE WHEN surely THEN 0 ELSE 1 END
    FROM lines JOIN counts USING (person, ask) LEFT JOIN beside USING (row, place)
    WHERE perhaps OR CASE WHEN days IS NULL THEN others > itself::INTEGER ELSE anywhere > 0 END"""


def _beside(asks: str, per: str) -> str:
    """SQL that looks at codes that are not paid beside a line's own, in a day or in a month."""
    # Where the dates cannot be right, there is no number of days.
    in_one = f"(days IS NOT NULL AND date_trunc('{per}', first) = date_trunc('{per}', last))"
    return _BESIDE.format(
        asks=asks,
        in_one=in_one,
        parts=_PARTS.format(measured=in_one, asks=asks).replace("AS amount", "AS in_one"),
        part_periods=windows("parts", per),
        line_periods=windows("lines", per),
    )

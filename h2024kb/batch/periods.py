"""SQL that spreads lines over the periods they touch, as `h2024kb.claims.other_lines` does a line at a time."""

from __future__ import annotations

from typing import Final

from h2024kb.claims.other_lines import ANYWHERE, NUMBERS

IN_DAYS: Final = {"day": 1, "week": 7}
IN_MONTHS: Final = {"month": 1, "six-months": 6, "year": 12}


def windows(relation: str, per: str) -> str:
    """Returns a query for each window that the lines of a relation touch, with how many of their days lie inside it.

    The relation has columns `first`, `last` and `days`; where there is no number of days, a line may count anywhere.
    """
    # Every line in every way to lay the period: 7 for a week, 12 for a year. A line of one day touches one window in
    # each way, found by division. Most lines are such, so only the others pay for a list of windows. Windows are
    # numbered, not joined as spans of dates: then sums of lines and looks at them meet by equality, which DuckDB
    # hashes.
    laid = f"{relation} CROSS JOIN (SELECT range AS laid FROM range({NUMBERS[per][0]}))"
    numbers = f"unnest(range({_number('first', per)}, {_number('last', per)} + 1))"
    inside = f"least(last + 1, {_start('number + 1', per)}) - greatest(first, {_start('number', per)})"
    return f"""
        SELECT *, {_number("first", per)} AS number, 1 AS inside FROM {laid} WHERE days = 1
        UNION ALL BY NAME
        SELECT *, {inside} AS inside FROM (SELECT *, {numbers} AS number FROM {laid} WHERE days > 1)
        UNION ALL BY NAME
        SELECT *, {ANYWHERE.laid} AS laid, {ANYWHERE.number} AS number, 0 AS inside
        FROM {relation} WHERE days IS NULL"""


def _number(day: str, per: str) -> str:
    """The number of the window that a day lies in."""
    # The numbers are those of claims.other_lines.NUMBERS; `+ 1` since Python's ordinal of that first day is 1.
    if per in IN_MONTHS:
        return f"(year({day}) * 12 + month({day}) - 1 + laid) // {IN_MONTHS[per]}"
    return f"({day} - DATE '0001-01-01' + 1 + laid) // {IN_DAYS[per]}"


def _start(number: str, per: str) -> str:
    """The first day of a window."""
    if per in IN_MONTHS:
        month = f"(({number}) * {IN_MONTHS[per]} - laid)"
        return f"make_date({month} // 12, {month} % 12 + 1, 1)"
    return f"(DATE '0001-01-01' + CAST(({number}) * {IN_DAYS[per]} - laid - 1 AS INTEGER))"


def shares(windows: str, type_: str) -> str:
    """Returns a query for the lowest and the highest of each line's `amount` that can fall in each window it touches.

    The highest is null where the amount is. A line that is `doubtful`, or may count anywhere, may count for nothing.
    Where it counts `by_day`, no day can have two.
    """
    # In this order: no amount; all days of the line inside, or a line without days; at most one unit a day, where what
    # does not fit on the days outside must be inside; and otherwise anything from nothing to the whole.
    inside, outside = f"CAST(inside AS {type_})", f"CAST(days - inside AS {type_})"
    whole, placed = "WHEN inside IN (0, days) THEN amount", "WHEN by_day AND amount <= days THEN"
    return f"""
        SELECT * REPLACE (
            CASE WHEN perhaps THEN least(0, low) ELSE low END AS low,
            CASE WHEN perhaps AND high < 0 THEN 0 ELSE high END AS high
        )
        FROM (
            SELECT *, doubtful OR inside = 0 AS perhaps,
                CASE WHEN amount IS NULL THEN 0 {whole}
                    {placed} greatest(0, amount - {outside}) ELSE least(0, amount) END AS low,
                CASE WHEN amount IS NULL THEN NULL {whole}
                    {placed} least(amount, {inside}) ELSE greatest(0, amount) END AS high
            FROM ({windows})
        )"""

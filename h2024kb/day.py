"""Reads a day as this project writes it, and as nothing else."""

from __future__ import annotations

import datetime as dt
import re


def day(text: object) -> dt.date | None:
    """Returns the day that a text written YYYY-MM-DD is, or None if the text is not a real date.

    Week dates, dates without hyphens and digits of other scripts are refused, which `date.fromisoformat` takes.

    >>> day("2026-11-23"), day("2026-W47-1"), day("2026-02-30")
    (datetime.date(2026, 11, 23), None, None)
    """
    if not isinstance(text, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def last_day(text: object) -> dt.date | None:
    """Returns the last day of a day, a month or a year, or None for any other text.

    What a source that gives only a month proves, it proves from that month's end on.

    >>> last_day("2021-08"), last_day("2024"), last_day("2024-02-03"), last_day("unknown")
    (datetime.date(2021, 8, 31), datetime.date(2024, 12, 31), datetime.date(2024, 2, 3), None)
    """
    if not isinstance(text, str) or len(text) not in (4, 7):
        return day(text)
    first = day(f"{text}-01" if len(text) == 7 else f"{text}-12-01")
    return first and (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)

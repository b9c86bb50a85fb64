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


def is_partial_date(text: object) -> bool:
    """Returns whether a text is a real day, month or year: YYYY-MM-DD, YYYY-MM or YYYY.

    >>> is_partial_date("2021-12"), is_partial_date("15.12.2021")
    (True, False)
    """
    whole = f"{text}-01-01"[:10] if isinstance(text, str) and len(text) in (4, 7) else text
    return day(whole) is not None

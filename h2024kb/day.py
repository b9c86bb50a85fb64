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

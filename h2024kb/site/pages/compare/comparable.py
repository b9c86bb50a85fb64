"""What of an answer can be laid beside another's without reading: its numbers, codes and fixed words.

What we write in our own words differs wherever two people write it, and a list that may lack rows contradicts none. So
such an answer has no key, and the page says that both are to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.model import (
    BillingLine,
    BillInstead,
    Days,
    Diagnosis,
    Limit,
    MinimumTime,
    ModifierUse,
    PlaceOfService,
    Rate,
    Span,
)


def key(answer: Known[Any], unit: str | None) -> str:
    """Returns a text that is equal for two answers that say the same, or nothing where only a reader can tell.

    `unit` is what the payer counts as one unit, None where nobody knows: "one unit a day" of hours and of days differ.

    >>> import datetime, h2024kb
    >>> day = datetime.date(2026, 11, 23)
    >>> asked = {"code": "H2024", "date_of_service": day}
    >>> answer = h2024kb.open().fact("limits", "md/brain-injury-waiver", **asked)
    >>> key(answer, "day")
    '1 day a day; 7 day a week with day-habilitation'
    >>> key(answer, None)
    ''
    """
    if answer.complete is False:
        return ""
    values = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    parts = [_key(value, unit) for value in values]
    return "" if None in parts else "; ".join(sorted(part for part in parts if part is not None))


def _key(value: object, unit: str | None) -> str | None:
    if isinstance(value, str):
        return value if value in words.VALUE_WORDS else None
    for kind, says in _KEYS.items():
        if isinstance(value, kind):
            return says(value, unit)
    return None


def _counted(per: str, unit: str | None) -> str | None:
    return unit if per == "unit" else per


def _limit(limit: Limit, unit: str | None) -> str | None:
    if limit.may_be_exceeded:
        return None
    together = f" with {' '.join(sorted(limit.together_with))}" if limit.together_with else ""
    if limit.amount is not None:
        return f"${limit.amount} a {limit.per}{together}"
    of = limit.unit or unit
    return f"{limit.units} {of} a {limit.per}{together}" if of else None


def _rate(rate: Rate, unit: str | None) -> str | None:
    per = _counted(rate.per, unit)
    return f"{rate.amount} per {per}" if per else None


def _minimum_time(row: MinimumTime, unit: str | None) -> str | None:
    per = _counted(row.per, unit)
    return f"{row.level or ''} {row.minutes} per {per}" if per and row.minutes else None


def _place(place: PlaceOfService, _: str | None) -> str | None:
    return None if place.settings else f"{_list(place.allowed)} not {_list(place.not_allowed)}"


def _billing_line(line: BillingLine, unit: str | None) -> str | None:
    counted = line.unit or unit
    readable = counted and not (line.phase or line.staff_ratio)
    return f"{_list(line.modifiers)} {line.rate} per {counted}" if readable else None


def _list(items: Iterable[str]) -> str:
    return " ".join(sorted(items))


_KEYS: Final[dict[type, Callable[[Any, str | None], str | None]]] = {
    Rate: _rate,
    Limit: _limit,
    MinimumTime: _minimum_time,
    PlaceOfService: _place,
    BillingLine: _billing_line,
    BillInstead: lambda row, _: f"{row.code} {_list(row.modifiers)}",
    ModifierUse: lambda row, _: row.use,
    Span: lambda row, _: f"{row.from_} to {row.to}",
    Days: lambda row, _: f"{row.days}",
    Diagnosis: lambda row, _: _list(row.any_of),
}

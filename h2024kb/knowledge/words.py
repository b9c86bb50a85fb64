"""Says answers and values in plain words: the same words on the command line and on every page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final

from h2024kb.day import day
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.lookup import ALL_SERVICES
from h2024kb.knowledge.model import (
    BillingLine,
    BillInstead,
    Days,
    Diagnosis,
    Entry,
    FeeSchedule,
    HoursCounted,
    Limit,
    MinimumTime,
    ModifierUse,
    PlaceOfService,
    Prerequisite,
    Rate,
    RateVaries,
    Rounding,
    SameDay,
    Span,
    When,
)

FACT_WORDS: Final = {
    "coverage": "Coverage",
    "prior_authorization": "Prior authorization",
    "authorization_number": "Authorization number",
    "unit": "Unit",
    "payment": "Payment",
    "rate": "Rate",
    "rate_varies": "What the rate changes with",
    "fee_schedule": "Fee schedule",
    "billing_lines": "Billing lines",
    "modifiers": "Modifier",
    "place_of_service": "Place of service",
    "limits": "Limits",
    "minimum_time": "Minimum time",
    "rounding": "Rounding minutes to units",
    "hours_counted": "Whose hours count",
    "group_size": "Group size",
    "age": "Age",
    "diagnosis": "Diagnosis",
    "bill_instead": "Bill instead",
    "same_day": "Not payable on the same day",
    "same_month": "Not payable in the same month",
    "provider_qualification": "Provider qualification",
    "documentation": "Documentation",
    "prerequisite": "Prerequisite",
    "includes": "Includes",
    "excludes": "Does not include",
    "time_counting": "Counting time",
    "other_coverage": "Other coverage",
    "continuity_of_care": "Continuity of care",
    "telehealth": "Telehealth",
    "timely_filing": "Timely filing",
}

VALUE_WORDS: Final = {
    "covered": "Covered",
    "not-covered": "Not covered",
    "conditional": "Conditional",
    "required": "Required",
    "not-required": "Not required",
    "on-claim": "Must be on the claim",
    "not-on-claim": "Need not be on the claim",
    "allowed": "Allowed",
    "not-allowed": "Not allowed",
    "informational": "Informational",
    "paid": "Paid",
    "encounter-only": "Reported only, not paid by the line",
    "day": "Day",
    "15-minutes": "15 minutes",
    "half-day": "Half a day",
    "hour": "Hour",
    "month": "Month",
    "milestone": "Milestone",
}

BUSINESS_WORDS: Final = {
    "commercial": "Commercial",
    "medicare": "Medicare",
    "medicare-advantage": "Medicare Advantage",
    "medicaid": "Medicaid",
    "medicaid-managed-care": "Medicaid managed care",
    "marketplace": "Marketplace",
    "state-funded": "State-funded, outside Medicaid",
}


EVIDENCE_WORDS: Final = {
    "stated": "the source states since when",
    "seen": "seen on or before the date of service",
    "seen-later": "first seen after the date of service",
    "undated": "in a copy without a date",
}
"""Each kind of evidence, in words."""

WHY_WORDS: Final = {
    "not-found": "not found in the payer's documents",
    "not-fully-read": "document not fully read",
    "no-document": "no document found",
    "not-looked": "not looked for yet",
    "weaker-evidence": "only weaker evidence is known",
    "before-first-rule": "before the first rule known",
    "ended": "ended",
    "no-such-policy": "no policy in the knowledge base",
    "depends-on-line": "depends on the claim line",
}
"""Each reason for an unknown, in words."""


def core_fact_name(fact: str) -> str:
    """Returns the name of one of the facts a biller asks first, among which `modifiers` stands for modifier 22."""
    return "Modifier 22" if fact == "modifiers" else FACT_WORDS[fact]


def fact_name(answer: Answer[Any]) -> str:
    """Returns the name of the fact an answer is about, with the modifier where it is one's."""
    question = answer.question
    return f"Modifier {question.modifier}" if question.modifier else FACT_WORDS[question.fact]


def value_lines(value: object) -> list[str]:
    """Returns a fact's value in words, one line a row of it.

    >>> value_lines((Limit(units=1, per="day"), Limit(units=7, per="week", together_with=("T2020",))))
    ['At most 1 unit a day', 'At most 7 units a week, counted together with T2020']
    >>> value_lines(Diagnosis(any_of=("F20", "F3181"), describes="Schizophrenia or bipolar II disorder"))
    ['One of F20, F3181: Schizophrenia or bipolar II disorder']
    """
    if isinstance(value, tuple):
        return [line for row in value for line in value_lines(row)]
    for kind, says in _SAYS.items():
        if isinstance(value, kind):
            return [says(value)]
    return [VALUE_WORDS.get(str(value), str(value))]


def _rate(rate: Rate) -> str:
    per = "unit; the source does not say how long a unit is" if rate.per == "unit" else _unit(rate.per)
    return f"${rate.amount:,} per {per}"


def _unit(unit: str) -> str:
    return unit.replace("-", " ")


def _billing_line(row: BillingLine) -> str:
    rate = f", ${row.rate:,}" if row.rate is not None else ""
    unit = f" per {_unit(row.unit)}" if row.unit else ""
    more = "".join(f", {text}" for text in (row.phase and f"phase {row.phase}", row.staff_ratio) if text)
    return f"{modifiers_words(row.modifiers)}: {row.describes}{more}{rate}{unit}"


def modifiers_words(modifiers: tuple[str, ...]) -> str:
    """Returns a set of modifiers as a biller writes it."""
    return " ".join(modifiers) or "No modifier"


_PERIODS: Final = {
    "six-months": "in six months",
    "authorization": "for an authorization",
    "lifetime": "in a lifetime",
}


def _limit(limit: Limit) -> str:
    most = f"${limit.amount:,}" if limit.amount is not None else _units(limit)
    period = _PERIODS.get(limit.per, f"a {limit.per}")
    if limit.days:
        period = f"in {limit.days} days"
    together = f", counted together with {' and '.join(limit.together_with)}" if limit.together_with else ""
    more = f" (more: {limit.may_be_exceeded})" if limit.may_be_exceeded else ""
    return f"At most {most} {period}{together}{more}"


def _units(limit: Limit) -> str:
    many = "" if limit.units == 1 else "s"
    counted = f" of {limit.counts}" if limit.counts else ""
    if limit.unit in ("hour", "day", "month", "milestone"):
        return f"{limit.units} {limit.unit}{many}{counted}"
    of = f" of {_unit(limit.unit)}" if limit.unit else ""
    return f"{limit.units} unit{many}{of}{counted}"


def _place(place: PlaceOfService) -> str:
    parts = [f"Allowed: {', '.join(place.allowed)}"] if place.allowed else []
    parts += [f"Not allowed: {', '.join(place.not_allowed)}"] if place.not_allowed else []
    return "; ".join([*parts, *place.settings, *(f"Not in: {setting}" for setting in place.settings_excluded)])


def _minimum_time(row: MinimumTime) -> str:
    level = f"Level {row.level}: " if row.level else ""
    minutes = f" ({row.minutes} minutes per {_unit(row.per)})" if row.minutes else ""
    return f"{level}{row.describes}{minutes}"


def _diagnosis(diagnosis: Diagnosis) -> str:
    codes = ", ".join(diagnosis.any_of)
    return f"{'One of ' if len(diagnosis.any_of) > 1 else ''}{codes}: {diagnosis.describes}"


def _bill_instead(row: BillInstead) -> str:
    phase = f" (phase {row.phase})" if row.phase else ""
    return f"{' '.join((row.code, *row.modifiers))}: {row.describes}{phase}"


def _same_day(row: SameDay) -> str:
    return f"{row.code}: {row.describes}" if row.code else row.describes


def _span(span: Span) -> str:
    if span.from_ is None:
        return f"{span.to} at most"
    return f"{span.from_} or more" if span.to is None else f"{span.from_} to {span.to}"


_ROUNDING: Final = {
    "whole": "Only full units count",
    "midpoint": "Half a unit or more counts as one",
    "up": "Any part of a unit counts as one",
}
_HOURS: Final = {"staff": "Hours of the staff", "member": "Hours of the member", "both": "Hours of staff and member"}

_SAYS: Final[dict[type, Callable[[Any], str]]] = {
    Rate: _rate,
    RateVaries: lambda row: f"By {row.by}: {row.describes}",
    FeeSchedule: lambda row: ", ".join(part for part in (row.title, row.where) if part),
    BillingLine: _billing_line,
    ModifierUse: lambda row: f"{VALUE_WORDS[row.use]}: {row.meaning}",
    Limit: _limit,
    PlaceOfService: _place,
    MinimumTime: _minimum_time,
    Rounding: lambda row: f"{_ROUNDING[row.units_from_minutes]} (units of {_unit(row.unit)})",
    HoursCounted: lambda row: f"{_HOURS[row.whose]}: {row.describes}",
    Diagnosis: _diagnosis,
    BillInstead: _bill_instead,
    SameDay: _same_day,
    Span: _span,
    Days: lambda row: f"{row.days} days",
    Prerequisite: lambda row: str(row.describes),
}


def answer_lines(answer: Answer[Any]) -> list[str]:
    """Returns an answer in words: the value with its condition, or that it is unknown and why."""
    if isinstance(answer, Unknown):
        return [f"Unknown ({WHY_WORDS[answer.why]}): {answer.because}"]
    return said_lines(answer.value, answer.condition, answer.complete)


def said_lines(value: object, condition: str | None, complete: bool | None) -> list[str]:
    """Returns a value in words with its condition, and a warning where its list may not be all there is.

    >>> said_lines("conditional", "The member is enrolled.", None)
    ['Conditional: The member is enrolled.']
    """
    lines = value_lines(value)
    if condition:
        lines[-1] = f"{lines[-1]}: {condition}"
    return lines + (["The source does not say that there are no others."] if complete is False else [])


def when_words(when: When | None) -> str:
    """Returns for which claim lines an entry is; nothing where it is for all.

    >>> when_words(When(modifiers=("U4", "HQ"), place_of_service=("12", "18")))
    'with U4 HQ, in place of service 12 or 18'
    """
    if when is None:
        return ""
    parts = [f"with {' '.join(when.modifiers)}"] if when.modifiers else []
    if when.only_modifiers is not None:
        parts += [
            f"with {' '.join(when.only_modifiers)} and no other modifier"
            if when.only_modifiers
            else "without modifiers"
        ]
    parts += [f"in place of service {' or '.join(when.place_of_service)}"] if when.place_of_service else []
    parts += [f"aged {value_lines(when.age)[0]}"] if when.age else []
    return ", ".join(parts)


def start(dated: Known[Any] | Entry[Any]) -> str:
    """Returns since when something holds, or when it was seen, where its source does not say since when."""
    if dated.effective_date:
        return f"since {dated.effective_date}"
    if dated.in_force_by:
        *days, last = [str(day) for day in (dated.in_force_by, *(row.seen_on for row in dated.also_seen)) if day]
        return f"seen {', '.join(days)} and {last}" if days else f"seen {last}"
    return "any date" if isinstance(dated, Entry) and dated.value is None else "undated copy"


def since(answer: Known[Any]) -> str:
    """Returns since when an answer holds, or when it was seen, and until when if it has an end."""
    until = f", until {answer.last_day}" if answer.last_day else ""
    return start(answer) + until + ("; start date not given" if answer.in_force_by else "")


def stated_for(answer: Known[Any], code: str) -> str:
    """Returns what an answer was stated for; nothing where that is the code itself."""
    if answer.heading == code:
        return ""
    if answer.heading == ALL_SERVICES:
        return "stated for every service of this payer"
    return f"stated for {answer.heading.replace('-', ' ')}, not for {code}"


def long_date(date: dt.date | str) -> str:
    """Returns a date as people read it; a source may be dated by its month or year only.

    >>> long_date(dt.date(2026, 11, 3)), long_date("2024-07"), long_date("2024")
    ('Nov 3, 2026', 'Jul 2024', '2024')
    """
    year, *rest = str(date).split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{month} {int(rest[1])}, {year}" if len(rest) == 2 else f"{month} {year}"


def with_long_dates(text: str) -> str:
    """Returns a text of ours with its dates as people read them; pages use it, data and the command line do not.

    >>> with_long_dates("seen 2024-11-01; start date not given")
    'seen Nov 1, 2024; start date not given'
    """
    return re.sub(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b", lambda found: _long_if_date(found[0]), text)


def _long_if_date(text: str) -> str:
    """A number of a document may look like a date and be none."""
    real = day(text)
    return long_date(real) if real else text


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

"""Writes calendars of days (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

MOST_OCTETS: Final = 75
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Event(NamedTuple):
    """Something that belongs to a whole day; `stamp` is the day on which it was last written."""

    uid: str
    day: dt.date
    stamp: dt.date
    summary: str
    description: str
    url: str = ""
    categories: Sequence[str] = ()


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """Returns a calendar as a file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//h2024kb//Policy changes//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return "".join(folded(line) for line in lines).encode()


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_digits(event.stamp)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_digits(event.day)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    if event.categories:
        yield f"CATEGORIES:{','.join(map(escaped, event.categories))}"
    if event.url:
        yield f"URL:{CONTROL.sub('', event.url)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    r"""Returns text as a property may hold it.

    >>> print(escaped("One; two, three\nC:\\new"))
    One\; two\, three\nC:\\new
    """
    plain = CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\\", "\\\\")
    return plain.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    r"""Returns a line with its end, folded so that no part is longer than 75 octets and no character is cut.

    >>> folded("NAME:" + 40 * "é").split("\r\n")[1]
    ' ééééé'
    """
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > MOST_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + octets
    return "\r\n".join([*parts, part]) + "\r\n"


def _digits(day: dt.date) -> str:
    return day.isoformat().replace("-", "")

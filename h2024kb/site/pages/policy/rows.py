"""The dated entries of a policy as rows of its page: what each says, when, on what ground, and whether it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.in_force import EntryPeriod, periods
from h2024kb.knowledge.model import FACTS, BillingLine, Entry, Policy, Rules, is_code
from h2024kb.site.parts.entry_words import entry_lines, when_words
from h2024kb.site.parts.standing import dates, state


class Row(NamedTuple):
    """One dated entry on the page: what it says, when, on what ground, and whether it holds today."""

    fact: str
    lines: list[str]
    when: str
    dates: str
    state: str
    source: int
    locator: str
    passage: str
    note: str
    searched: list[int]
    billing_lines: tuple[BillingLine, ...] = ()
    complete: bool | None = None


class Facts(NamedTuple):
    """The rows under one heading."""

    heading: str
    is_code: bool
    rows: list[Row]


def source_numbers(policy: Policy) -> dict[str, int]:
    """Returns the number that each source and search of a policy has on its page."""
    cited = [*(source.id for source in policy.sources), *(search.id for search in policy.searches)]
    return {name: number for number, name in enumerate(cited, 1)}


def facts_of(rules: Rules, numbers: dict[str, int], today: dt.date) -> Facts:
    """Returns every entry under a heading, newest first under each fact."""
    rows = [row for fact, entries in _lists(rules) for row in _rows(fact, entries, numbers, today)]
    return Facts(rules.heading, is_code(rules.heading), rows)


def current(facts: Facts) -> Facts:
    """Returns the rows that hold today."""
    return facts._replace(rows=[row for row in facts.rows if row.state == "in force"])


def _lists(rules: Rules) -> Iterator[tuple[str, tuple[Entry[Any], ...]]]:
    yield from ((words.FACT_WORDS[fact], entries) for fact in FACTS if (entries := getattr(rules, fact)))
    yield from ((f"Modifier {row.modifier}", row.entries) for row in rules.modifiers)


def _rows(fact: str, entries: Iterable[Entry[Any]], numbers: dict[str, int], today: dt.date) -> Iterator[Row]:
    standing = {id(period.entry): period for period in periods([e for e in entries if e.withdrawn is None])}
    for entry in entries:
        period = standing.get(id(entry), EntryPeriod(entry, None))
        yield Row(
            fact=fact,
            lines=entry_lines(entry),
            when=when_words(entry.when),
            dates=dates(period),
            state=_state(period, today),
            source=numbers.get(entry.source or "", 0),
            locator=entry.locator or "",
            passage=entry.passage or "",
            note=entry.note or "",
            searched=[numbers[name] for name in entry.searched],
            billing_lines=billing_lines(entry.value),
            complete=entry.complete,
        )


def billing_lines(value: Any) -> tuple[BillingLine, ...]:
    """Returns a value's billing lines; none where it is another fact's."""
    return value if isinstance(value, tuple) and value and isinstance(value[0], BillingLine) else ()


def _state(period: EntryPeriod[Any], today: dt.date) -> str:
    withdrawn = period.entry.withdrawn
    return f"withdrawn on {words.long_date(withdrawn.date)}: {withdrawn.because}" if withdrawn else state(period, today)

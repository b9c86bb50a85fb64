"""The pages of changes: coming ones first, then newest first, and a page for each year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from h2024kb.knowledge.changes import Change, changes
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.feeds.change_views import ChangeView, Silence, found_nothing, silences, view
from h2024kb.site.feeds.subscriptions import by_code
from h2024kb.site.parts.payers import payer_paths
from h2024kb.site.parts.render import render

NEWEST: Final = 200
"""As many rules, and as many policies searched in vain, as the first page shows; the pages of the years have all."""


class Group(NamedTuple):
    """Rows of one day."""

    day: dt.date
    rows: Sequence[ChangeView | Silence]

    @property
    def facts(self) -> int:
        """How many facts were searched in vain on the day."""
        return sum(row.number for row in self.rows if isinstance(row, Silence))


class Year(NamedTuple):
    """What took effect in a year, and what was searched in vain in it."""

    year: int
    rules: Sequence[ChangeView]
    silent: Sequence[Silence]

    @property
    def page(self) -> str:
        """The path of its page."""
        return f"changes/{self.year}.md"


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page of changes and a page for each year."""
    found = changes(kb)
    rules = _rules(kb, found)
    silent = silences(kb, found)
    years = _years(rules, silent)
    yield "changes.md", _first_page(kb, today, found, years)
    for at, year in enumerate(years):
        yield year.page, _year_page(year, years[at - 1] if at else None, next(iter(years[at + 1 :]), None), today)


def _rules(kb: KnowledgeBase, found: Iterable[Change]) -> list[ChangeView]:
    return sorted(
        (view(kb, change) for change in found if not found_nothing(change)),
        key=lambda one: (-one.change.day.toordinal(), one.where, one.title),
    )


def _first_page(kb: KnowledgeBase, today: dt.date, found: Sequence[Change], years: Sequence[Year]) -> str:
    rules = [one for year in years for one in year.rules]
    coming = [one for one in rules if one.change.coming(today)]
    past = [one for one in rules if not one.change.coming(today)]
    silent = [silence for year in years for silence in year.silent]
    return render(
        "changes.md.j2",
        "changes.md",
        today=today,
        coming=_groups(reversed(coming)),
        newest=_groups(past[:NEWEST]),
        left_out=max(0, len(past) - NEWEST),
        silent=_groups(silent[:NEWEST]),
        silent_left_out=max(0, len(silent) - NEWEST),
        years=years,
        payers=sorted(payer_paths(kb).items()),
        codes=[(one.about, one.path) for one in by_code(kb, found)],
    )


def _year_page(year: Year, newer: Year | None, older: Year | None, today: dt.date) -> str:
    return render(
        "changes-year.md.j2",
        year.page,
        year=year,
        newer=newer,
        older=older,
        rules=_groups(year.rules),
        silent=_groups(year.silent),
        today=today,
    )


def _years(rules: Iterable[ChangeView], silent: Iterable[Silence]) -> list[Year]:
    """The years in which something took effect or was searched, newest first."""
    took_effect: dict[int, list[ChangeView]] = defaultdict(list)
    searched: dict[int, list[Silence]] = defaultdict(list)
    for one in rules:
        took_effect[one.change.day.year].append(one)
    for silence in silent:
        searched[silence.posted.year].append(silence)
    years = sorted(took_effect.keys() | searched.keys(), reverse=True)
    return [Year(year, took_effect.get(year, []), searched.get(year, [])) for year in years]


def _groups(rows: Iterable[ChangeView | Silence]) -> list[Group]:
    return [Group(day, list(group)) for day, group in groupby(rows, _day)]


def _day(row: ChangeView | Silence) -> dt.date:
    return row.posted if isinstance(row, Silence) else row.change.day

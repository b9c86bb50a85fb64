"""A policy's dated entries with their state today: the one view of them that pages, feeds and the JSON API show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import STRONGEST_FIRST
from h2024kb.knowledge.changes import POLICY_FACTS
from h2024kb.knowledge.in_force import EntryPeriod, facts, known_by, periods
from h2024kb.knowledge.model import BillingLine, Entry, Policy, Source
from h2024kb.site.parts.entry_words import entry_lines


class EntryView(NamedTuple):
    """A dated entry of a policy with its state today.

    `heading` is empty for one on the policy itself; `period` is None for a withdrawn one, `source` for an unknown.
    """

    policy: Policy
    heading: str
    fact: str
    modifier: str | None
    entry: Entry[Any]
    period: EntryPeriod[Any] | None
    source: Source | None
    today: dt.date

    @property
    def name(self) -> str:
        """The fact in words, or the modifier."""
        return f"Modifier {self.modifier}" if self.modifier else {**words.FACT_WORDS, **POLICY_FACTS}[self.fact]

    @property
    def lines(self) -> list[str]:
        """What it says."""
        return entry_lines(self.entry)

    @property
    def when(self) -> str:
        """For which claim lines it is; empty where for all."""
        return words.when_words(self.entry.when)

    @property
    def billing_lines(self) -> Sequence[BillingLine]:
        """The lines of a payer's table of codes; none where it is another fact, or unknown."""
        return (self.entry.value or ()) if self.fact == "billing_lines" else ()

    @property
    def in_force(self) -> bool:
        """Whether it stands as today's answer, by the best evidence there is."""
        return self.period is not None and self.period.on(self.today, STRONGEST_FIRST[-1])

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it is in force; None while no end is known, and where it was withdrawn."""
        return self.period.last_day if self.period else None

    @property
    def dates(self) -> str:
        """Since when it is in force, and until when where that is known."""
        until = f", until {self.last_day}" if self.last_day else ""
        return words.with_long_dates(words.start(self.entry) + until)

    @property
    def state(self) -> str:
        """Its state today in words; for a withdrawn entry, when and why.

        Only of a rule whose start its source states is it said that it is in force; of one that was seen, no end is
        known.
        """
        if self.entry.withdrawn:
            return f"withdrawn on {words.long_date(self.entry.withdrawn.date)}: {self.entry.withdrawn.because}"
        if self.entry.start > self.today:
            return "not yet in force"
        if not self.in_force:
            return "ended" if self.entry.termination_date else "replaced by a newer one"
        if self.entry.effective_date:
            return "in force"
        return "no end known" if self.entry.in_force_by else ""

    @property
    def locator(self) -> str:
        """The place in its source; empty for an unknown."""
        return self.entry.locator or ""

    @property
    def citation(self) -> str:
        """The source with the place in it; empty for an unknown."""
        return f"{self.source.title}: {self.locator}" if self.source else ""


def every_entry(policy: Policy, today: dt.date) -> Iterator[EntryView]:
    """Yields a policy's entries: those on itself first, then heading by heading and fact by fact as in its file.

    >>> import h2024kb
    >>> views = every_entry(h2024kb.open().policy("md/brain-injury-waiver"), dt.date(2026, 11, 23))
    >>> [(one.heading, one.dates, one.state) for one in views if one.fact == "unit"]
    [('supported-employment', 'since May 18, 2020', 'in force')]
    """
    sources = {source.id: source for source in policy.sources}
    for heading, fact, modifier, entries in _lists(policy):
        # By identity: a withdrawn entry may be equal to the one that took its place.
        of_entry = {id(period.entry): period for period in periods(known_by(policy, entries, None))}
        for entry in entries:
            source = sources.get(entry.source or "")
            yield EntryView(policy, heading, fact, modifier, entry, of_entry.get(id(entry)), source, today)


def standing_entries(policy: Policy, today: dt.date, fact: str) -> Iterator[EntryView]:
    """Yields the entries of one fact that nobody withdrew, whether in force today or not."""
    yield from (one for one in every_entry(policy, today) if one.fact == fact and one.entry.withdrawn is None)


def _lists(policy: Policy) -> Iterator[tuple[str, str, str | None, Sequence[Entry[Any]]]]:
    yield from (("", fact, None, getattr(policy, fact)) for fact in POLICY_FACTS)
    for rules in policy.rules:
        yield from ((rules.heading, *of_fact) for of_fact in facts(rules))

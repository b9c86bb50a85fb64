"""All facts as the rows of one table: one for each dated entry of each policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from h2024kb.knowledge.model import Policy, Record, is_code
from h2024kb.site.api.entries import entry_rows
from h2024kb.site.api.statements import SilentEntry, StatedEntry


class FactRow(Record, frozen=True, omit_defaults=False):
    """One dated entry, flat. Only a row whose `answer` is `known` has a `value`.

    `value` and `when` are JSON, `words` is what people read, its lines split by semicolons. `entry` is the entry's
    name in the API and in receipts, `why` the reason of an unknown, `source_copy_dated` how old the text is that was
    read. A row on the policy itself has no `heading`.
    """

    policy: str
    payer: str
    program: str | None
    jurisdiction: str
    line_of_business: str
    heading: str | None
    heading_is: str | None
    fact: str
    modifier: str | None
    answer: str
    value: str | None
    words: str
    condition: str | None
    unknown: str | None
    why: str | None
    searched: str | None
    when: str | None
    complete: bool | None
    note: str | None
    in_force: bool
    effective_date: dt.date | None
    in_force_by: dt.date | None
    termination_date: dt.date | None
    last_day: dt.date | None
    recorded: dt.date
    withdrawn: dt.date | None
    withdrawn_because: str | None
    source: str | None
    source_title: str | None
    source_publisher: str | None
    source_url: str | None
    source_tier: str | None
    source_published: str | None
    source_retrieved: dt.date | None
    source_copy_dated: str | None
    source_read: str | None
    locator: str | None
    passage: str | None
    entry: str


def fact_rows(policy: Policy, entries: Iterable[StatedEntry | SilentEntry]) -> Iterator[FactRow]:
    """Yields a row for each entry of a policy."""
    for entry in entries:
        yield _row(policy, entry)


def facts(policies: Iterable[Policy], day: dt.date) -> Iterator[FactRow]:
    """Yields a row for each entry of all policies, policy by policy.

    >>> import h2024kb
    >>> row = next(facts([h2024kb.open().policy("us/medicare")], dt.date(2026, 11, 23)))
    >>> row.heading, row.fact, row.answer, row.value
    ('H2024', 'coverage', 'known', '"not-covered"')
    """
    for policy in policies:
        yield from fact_rows(policy, entry_rows(policy, day))


def _row(policy: Policy, entry: StatedEntry | SilentEntry) -> FactRow:
    of_policy = ("payer", "program", "jurisdiction", "line_of_business")
    of_entry = ("policy", "heading", "fact", "modifier", "note", "in_force", "entry", "last_day", "recorded")
    dates = ("effective_date", "in_force_by", "termination_date")
    return FactRow(
        **{name: getattr(policy, name) for name in of_policy},
        **{name: getattr(entry, name) for name in (*of_entry, *dates)},
        **(_stated(entry) if isinstance(entry, StatedEntry) else _silent(entry)),
        heading_is=None if entry.heading is None else "code" if is_code(entry.heading) else "service",
        words="; ".join(entry.words),
        when=None if entry.when is None else _json(entry.when),
        withdrawn=entry.withdrawn.date if entry.withdrawn else None,
        withdrawn_because=entry.withdrawn.because if entry.withdrawn else None,
    )


def _stated(entry: StatedEntry) -> dict[str, Any]:
    source = entry.citation.source
    return {
        "answer": "known",
        "value": _json(entry.value),
        "condition": entry.condition,
        "complete": entry.complete,
        "unknown": None,
        "why": None,
        "searched": None,
        "source": source.id,
        "locator": entry.citation.locator,
        "passage": "; ".join(entry.citation.passage) or None,
        "source_copy_dated": source.copy.dated if source.copy else None,
        "source_read": source.read,
        **{f"source_{name}": getattr(source, name) for name in _OF_SOURCE},
    }


def _silent(entry: SilentEntry) -> dict[str, Any]:
    nothing = ("value", "condition", "complete", "source", "locator", "passage", "source_copy_dated", "source_read")
    return {
        "answer": "unknown",
        "unknown": entry.unknown,
        "why": entry.why,
        "searched": "; ".join(f"{place.where}, {place.date}" for place in entry.searched),
        **dict.fromkeys((*nothing, *(f"source_{name}" for name in _OF_SOURCE))),
    }


_OF_SOURCE: Final = ("title", "publisher", "url", "tier", "published", "retrieved")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()

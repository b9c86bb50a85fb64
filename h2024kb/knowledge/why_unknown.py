"""Why a fact that is said to be unknown is unknown, and what to read next: both follow from what was searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.knowledge.answer import ToOpen, Why
from h2024kb.knowledge.model import Entry, Policy, Source


def why(policy: Policy, fact: str, entry: Entry[Any]) -> Why:
    """Returns why a stated unknown is unknown.

    Not found is said only where a payer's document was read whole; a part that was not read, or a document that was
    not, might hold the fact.
    """
    if not entry.searched:
        return "not-looked"
    sources = _searched(policy, entry)
    if any(source.read != "whole" for source in sources) or any(fact in row.should_hold for row in policy.documents):
        return "not-fully-read"
    return "not-found" if sources else "no-document"


def to_open(policy: Policy, fact: str, entry: Entry[Any] | None) -> tuple[ToOpen, ...]:
    """Returns what to read next to find a fact: the parts not read of what was searched, then documents not read."""
    return (*_unread_parts(policy, entry), *_documents(policy, fact))


def _searched(policy: Policy, entry: Entry[Any]) -> list[Source]:
    """The payer's documents among what was searched; an aggregator's silence says nothing."""
    return [source for source in policy.sources if source.id in entry.searched and source.tier != "tertiary"]


def _unread_parts(policy: Policy, entry: Entry[Any] | None) -> Iterator[ToOpen]:
    for source in _searched(policy, entry) if entry else ():
        for part in source.unread:
            yield ToOpen(title=source.title, what=part.what, where=part.where, url=source.url)


def _documents(policy: Policy, fact: str) -> Iterator[ToOpen]:
    for row in policy.documents:
        if fact in row.should_hold:
            yield ToOpen(title=row.title, what=row.where, where=row.publisher, url=row.url)

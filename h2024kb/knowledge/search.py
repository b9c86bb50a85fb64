"""Finds policies and entries by words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS, Entry, Policy
from h2024kb.knowledge.words import BUSINESS_WORDS, FACT_WORDS, value_lines


class Hit(NamedTuple):
    """A place where all the words are: the policy, where in it, and the text."""

    policy: str
    where: str
    text: str


def search(kb: KnowledgeBase, words: str) -> list[Hit]:
    """Returns the places whose text has every word, in any case; policies whose name does come first.

    A payer's other names count as its name. No word at all finds nothing.

    >>> import h2024kb
    >>> search(h2024kb.open(), "brain injury maryland")[0].policy
    'md/brain-injury-waiver'
    """
    wanted = words.casefold().split()
    aliases = {row.payer: " ".join(row.aliases) for row in kb.contents.code_sets.payers}
    hits = [
        (rank, hit)
        for policy in kb.contents.policies
        for rank, hit in enumerate(_texts(policy))
        if wanted and all(word in _folded(hit, aliases, policy, rank) for word in wanted)
    ]
    return [hit for rank, hit in sorted(hits, key=lambda found: found[0] > 0)]


def _folded(hit: Hit, aliases: dict[str, str], policy: Policy, rank: int) -> str:
    more = aliases.get(policy.payer, "") if rank == 0 else policy.payer
    return f"{hit.policy} {hit.where} {hit.text} {more}".casefold()


def _texts(policy: Policy) -> Iterator[Hit]:
    business = BUSINESS_WORDS[policy.line_of_business]
    yield Hit(policy.id, policy.title, f"{policy.jurisdiction}, {business}. {policy.about}")
    for rules in policy.rules:
        for fact in FACTS:
            for entry in getattr(rules, fact):
                yield Hit(policy.id, f"{rules.heading}: {FACT_WORDS[fact]}", _said(entry))
        for row in rules.modifiers:
            for entry in row.entries:
                yield Hit(policy.id, f"{rules.heading}: modifier {row.modifier}", _said(entry))
    for source in policy.sources:
        yield Hit(policy.id, f"source {source.id}", f"{source.title}, {source.publisher}")
    for lead in policy.leads:
        yield Hit(policy.id, "lead", lead.says)


def _said(entry: Entry[Any]) -> str:
    parts = [] if entry.value is None else value_lines(entry.value)
    more = [text for text in (entry.condition, entry.unknown, entry.note) if text]
    return " ".join(text if text.endswith(".") else f"{text}." for text in (*parts, *more))

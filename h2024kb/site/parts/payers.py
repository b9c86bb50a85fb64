"""The payers: the names people type for each, and its name in the addresses of feeds, calendars and files."""

from __future__ import annotations

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.parts.slug import slugs


def aliases(kb: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    """Returns every payer, with a policy or only listed, and its other names.

    >>> import h2024kb
    >>> aliases(h2024kb.open())["Aetna"]
    ('Aetna Life Insurance Company',)
    """
    held: dict[str, tuple[str, ...]] = {policy.payer: () for policy in kb.policies()}
    return held | {row.payer: row.aliases for row in kb.contents.code_sets.payers}


def payer_slugs(kb: KnowledgeBase) -> dict[str, str]:
    """Returns the name of every payer as it stands in addresses."""
    return slugs(aliases(kb))


def payer_paths(kb: KnowledgeBase) -> dict[str, str]:
    """Returns the path of the feed and the calendar of each payer that has a policy, without folder and suffix."""
    named = payer_slugs(kb)
    return {policy.payer: f"payers/{named[policy.payer]}" for policy in kb.policies()}

"""The order in which a reader looks for policies: nationwide ones, then state by state."""

from __future__ import annotations

from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy


def ordered(kb: KnowledgeBase) -> list[Policy]:
    """Returns all policies: nationwide ones first, then by the name of their state, in each by title.

    >>> import h2024kb
    >>> places = [policy.jurisdiction for policy in ordered(h2024kb.open())]
    >>> places[0], places.index("AL") < places.index("AK")
    ('US', True)
    """
    return sorted(kb.policies(), key=_place)


def _place(policy: Policy) -> tuple[bool, str, str, str]:
    return policy.jurisdiction != "US", NAMES[policy.jurisdiction], policy.title, policy.id

"""The order in which a reader looks for policies: nationwide ones, then state by state."""

from __future__ import annotations

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.model import Policy
from h2024kb.site.places import NAMES


def ordered(kb: KnowledgeBase) -> list[Policy]:
    """Returns all policies, nationwide ones first, then by the name of their state.

    >>> import h2024kb
    >>> places = [policy.jurisdiction for policy in ordered(h2024kb.open())]
    >>> places[0], places.index("AL") < places.index("AK")
    ('US', True)
    """
    return sorted(
        kb.policies(), key=lambda policy: (policy.jurisdiction != "US", NAMES[policy.jurisdiction], policy.id)
    )

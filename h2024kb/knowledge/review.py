"""When a policy is due for review: a habit of this knowledge base, not a payer's rule."""

from __future__ import annotations

import datetime as dt
from typing import Final

from h2024kb.knowledge.model import Policy

REVIEW_EVERY: Final = dt.timedelta(days=180)
"""Half a year: payers publish yearly or quarterly, and a change should not stay unseen for longer than that."""


def next_review(policy: Policy) -> dt.date:
    """Returns the day by which a policy should be reviewed again.

    >>> import h2024kb
    >>> kb = h2024kb.open()
    >>> policy = kb.policy("us/medicare")
    >>> (next_review(policy) - policy.reviewed).days
    180
    """
    return policy.reviewed + REVIEW_EVERY


def overdue(policy: Policy, today: dt.date) -> bool:
    """Whether the day by which a policy should have been reviewed again has passed."""
    return next_review(policy) < today

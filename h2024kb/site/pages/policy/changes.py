"""What changed in a policy since it was first entered: coming changes first, then the newest posted."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from h2024kb.knowledge.changes import Change, changes
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.feeds.change_views import ChangeView, view


class Story(NamedTuple):
    """The first entry of a policy, in numbers, and what changed since or is to change: rows of the page of changes."""

    first: dt.date
    stated: int
    searched: int
    coming: list[ChangeView]
    past: list[ChangeView]


def story(kb: KnowledgeBase, policy: str, today: dt.date) -> Story | None:
    """Returns what changed in a policy, in the words of the page of changes; None for one without entries."""
    every = changes(kb, [kb.policy(policy)])
    if not every:
        return None
    first = min(change.posted for change in every)
    at_first = [change for change in every if change.posted == first]
    since = [view(kb, change) for change in every if change.posted > first or _is_change(change, today)]
    return Story(
        first=first,
        stated=sum(change.kind == "starts" for change in at_first),
        searched=sum(change.kind == "searched" for change in at_first),
        coming=[row for row in since if row.change.coming(today)],
        past=[row for row in since if not row.change.coming(today)],
    )


def _is_change(change: Change, today: dt.date) -> bool:
    """Whether a rule replaced another, ended, was withdrawn, or is still to start."""
    return change.before is not None or change.kind in ("ends", "withdrawn") or change.day > today

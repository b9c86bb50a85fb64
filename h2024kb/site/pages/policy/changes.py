"""What changed in a policy since it was first entered: coming changes first, then the newest posted."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from h2024kb.knowledge.changes import Change, changes
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.feeds.change_views import KINDS
from h2024kb.site.parts.entry_words import entry_lines


class ChangeRow(NamedTuple):
    """One change as the page tells it; `before` is empty where nothing was known before."""

    fact: str
    about: str
    kind: str
    posted: dt.date
    effective: str
    lines: list[str]
    before: list[str]
    coming: bool


class Story(NamedTuple):
    """The first entry of a policy, in numbers, and what changed since or is to change."""

    first: dt.date
    stated: int
    searched: int
    rows: list[ChangeRow]


def story(kb: KnowledgeBase, policy: str, today: dt.date) -> Story | None:
    """Returns what changed in a policy; None for one without entries."""
    every = changes(kb, [kb.policy(policy)])
    if not every:
        return None
    first = min(change.posted for change in every)
    at_first = [change for change in every if change.posted == first]
    told = [change for change in every if change.posted > first or _is_change(change, today)]
    rows = [_row(change, today) for change in told]
    return Story(
        first=first,
        stated=sum(change.kind == "starts" for change in at_first),
        searched=sum(change.kind == "searched" for change in at_first),
        rows=sorted(rows, key=lambda row: not row.coming),
    )


def _is_change(change: Change, today: dt.date) -> bool:
    """Whether a rule replaced another, ended, was withdrawn, or is still to start."""
    return change.before is not None or change.kind in ("ends", "withdrawn") or change.day > today


def _row(change: Change, today: dt.date) -> ChangeRow:
    return ChangeRow(
        fact=change.name,
        about=change.heading.replace("-", " "),
        kind=KINDS[change.kind],
        posted=change.posted,
        effective=_effective(change),
        lines=_says(change),
        before=entry_lines(change.before) if change.before else [],
        coming=change.coming(today),
    )


def _says(change: Change) -> list[str]:
    """What holds since, or why we no longer stand by it."""
    if change.kind == "withdrawn" and change.entry.withdrawn:
        return [change.entry.withdrawn.because]
    return entry_lines(change.entry)


def _effective(change: Change) -> str:
    if change.effective_date:
        return str(change.effective_date)
    return f"by {change.in_force_by}" if change.in_force_by else ""

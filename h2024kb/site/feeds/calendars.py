"""The calendars: the days on which rules take effect or end, and the days by which policies are due for review."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from h2024kb.knowledge.changes import Change
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy
from h2024kb.knowledge.review import next_review
from h2024kb.site.feeds.atom import urn
from h2024kb.site.feeds.change_views import ChangeView, found_nothing, view
from h2024kb.site.feeds.ics import Event, calendar
from h2024kb.site.feeds.subscriptions import Subscription, address, by_payer, everything
from h2024kb.site.parts.settings import settings

MOST: Final = 1000
"""As many days with changes as a calendar holds, the newest."""

LISTED: Final = 40


def files(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, bytes]]:
    """Yields every calendar."""
    for one in (everything(kb), *by_payer(kb)):
        yield f"calendar/{one.path}.ics", calendar(f"H2024 policies: {one.about}", events(kb, one))


def events(kb: KnowledgeBase, of: Subscription) -> list[Event]:
    """Returns the events of a calendar, oldest first: a policy's changes of one day are one event.

    A calendar has no date for a start that the source does not give, nor for a rule that was withdrawn.
    """
    days: dict[tuple[dt.date, str], list[Change]] = defaultdict(list)
    for change in of.changes:
        if change.effective_date and change.entry.withdrawn is None and not found_nothing(change):
            days[change.effective_date, change.policy].append(change)
    newest = sorted(days)[-MOST:]
    return [*(_changes(day, [view(kb, change) for change in days[day, id]]) for day, id in newest), *_reviews(of)]


def _changes(day: dt.date, found: Sequence[ChangeView]) -> Event:
    policy = found[0].policy
    kinds = {one.kind for one in found}
    verb = {"starts": "start", "ends": "end"}.get(kinds.pop(), "change") if len(kinds) == 1 else "change"
    about = f"{found[0].title}: {found[0].kind_words.lower()}" if len(found) == 1 else f"{len(found)} rules {verb}"
    return Event(
        uid=_uid(f"changes/{policy.id}/{day}"),
        day=day,
        stamp=max(one.change.posted for one in found),
        summary=f"{found[0].where}: {about}",
        description="\n\n".join(map(_described, found)),
        url=_page(policy),
        categories=("Rule change", policy.jurisdiction),
    )


def _described(one: ChangeView) -> str:
    lines = [
        f"{one.title}: {one.kind_words.lower()}",
        f"Was: {'; '.join(one.was) or one.was_nothing}",
        f"Now: {'; '.join(one.became) or one.became_nothing}",
        *([one.note] if one.note else []),
        f"Posted here: {one.change.posted}",
    ]
    source = one.change.source
    return "\n".join([*lines, *([f"Source: {source.title}, {one.change.entry.locator}"] if source else [])])


def _reviews(of: Subscription) -> Iterator[Event]:
    """One event for each day by which policies are due for review."""
    due: dict[dt.date, list[Policy]] = defaultdict(list)
    for policy in of.policies:
        due[next_review(policy)].append(policy)
    for day, policies in sorted(due.items()):
        names = [f"{policy.title} ({policy.jurisdiction})" for policy in policies]
        more = [f"and {len(names) - LISTED} more"] if len(names) > LISTED else []
        yield Event(
            uid=_uid(f"reviews/{of.path}/{day}"),
            day=day,
            stamp=max(policy.reviewed for policy in policies),
            summary=f"Review due: {names[0] if len(names) == 1 else f'{len(names)} policies'}",
            description="\n".join(["Due for review by this date:", *names[:LISTED], *more]),
            url=_page(policies[0]) if len(policies) == 1 else "",
            categories=("Review due",),
        )


def _uid(name: str) -> str:
    return urn(name).removeprefix("urn:uuid:")


def _page(policy: Policy) -> str:
    """The policy's page, where the site's own address is known: a calendar cannot hold a relative one."""
    site_url = settings().site_url
    return address(site_url, "", f"policies/{policy.id}.html") if site_url else ""

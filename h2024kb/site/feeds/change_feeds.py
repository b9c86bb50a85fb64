"""The Atom feeds of changes: of all, of each payer, of each code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from h2024kb.knowledge.changes import Change
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.feeds.atom import Feed, Item, atom, urn
from h2024kb.site.feeds.change_views import ChangeView, Silence, found_nothing, long_effective, silences, view
from h2024kb.site.feeds.subscriptions import Subscription, address, by_code, by_payer, everything
from h2024kb.site.parts.settings import settings

MOST: Final = 300
"""As many entries as a feed holds; older changes stand on the pages of their years."""


def files(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, bytes]]:
    """Yields every feed."""
    whole = everything(kb)
    for one in (whole, *by_payer(kb), *by_code(kb, whole.changes)):
        yield f"feeds/{one.path}.atom", feed(kb, one)


def feed(kb: KnowledgeBase, of: Subscription) -> bytes:
    """Returns the feed of a subscription."""
    path, site_url = f"feeds/{of.path}.atom", settings().site_url
    items = list(_items(kb, of, path))
    days = [item.updated for item in items] or [policy.reviewed for policy in of.policies]
    return atom(
        Feed(
            id=urn(f"feeds/{of.path}"),
            title=f"H2024 policy changes: {of.about}",
            own=address(site_url, path, path),
            page=address(site_url, path, "changes.html"),
            updated=max(days, default=dt.date.min),
            items=items,
        )
    )


def _items(kb: KnowledgeBase, of: Subscription, path: str) -> Iterable[Item]:
    """The newest entries: a rule each, and all that was not found of one policy on one day together."""
    rules = [_item(view(kb, change), path) for change in _newest(of.changes)]
    silent = [_silent(one, of, path) for one in silences(kb, of.changes)[:MOST]]
    return sorted((*rules, *silent), key=lambda item: item.updated, reverse=True)[:MOST]


def _newest(changes: Sequence[Change]) -> list[Change]:
    rules = (change for change in changes if not found_nothing(change))
    return sorted(rules, key=_updated, reverse=True)[:MOST]


def _updated(change: Change) -> dt.date:
    withdrawn = change.entry.withdrawn
    return max(change.posted, withdrawn.date) if withdrawn else change.posted


def _item(one: ChangeView, path: str) -> Item:
    change = one.change
    day = long_effective(change)
    return Item(
        id=urn(change.id),
        title=f"{one.where}: {one.title}: {one.kind_words.lower()}{f', {day}' if day else ''}",
        published=change.posted,
        updated=_updated(change),
        link=_page(path, one.policy.id),
        html=_html(one),
        categories=(one.policy.payer, one.policy.jurisdiction, one.about, one.kind),
    )


def _html(one: ChangeView) -> str:
    source = one.change.source
    cited = f"{source.title}, {source.publisher}, {one.change.entry.locator}" if source else ""
    parts = [
        ("Takes effect", [one.effective]),
        ("Posted here", [one.change.posted.isoformat()]),
        ("What it was", one.was or [one.was_nothing]),
        ("What it is now", one.became or [one.became_nothing]),
        ("Note", [one.note] if one.note else []),
        ("Source", [cited] if cited else []),
    ]
    return "".join(
        f"<p><strong>{name}:</strong> {'<br>'.join(map(escape, lines))}</p>" for name, lines in parts if lines
    )


def _silent(one: Silence, of: Subscription, path: str) -> Item:
    facts = "".join(f"<li>{escape(about)}: {escape(', '.join(names))}</li>" for about, names in one.facts)
    return Item(
        id=urn(f"searched/{one.policy.id}/{one.posted}/{of.path if of.path.startswith('codes/') else ''}"),
        title=f"{one.where}: searched, {one.number} fact{'' if one.number == 1 else 's'} not found",
        published=one.posted,
        updated=one.posted,
        link=_page(path, one.policy.id),
        html=f"<p>Somebody looked and found nothing. This is neither a yes nor a no.</p><ul>{facts}</ul>",
        categories=(one.policy.payer, one.policy.jurisdiction, "searched"),
    )


def _page(path: str, policy: str) -> str:
    return address(settings().site_url, path, f"policies/{policy}.html")

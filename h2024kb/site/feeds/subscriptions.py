"""Which feeds and calendars there are, and where: one for all, one for each payer, one for each code."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, urljoin

from h2024kb.knowledge.changes import Change, changes
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import ever_followed, headings
from h2024kb.knowledge.model import Policy
from h2024kb.site.parts.payers import payer_paths
from h2024kb.site.parts.slug import slug


class Subscription(NamedTuple):
    """A feed or a calendar: what it is of, its path without suffix, its policies, and its changes, newest first."""

    about: str
    path: str
    policies: Sequence[Policy]
    changes: Sequence[Change]


def everything(kb: KnowledgeBase) -> Subscription:
    """Returns the subscription to all that is held."""
    return Subscription("all payers", "all", kb.policies(), changes(kb))


def by_payer(kb: KnowledgeBase) -> Iterator[Subscription]:
    """Yields the subscription to each payer, with the changes of policies that the payer's follow."""
    held: dict[str, list[Policy]] = defaultdict(list)
    for policy in kb.policies():
        held[policy.payer].append(policy)
    paths = payer_paths(kb)
    for payer, policies in held.items():
        yield Subscription(payer, paths[payer], policies, changes(kb, ever_followed(kb.index, policies)))


def by_code(kb: KnowledgeBase, found: Iterable[Change]) -> Iterator[Subscription]:
    """Yields the subscription to each HCPCS code of which something changed; its services' changes are its own too."""
    under: dict[str, list[Change]] = defaultdict(list)
    for change in found:
        under[change.heading].append(change)
    for row in kb.contents.code_sets.codes:
        where = headings(kb.index, row.code)
        if any(under.get(heading) for heading in where[:-1]):
            own = (change for heading in where for change in under.get(heading, ()))
            ordered = sorted(own, key=lambda change: (-change.posted.toordinal(), -change.day.toordinal(), change.id))
            yield Subscription(row.code, f"codes/{slug(row.code)}", (), ordered)


def address(site_url: str, seen_from: str, to: str) -> str:
    """Returns the address of a file of the site, in full where the site's own is known, else as seen from a file.

    >>> address("", "feeds/payers/x.atom", "policies/md/y.html")
    '../../policies/md/y.html'
    >>> address("https://kb.example/h", "feeds/all.atom", "policies/md/y.html")
    'https://kb.example/h/policies/md/y.html'
    """
    if site_url:
        return urljoin(site_url.rstrip("/") + "/", quote(to))
    return quote(posixpath.relpath(to, posixpath.dirname(seen_from)))

"""What every file of the API is made of: the knowledge base, the day, and the addresses of the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, NamedTuple

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site.api.resources import Made
from h2024kb.site.render import asset
from h2024kb.site.slug import slug
from h2024kb.version import __version__

ROOT: Final = "api/v1"
"""Where the files stand below the site; the version of the API is part of it."""

MOST_CHANGES: Final = 200
"""A file of changes ends with the day on which it has so many; so the files together grow with the days only."""


class Making(NamedTuple):
    """A knowledge base on a day, with the slugs of the payers and the names people type for them."""

    kb: KnowledgeBase
    day: dt.date
    made: Made
    slugs: dict[str, str]
    aliases: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, kb: KnowledgeBase, day: dt.date) -> Making:
        """Looks up once what every file needs."""
        aliases = {policy.payer: () for policy in kb.policies()} | {
            row.payer: row.aliases for row in kb.contents.code_sets.payers
        }
        made = Made(on=day, version=__version__, content_hash=kb.content_hash)
        return cls(kb, day, made, payer_slugs(aliases), aliases)


def payer_slugs(names: Iterable[str]) -> dict[str, str]:
    """Returns a slug for each payer; one that is taken gets a number, and `index` is taken by the list.

    >>> payer_slugs(["A & B", "A B", "保险", "Index"])
    {'A & B': 'a-b', 'A B': 'a-b-2', '保险': 'payer', 'Index': 'index-2'}
    """
    slugs: dict[str, str] = {}
    taken = {"index"}
    for name in names:
        base = slug(name) or "payer"
        number = 1
        while (found := base if number == 1 else f"{base}-{number}") in taken:
            number += 1
        taken.add(found)
        slugs[name] = found
    return slugs


def path(*parts: str) -> str:
    """Returns the path of a file of the API below the site.

    >>> path("codes", "H2024.json")
    'api/v1/codes/H2024.json'
    """
    return "/".join((ROOT, *parts))


def policy_path(id: str) -> str:
    """Returns the path of a policy's file."""
    return path("policies", f"{id}.json")


def address(here: str, there: str) -> str:
    """Returns the address of one file as seen from another; both are paths below the site."""
    return asset(here, there)

"""What every file of the API is made of: the knowledge base, the day, and the addresses of the files."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.api.resources import Made
from h2024kb.site.parts.payers import aliases, payer_slugs
from h2024kb.site.parts.render import asset
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
        made = Made(on=day, version=__version__, content_hash=kb.content_hash)
        return cls(kb, day, made, payer_slugs(kb), aliases(kb))


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

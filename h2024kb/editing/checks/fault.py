"""What every check is given and yields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from h2024kb.editing.document import Where
from h2024kb.editing.policy_file import PolicyFile


class Fault(NamedTuple):
    """Where in the document something is wrong, and what."""

    path: Where
    message: str
    at_key: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What a policy file is checked against: the lists of known names, the other policies, and today's date."""

    today: dt.date
    payers: Collection[str] = ()
    codes: Collection[str] = ()
    services: Collection[str] = ()
    modifiers: Collection[str] = ()
    places_of_service: Collection[str] = ()
    policies: Mapping[str, str | None] = field(default_factory=dict)
    """Policy ids, each with the id it follows last, or None."""


Check: TypeAlias = Callable[[PolicyFile, Surroundings], Iterator[Fault]]

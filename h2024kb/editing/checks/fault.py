"""What every check is given and yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from h2024kb.editing.document import Where
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import PolicyFile


class Fault(NamedTuple):
    """Where in the document something is wrong, and what."""

    path: Where
    message: str
    at_key: bool = False


Check: TypeAlias = Callable[[PolicyFile, KnownNames], Iterator[Fault]]

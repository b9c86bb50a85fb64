"""Names as they stand in addresses."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final

TAKEN: Final = ("index",)
"""What stands in an address for the list of all names."""


def slug(name: str) -> str:
    """Returns a name in lower-case ASCII words joined by hyphens.

    >>> slug("L.A. Care / Blue Cross & Blue Shield")
    'l-a-care-blue-cross-blue-shield'
    >>> slug("Peña Salud")
    'pena-salud'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Returns each name's slug; names that would share one, or have none, are told apart whatever their order.

    >>> slugs(["Blue Cross & Blue Shield", "Médicaid"])
    {'Blue Cross & Blue Shield': 'blue-cross-blue-shield', 'Médicaid': 'medicaid'}
    >>> slugs(["A b", "A-B", "保险", "Index"])
    {'A b': 'a-b-a760b0', 'A-B': 'a-b-77101a', '保险': 'f0ca6e', 'Index': 'index-39c3be'}
    """
    made = {name: slug(name) for name in dict.fromkeys(names)}
    times = Counter([*made.values(), *TAKEN])
    return {name: part if part and times[part] == 1 else _told_apart(part, name) for name, part in made.items()}


def _told_apart(part: str, name: str) -> str:
    return f"{part}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".lstrip("-")

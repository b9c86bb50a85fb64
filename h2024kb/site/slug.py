"""Names as they stand in addresses."""

from __future__ import annotations

import re
import unicodedata


def slug(name: str) -> str:
    """Returns a name in lower-case ASCII words joined by hyphens.

    >>> slug("L.A. Care / Blue Cross & Blue Shield")
    'l-a-care-blue-cross-blue-shield'
    >>> slug("Peña Salud")
    'pena-salud'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))

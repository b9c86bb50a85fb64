"""Which of some names a person may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST = 3


def near(name: str, names: Iterable[str], alike: float = 0.6) -> list[str]:
    """Returns up to three of the names that a person mistyping `name` may have meant, nearest first.

    Names that contain what was typed come before those that only look like it: "brain" is a start, not a slip. `alike`
    says how alike they must look, from 0 to 1; of two letters, as in a state, one the same is 0.5.

    >>> near("atena", ["Aetna", "Cigna", "Medicare"])
    ['Aetna']
    """
    folded = {candidate.casefold(): candidate for candidate in reversed(list(names))}
    inside = [text for text in folded if len(name) > 2 and name.casefold() in text]
    inside.sort(key=lambda text: text != name.casefold())
    close = difflib.get_close_matches(name.casefold(), list(folded), MOST, alike)
    return [folded[text] for text in dict.fromkeys(inside + close)][:MOST]


def did_you_mean(name: str, names: Iterable[str], alike: float = 0.6) -> str:
    """Returns the end of a message that names what is near, and nothing where nothing is.

    >>> did_you_mean("H2204", ["H2023", "H2024"]), did_you_mean("h2024", ["H2023", "H2024"])
    ("; did you mean 'H2024' or 'H2023'?", "; did you mean 'H2024'?")
    """
    close = near(name, names, alike)
    if not close:
        return ""
    shown = close[:1] if close[0].casefold() == name.casefold() else close
    words = " or ".join(f"'{one}'" for one in shown)
    return f"; did you mean {words}?"

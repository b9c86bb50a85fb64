"""What a dated entry says, and for which claim lines, in the words of every page, feed and file."""

from __future__ import annotations

from typing import Any

from h2024kb.knowledge import words
from h2024kb.knowledge.model import Entry, When


def entry_lines(entry: Entry[Any]) -> list[str]:
    """Returns what an entry says."""
    if entry.unknown is not None:
        return [f"Unknown: {entry.unknown}"]
    return words.said_lines(entry.value, entry.condition, entry.complete)


def when_words(when: When | None) -> str:
    """Returns for which claim lines an entry is; nothing where it is for all.

    >>> when_words(When(modifiers=("U4", "HQ"), place_of_service=("12", "18")))
    'with U4 HQ, in place of service 12 or 18'
    """
    if when is None:
        return ""
    parts = [f"with {' '.join(when.modifiers)}"] if when.modifiers else []
    parts += [f"in place of service {' or '.join(when.place_of_service)}"] if when.place_of_service else []
    parts += [f"aged {words.value_lines(when.age)[0]}"] if when.age else []
    return ", ".join(parts)

"""What a dated entry says, and about what, in the words of every page, feed and file."""

from __future__ import annotations

from typing import Any

from h2024kb.knowledge import words
from h2024kb.knowledge.model import Entry, is_code


def entry_lines(entry: Entry[Any]) -> list[str]:
    """Returns what an entry says."""
    if entry.unknown is not None:
        return [f"Unknown: {entry.unknown}"]
    return words.said_lines(entry.value, entry.condition, entry.complete)


def about(heading: str) -> str:
    """Returns what a heading is about, as a page shows it.

    >>> about("H2024"), about("supported-employment"), about("all-services")
    ('H2024', 'Supported employment', 'All services')
    """
    return heading if is_code(heading) else heading.replace("-", " ").capitalize()

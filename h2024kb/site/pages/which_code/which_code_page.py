"""The page that leads from the service given to the code, program by program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Final, get_args

from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Unit
from h2024kb.knowledge.words import VALUE_WORDS
from h2024kb.site.pages.which_code.choices import choices, counting, programs
from h2024kb.site.parts.render import render

UNITS: Final = tuple((unit, VALUE_WORDS[unit]) for unit in get_args(Unit))
"""The units a reader can choose from, each with its label."""


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "which-code.md", which_code_page(kb, today)


def which_code_page(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the page."""
    held = programs(kb, today)
    by_place = [(name, list(rows)) for name, rows in groupby(held, lambda row: row.policy.jurisdiction)]
    sets = kb.contents.code_sets
    sources = {source.id: source for source in sets.sources}
    return render(
        "which-code.md.j2",
        "which-code.md",
        choices=choices(kb, today),
        places=by_place,
        names=NAMES,
        units=UNITS,
        counting=counting(kb, today),
        guides={guide.code for guide in sets.guides},
        code_source=next((sources[row.source] for row in sets.codes), None),
        today=today,
    )

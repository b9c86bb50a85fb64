"""The page that compares what payers say, fact by fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from h2024kb.knowledge import words
from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.pages.compare.cells import CORE, by_place, compared
from h2024kb.site.parts.payers import aliases
from h2024kb.site.parts.render import render
from h2024kb.site.parts.views import CODE, SIBLINGS


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "compare.md", compare_page(kb, today)


def compare_page(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the page: a table of every policy and core fact, and what its script needs to lay some side by side."""
    rows = compared(kb, CODE, today)
    codes = {row.code: row.long for row in kb.contents.code_sets.codes}
    used = {row.policy.line_of_business for row in rows}
    return render(
        "compare.md.j2",
        "compare.md",
        places=by_place(rows),
        facts=CORE,
        names=NAMES,
        businesses=[(name, label) for name, label in words.BUSINESS_WORDS.items() if name in used],
        codes=[(code, codes[code]) for code in SIBLINGS if code in codes],
        known=[sum(row.core[at].known for row in rows) for at in range(len(CORE))],
        also={payer: " ".join(names) for payer, names in aliases(kb).items() if names},
        whole=len(rows),
        today=today,
    )

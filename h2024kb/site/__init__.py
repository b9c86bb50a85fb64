"""Turns a knowledge base into the pages of the site: Markdown by file name, nothing written, nothing fetched."""

from __future__ import annotations

import datetime as dt

from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.site import code_page, overview, policy_page
from h2024kb.site.rules_page import rules_page


def pages(kb: KnowledgeBase, today: dt.date) -> dict[str, str]:
    """Returns every generated page as Markdown text, by its path below the docs folder.

    Answers on the pages are those for `today`. Links between pages are relative, so the site works from a folder.

    >>> import h2024kb
    >>> sorted(pages(h2024kb.open(), dt.date(2026, 11, 23)))[:2]
    ['benchmarks.md', 'codes/h2024.md']
    """
    made = {
        "index.md": overview.home(kb, today),
        "policies/index.md": overview.policies(kb, today),
        "unknowns.md": overview.unknowns(kb, today),
        "benchmarks.md": overview.benchmarks(kb),
        "looked.md": overview.looked(kb, today),
        "stats.md": overview.statistics(kb, today),
        "denials.md": overview.denials(kb),
        "codes/h2024.md": code_page.code_page(kb, "H2024", today),
        "rules.md": rules_page(),
    }
    made |= {f"policies/{p.id}.md": policy_page.policy_page(kb, p.id, today) for p in kb.policies()}
    return made

"""Turns a knowledge base into the site's pages and data files: by file name, nothing written, nothing fetched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site import (
    benchmarks_page,
    changes_page,
    check_page,
    code_page,
    compare_page,
    data_files,
    denials_page,
    finder,
    glossary_page,
    modifiers_page,
    moved,
    overview,
    policy_page,
    reference_page,
    rules_page,
    states_page,
    unknowns_page,
    versions,
    which_code_page,
)

Made = Iterator[tuple[str, str]]

PAGES: Final[tuple[Callable[[KnowledgeBase, dt.date], Made], ...]] = (
    finder.pages,
    overview.pages,
    policy_page.pages,
    versions.pages,
    code_page.pages,
    compare_page.pages,
    modifiers_page.pages,
    states_page.pages,
    which_code_page.pages,
    check_page.pages,
    changes_page.pages,
    unknowns_page.pages,
    denials_page.pages,
    benchmarks_page.pages,
    glossary_page.pages,
    reference_page.pages,
    rules_page.pages,
    moved.pages,
)
"""What makes pages: each yields paths below the docs folder with their Markdown."""


def pages(kb: KnowledgeBase, today: dt.date) -> dict[str, str]:
    """Returns every generated page as Markdown text, by its path below the docs folder.

    Answers on the pages are those for `today`. Links between pages are relative, so the site works from a folder.

    >>> import h2024kb
    >>> sorted(pages(h2024kb.open(), dt.date(2026, 11, 23)))[:2]
    ['benchmarks.md', 'changes.md']
    """
    return {name: text for make in PAGES for name, text in make(kb, today)}


def files(kb: KnowledgeBase, today: dt.date) -> dict[str, bytes]:
    """Returns every generated file that is no page, by its path below the docs folder."""
    return dict(data_files.files(kb, today))

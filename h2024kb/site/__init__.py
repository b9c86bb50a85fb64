"""Turns a knowledge base into the site's pages and data files: by file name, nothing written, nothing fetched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site import other_files
from h2024kb.site.pages import (
    all_policies,
    benchmarks,
    changes,
    check,
    code,
    denials,
    glossary,
    home,
    moved,
    rules,
    states,
    unknowns,
)
from h2024kb.site.pages.compare import compare_page
from h2024kb.site.pages.modifiers import modifiers_page
from h2024kb.site.pages.policy import policy_page, versions
from h2024kb.site.pages.reference import reference_page
from h2024kb.site.pages.which_code import which_code_page

Made = Iterator[tuple[str, str]]

PAGES: Final[tuple[Callable[[KnowledgeBase, dt.date], Made], ...]] = (
    home.pages,
    all_policies.pages,
    policy_page.pages,
    versions.pages,
    code.pages,
    compare_page.pages,
    modifiers_page.pages,
    states.pages,
    which_code_page.pages,
    check.pages,
    changes.pages,
    unknowns.pages,
    denials.pages,
    benchmarks.pages,
    glossary.pages,
    reference_page.pages,
    rules.pages,
    moved.pages,
)
"""What makes pages: each yields paths below the docs folder with their Markdown."""


def pages(kb: KnowledgeBase, today: dt.date) -> dict[str, str]:
    """Returns every generated page as Markdown text, by its path below the docs folder.

    Answers on the pages are those for `today`. Links between pages are relative, so the site works from a folder.

    >>> import h2024kb, msgspec
    >>> kb = h2024kb.open()
    >>> one = msgspec.structs.replace(kb.contents, policies=(kb.policy("us/medicare"),))
    >>> sorted(pages(KnowledgeBase.of(one), dt.date(2026, 11, 23)))[:2]
    ['benchmarks.md', 'changes.md']
    """
    return {name: text for make in PAGES for name, text in make(kb, today)}


def files(kb: KnowledgeBase, today: dt.date) -> dict[str, bytes]:
    """Returns every generated file that is no page, by its path below the docs folder."""
    return dict(other_files.files(kb, today))

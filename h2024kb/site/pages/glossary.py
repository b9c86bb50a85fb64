"""The page that says what the words mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import msgspec
import yaml

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.parts.legend import headlines
from h2024kb.site.parts.render import render
from h2024kb.site.parts.texts import text


class Term(NamedTuple):
    """A word, what it means here, and the anchor by which pages link to it."""

    word: str
    means: str
    anchor: str


@cache
def glossary() -> dict[str, tuple[Term, ...]]:
    """Returns every word that a reader meets, by what it is about: what `texts/glossary.yaml` says."""
    headlined = {row.says: row.means for row in headlines().values()}
    written = msgspec.convert(yaml.safe_load(text("glossary.yaml")), dict[str, dict[str, str]])
    written = {"Headlines": headlined, **written}
    return {about: tuple(_term(word, means) for word, means in terms.items()) for about, terms in written.items()}


def _term(word: str, means: str) -> Term:
    return Term(word, means, word.partition(" (")[0].lower().replace(" ", "-"))


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "glossary.md", render("glossary.md.j2", "glossary.md", groups=glossary())

"""The page of modifiers: each with what every payer means by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from h2024kb.knowledge.answer import Asked, Unknown
from h2024kb.knowledge.code_sets import Modifier
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy, Source
from h2024kb.site.pages.modifiers.contradictions import Inversion, inversions
from h2024kb.site.pages.modifiers.uses import Mention, mentions
from h2024kb.site.parts.entries import standing_entries
from h2024kb.site.parts.policy_order import ordered
from h2024kb.site.parts.render import render
from h2024kb.site.parts.views import BEST, CODE

USES: Final = {
    "required": "Required",
    "allowed": "Allowed",
    "not-allowed": "Not allowed",
    "informational": "Informational",
    "listed": "Listed in a table of codes",
    "counts": "A fact depends on it",
    "": "Unknown",
}
"""What a policy does with a modifier, in words."""


class ModifierSection(NamedTuple):
    """A modifier on the page: its general label, who speaks of it, and where they contradict each other.

    `silent` are those of which modifier 22 was searched for and not found, apart from the rest, as nearly all are.
    """

    name: str
    label: str
    source: Source | None
    rows: list[Mention]
    inversions: list[Inversion]
    silent: list[tuple[Policy, Unknown]]


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "modifiers.md", modifiers_page(kb, today)


def modifiers_page(kb: KnowledgeBase, today: dt.date) -> str:
    """Returns the page."""
    found = shown(kb, today)
    named = {one.name for one in found}
    rest = [row for row in kb.contents.code_sets.modifiers if row.modifier not in named]
    return render(
        "modifiers.md.j2",
        "modifiers.md",
        shown=found,
        rest=sorted(rest, key=lambda row: row.modifier),
        flagged=[one for modifier in found for one in modifier.inversions],
        uses=USES,
        followers=_followers(kb, today),
        whole=len(kb.policies()),
        today=today,
    )


def shown(kb: KnowledgeBase, today: dt.date) -> list[ModifierSection]:
    """Returns every modifier that a policy mentions, 22 first."""
    sets = kb.contents.code_sets
    labels = {row.modifier: row for row in sets.modifiers}
    sources = {source.id: source for source in sets.sources}
    found = mentions(kb, today)
    names = sorted(found, key=lambda name: (name != "22", name))
    return [_shown(kb, name, labels.get(name), sources, found[name], today) for name in names]


def _shown(
    kb: KnowledgeBase, name: str, row: Modifier | None, sources: dict[str, Source], found: list[Mention], today: dt.date
) -> ModifierSection:
    label = row.label if row else "Not in the lists of modifiers in the knowledge base"
    rows = [one for one in found if one.use or name != "22"]
    flags = inversions(name, label, found, kb.index.services)
    silent = _silent(kb, today) if name == "22" else []
    return ModifierSection(name, label, sources.get(row.source) if row else None, rows, flags, silent)


def _silent(kb: KnowledgeBase, today: dt.date) -> list[tuple[Policy, Unknown]]:
    asked: Asked = {"code": CODE, "date_of_service": today, "evidence": BEST}
    answers = ((policy, kb.modifier(policy.id, modifier="22", **asked)) for policy in ordered(kb))
    return [(policy, answer) for policy, answer in answers if isinstance(answer, Unknown)]


def _followers(kb: KnowledgeBase, today: dt.date) -> dict[str, list[Policy]]:
    """The policies for which another's word holds today where they state nothing themselves."""
    found: dict[str, list[Policy]] = {}
    for policy in kb.policies():
        for one in standing_entries(policy, today, "follows"):
            if one.in_force and one.entry.value:
                found.setdefault(one.entry.value, []).append(policy)
    return found

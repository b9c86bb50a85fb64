"""The page of a code: what the service is, what CMS files, its siblings, and what each payer says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy
from h2024kb.site.pages.all_policies import rows
from h2024kb.site.parts.render import render
from h2024kb.site.parts.views import BEST, SIBLINGS, AnswerView


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page of each code that has a guide."""
    for guide in kb.contents.code_sets.guides:
        yield f"codes/{guide.code.lower()}.md", code_page(kb, guide.code, today)


def code_page(kb: KnowledgeBase, code: str, today: dt.date) -> str:
    """Returns the page of a code that has a guide."""
    sets = kb.contents.code_sets
    guide = next(guide for guide in sets.guides if guide.code == code)
    sources = {source.id: source for source in sets.sources}
    codes = {row.code: row for row in sets.codes}
    listed = rows(kb, today)
    known_22 = list(_known_22(kb, code, [policy for policy, _, _ in listed], today))
    return render(
        "code.md.j2",
        f"codes/{code.lower()}.md",
        code=codes[code],
        guide=guide,
        guide_source=sources[guide.source],
        code_source=sources[codes[code].source],
        siblings=[codes[sibling] for sibling in SIBLINGS],
        services={sibling: kb.services(sibling) for sibling in SIBLINGS},
        by_status=_by_status(listed),
        modifier_22=known_22,
        silent_on_22=len(listed) - len(known_22),
        today=today,
    )


def _known_22(
    kb: KnowledgeBase, code: str, policies: Iterable[Policy], today: dt.date
) -> Iterator[tuple[Policy, AnswerView]]:
    for policy in policies:
        answer = kb.modifier(policy.id, modifier="22", code=code, date_of_service=today, evidence=BEST)
        if isinstance(answer, Known):
            yield policy, AnswerView.of(answer, {})


def _by_status(listed: list[tuple[Policy, AnswerView, int]]) -> list[tuple[AnswerView, list[Policy]]]:
    """The policies by what they answer; the rarest answer first, which is the one that says most."""
    found: dict[str, tuple[AnswerView, list[Policy]]] = {}
    for policy, answer, _ in listed:
        found.setdefault(answer.status, (answer, []))[1].append(policy)
    return sorted(found.values(), key=lambda pair: len(pair[1]))

"""The answers for H2024 that a page of a policy shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from h2024kb.knowledge.answer import Answer, Unknown
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS
from h2024kb.site.parts.views import CODE


def all_answers(kb: KnowledgeBase, id: str, day: dt.date, as_known_on: dt.date | None = None) -> list[Answer[Any]]:
    """Returns the core answers in the order a biller asks, then every other that somebody looked for.

    >>> import h2024kb
    >>> answers = all_answers(h2024kb.open(), "us/medicare", dt.date(2026, 11, 23))
    >>> answers[0].question.fact, answers[1].question.fact
    ('coverage', 'prior_authorization')
    """
    asked: dict[str, Any] = {"code": CODE, "date_of_service": day, "as_known_on": as_known_on}
    core = kb.core_answers(id, **asked)
    shown = {answer.question.fact for answer in core}
    more = [kb.fact(fact, id, **asked) for fact in FACTS if fact not in shown]
    modifiers = [answer for name, answer in kb.modifiers(id, **asked).items() if name != "22"]
    looked = [a for a in (*modifiers, *more) if not (isinstance(a, Unknown) and a.why == "nobody has looked")]
    return [*core, *looked]

"""Answers as the API gives them: the machine's values and the people's words, known and unknown never alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS
from h2024kb.site.api.statements import KnownAnswer, KnownCoverage, UnknownAnswer, UnknownCoverage


def all_answers(kb: KnowledgeBase, id: str, code: str, day: dt.date) -> Iterator[Answer[Any]]:
    """Yields a policy's answer on every fact, in the order a biller asks; 22 and every modifier it mentions among them.

    >>> import h2024kb
    >>> asked = list(all_answers(h2024kb.open(), "us/medicare", "H2024", dt.date(2026, 11, 23)))
    >>> [answer.question.fact for answer in asked][:3], len({answer.question.fact for answer in asked})
    (['coverage', 'prior_authorization', 'modifiers'], 25)
    """
    core = kb.core_answers(id, code=code, date_of_service=day)
    asked = {answer.question.fact for answer in core}
    yield from core[:3]
    mentioned = kb.modifiers(id, code=code, date_of_service=day)
    yield from (answer for modifier, answer in mentioned.items() if modifier != "22")
    yield from core[3:]
    yield from (kb.fact(fact, id, code=code, date_of_service=day) for fact in FACTS if fact not in asked)


def full(answer: Answer[Any]) -> KnownAnswer | UnknownAnswer:
    """Returns an answer whole."""
    return _known(answer) if isinstance(answer, Known) else _unknown(answer)


def _shared(answer: Answer[Any]) -> dict[str, Any]:
    question = answer.question
    return {
        "fact": question.fact,
        "modifier": question.modifier,
        "name": words.fact_name(answer),
        "status": words.status(answer) if question.fact == "coverage" else None,
        "words": tuple(words.answer_lines(answer)),
        "entry": answer.entry,
    }


def _known(answer: Known[Any]) -> KnownAnswer:
    same = ("value", "stated_for", "heading", "said_by", "citation", "condition", "complete", "note")
    dates = ("effective_date", "in_force_by", "last_day")
    return KnownAnswer(
        **_shared(answer),
        **{name: getattr(answer, name) for name in (*same, *dates)},
        since=words.since(answer),
        stated_for_words=words.stated_for(answer, answer.question.code) or None,
    )


def _unknown(answer: Unknown) -> UnknownAnswer:
    same = ("why", "because", "searched", "needs", "said_by")
    return UnknownAnswer(
        **_shared(answer),
        **{name: getattr(answer, name) for name in same},
        nearby=tuple(_known(near) for near in answer.nearby),
        billed_as=_known(answer.billed_as) if answer.billed_as else None,
    )


def brief(answer: Answer[Any]) -> KnownCoverage | UnknownCoverage:
    """Returns an answer on coverage in short."""
    if isinstance(answer, Known):
        return _brief_known(answer)
    instead = answer.billed_as.value if answer.billed_as else ()
    return UnknownCoverage(status=words.status(answer), why=answer.why, because=answer.because, bill_instead=instead)


def _brief_known(answer: Known[Any]) -> KnownCoverage:
    cited = answer.citation
    return KnownCoverage(
        status=words.status(answer),
        value=answer.value,
        words=tuple(words.answer_lines(answer)),
        condition=answer.condition,
        stated_for=answer.stated_for,
        stated_for_words=words.stated_for(answer, answer.question.code) or None,
        since=words.since(answer),
        said_by=answer.said_by,
        source=cited.source.title,
        url=cited.source.url,
        locator=cited.locator,
    )

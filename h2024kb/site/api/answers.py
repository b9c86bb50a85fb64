"""Answers as the API gives them: the machine's values and the people's words, known and unknown never alike."""

from __future__ import annotations

from typing import Any

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.headlines import labeled, next_steps
from h2024kb.site.api.statements import KnownAnswer, KnownCoverage, UnknownAnswer, UnknownCoverage


def full(answer: Answer[Any]) -> KnownAnswer | UnknownAnswer:
    """Returns an answer whole."""
    return _known(answer) if isinstance(answer, Known) else _unknown(answer)


def _shared(answer: Answer[Any]) -> dict[str, Any]:
    question = answer.question
    return {
        "fact": question.fact,
        "modifier": question.modifier,
        "name": words.fact_name(answer),
        "headline": labeled(answer) if question.fact == "coverage" else None,
        "words": tuple(words.answer_lines(answer)),
        "entry": answer.entry,
    }


def _known(answer: Known[Any]) -> KnownAnswer:
    same = (
        "value",
        "stated_for",
        "heading",
        "said_by",
        "citation",
        "evidence",
        "when",
        "condition",
        "complete",
        "note",
    )
    dates = ("effective_date", "in_force_by", "also_seen", "last_day")
    return KnownAnswer(
        **_shared(answer),
        **{name: getattr(answer, name) for name in (*same, *dates)},
        since=words.since(answer),
        stated_for_words=words.stated_for(answer, answer.question.code) or None,
    )


def _unknown(answer: Unknown) -> UnknownAnswer:
    same = ("why", "because", "searched", "to_open", "needs", "rules_for", "said_by")
    return UnknownAnswer(
        **_shared(answer),
        **{name: getattr(answer, name) for name in same},
        next_steps=next_steps(answer),
        nearest=_known(answer.nearest) if answer.nearest else None,
        nearby=tuple(_known(near) for near in answer.nearby),
        billed_as=_known(answer.billed_as) if answer.billed_as else None,
    )


def brief(answer: Answer[Any]) -> KnownCoverage | UnknownCoverage:
    """Returns an answer on coverage in short."""
    if isinstance(answer, Known):
        return _brief_known(answer)
    instead = answer.billed_as.value if answer.billed_as else ()
    return UnknownCoverage(headline=labeled(answer), why=answer.why, because=answer.because, bill_instead=instead)


def _brief_known(answer: Known[Any]) -> KnownCoverage:
    cited = answer.citation
    return KnownCoverage(
        headline=labeled(answer),
        value=answer.value,
        words=tuple(words.answer_lines(answer)),
        condition=answer.condition,
        stated_for=answer.stated_for,
        stated_for_words=words.stated_for(answer, answer.question.code) or None,
        since=words.since(answer),
        evidence=answer.evidence,
        said_by=answer.said_by,
        source=cited.source.title,
        url=cited.source.url,
        locator=cited.locator,
    )

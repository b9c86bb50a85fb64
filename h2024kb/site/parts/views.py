"""Answers as pages show them: in words, with the status's kind, the numbers of sources, and what is known nearby."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Answer, Known, Unknown

CODE: Final = "H2024"
"""The code this site is about."""

SIBLINGS: Final = ("H2023", "H2024", "H2025", "H2026", "T2014", "T2015", "T2018", "T2019")
"""The codes for supported employment and its neighbors that every page shows beside H2024."""


class Nearby(NamedTuple):
    """Something known close to an unknown: what it is about, what it says, since when."""

    about: str
    lines: list[str]
    since: str


class AnswerView(NamedTuple):
    """An answer as a page shows it; what belongs to a known answer is empty in an unknown one, and the other way."""

    fact: str
    status: str
    kind: str
    name: str = ""
    lines: Sequence[str] = ()
    since: str = ""
    condition: str = ""
    stated_for: str = ""
    said_by: str = ""
    source: int | None = None
    locator: str = ""
    note: str = ""
    because: str = ""
    why: str = ""
    searched: Sequence[int] = ()
    places: Sequence[str] = ()
    looked: int = 0
    looked_last: dt.date | None = None
    billed_as: Nearby | None = None
    nearby: Sequence[Nearby] = ()

    @classmethod
    def of(cls, answer: Answer[Any], numbers: dict[str, int]) -> AnswerView:
        """Makes the view of an answer; `numbers` are the numbers of the sources and searches on the page."""
        status = words.status(answer)
        view = cls(fact=words.fact_name(answer), status=status, kind=_KINDS.get(status, "unknown"))
        view = view._replace(name=answer.question.fact)
        if isinstance(answer, Known):
            return view._replace(**_of_known(answer, numbers))
        return view._replace(**_of_unknown(answer, numbers))


def _of_known(answer: Known[Any], numbers: dict[str, int]) -> dict[str, Any]:
    followed = answer.said_by != answer.question.policy
    return {
        "lines": words.answer_lines(answer),
        "since": words.with_long_dates(words.since(answer)),
        "condition": answer.condition or "",
        "stated_for": words.stated_for(answer, answer.question.code),
        "said_by": answer.said_by if followed else "",
        "source": None if followed else numbers.get(answer.citation.source.id),
        "locator": answer.citation.locator,
        "note": answer.note or "",
    }


def _of_unknown(answer: Unknown, numbers: dict[str, int]) -> dict[str, Any]:
    own = answer.said_by == answer.question.policy
    return {
        "because": words.with_long_dates(answer.because),
        "why": answer.why,
        "searched": [numbers[place.name] for place in answer.searched if own and place.name in numbers],
        "places": () if own else [place.where for place in answer.searched],
        "looked": len(answer.searched),
        "looked_last": max((place.date for place in answer.searched), default=None),
        "billed_as": _nearby(answer.billed_as) if answer.billed_as else None,
        "nearby": [_nearby(near) for near in answer.nearby],
    }


_KINDS = {
    "Covered": "covered",
    "Covered if": "conditional",
    "Not covered": "not-covered",
    "Payer bills this on another code": "other-code",
    "Depends on the claim line": "conditional",
    "We have not checked": "not-checked",
    "Nothing in force on this date": "not-in-force",
}


def _nearby(near: Known[Any]) -> Nearby:
    about = f"{near.heading.replace('-', ' ')}, {words.fact_name(near).lower()}"
    return Nearby(about, words.answer_lines(near), words.with_long_dates(words.since(near)))

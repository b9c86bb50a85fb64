"""Answers as pages show them: in words, with the status's kind, the numbers of sources, and what is known nearby."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Answer, Evidence, Known, ToOpen, Unknown
from h2024kb.knowledge.headlines import evidence_label, headline, labeled, next_steps, rests_on, seen_before
from h2024kb.knowledge.model import Policy

CODE: Final = "H2024"
"""The code this site is about."""

BEST: Final[Evidence] = "undated"
"""Pages show the best evidence there is, and label it; the API and claim checks accept what was seen, unless asked."""

SIBLINGS: Final = ("H2023", "H2024", "H2025", "H2026", "T2014", "T2015", "T2018", "T2019")
"""The codes for supported employment and its neighbors that every page shows beside H2024."""


def source_numbers(policy: Policy) -> dict[str, int]:
    """Returns the number that each source and search of a policy has on its page."""
    cited = [*(source.id for source in policy.sources), *(search.id for search in policy.searches)]
    return {name: number for number, name in enumerate(cited, 1)}


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
    label: str = ""
    seen: str = ""
    to_open: Sequence[ToOpen] = ()
    steps: Sequence[str] = ()

    @classmethod
    def of(cls, answer: Answer[Any], numbers: dict[str, int], *, one_day: bool = True) -> AnswerView:
        """Makes the view of an answer; `numbers` are the numbers of the sources and searches on the page.

        Without `one_day` it is for all the days on which the answer is the same.
        """
        view = cls(
            fact=words.fact_name(answer),
            status=words.with_long_dates(status(answer, one_day=one_day)),
            kind=kind(answer),
            name=answer.question.fact,
            label=words.with_long_dates(evidence_label(answer, one_day=one_day)),
        )
        if isinstance(answer, Known):
            return view._replace(**_of_known(answer, numbers))
        return view._replace(**_of_unknown(answer, numbers))


def status(answer: Answer[Any], *, one_day: bool = True) -> str:
    """Returns the headline of coverage, labeled; of another fact why it is unknown, and nothing where it is known."""
    if answer.question.fact == "coverage":
        return labeled(answer, one_day=one_day)
    return headline(answer) if isinstance(answer, Unknown) else ""


def kind(answer: Answer[Any]) -> str:
    """Returns the kind of an answer on coverage, by which a page gives it a color and a mark.

    That is the value, after `service-` where the source names no code; `other-code` and `sibling` where other codes are
    known; else why it is unknown. Of a fact that is not coverage, an unknown has its reason.
    """
    ground = rests_on(answer)
    if isinstance(answer, Unknown) and ground is None:
        return "sibling" if answer.rules_for else answer.why
    if answer.question.fact != "coverage" or ground is None:
        return "stated"
    if ground.question.fact == "bill_instead":
        return "other-code"
    return ground.value if ground.stated_for == "code" else f"service-{ground.value}"


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
        "seen": words.with_long_dates(seen_before(answer)),
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
        "to_open": answer.to_open,
        "steps": () if answer.to_open else [words.with_long_dates(step) for step in next_steps(answer)],
    }


def _nearby(near: Known[Any]) -> Nearby:
    about = f"{near.heading.replace('-', ' ')}, {words.fact_name(near).lower()}"
    if near.when:
        about += f", {words.when_words(near.when)}"
    return Nearby(about, words.answer_lines(near), words.with_long_dates(words.since(near)))

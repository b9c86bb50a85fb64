"""What each policy says of a code, fact by fact, in cells that can stand side by side."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any, Final, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Answer, Known, Unknown, Why
from h2024kb.knowledge.headlines import COVERAGE_HEADLINES, evidence_label, headline
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST, Limit, ModifierUse, PlaceOfService, Policy, Record
from h2024kb.site.pages.compare.comparable import key
from h2024kb.site.parts.policy_order import ordered
from h2024kb.site.parts.views import BEST, kind

CORE: Final = tuple((fact, words.core_fact_name(fact)) for fact in ASKED_FIRST)
"""The facts of the table, each with its name; `modifiers` is modifier 22's."""

_UNKNOWN: Final[dict[Why, str]] = {
    "not-found": "Not found",
    "not-fully-read": "Not fully read",
    "no-document": "No document",
    "not-looked": "Not looked for",
    "before-first-rule": "Before first rule",
    "ended": "Ended",
    "depends-on-line": "Depends on the line",
}


class Cell(Record, frozen=True):
    """One answer: `short` for a table, `lines` in full, and what it rests on.

    `kind` is `stated` for a fact that is known, and otherwise as on every page; `label` says what weakens the evidence.
    `key` is equal in two answers that say the same; it is empty where a reader must tell.
    """

    kind: str
    short: str
    lines: tuple[str, ...]
    dates: str = ""
    source: str = ""
    locator: str = ""
    url: str = ""
    stated_for: str = ""
    said_by: str = ""
    note: str = ""
    label: str = ""
    key: str = ""

    @property
    def known(self) -> bool:
        """Whether the payer's word on the fact is known."""
        return self.kind == "stated" or self.kind.removeprefix("service-") in COVERAGE_HEADLINES


class Compared(NamedTuple):
    """A policy with its cells, by the name of the fact: the core facts, and whatever else somebody looked for."""

    policy: Policy
    core: tuple[Cell, ...]
    more: dict[str, Cell]


class ComparedPlace(NamedTuple):
    """A jurisdiction with its policies."""

    jurisdiction: str
    rows: list[Compared]


def compared(kb: KnowledgeBase, code: str, today: dt.date) -> list[Compared]:
    """Returns every policy with what it says of a code today; nationwide ones first, then by jurisdiction."""
    return [_policy(kb, policy, code, today) for policy in ordered(kb)]


def by_place(rows: list[Compared]) -> list[ComparedPlace]:
    """Returns the rows in groups, one a jurisdiction, in the order given."""
    return [ComparedPlace(name, list(group)) for name, group in groupby(rows, lambda row: row.policy.jurisdiction)]


def _policy(kb: KnowledgeBase, policy: Policy, code: str, today: dt.date) -> Compared:
    asked: dict[str, Any] = {"code": code, "date_of_service": today, "evidence": BEST}
    counted = kb.fact("unit", policy.id, **asked)
    unit = counted.value if isinstance(counted, Known) else None
    answers = kb.answers(policy.id, **asked)
    core = tuple(cell(answer, unit) for answer in answers[: len(ASKED_FIRST)])
    others = [one for one in answers[len(ASKED_FIRST) :] if isinstance(one, Known) or one.looked_for]
    return Compared(policy, core, {words.fact_name(answer): cell(answer, unit) for answer in others})


def cell(answer: Answer[Any], unit: str | None) -> Cell:
    """Returns an answer as a cell; `unit` is what the payer counts as one unit, None where nobody knows.

    >>> import h2024kb
    >>> asked = {"code": "H2024", "date_of_service": dt.date(2026, 11, 23)}
    >>> made = cell(h2024kb.open().coverage("us/medicare", **asked), "day")
    >>> made.kind, made.short, made.known
    ('not-covered', 'Not covered', True)
    """
    return _known(answer, unit) if isinstance(answer, Known) else _unknown(answer)


def _known(answer: Known[Any], unit: str | None) -> Cell:
    coverage = answer.question.fact == "coverage"
    source = answer.citation.source
    return Cell(
        kind=kind(answer),
        short=headline(answer) if coverage else _short(answer),
        label=evidence_label(answer),
        lines=_lines(answer),
        dates=words.since(answer),
        source=source.title,
        locator=answer.citation.locator,
        url=source.url if source.url and source.url.startswith("http") else "",
        stated_for=words.stated_for(answer, answer.question.code),
        said_by=answer.said_by if answer.said_by != answer.question.policy else "",
        note=answer.note or "",
        key=key(answer, unit),
    )


def _lines(answer: Known[Any]) -> tuple[str, ...]:
    """The answer in full; of coverage the condition only, as its status says the rest."""
    if answer.question.fact == "coverage":
        return (answer.condition,) if answer.condition else ()
    return tuple(words.answer_lines(answer))


def _unknown(answer: Unknown) -> Cell:
    short = headline(answer) if answer.billed_as or answer.rules_for else _UNKNOWN.get(answer.why, "Not known")
    lines: tuple[str, ...] = (answer.because,)
    if answer.billed_as:
        lines = (*lines, *(f"Bill instead: {line}" for line in words.answer_lines(answer.billed_as)))
    places = len(answer.searched)
    looked = f"Looked in {places} place{'' if places == 1 else 's'}" if places else ""
    last = f", last on {max(place.date for place in answer.searched)}" if places else ""
    return Cell(kind=kind(answer), short=short, lines=lines, dates=looked + last, said_by=_followed(answer))


def _followed(answer: Unknown) -> str:
    return answer.said_by if answer.said_by and answer.said_by != answer.question.policy else ""


def _short(answer: Known[Any]) -> str:
    value = answer.value
    values = value if isinstance(value, tuple) else (value,)
    first = _few_words(values[0]) if values else ""
    more = f" and {len(values) - 1} more" if len(values) > 1 else ""
    condition = ", on a condition" if answer.condition and value != "conditional" else ""
    return first + more + condition


def _few_words(value: object) -> str:
    if value == "conditional":
        return "On a condition"
    if isinstance(value, ModifierUse):
        return words.VALUE_WORDS[value.use]
    if isinstance(value, PlaceOfService):
        codes = [*value.allowed, *(f"not {place}" for place in value.not_allowed)]
        return ", ".join(codes) if codes else "Stated in words"
    if isinstance(value, Limit):
        return words.value_lines(Limit(per=value.per, units=value.units, unit=value.unit, amount=value.amount))[0]
    return words.value_lines(value)[0]

"""The facts of a policy's page in the order a biller works: each section with its answers, empty ones left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.model import ASKED_FIRST, BillingLine
from h2024kb.site.parts.views import AnswerView

SECTIONS: Final = (
    ("Modifiers", ("modifiers",)),
    (
        "Time and limits",
        (
            "minimum_time",
            "rounding",
            "hours_counted",
            "time_counting",
            "group_size",
            "same_day",
            "same_month",
            "timely_filing",
        ),
    ),
    ("Documentation checklist", ("documentation",)),
    (
        "Prerequisites and people",
        ("prerequisite", "age", "diagnosis", "provider_qualification", "other_coverage", "continuity_of_care"),
    ),
    (
        "What the service is to this payer",
        (
            "authorization_number",
            "bill_instead",
            "payment",
            "rate_varies",
            "fee_schedule",
            "includes",
            "excludes",
            "telehealth",
        ),
    ),
)
"""The sections that follow the key facts, each with its facts; a fact in none of them comes last, under OTHER_FACTS."""

OTHER_FACTS: Final = "Other facts"


class Section(NamedTuple):
    """A heading with the answers under it."""

    heading: str
    answers: list[AnswerView]

    @property
    def known(self) -> list[AnswerView]:
        """The answers that are known."""
        return [view for view in self.answers if view.lines]


class BillingTable(NamedTuple):
    """A payer's billing lines as published, with the answer that carries them.

    `complete` is false where the source does not say that there are no others.
    """

    rows: Sequence[BillingLine]
    view: AnswerView
    complete: bool


def worth_a_row(answers: Iterable[Answer[Any]]) -> list[Answer[Any]]:
    """Returns the core answers, and of the others those that somebody looked for."""
    return [answer for answer in answers if is_core(answer) or isinstance(answer, Known) or answer.looked_for]


def is_core(answer: Answer[Any]) -> bool:
    """Whether an answer stands among the key facts: a core fact, or modifier 22."""
    question = answer.question
    return question.fact in ASKED_FIRST and question.modifier in (None, "22")


def sections(answers: Iterable[Answer[Any]], numbers: dict[str, int]) -> Iterator[Section]:
    """Yields the sections after the key facts; the answers on billing lines have a table of their own."""
    found: dict[str, list[Answer[Any]]] = {heading: [] for heading in (*dict(SECTIONS), OTHER_FACTS)}
    for answer in answers:
        if answer.question.fact != "billing_lines" and not is_core(answer):
            found[section_of(answer.question.fact)].append(answer)
    if found["Modifiers"]:
        found["Modifiers"] += [answer for answer in answers if answer.question.modifier == "22"]
    for heading, listed in found.items():
        if listed:
            yield Section(heading, [AnswerView.of(answer, numbers) for answer in listed])


def section_of(fact: str) -> str:
    """Returns the heading under which a page shows a fact that is not a key fact.

    >>> section_of("same_day"), section_of("a_fact_that_the_format_will_have")
    ('Time and limits', 'Other facts')
    """
    return next((heading for heading, facts in SECTIONS if fact in facts), OTHER_FACTS)


def billing_table(answers: Sequence[Answer[Any]], numbers: dict[str, int]) -> BillingTable | None:
    """Returns the payer's table of billing lines for the code; None where it has none."""
    for answer in answers:
        if answer.question.fact == "billing_lines" and isinstance(answer, Known):
            return BillingTable(answer.value, AnswerView.of(answer, numbers), answer.complete is not False)
    return None

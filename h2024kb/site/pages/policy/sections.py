"""The facts of a policy's page in the order a biller works: each section with its answers, empty ones left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.model import BillingLine
from h2024kb.site.pages.policy.rows import billing_lines
from h2024kb.site.parts.views import AnswerView

SECTIONS: Final = (
    ("Modifiers", ("modifiers",)),
    ("Time and limits", ("limits", "minimum_time", "time_counting", "group_size", "same_day", "timely_filing")),
    ("Documentation checklist", ("documentation",)),
    (
        "Prerequisites and people",
        ("prerequisite", "age", "diagnosis", "provider_qualification", "other_coverage", "continuity_of_care"),
    ),
    ("What the service is to this payer", ("bill_instead", "payment", "includes", "excludes", "telehealth")),
)
"""The sections that follow the key facts, each with its facts; core facts among them stand under key facts only."""


class Section(NamedTuple):
    """A heading with the answers under it."""

    heading: str
    answers: list[AnswerView]

    @property
    def known(self) -> list[AnswerView]:
        """The answers that are known."""
        return [view for view in self.answers if view.lines]


class Table(NamedTuple):
    """A payer's billing lines as published, with the answer that carries them."""

    rows: Sequence[BillingLine]
    view: AnswerView


def sections(answers: Sequence[Answer[Any]], core: int, numbers: dict[str, int]) -> Iterator[Section]:
    """Yields the sections of all answers but the core ones, which come first and number `core`."""
    more = answers[core:]
    for heading, facts in SECTIONS:
        views = [AnswerView.of(answer, numbers) for answer in more if answer.question.fact in facts]
        if heading == "Modifiers" and views:
            views += [AnswerView.of(a, numbers) for a in answers[:core] if a.question.modifier == "22"]
        if views:
            yield Section(heading, views)


def billing_table(answers: Sequence[Answer[Any]], numbers: dict[str, int]) -> Table | None:
    """Returns the payer's table of billing lines for the code; None where it has none."""
    for answer in answers:
        if isinstance(answer, Known) and (rows := billing_lines(answer.value)):
            return Table(rows, AnswerView.of(answer, numbers))
    return None

"""The pages of dated versions: one for each stretch of days of service, as known on a day; they never change.

A page holds only what its two dates settle: no today, no hash of the knowledge base, no list of newer pages. What was
learned later stands in a script beside the policy's versions, which tells the reader; so no published page is touched.
A page is final once its day of knowledge is over: an entry recorded on that same day still belongs to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Answer, Asked, Known
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Policy
from h2024kb.knowledge.timeline import Stretch, known_days, stretches
from h2024kb.site.pages.policy.answer_box import sentence
from h2024kb.site.pages.policy.sections import worth_a_row
from h2024kb.site.parts.render import link, render
from h2024kb.site.parts.script_file import script_data
from h2024kb.site.parts.views import BEST, CODE, AnswerView


class DatedVersion(NamedTuple):
    """A stretch of days of service of a policy, as known on a day."""

    policy: str
    stretch: Stretch
    known_on: dt.date

    @property
    def page(self) -> str:
        """The page's path below the docs folder."""
        return f"{address(self.policy, self.stretch, self.known_on)}.md"

    @property
    def days(self) -> str:
        """The days of service in words, as they follow "dates of service"."""
        first, last = (day and words.long_date(day) for day in self.stretch)
        if first and last:
            return first if first == last else f"{first} to {last}"
        if first:
            return f"from {first} on"
        return f"up to {last}" if last else "of all time"


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the pages."""
    for policy in kb.policies():
        for version in versions(kb, policy.id, today):
            yield version.page, version_page(kb, policy, version)


def files(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, bytes]]:
    """Yields for each policy the script that tells its version pages what is newer: the newest pages by their days."""
    for policy in kb.policies():
        newest = newest_versions(kb, policy.id, today)
        rows = [[*version.stretch, version.days, link(version.page, version.page)] for version in newest]
        if newest:
            data = {"knownOn": newest[0].known_on, "versions": rows}
            yield f"policies/{policy.id}/versions.js", script_data("versions", data)


def versions(kb: KnowledgeBase, policy: str, today: dt.date) -> Iterator[DatedVersion]:
    """Yields every version of a policy that can be known today, oldest knowledge first."""
    for known_on in known_days(kb, policy, CODE):
        if known_on <= today:
            yield from (DatedVersion(policy, one, known_on) for one in stretches(kb, policy, CODE, known_on))


def newest_versions(kb: KnowledgeBase, policy: str, today: dt.date) -> list[DatedVersion]:
    """Returns the versions as known today, oldest days of service first; none where nothing is known of H2024."""
    every = list(versions(kb, policy, today))
    return [version for version in every if version.known_on == every[-1].known_on]


def address(id: str, stretch: Stretch, known_on: dt.date) -> str:
    """Returns where the page of a policy's stretch as known on a day stands, below the site and without suffix.

    >>> address("md/x", Stretch(None, dt.date(2024, 10, 31)), dt.date(2026, 11, 23))
    'policies/md/x/earliest-as-known-2026-11-23'
    """
    return f"policies/{id}/{stretch.first_day or 'earliest'}-as-known-{known_on}"


def version_page(kb: KnowledgeBase, policy: Policy, version: DatedVersion) -> str:
    """Returns the page of one version."""
    asked: Asked = {
        "code": CODE,
        "date_of_service": version.stretch.day,
        "as_known_on": version.known_on,
        "evidence": BEST,
    }
    answers = worth_a_row(kb.answers(policy.id, **asked))
    numbers = _cited(answers)
    return render(
        "version.md.j2",
        version.page,
        policy=policy,
        version=version,
        own_page=link(version.page, version.page),
        coverage=AnswerView.of(answers[0], {}, one_day=False),
        sentence=sentence(policy, answers[0]),
        rows=[(AnswerView.of(answer, {}, one_day=False), _numbers(answer, numbers)) for answer in answers],
        cited=list(numbers),
    )


class Cited(NamedTuple):
    """A source, or a search that found nothing, as a version's page lists it."""

    title: str
    day: dt.date
    url: str | None


def _cited(answers: Sequence[Answer[Any]]) -> dict[Cited, int]:
    every = dict.fromkeys(one for answer in answers for one in _grounds(answer))
    return {one: number for number, one in enumerate(every, 1)}


def _numbers(answer: Answer[Any], numbers: dict[Cited, int]) -> list[int]:
    return [numbers[one] for one in dict.fromkeys(_grounds(answer))]


def _grounds(answer: Answer[Any]) -> Iterator[Cited]:
    if isinstance(answer, Known):
        source = answer.citation.source
        yield Cited(f"{source.title}, {source.publisher}", source.retrieved, source.url)
    else:
        yield from (Cited(place.where, place.date, place.url) for place in answer.searched)

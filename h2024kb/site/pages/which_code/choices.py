"""From the service given to the code: what each program's source names, and what CMS's descriptors say besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.code_sets import Code
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import OwnCode, Policy
from h2024kb.site.pages.which_code.kinds import KINDS, ServiceKind, kinds_of
from h2024kb.site.parts.entries import EntryView, standing_entries
from h2024kb.site.parts.named_codes import Billed, billed
from h2024kb.site.parts.policy_order import ordered
from h2024kb.site.parts.views import BEST, CODE, AnswerView


class Named(NamedTuple):
    """A code with modifiers that a program's source names for a kind of service, or refuses.

    `unit` is the payer's; empty where its source does not say it. `other_use` is CMS's descriptor where that is of
    another kind: then this payer uses the code for something else.
    """

    kinds: tuple[str, ...]
    policy: Policy
    code: str
    modifiers: tuple[str, ...]
    describes: str
    unit: str
    rate: str
    refused: bool
    entry: EntryView | None
    own: OwnCode | None
    other_use: str

    @property
    def in_force(self) -> bool:
        """Whether it is in force today."""
        return self.entry is None or self.entry.in_force


class ProgramCodes(NamedTuple):
    """A program on the page: its answer on H2024, the unit it counts, and the kinds it names a code for today."""

    policy: Policy
    coverage: AnswerView
    unit: str
    unit_source: str
    kinds: tuple[str, ...]


class KindChoices(NamedTuple):
    """A kind of service with what programs name for it, and the codes that CMS describes so."""

    kind: ServiceKind
    rows: list[Named]
    family: list[Code]


def choices(kb: KnowledgeBase, today: dt.date) -> list[KindChoices]:
    """Returns every kind of service with its rows; nationwide programs first.

    What a source names in force stands before what it refuses, and that before what has ended.

    >>> import h2024kb
    >>> made = {choice.kind.id: choice for choice in choices(h2024kb.open(), dt.date(2026, 11, 23))}
    >>> {(row.code, row.unit) for row in made["group"].rows if row.policy.id == "ok/dds-waivers"}
    {('T2019', '15-minutes')}
    """
    codes = {row.code: row for row in kb.contents.code_sets.codes}
    rows = [row for policy in ordered(kb) for row in named(kb, policy, today)]
    return [
        KindChoices(
            kind,
            sorted((row for row in rows if kind.id in row.kinds), key=lambda row: (not row.in_force, row.refused)),
            [codes[code] for code in kind.codes if code in codes],
        )
        for kind in KINDS
    ]


def named(kb: KnowledgeBase, policy: Policy, today: dt.date) -> Iterator[Named]:
    """Yields the codes that a program's source names or refuses."""
    codes = {row.code: row for row in kb.contents.code_sets.codes}
    for row in billed(policy, today):
        kinds = kinds_of(row.describes, row.heading, row.code)
        unit = row.unit or _unit(kb, policy, row, today)
        label = codes[row.code].long if row.code in codes else ""
        elsewhere = label and not any(row.code in kind.codes for kind in KINDS if kind.id in kinds)
        yield Named(
            kinds, policy, row.code, row.modifiers, row.describes, unit, row.rate, False, row.entry, row.own,
            label if elsewhere else "",
        )  # fmt: skip
    yield from _refused(policy, codes, today)


def _unit(kb: KnowledgeBase, policy: Policy, row: Billed, today: dt.date) -> str:
    """What the program counts for the code in force; it is not asked for a code of its own, or for the past."""
    if not row.in_force or row.own or not row.code or row.code not in kb.codes():
        return ""
    answer = kb.fact("unit", policy.id, code=row.code, date_of_service=today, evidence=BEST)
    return str(answer.value) if isinstance(answer, Known) else ""


def _refused(policy: Policy, codes: dict[str, Code], today: dt.date) -> Iterator[Named]:
    for one in standing_entries(policy, today, "coverage"):
        code = codes.get(one.heading)
        if code and one.in_force and one.entry.value == "not-covered":
            kinds = tuple(kind.id for kind in KINDS if code.code in kind.codes)
            yield Named(kinds, policy, code.code, (), code.long, "", "", True, one, None, "")


def programs(kb: KnowledgeBase, today: dt.date) -> list[ProgramCodes]:
    """Returns every program; nationwide ones first, then by jurisdiction."""
    return [_program(kb, policy, today) for policy in ordered(kb)]


def _program(kb: KnowledgeBase, policy: Policy, today: dt.date) -> ProgramCodes:
    coverage = AnswerView.of(kb.coverage(policy.id, code=CODE, date_of_service=today, evidence=BEST), {})
    unit = kb.fact("unit", policy.id, code=CODE, date_of_service=today, evidence=BEST)
    rows = [row for row in named(kb, policy, today) if row.in_force and not row.refused]
    kinds = tuple(kind.id for kind in KINDS if any(kind.id in row.kinds for row in rows))
    counted, cited = _counted(unit)
    return ProgramCodes(policy, coverage, counted, cited, kinds)


def _counted(unit: Answer[Any]) -> tuple[str, str]:
    """What the program counts, and where its source says so; both empty where nobody knows."""
    if not isinstance(unit, Known):
        return "", ""
    return str(unit.value), f"{unit.citation.source.title}: {unit.citation.locator}"


def counting(kb: KnowledgeBase, today: dt.date) -> list[EntryView]:
    """Returns every rule in force on counting time."""
    return [
        one
        for policy in ordered(kb)
        for one in standing_entries(policy, today, "time_counting")
        if one.in_force and one.entry.value
    ]

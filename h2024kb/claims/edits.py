"""Single edits of a service line that a payer's own words call for; none says that something happened which did not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import NOT_GIVEN
from h2024kb.claims.units import MINUTES, unit_of_each_code
from h2024kb.knowledge.answer import Answer, Citation, Known
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import BillInstead, Record, Rounding
from h2024kb.knowledge.words import modifiers_words
from h2024kb.line import ServiceLine

MOST_DAYS_SPLIT: Final = 31
"""A line that covers more days than a month has is not split by day."""


class Edit(Record, frozen=True):
    """One change of one field, with the payer's words behind it.

    `only_if` is what the payer's table says about the line as changed: the edit is right only if that is what happened.
    """

    field: str
    was: str
    becomes: str
    only_if: str | None = None
    citation: Citation | None = None
    entry: str | None = None


class Edited(NamedTuple):
    """The lines that an edit makes of one."""

    edit: Edit
    lines: tuple[ServiceLine, ...]


def edits(kb: KnowledgeBase, policy: str, line: ServiceLine, as_known_on: dt.date | None) -> Iterator[Edited]:
    """Yields every single edit that the policy's own words offer for a line whose code and date are given.

    The policy is asked as the check asks it, so for another payer's own code the answer is what holds for every code.
    An edit may change nothing: a row of the table may be the one the line already is.
    """
    if line.code is None or line.date_of_service is None:
        return
    facts = Facts(kb, kb.policy(policy), line.code, line.date_of_service, as_known_on)
    # Where the modifiers are not given, nobody knows what adding or dropping one would change.
    if line.modifiers is not None:
        uses = {name: _answer(facts, line, "modifiers", name) for name in facts.modifiers_mentioned()}
        yield from _rows(kb, line, line.modifiers, _answer(facts, line, "billing_lines"))
        yield from _required(line, line.modifiers, uses)
        yield from _dropped(kb, line, line.modifiers, uses)
    yield from _other_codes(kb, line, _answer(facts, line, "bill_instead"))
    yield from _rounded(facts, line, _answer(facts, line, "rounding"))
    yield from _by_day(line)


def _answer(facts: Facts, line: ServiceLine, fact: str, modifier: str | None = None) -> Answer[Any]:
    question = facts.question(fact, modifier)
    given = {name: getattr(line, name) for name in ("modifiers", "place_of_service", "age")}
    return facts.answer(msgspec.structs.replace(question, **given))


def _rows(kb: KnowledgeBase, line: ServiceLine, shown: tuple[str, ...], table: Answer[Any]) -> Iterator[Edited]:
    """The rows of the payer's table that keep every modifier which says how the service was given."""
    if not isinstance(table, Known):
        return
    kept = tuple(name for name in dict.fromkeys(shown) if not _about_claim(kb, name))
    for row in table.value:
        if set(kept) <= set(row.modifiers):
            # The line's own modifiers stay first and in their order, which is the claim's.
            becomes = (*kept, *(name for name in row.modifiers if name not in kept))
            yield _with_modifiers(line, becomes, row.describes, table)


def _about_claim(kb: KnowledgeBase, name: str) -> bool:
    return any(row.modifier == name and row.about == "claim" for row in kb.contents.code_sets.modifiers)


def _required(line: ServiceLine, shown: tuple[str, ...], uses: Any) -> Iterator[Edited]:
    for name, answer in uses.items():
        if isinstance(answer, Known) and answer.value.use == "required":
            yield _with_modifiers(line, (*shown, name), answer.value.meaning, answer)


def _dropped(kb: KnowledgeBase, line: ServiceLine, shown: tuple[str, ...], uses: Any) -> Iterator[Edited]:
    """A modifier that the payer does not take may go where it is about payment or paperwork only."""
    for name, answer in uses.items():
        refused = isinstance(answer, Known) and answer.value.use == "not-allowed"
        if refused and _about_claim(kb, name):
            yield _with_modifiers(line, tuple(one for one in shown if one != name), None, answer)


def _with_modifiers(line: ServiceLine, becomes: tuple[str, ...], only_if: str | None, answer: Known[Any]) -> Edited:
    edit = Edit(
        field="modifiers",
        was=modifiers_words(line.modifiers or ()),
        becomes=modifiers_words(becomes),
        only_if=only_if,
        citation=answer.citation,
        entry=answer.entry,
    )
    return Edited(edit, (msgspec.structs.replace(line, modifiers=becomes),))


def _other_codes(kb: KnowledgeBase, line: ServiceLine, answer: Answer[Any]) -> Iterator[Edited]:
    """The codes the payer bills for the service, where no modifier that says how it was given would be lost."""
    if not isinstance(answer, Known):
        return
    # A modifier about the claim says nothing about the service, so another code need not carry it.
    kept = {name for name in line.modifiers or () if not _about_claim(kb, name)}
    for row in answer.value:
        units = _units(kb, line, row.code)
        if row.code != line.code and kept <= set(row.modifiers) and units is not None:
            yield _with_code(line, row, units, answer)


def _with_code(line: ServiceLine, row: BillInstead, units: Decimal, answer: Known[Any]) -> Edited:
    changed = msgspec.structs.replace(line, code=row.code, modifiers=row.modifiers, units=units)
    edit = Edit(
        field="code",
        was=_billed(line),
        becomes=_billed(changed),
        only_if=row.describes,
        citation=answer.citation,
        entry=answer.entry,
    )
    return Edited(edit, (changed,))


def _billed(line: ServiceLine) -> str:
    units = f"units {NOT_GIVEN}" if line.units is None else f"units: {line.units.normalize():f}"
    return f"{' '.join((line.code or '', *(line.modifiers or ())))}, {units}"


def _units(kb: KnowledgeBase, line: ServiceLine, code: str) -> Decimal | None:
    """The units of another code for the same service; None where the line does not give enough to count them.

    Time is never rounded: payers round it in different ways.
    """
    unit = unit_of_each_code(kb.contents)
    if unit.get(code) == unit.get(line.code or "") and line.units is not None:
        return line.units
    if unit.get(code) not in MINUTES or line.minutes is None:
        return None
    units = line.minutes / MINUTES[unit[code]]
    return units if units == int(units) else None


def _rounded(facts: Facts, line: ServiceLine, answer: Answer[Any]) -> Iterator[Edited]:
    """Where more units are billed than the minutes give under the payer's rounding, as many as they give."""
    if not isinstance(answer, Known) or line.minutes is None or line.units is None:
        return
    unit = minutes_rounded(facts, answer.value)
    given = None if unit is None else _units_given(unit, answer.value.units_from_minutes, line.minutes)
    if given is not None and 0 < given < line.units:
        edit = Edit(
            field="units",
            was=f"{line.units.normalize():f}",
            becomes=f"{given.normalize():f}",
            citation=answer.citation,
            entry=answer.entry,
        )
        # The charge was for the units billed; what fewer of them cost is the provider's to say.
        yield Edited(edit, (msgspec.structs.replace(line, units=given, charge=None),))


def minutes_rounded(facts: Facts, rounding: Rounding) -> int | None:
    """Returns the minutes of a code's unit; None where a rounding is for other units, or for none of fixed length."""
    return MINUTES.get(rounding.unit) if facts.unit_of(facts.code) == rounding.unit else None


def _units_given(unit: int, how: str, minutes: Decimal) -> Decimal:
    """The units that minutes give."""
    if how == "midpoint":
        return (minutes + Decimal(unit) / 2) // unit
    return minutes // unit + (1 if how == "up" and minutes % unit else 0)


def _by_day(line: ServiceLine) -> Iterator[Edited]:
    """A line that bills every day it covers, as one line a day."""
    days = line.days or 0
    if not 1 < days <= MOST_DAYS_SPLIT or line.units != days or line.date_of_service is None:
        return
    # Only where units and days are as many: else we would make up which day had how many.
    first = line.date_of_service
    share = {name: _share(getattr(line, name), days) for name in ("minutes", "charge")}
    lines = tuple(
        msgspec.structs.replace(
            line, date_of_service=first + dt.timedelta(days=n), last_date_of_service=None, units=Decimal(1), **share
        )
        for n in range(days)
    )
    yield Edited(Edit(field="lines", was="1 line", becomes=f"{days} lines, one a day, 1 unit each"), lines)


def _share(amount: Decimal | None, days: int) -> Decimal | None:
    """A day's share of an amount of which the line gives only the sum; None if it is not a whole number of cents."""
    if amount is None:
        return None
    share = amount / days
    return share if share == round(share, 2) else None

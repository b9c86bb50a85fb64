"""The codes and modifiers that a payer's own source puts beside a service, row by row: what pages of codes rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from h2024kb.knowledge.model import OwnCode, Policy, Rules, is_code
from h2024kb.site.parts.standing import Standing, standing


class Billed(NamedTuple):
    """One code with modifiers as a source names it for a service, in our words of what it is for.

    `heading` is the code or service under which the source says so. `entry` has its dates and its place in the source;
    a code of the payer's own, which is listed without dates, has none.
    """

    policy: Policy
    heading: str
    code: str
    modifiers: tuple[str, ...]
    describes: str
    unit: str = ""
    rate: str = ""
    entry: Standing | None = None
    own: OwnCode | None = None

    @property
    def holds(self) -> bool:
        """Whether it is in force today; a code of the payer's own is, unless its entry says otherwise."""
        return self.entry is None or self.entry.holds


def billed(policy: Policy, today: dt.date) -> list[Billed]:
    """Returns what a policy names, each code with the same modifiers and dates once, lines of a table first.

    >>> import h2024kb
    >>> made = billed(h2024kb.open().policy("sc/dd-waivers"), dt.date(2026, 11, 23))
    >>> [(row.code, row.describes) for row in made]
    [('H2025', 'Employment Services for one person'), ('H2026', 'Employment Services in a group')]
    """
    found: dict[tuple[object, ...], Billed] = {}
    for rules in policy.rules:
        for row in _lines(policy, rules, today):
            found.setdefault(_same(row), row)
    for rules in policy.rules:
        for row in _instead(policy, rules, today):
            found.setdefault(_same(row), row)
    named = {row.code for row in found.values()}
    return [*found.values(), *(row for row in _own(policy) if row.code not in named)]


def _same(row: Billed) -> tuple[object, ...]:
    return row.code, frozenset(row.modifiers), row.entry.dates if row.entry else ""


def _lines(policy: Policy, rules: Rules, today: dt.date) -> Iterator[Billed]:
    for one in standing(policy, rules.billing_lines, today):
        for line in one.entry.value or ():
            more = "".join(f", {text}" for text in (line.phase and f"phase {line.phase}", line.staff_ratio) if text)
            yield Billed(
                policy=policy,
                heading=rules.heading,
                code=rules.heading if is_code(rules.heading) else "",
                modifiers=line.modifiers,
                describes=line.describes + more,
                unit=line.unit or "",
                rate=f"${line.rate:,}" if line.rate is not None else "",
                entry=one,
            )


def _instead(policy: Policy, rules: Rules, today: dt.date) -> Iterator[Billed]:
    own = {row.code: row for row in policy.own_codes}
    for one in standing(policy, rules.bill_instead, today):
        for row in one.entry.value or ():
            phase = f", phase {row.phase}" if row.phase else ""
            unit = own[row.code].unit if row.code in own else None
            yield Billed(
                policy, rules.heading, row.code, row.modifiers, row.describes + phase, unit or "", "", one,
                own.get(row.code),
            )  # fmt: skip


def _own(policy: Policy) -> Iterator[Billed]:
    for row in policy.own_codes:
        ratio = f", {row.staff_ratio}" if row.staff_ratio else ""
        service = row.service or "all-services"
        yield Billed(policy, service, row.code, (), row.describes + ratio, row.unit or "", own=row)

"""Lines made for every version of rules: each value that one of its cuts can tell apart, on both sides of its edges."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from h2024kb.claims.check import checker
from h2024kb.claims.cuts import TOLD_BY, Cut, Total
from h2024kb.claims.plan import Version
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine

DAY: Final = dt.timedelta(days=1)
BIT: Final = Decimal("0.000000000000001")
MIXED: Final = 12
"""So many lines of each version take a value of every field at once."""
Others = tuple[ServiceLine, ...]
Values = dict[str, list[Any]]


def vectors(kb: KnowledgeBase) -> list[ServiceLine]:
    """All lines; those with others share a member with them and with nobody else."""
    check, made, numbers = checker(kb), [], itertools.count()
    for policy in kb.policies():
        seen: set[tuple[Any, ...]] = set()
        for code in sorted(kb.codes()):
            for day in check.starts(policy.id, code):
                base = ServiceLine(policy=policy.id, code=code, date_of_service=max(day, dt.date(2000, 1, 1)))
                made += around(base)
                version = check.version(policy.id, base)
                if isinstance(version, Version) and (kind := (*version.alone.cuts, *version.together.cuts)) not in seen:
                    seen.add(kind)
                    for line, others in of_version(kind, base):
                        member = None if others is None else f"V{next(numbers)}"
                        made += [msgspec.structs.replace(one, member=member) for one in (line, *(others or ()))]
    return made


def around(line: ServiceLine) -> Iterator[ServiceLine]:
    """The days before and at the start of a stretch, and lines that lie across it or end before they begin."""
    first = line.date_of_service or dt.date(2000, 1, 1)
    yield msgspec.structs.replace(line, date_of_service=first - DAY)
    yield line
    yield msgspec.structs.replace(line, date_of_service=first - DAY, last_date_of_service=first)
    yield msgspec.structs.replace(line, last_date_of_service=first - DAY)
    yield msgspec.structs.replace(line, frequency="8")


def of_version(cuts: tuple[Cut, ...], base: ServiceLine) -> Iterator[tuple[ServiceLine, Others | None]]:
    values: Values = defaultdict(list)
    for cut in cuts:
        for field, value in around_edges(cut, base):
            values[field] += [value] if value not in values[field] else []
    rng = random.Random(len(cuts))
    fullest = {field: some[0] for field, some in values.items()}
    for field, some in values.items():
        for value in some:
            yield made(base, {field: value})
            yield made(base, {**fullest, field: value})
        yield made(base, {**fullest, field: None})
    for _ in range(MIXED):
        yield made(base, {field: rng.choice([*some, None]) for field, some in values.items()})


def made(base: ServiceLine, told: dict[str, Any]) -> tuple[ServiceLine, Others | None]:
    line = msgspec.structs.replace(base, **{name: value for name, value in told.items() if name != "other_lines"})
    return line, told.get("other_lines")


def around_edges(cut: Cut, base: ServiceLine) -> Iterator[tuple[str, Any]]:
    """Fields with values on both sides of what a cut tells apart."""
    if cut.kind in OF_MODIFIERS:
        return (("modifiers", shown) for shown in OF_MODIFIERS[cut.kind](*cut.args))
    return OF_OTHERS[cut.kind](base, *cut.args)


OF_MODIFIERS: Final[dict[str, Callable[..., Iterable[tuple[str, ...]]]]] = {
    "has": lambda one: ((one,), (), (one, "ZZ", one)),
    "beyond": lambda known: (tuple(sorted(known))[:4], ("ZZ",)),
    "showing": lambda sets: (tuple(sorted(one | other)) for one in sets for other in sorted(sets, key=sorted)[:3]),
    "row": lambda rows, free: ((*sorted(one), *more) for one in rows for more in ((), sorted(free), ("ZZ",))),
}
OF_OTHERS: Final[dict[str, Callable[..., Iterator[tuple[str, Any]]]]] = {
    "told": lambda _, field: ((TOLD_BY.get(field, field), value) for value in TOLD[field]),
    "named": lambda _, field, named: ((field, value) for value in (*sorted(named), "00")),
    "at-most": lambda base, *args: bounds(base, *args),
    "at-least": lambda base, *args: bounds(base, *args),
    "bands": lambda _, field, edges: ((field, edge + more) for edge in edges for more in (0, -1, 1)),
    "diagnosed": lambda _, codes: (
        ("diagnoses", shown) for one in codes[:5] for shown in ((one,), (f"{one[:2]}Z", f"{one[:6]}9"), ())
    ),
    "can-be": lambda base, field, above, whole: possible(base, field, above, whole),
    "within": lambda base, total, bound: totals(base, total, bound),
    "beside": lambda base, codes, per: neighbors(base, sorted(codes), per),
}

TOLD: Final[dict[str, tuple[Any, ...]]] = {
    "modifiers": (("ZZ",), ()),
    "authorized": ("A1", "", "NONE", "n/a", "000", "0001"),
    "conditions_met": (True, False),
}


def bounds(
    base: ServiceLine, field: str, bound: Decimal, times: str | None, plus: Decimal
) -> Iterator[tuple[str, Any]]:
    first = base.date_of_service or dt.date(2000, 1, 1)
    if field == "days_to_submission":
        yield from (("submitted", first + (int(bound) + more) * DAY) for more in (0, 1, -1))
    elif field == "days":
        yield from (("last_date_of_service", first + (int(bound) + more) * DAY) for more in (-1, 0, 1))
    elif field == "group_size":
        yield from ((field, int(bound) + more) for more in (0, 1))
    else:
        yield from ((field, bound * many + plus + more) for many in (1, 2) for more in (0, BIT, -BIT))
    if times == "units":
        yield from (("units", units) for units in (Decimal(1), Decimal(2), Decimal("0.5"), Decimal(0)))
    if times == "days":
        yield from (("last_date_of_service", first + days * DAY) for days in (0, 1))


def possible(base: ServiceLine, field: str, above: Decimal, whole: bool) -> Iterator[tuple[str, Any]]:
    if field == "days_to_submission":
        first = base.date_of_service or dt.date(2000, 1, 1)
        yield from (("submitted", first + (int(above) + more) * DAY) for more in (0, 1, 2))
    else:
        yield from ((field, above + more) for more in (Decimal(0), Decimal(1), Decimal("1.5") if whole else BIT, -BIT))


def totals(base: ServiceLine, total: Total, bound: Decimal) -> Iterator[tuple[str, Any]]:
    first, measure = base.date_of_service or dt.date(2000, 1, 1), total.measure
    yield from ((measure, amount) for amount in (bound, bound + BIT, bound / 2, Decimal(0)))
    yield "other_lines", ()
    for code, days, amount in itertools.product((*sorted(total.codes)[:2], None), (0, 1, 6, 31), (bound, BIT, None)):
        other = ServiceLine(policy=base.policy, code=code, date_of_service=first + days * DAY)
        yield "other_lines", (msgspec.structs.replace(other, **{measure: amount}),)


def neighbors(base: ServiceLine, codes: list[str], per: str) -> Iterator[tuple[str, Others]]:
    first = base.date_of_service or dt.date(2000, 1, 1)
    near = (first, first + DAY, None)
    month = first.replace(day=1)
    near += (month - DAY, month, month + 31 * DAY) if per == "month" else ()
    yield from (("last_date_of_service", first + days * DAY) for days in (0, 1, 31))
    yield "other_lines", ()
    for code, starts, lasts in itertools.product((*codes[:2], None, "H0000"), near, (None, 3)):
        last = None if starts is None or lasts is None else starts + lasts * DAY
        other = ServiceLine(policy=base.policy, code=code, date_of_service=starts, last_date_of_service=last)
        yield "other_lines", (other,)

"""What a member's other lines show, compared with every way to read them.

A reading lays the period in one way over the calendar, fills in what a line does not tell, and gives each line its
units on days that it covers. Something is sure where it is so in every reading.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from h2024kb.claims.cuts import Total
from h2024kb.claims.other_lines import MemberLines
from h2024kb.claims.standing import MOST_DAYS_COVERED
from h2024kb.line import ServiceLine

WAYS = {"day": 1, "week": 7, "month": 1, "six-months": 6, "year": 12}
"""In how many ways each period may lie: a week may begin on any day, a half-year and a year in any month."""
CODES = frozenset({"H2024", "T2020"})
"""The codes that count; H2026 does not."""
LEAP_DAY = dt.date(2024, 2, 29)
Pick = Callable[[Sequence[Any]], Any]
Given = dict[dt.date, int]
"""The units of a line on each day it covers, in one reading."""


class Row(NamedTuple):
    """One line; None is not told."""

    code: str | None
    first: dt.date | None
    days: int
    units: int | None


class World(NamedTuple):
    """The checked line first, then the member's others, and what is asked of them."""

    rows: tuple[Row, ...]
    total: Total
    bound: int


def service_line(row: Row) -> ServiceLine:
    last = row.first + dt.timedelta(days=row.days - 1) if row.first and row.days > 1 else None
    units = None if row.units is None else Decimal(row.units)
    return ServiceLine(code=row.code, date_of_service=row.first, last_date_of_service=last, units=units)


def covered(first: dt.date, row: Row) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range(row.days)]


def readings_of(row: Row, world: World, fewest: int = 0) -> Iterator[Given]:
    """Every way in which a line may have been given; in those in which it does not count, nothing was."""
    days = sorted({row.first for row in world.rows if row.first})
    firsts = [row.first] if row.first else [*days, dt.date(1999, 1, 1)]
    amounts = range(fewest, world.bound + 2) if row.units is None else [row.units]
    for first, units in itertools.product(firsts, amounts):
        for given_on in itertools.product(range(units + 1), repeat=row.days):
            once_a_day = max(given_on) <= 1 or not world.total.by_day or units > row.days
            if sum(given_on) == units and once_a_day and row.code in {*CODES, None}:
                yield dict(zip(covered(first, row), given_on, strict=True))
    if row.code not in CODES:
        yield {}


def period_of(day: dt.date, per: str, way: int) -> object:
    """Where the period of a day begins, if periods lie that way: a day, or a number of months."""
    if per in ("day", "week"):
        return day - dt.timedelta(days=(day.weekday() - way) % 7 if per == "week" else 0)
    months = {"month": 1, "six-months": 6, "year": 12}[per]
    number = day.year * 12 + day.month
    return number - (number - way) % months


def every_total(world: World) -> str:
    """Whether the checked line is over the bound in every reading, `within` it in every one, or that is `unsure`."""
    found = set()
    line = world.rows[0]
    assert line.first is not None
    for way in range(WAYS[world.total.per]):
        touched = {period_of(day, world.total.per, way) for day in covered(line.first, line)}
        for reading in itertools.product(*(readings_of(row, world) for row in world.rows)):
            sums = dict.fromkeys(touched, 0)
            for day, units in itertools.chain(*(of_one.items() for of_one in reading)):
                period = period_of(day, world.total.per, way)
                if period in touched:
                    sums[period] += units
            found.add(max(sums.values()) > world.bound)
            if len(found) == 2:
                return "unsure"
    return "over" if True in found else "within"


def said_of_total(world: World) -> str:
    lines = [service_line(row) for row in world.rows]
    return MemberLines(lines).within(lines[0], world.total, Decimal(world.bound))


def a_row(pick: Pick, *, single: bool, told: bool) -> Row:
    """A line around the end of a February, or months away from it."""
    shift = pick((0, 0, 0, 1, 1, 2, -1, 3, -6, 6, 150, 190, 340))
    return Row(
        code=pick(("H2024", "H2024", "T2020", "H2026", *(() if told else (None,)))),
        first=LEAP_DAY + dt.timedelta(days=shift) if told else pick((LEAP_DAY, None)),
        days=1 if single else pick((1, 1, 2, 3)),
        units=pick((1, 1, 1, 2, 3, *(() if told else (None,)))),
    )


def a_world(pick: Pick, *, single: bool = False, told: bool = True) -> World:
    line = a_row(pick, single=single, told=True)._replace(code="H2024")
    others = tuple(a_row(pick, single=single, told=told) for _ in range(pick((0, 1, 2, 2) if told else (1, 2))))
    return World((line, *others), Total(CODES, pick(tuple(WAYS)), "units", pick((True, False))), pick((1, 2, 3, 4)))


def worlds(seed: int, number: int, **kinds: bool) -> Iterator[World]:
    pick = random.Random(seed).choice
    return (a_world(pick, **kinds) for _ in range(number))


@st.composite
def any_world(draw: Any) -> World:
    return a_world(lambda options: draw(st.sampled_from(options)))


def decided(expected: Callable[[World], str], said: Callable[[World], str], of: Iterator[World]) -> tuple[int, int]:
    """Of the worlds in which something is sure, how many are said to be unsure; what is said must never be wrong."""
    sure = cautious = 0
    for world in of:
        truth, says = expected(world), said(world)
        assert says in (truth, "unsure"), world
        sure += truth != "unsure"
        cautious += truth != "unsure" and says == "unsure"
    return sure, cautious


def test_totals_of_lines_of_one_day_are_as_in_every_reading() -> None:
    sure, cautious = decided(every_total, said_of_total, worlds(1, 1500, single=True))
    assert sure > 1000
    assert cautious == 0


def test_totals_of_lines_of_several_days_are_never_wrong() -> None:
    sure, cautious = decided(every_total, said_of_total, worlds(2, 1200))
    assert sure > 700
    assert cautious < sure / 50


def test_totals_are_never_wrong_where_lines_do_not_tell_all() -> None:
    sure, _ = decided(every_total, said_of_total, worlds(3, 200, told=False))
    assert sure > 30


@given(any_world())
@settings(max_examples=100)
def test_a_total_is_never_wrong(world: World) -> None:
    assert said_of_total(world) in (every_total(world), "unsure")


def test_what_was_asked_before_does_not_matter() -> None:
    for world in worlds(8, 300):
        lines = [service_line(row) for row in world.rows]
        member = MemberLines(lines)
        for line in (*lines, *lines):
            alone = MemberLines(lines)
            asked = (line, world.total, Decimal(world.bound))
            assert member.within(*asked) == alone.within(*asked), world
            for per in ("day", "month"):
                assert member.beside(line, CODES, per) == alone.beside(line, CODES, per), world


def test_lines_that_begin_together_and_end_apart_are_asked_apart() -> None:
    total, next_day = Total(CODES, "day", "units", True), LEAP_DAY + dt.timedelta(days=1)
    rows = (Row("H2024", LEAP_DAY, 1, 1), Row("H2024", LEAP_DAY, 2, 1), Row("H2024", next_day, 1, 2))
    short, long, _ = lines = [service_line(row) for row in rows]
    member = MemberLines(lines)
    assert [member.within(line, total, Decimal(2)) for line in (short, long, short)] == ["within", "unsure", "within"]


@pytest.mark.parametrize(
    ("per", "days_apart", "expected"),
    [
        ("day", 0, "over"),
        ("day", 1, "within"),
        ("week", 1, "unsure"),
        ("week", 6, "unsure"),
        ("week", 7, "within"),
        ("month", 1, "over"),
        ("month", 30, "over"),
        ("month", 31, "within"),
        ("six-months", 30, "over"),
        ("six-months", 31, "unsure"),
        ("six-months", 183, "unsure"),
        ("six-months", 184, "within"),
        ("year", 183, "unsure"),
        ("year", 365, "unsure"),
        ("year", 366, "within"),
    ],
)
def test_two_units_are_over_one_where_they_share_the_period_however_it_lies(
    per: str, days_apart: int, expected: str
) -> None:
    """From 1 March; half a year and a year begin with a month, so within one they may part two days."""
    first = dt.date(2023, 3, 1)
    rows = (Row("H2024", first, 1, 1), Row("H2024", first + dt.timedelta(days=days_apart), 1, 1))
    assert said_of_total(World(rows, Total(CODES, per, "units", True), 1)) == expected


# What stands beside a line on its days, or in its months.


def periods_given(row: Row, world: World) -> Iterator[tuple[bool, frozenset[object]]]:
    """Whether the line counts, and the periods in which something of it was given, in every reading."""
    for given_on in readings_of(row, world, fewest=1):
        yield bool(given_on), frozenset(period_of(day, world.total.per, 0) for day, units in given_on.items() if units)


def every_neighbor(world: World) -> str:
    found = set()
    for (_, mine), *theirs in itertools.product(*(periods_given(row, world) for row in world.rows)):
        found.add(any(counts and not mine.isdisjoint(periods) for counts, periods in theirs))
    return "unsure" if len(found) == 2 else "beside" if True in found else "apart"


def said_of_neighbors(world: World) -> str:
    lines = [service_line(row) for row in world.rows]
    return MemberLines(lines).beside(lines[0], CODES, world.total.per)


BESIDE = pytest.mark.parametrize("per", ["day", "month"])


def beside_worlds(per: str, seed: int, number: int, **kinds: bool) -> Iterator[World]:
    """The codes are per diem: no line has two units on one day unless it has more units than days."""
    of = worlds(seed, number, **kinds)
    return (world._replace(total=world.total._replace(by_day=True, per=per)) for world in of)


@BESIDE
def test_neighbors_of_lines_of_one_day_are_as_in_every_reading(per: str) -> None:
    sure, cautious = decided(every_neighbor, said_of_neighbors, beside_worlds(per, 4, 600, single=True))
    assert (sure, cautious) == (600, 0)


@BESIDE
def test_neighbors_of_lines_of_several_days_are_never_wrong(per: str) -> None:
    sure, cautious = decided(every_neighbor, said_of_neighbors, beside_worlds(per, 5, 800))
    assert sure > 500
    assert cautious < sure / 10


@BESIDE
def test_neighbors_are_never_wrong_where_lines_do_not_tell_all(per: str) -> None:
    sure, _ = decided(every_neighbor, said_of_neighbors, beside_worlds(per, 6, 300, told=False))
    assert sure > 30


@BESIDE
def test_a_line_does_not_stand_beside_itself_but_beside_its_like(per: str) -> None:
    line = service_line(Row("H2024", LEAP_DAY, 1, 1))
    assert MemberLines([line]).beside(line, CODES, per) == "apart"
    assert MemberLines([line, service_line(Row("H2024", LEAP_DAY, 1, 1))]).beside(line, CODES, per) == "beside"


@pytest.mark.parametrize(
    ("first", "days", "expected"),
    [
        (dt.date(2024, 1, 31), 1, "apart"),
        (dt.date(2024, 2, 1), 1, "beside"),
        (dt.date(2024, 2, 1), 28, "beside"),
        (dt.date(2024, 1, 31), 2, "unsure"),
        (dt.date(2024, 3, 1), 1, "apart"),
        (dt.date(2023, 2, 28), 1, "apart"),
    ],
)
def test_lines_of_one_calendar_month_stand_beside_each_other(first: dt.date, days: int, expected: str) -> None:
    rows = (Row("H2024", LEAP_DAY, 1, 1), Row("T2020", first, days, 1))
    lines = [service_line(row) for row in rows]
    assert [MemberLines(lines).beside(line, CODES, "month") for line in lines] == [expected, expected]


@pytest.mark.parametrize(
    ("first", "last"), [("2024-02-29", "2024-02-28"), ("2022-01-01", "2023-01-02"), ("2024-02-29", "9999-12-31")]
)
def test_a_line_whose_dates_cannot_be_right_leaves_open_what_it_shows(first: str, last: str) -> None:
    """It ends before it starts, or covers more than a year; a slip in a year must not cost hours of counting."""
    line = service_line(Row("H2024", LEAP_DAY, 1, 1))
    days: dict[str, Any] = {
        "date_of_service": dt.date.fromisoformat(first),
        "last_date_of_service": dt.date.fromisoformat(last),
    }
    odd = ServiceLine(code="T2020", units=Decimal(1), **days)
    member, total = MemberLines([line, odd]), Total(CODES, "week", "units", True)
    assert (member.beside(line, CODES, "day"), member.beside(odd, CODES, "month")) == ("unsure", "unsure")
    assert (member.within(line, total, Decimal(1)), member.within(line, total, Decimal(2))) == ("unsure", "within")
    assert member.within(odd, total, Decimal(9)) == "unsure"


def test_a_line_of_a_whole_year_is_counted_by_its_days() -> None:
    year = Row("H2024", LEAP_DAY, MOST_DAYS_COVERED, MOST_DAYS_COVERED)
    assert said_of_total(World((year,), Total(CODES, "week", "units", True), 6)) == "over"
    assert said_of_total(World((year,), Total(CODES, "week", "units", True), 7)) == "within"


@pytest.mark.parametrize("measure", ["minutes", "charge"])
def test_time_and_money_are_shared_out_freely(measure: str) -> None:
    """Four hours on two days may all be of one day, though a unit of the code is a day."""
    last = LEAP_DAY + dt.timedelta(days=1)
    amount: dict[str, Any] = {measure: Decimal("240.50")}
    line = ServiceLine(code="H2024", date_of_service=LEAP_DAY, last_date_of_service=last, **amount)
    member, total = MemberLines([line]), Total(CODES, "day", measure, False)
    assert member.within(line, total, Decimal("240.50")) == "within"
    assert member.within(line, total, Decimal(240)) == "unsure"
    assert member.within(line, total, Decimal(120)) == "unsure"


# Which lines count: see also test_standing.


@pytest.mark.parametrize(("frequency", "expected"), [(None, "over"), ("1", "over"), ("7", "over"), ("8", "within")])
def test_only_lines_that_count_are_added_up(frequency: str | None, expected: str) -> None:
    line = ServiceLine(code="H2024", date_of_service=LEAP_DAY, units=Decimal(1), claim="A")
    other = ServiceLine(code="H2024", date_of_service=LEAP_DAY, units=Decimal(1), claim="B", frequency=frequency)
    replaced = ServiceLine(code="H2024", date_of_service=LEAP_DAY, units=Decimal(9), claim="B")
    lines = [line, *([replaced] if frequency in ("7", "8") else []), other]
    member, total = MemberLines(lines), Total(CODES, "day", "units", True)
    assert member.within(line, total, Decimal(1)) == expected
    assert member.within(line, total, Decimal(2)) == "within"
    assert member.beside(line, CODES, "day") == ("beside" if expected == "over" else "apart")


def test_lines_that_begin_on_one_day_are_not_taken_for_each_other() -> None:
    first = dt.date(2025, 3, 3)
    short = ServiceLine(code="H2024", date_of_service=first, units=Decimal(1))
    long = ServiceLine(
        code="H2024", date_of_service=first, last_date_of_service=first + dt.timedelta(days=6), units=Decimal(7)
    )
    later = ServiceLine(code="H2024", date_of_service=first + dt.timedelta(days=3), units=Decimal(5))
    a_day = Total(frozenset({"H2024"}), "day", "units", by_day=False)
    lines = MemberLines([short, long, later])
    assert [lines.within(line, a_day, Decimal(3)) for line in (short, long, later)] == ["unsure", "over", "over"]

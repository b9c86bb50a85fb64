"""Times the check of one line side by side with the same rules in zen-engine, and shows first that both say the same.

    python benchmarks/check_one.py [--lines 10000] [--rounds 7]

The rules are those of the invented policy zz/medicaid for H2024; `zen/` holds them as zen decisions. Both are told what
the member's other lines come to on that day and in that week. Exit status 1 where a line comes out differently.

What zen is spared: its lines are made ready before the clock starts; dates are whole numbers and spans of days worked
out; which policy, code and version of the rules a line is for is settled; and of several set-ups the fastest is taken.
What h2024kb has from its design: lines that its rules cannot tell apart share one result, settled once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from zen_setups import Context, Setup, setups

import h2024kb
from h2024kb import ServiceLine, check_line, check_lines
from h2024kb.claims.check import Checker
from h2024kb.claims.cuts import Total

EXAMPLE = Path(__file__).parent.parent / "tests" / "example"
SEED = 2024
BLOCK = 200
DAYS_OF_CHANGE = (dt.date(2024, 7, 1), dt.date(2026, 1, 1))

Said = tuple[str, str, str]
"""What a finding says: its rule, its outcome, and its message or the message's id."""


class Told(NamedTuple):
    """What the member's other lines come to together with a line, told as numbers."""

    day: Decimal
    week: Decimal

    def within(self, _line: ServiceLine, total: Total, bound: Decimal) -> str:
        return "within" if (self.day if total.per == "day" else self.week) <= bound else "over"

    def beside(self, _line: ServiceLine, _codes: frozenset[str]) -> str:
        return "apart"


Pair = tuple[ServiceLine, Told]


# The lines: all facts told, bounds and days on which rules change hit often.


def random_pair(rng: random.Random) -> Pair:
    first, last = random_days(rng)
    units = Decimal(rng.choice(("0.5", "1", "1", "1", "1", "2", "3")))
    line = ServiceLine(
        policy="zz/medicaid",
        code="H2024",
        date_of_service=first,
        last_date_of_service=last if last > first else None,
        modifiers=tuple(rng.choices(("U4", "U4", "U4", "HQ", "22", "95"), k=rng.randint(0, 3))),
        units=units,
        minutes=units * 240 + rng.choice((-60, -1, 0, 0, 0, 15, 60)),
        place_of_service=rng.choice(("18", "18", "18", "11", "99", "")),
        prior_authorization_number=rng.choice(("", f"A{rng.randint(1, 10**9)}")),
        submitted=last + dt.timedelta(days=rng.choice((365, 366, rng.randint(0, 420)))),
        conditions_met=rng.random() < 0.9,
    )
    return line, Told(units + rng.choice((0, 0, 0, 1)), units + rng.choice((0, 3, 5, 6, 7)))


def random_days(rng: random.Random) -> tuple[dt.date, dt.date]:
    """First and last day, mostly the same, and never with a change of rules between them."""
    first = dt.date(2023, 1, 1) + dt.timedelta(days=rng.randint(0, 1400))
    if rng.random() < 0.1:
        first = rng.choice(DAYS_OF_CHANGE) + dt.timedelta(days=rng.randint(-1, 1))
    last = first + dt.timedelta(days=rng.choice((0, 0, 0, 0, 1, 4)))
    return first, first if any(first < change <= last for change in DAYS_OF_CHANGE) else last


def with_facts_missing(line: ServiceLine, rng: random.Random) -> ServiceLine:
    names = ("modifiers", "units", "minutes", "place_of_service", "prior_authorization_number", "conditions_met")
    return msgspec.structs.replace(line, **dict.fromkeys(rng.sample(names, rng.randint(1, 4))))


def context(pair: Pair) -> Context:
    """The line as zen reads it fastest: flat, with numbers and short texts."""
    line, told = pair
    amounts = {"units": line.units, "minutes": line.minutes, "units_that_day": told.day, "units_that_week": told.week}
    told_amounts = [(name, amount) for name, amount in amounts.items() if amount is not None]
    return {
        "date_of_service": int(f"{line.date_of_service:%Y%m%d}"),
        "days": line.days,
        "days_to_submission": line.days_to_submission,
        "modifiers": list(line.modifiers or ()),
        "place_of_service": line.place_of_service,
        "prior_authorization_number": line.prior_authorization_number,
        "conditions_met": line.conditions_met,
        **{name: int(amount) if amount == int(amount) else float(amount) for name, amount in told_amounts},
    }


# Both say the same.


def said_by_zen(answer: Any) -> list[Said]:
    if isinstance(answer, dict):
        answer = answer["result"].get("findings") or answer["result"].values()
    return [_said(row) for row in answer if row is not None]


def _said(row: Context | str) -> Said:
    rule, outcome, message = row.split(" ") if isinstance(row, str) else (row["rule"], row["outcome"], row["message"])
    return rule, outcome, message


def agreeing(zens: Iterable[Sequence[Said]], ours: Iterable[Sequence[Said]]) -> int:
    """Counts lines with the same rules and outcomes, where each message id stands for one message and no other."""
    message_of: dict[Said, Said] = {}
    id_of: dict[Said, Said] = {}
    agreed = 0
    for theirs, our in zip(zens, ours, strict=True):
        pairs = list(zip(theirs, our, strict=False))
        agreed += len(theirs) == len(our) and all(
            one[:2] == other[:2] and message_of.setdefault(one, other) == other and id_of.setdefault(other, one) == one
            for one, other in pairs
        )
    return agreed


def all_agree(checker: Checker, pairs: Sequence[Pair]) -> bool:
    """Prints how many lines come out the same, over all set-ups of zen."""
    ours = [[(one.rule, one.outcome, one.message) for one in checker.check(*pair).findings] for pair in pairs]
    contexts = [context(pair) for pair in pairs]
    agreed = asked = 0
    for way in itertools.chain(*setups()):
        zens = [said_by_zen(way.evaluate(way.given(one))) for one in contexts[: way.most]]
        same = agreeing(zens, ours[: way.most])
        if same < len(zens):
            print(f"{way.name}: {len(zens) - same:,} of {len(zens):,} lines come out differently")
        agreed += same
        asked += len(zens)
    print(f"agree: {agreed:,} of {asked:,}, over {len(pairs):,} random lines and each set-up of zen")
    return agreed == asked


# Times.


class Timed:
    """Processor time for a line, the best of each block of lines over the rounds: what else runs matters less."""

    def __init__(self, name: str, run: Callable[[Sequence[Any]], object], lines: Sequence[Any]) -> None:
        self.name, self._run = name, run
        self._blocks = [lines[start : start + BLOCK] for start in range(0, len(lines), BLOCK)]
        self._best = [float("inf")] * len(self._blocks)

    def round(self) -> None:
        for number, block in enumerate(self._blocks):
            start = time.process_time()
            self._run(block)
            self._best[number] = min(self._best[number], time.process_time() - start)

    @property
    def microseconds(self) -> float:
        return sum(self._best) / sum(map(len, self._blocks)) * 1e6

    def show(self, against: Timed | None = None) -> None:
        ratio = f"{self.microseconds / against.microseconds:14.1f}" if against else ""
        print(f"  {self.name:<60}{self.microseconds:9.2f}{ratio}")


def in_turns(timed: Sequence[Timed], rounds: int) -> None:
    for _ in range(rounds):
        for one in timed:
            one.round()


def each(check: Callable[[Any], object]) -> Callable[[Sequence[Any]], None]:
    def run(lines: Sequence[Any]) -> None:
        for line in lines:
            check(line)

    return run


def each_told(checker: Checker) -> Callable[[Sequence[Pair]], None]:
    def run(pairs: Sequence[Pair]) -> None:
        check = checker.check
        for line, told in pairs:
            check(line, told)

    return run


def fastest(ways: Sequence[Setup], contexts: Sequence[Context], rounds: int) -> Setup:
    """Returns the fastest of some set-ups, and prints the time of each."""
    timed = [Timed(way.name, each(way.evaluate), [way.given(one) for one in contexts[: way.most]]) for way in ways]
    in_turns(timed, rounds)
    for one in timed:
        one.show()
    return min(zip(ways, timed, strict=True), key=lambda pair: pair[1].microseconds)[0]


def side_by_side(checker: Checker, pairs: Sequence[Pair], rounds: int) -> None:
    contexts = [context(pair) for pair in pairs]
    some = contexts[: len(contexts) // 5]
    print(f"\nSet-ups of zen-engine {version('zen-engine')}, microseconds a line:")
    ways = [fastest(group, some, rounds) for group in setups()]
    for title, lines in (("varied lines", range(len(pairs))), ("times the same line", [0] * len(pairs))):
        ours = Timed("h2024kb, findings with words and citation", each_told(checker), [pairs[n] for n in lines])
        zens = [Timed(f"zen, {way.name}", each(way.evaluate), [way.given(contexts[n]) for n in lines]) for way in ways]
        in_turns([ours, *zens], rounds)
        print(f"\n{f'{len(pairs):,} {title}, all facts told, in turns:':<62}{'µs a line':>9}{'zen/h2024kb':>14}")
        ours.show()
        for one in zens:
            one.show(ours)


def alone(kb: h2024kb.KnowledgeBase, pairs: Sequence[Pair], rounds: int) -> None:
    """What zen has no like of: facts missing, and other lines given as lines."""
    rng, lines = random.Random(SEED), [line for line, _ in pairs]
    missing = [with_facts_missing(line, rng) for line in lines]
    members = [msgspec.structs.replace(line, member=str(number // 10)) for number, line in enumerate(lines)]
    one = each(partial(check_line, kb))
    timed = [
        Timed("check_line, other lines not told", one, lines),
        Timed("check_line, one to four facts missing", one, missing),
        Timed("check_line, told that there are no other lines", each(partial(check_line, kb, others=())), lines),
        Timed("check_lines, ten lines a member", partial(check_lines, kb), members),
    ]
    in_turns(timed, rounds)
    print(f"\n{'h2024kb, asked otherwise:':<62}{'µs a line':>9}")
    for way in timed:
        way.show()


def first_sight(kb: h2024kb.KnowledgeBase, pairs: Sequence[Pair]) -> None:
    """What a kind of line costs when it is met first: the only time that it is judged rule by rule."""
    start = time.process_time()
    checker = Checker(kb)
    kinds = len({id(checker.check(*pair)) for pair in pairs})
    took = time.process_time() - start
    print(f"\nA new checker met {kinds:,} kinds of line: {took / kinds * 1e6:.0f} µs a kind, once, compiling included")


def main() -> int:
    parser = argparse.ArgumentParser(description="Times the check of one line side by side with zen-engine.")
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    rng = random.Random(SEED)
    pairs = [random_pair(rng) for _ in range(arguments.lines)]
    kb = h2024kb.open(EXAMPLE)
    checker = Checker(kb)
    if not all_agree(checker, pairs):
        return 1
    side_by_side(checker, pairs, arguments.rounds)
    alone(kb, pairs[: len(pairs) // 5], arguments.rounds)
    first_sight(kb, pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Random service lines over a world of policies, and whether a table of them is checked as they are one by one.

Run as a script to check millions: `python tests/batch_lines.py --lines 3000000`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa
from answers import EXAMPLE_DAY, ROOT, TODAY

from h2024kb.batch.tables import KINDS, numbered
from h2024kb.claims.check import check_lines, checker
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine
from h2024kb.load import load_folder

DAY = dt.timedelta(days=1)
WORLDS = ("tests/example", "tests/claims-example", "policies")
NUMBERS = tuple(
    map(Decimal, ("-3", "-1", "0", "0.5", "1", "1", "1", "2", "3", "5", "6.25", "7", "8", "14", "31", "100"))
)
LONG = tuple(map(Decimal, ("0.000000000000001", "999999999999999.999999999999999", "1.00001", "-123456789012345.5")))
MINUTES = tuple(map(Decimal, ("0", "7.5", "15", "30", "59", "60", "61", "120", "239", "240", "241", "480", "1440")))


@dataclass(frozen=True)
class Pool:
    """What the policies of a world speak of, for lines to be drawn from."""

    kb: KnowledgeBase
    policies: tuple[str, ...]
    codes: tuple[str, ...]
    days: tuple[dt.date, ...]
    modifiers: tuple[str, ...]
    places: tuple[str, ...]
    diagnoses: tuple[str, ...]
    payers: tuple[str, ...]


def worlds() -> dict[str, KnowledgeBase]:
    return {name: load_folder(ROOT / name, TODAY if name == "policies" else EXAMPLE_DAY) for name in WORLDS}


def pool(kb: KnowledgeBase) -> Pool:
    policies = tuple(policy.id for policy in kb.policies())
    starts = {day for policy in policies for code in kb.codes() for day in checker(kb).starts(policy, code)}
    around = {day + step * DAY for day in starts - {dt.date.min} for step in (-1, 0, 1)}
    rules = [rules for policy in kb.policies() for rules in policy.rules]
    said = msgspec.to_builtins([msgspec.to_builtins(one) for one in rules])
    return Pool(
        kb,
        policies,
        tuple(sorted(kb.codes())),
        tuple(sorted(around)),
        _all(_texts(said, "modifiers"), (row.modifier for one in rules for row in one.modifiers), ("ZZ", "59")),
        _all(*(_texts(said, key) for key in ("allowed", "not_allowed", "place_of_service")), ("02", "99")),
        _all(_texts(said, "any_of"), ("F20", "F2081", "Z0000")),
        tuple(name for row in kb.contents.code_sets.payers for name in (row.payer, *row.aliases)),
    )


def _all(*some: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for texts in some for text in texts}))


def _texts(said: Any, key: str) -> Iterator[str]:
    """Every text in a list under a key, at any depth."""
    if isinstance(said, dict):
        found = said.get(key)
        if isinstance(found, list):
            yield from (text for text in found if isinstance(text, str))
        for value in said.values():
            yield from _texts(value, key)
    elif isinstance(said, list):
        for value in said:
            yield from _texts(value, key)


def random_lines(seed: int, drawn: Pool, count: int) -> list[ServiceLine]:
    """Lines of few members to few policies, so that they meet; how much they tell is drawn for all of them first."""
    draw = Draw(random.Random(seed), drawn)
    return [draw.line() for _ in range(count)]


class Draw:
    def __init__(self, rng: random.Random, drawn: Pool) -> None:
        self.rng = rng
        self.pool = drawn
        self.policies = rng.sample(drawn.policies, min(len(drawn.policies), rng.choice((1, 2, 5, 200))))
        self.codes = [*rng.sample(drawn.codes, min(len(drawn.codes), rng.choice((1, 3, 200)))), "H2024"]
        self.told = rng.choice((0.5, 0.8, 0.97, 1))
        self.members = rng.choice((3, 30, 300, 3000))
        self.base = rng.choice(drawn.days)
        self.spread = rng.choice((5, 40, 400, 0))
        long = LONG if rng.random() < 0.2 else ()
        self.numbers = NUMBERS + long
        self.charges = tuple(number * 20 for number in NUMBERS) + long
        self.several_days = rng.choice((0, 0.1, 0.5))
        self.replaces = rng.choice((0, 0, 0.02, 0.2))

    def maybe(self, value: Any, told: float | None = None) -> Any:
        return value if self.rng.random() < (self.told if told is None else told) else None

    def line(self) -> ServiceLine:
        rng = self.rng
        first = self.day()
        shown = rng.choices(self.pool.modifiers, k=rng.choice((0, 0, 1, 1, 1, 2, 2, 3, 4)))
        return ServiceLine(
            code=self.maybe(rng.choice(self.codes) if rng.random() < 0.95 else rng.choice(("99213", "A0000")), 0.99),
            modifiers=self.maybe(tuple(shown)),
            date_of_service=self.maybe(first, 0.98),
            last_date_of_service=self.last(first),
            units=self.maybe(rng.choice(self.numbers)),
            minutes=self.maybe(rng.choice(MINUTES)),
            place_of_service=self.maybe(rng.choice(self.pool.places)),
            prior_authorization_number=self.maybe(rng.choice(("", "A1", "A2", "none", " N/A "))),
            diagnoses=self.maybe(tuple(rng.choices(self.pool.diagnoses, k=rng.choice((0, 1, 2))))),
            charge=self.maybe(rng.choice(self.charges)),
            age=self.maybe(rng.choice((0, 5, 13, 14, 15, 17, 18, 19, 20, 21, 22, 64, 65, 66, 90))),
            group_size=self.maybe(rng.choice((1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20))),
            submitted=self.maybe(first + rng.choice((-1, 0, 30, 90, 95, 180, 181, 364, 365, 366, 1000)) * DAY),
            claim=self.maybe(f"C{rng.randrange(max(2, self.members))}", 0.9),
            line=str(rng.randrange(3)),
            member=self.maybe(f"M{rng.randrange(self.members)}" if rng.random() < 0.98 else "", 0.95),
            frequency=rng.choice(("7", "8")) if rng.random() < self.replaces else self.maybe(rng.choice("1126")),
            replaces=self.maybe(f"C{rng.randrange(max(2, self.members))}", 0.1),
            conditions_met=self.maybe(rng.random() < 0.7),
            **self.who(),
        )

    def who(self) -> dict[str, Any]:
        rng = self.rng
        if rng.random() < 0.95:
            return {"policy": rng.choice(self.policies)}
        policy = self.pool.kb.policy(rng.choice(self.policies))
        return {
            "policy": self.maybe("zz/none", 0.1),
            "payer": self.maybe(rng.choice((policy.payer, rng.choice(self.pool.payers or ("?",)), "Nobody", "")), 0.8),
            "payer_id": self.maybe(rng.choice((policy.payer, "12345")), 0.2),
            "jurisdiction": self.maybe(rng.choice((policy.jurisdiction, "ZZ", "US")), 0.7),
            "line_of_business": self.maybe(policy.line_of_business, 0.5),
        }

    def day(self) -> dt.date:
        if self.rng.random() < 0.01:
            return dt.date(self.rng.choice((2036, 2037, 2206)), 12, self.rng.choice((29, 30, 31)))
        if not self.spread or self.rng.random() < 0.05:
            return self.rng.choice(self.pool.days)
        return self.base + self.rng.randrange(self.spread) * DAY

    def last(self, first: dt.date) -> dt.date | None:
        if self.rng.random() >= self.several_days:
            return self.rng.choice((None, None, None, first))
        return first + self.rng.choice((1, 1, 2, 3, 6, 7, 8, 27, 30, 31, 70, 400, -1, -8)) * DAY


def as_table(lines: Sequence[ServiceLine]) -> pa.Table:
    return pa.table({name: pa.array([getattr(line, name) for line in lines], kind) for name, kind in KINDS.items()})


def differences(kb: KnowledgeBase, lines: Sequence[ServiceLine]) -> list[int]:
    """The lines whose result in a table is another than among lines, and those that lack one or have one too many."""
    expected = check_lines(kb, lines)
    batches, results = numbered(kb, as_table(lines))
    found = {row["row"]: results[row["result"]] for batch in batches for row in _rows(batch)}
    held = kb.codes()
    wanted = {n for n, line in enumerate(lines) if line.code is None or line.code in held}
    wrong = [n for n in wanted & found.keys() if found[n] is not expected[n] and found[n] != expected[n]]
    return sorted({*wrong, *(wanted ^ found.keys())})


def _rows(batch: Any) -> Iterator[dict[str, Any]]:
    rows, numbers = batch.column("row").to_pylist(), batch.column("result").to_pylist()
    return ({"row": row, "result": number} for row, number in zip(rows, numbers, strict=True))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=3_000_000)
    arguments.add_argument("--at-once", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    given = arguments.parse_args()
    pools = {name: pool(kb) for name, kb in worlds().items()}
    started, done, wrong = time.monotonic(), 0, 0
    while done < given.lines:
        for name, drawn in pools.items():
            seed = given.seed + done
            lines = random_lines(seed, drawn, given.at_once)
            found = differences(drawn.kb, lines)
            if found:
                print(f"{name}, seed {seed}: {len(found)} differ, the first at {found[0]}")
            wrong, done = wrong + len(found), done + len(lines)
        print(f"{done} lines so far: {wrong} differ", flush=True)
    print(f"{done} lines, first seed {given.seed}: {wrong} differ; {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

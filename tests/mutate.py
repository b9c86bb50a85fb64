"""Breaks real policy files at random: whatever comes of it has problems or is a policy that answers, never a traceback.

`python tests/mutate.py --count 100000 --seed 1` tries many. Mutation number N of a seed is always the same one, so
`--seed 1 --first N --count 1` shows it again.
"""

from __future__ import annotations

import argparse
import copy
import datetime as dt
import difflib
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec
import yaml
from answers import EXAMPLE, EXAMPLE_DAY, ROOT, TODAY

from h2024kb.editing import build, checks
from h2024kb.editing.document import read_bytes
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import PolicyFile, policy_file
from h2024kb.editing.schema_problems import located_problems
from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.headlines import evidence_label, headline, next_steps
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.words import answer_lines
from h2024kb.load import load_folder
from h2024kb.problem import Problem, as_annotation, with_caret

DAYS = (dt.date(2023, 6, 15), EXAMPLE_DAY)
KNOWN_ON = (None, dt.date(2026, 11, 21), EXAMPLE_DAY)
COMMENT = "# yaml-language-server: $schema=../../schema/policy.schema.json\n"
# What stands in for a value: the wrong kinds, the ends of ranges, and words that have a meaning somewhere in a policy.
WORDS = (
    "NO 02 22 ~ << 0001-01-01 9999-12-31 2026-11-23 2026-02-30 2024 conditional covered not-covered required day H2024 "
    "supported-employment all-services U4 md/brain-injury-waiver zz/plan zz/medicaid survey-2026-11 61.20"
)
MAPPINGS = ({"modifiers": ["U4"]}, {"from": 5, "to": 2}, {"unknown": "Nothing.", "searched": ["survey-2026-11"]})
STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**15,
    "",
    " ",
    "a\nb",
    "\0",
    "é",
    [],
    {},
    [[]],
    [{}],
    *MAPPINGS,
    *WORDS.split(),
)
# What an entry may have beside its value.
OPTIONAL = (
    ("withdrawn", {"date": "2026-11-22", "because": "It was misread."}),
    ("recorded", "2026-11-22"),
    ("termination_date", "2023-06-15"),
    ("also_seen", [{"source": "manual-r3", "locator": "page 2", "seen_on": "2023-06-15"}]),
    ("effective_date", "2023-06-15"),
    ("when", {"modifiers": ["U4"]}),
    ("when", {"only_modifiers": []}),
    ("when", {"place_of_service": ["11"], "age": {"to": 20}}),
    ("condition", "Enrolled."),
)
# What means something to YAML.
MARKS = (
    b"\n",
    b"- ",
    b": ",
    b"'",
    b'"',
    b"#",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"&a ",
    b"*a",
    b"!!str ",
    b"\t",
    b"|\n",
    b"\xff",
)


class Base(NamedTuple):
    """A policy file to be broken, and all that it is read with."""

    path: Path
    kb: KnowledgeBase
    known: KnownNames

    @property
    def id(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"


@cache
def bases() -> tuple[Base, ...]:
    """Every policy that is shipped, and the invented ones."""
    found: list[Base] = []
    for root, today in ((ROOT / "policies", TODAY), (EXAMPLE, EXAMPLE_DAY)):
        kb, known = load_folder(root, today), KnownNames.of(root, [], [], today)
        found += (Base(path, kb, known) for path in sorted(root.glob("[a-z][a-z]/*.yaml")))
    return tuple(found)


def mutate_bytes(raw: bytes, random: Random) -> bytes:
    """The file with one to three changes that know nothing of YAML."""
    for _ in range(random.choice((1, 1, 2, 3))):
        start = random.randrange(len(raw) + 1)
        end = min(len(raw), start + random.choice((1, 1, 2, 10, 100)))
        middle = {
            "flip": bytes(byte ^ 1 << random.randrange(8) for byte in raw[start:end][:1]) + raw[start:end][1:],
            "insert": random.choice((*MARKS, random.randbytes(1))) + raw[start:end],
            "delete": b"",
            "duplicate": raw[start:end] * 2,
            "truncate": None,
        }[random.choice(("flip", "insert", "delete", "duplicate", "flip", "insert", "delete", "duplicate", "truncate"))]
        raw = raw[:start] if middle is None else raw[:start] + middle + raw[end:]
    return raw


def mutate_data(raw: bytes, random: Random) -> bytes:
    """The file with some of its keys, items and values changed, often close together, and written anew."""
    data: Any = [read_bytes(raw, "").data]
    focus = data
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        near = list(places(focus)) or list(places(data))
        if not near:
            break
        holder, key = random.choice(near)
        random.choice((delete, replace, borrow, duplicate, retype, move, rename, add))(data, holder, key, random)
        focus = random.choice((data, holder))
    text = yaml.safe_dump(data[0] if data else None, sort_keys=False, allow_unicode=True, width=120)
    return (COMMENT + text).encode()


def places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value below a holder: the list or mapping it is in, and its number or key."""
    for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
        yield holder, key
        if isinstance(holder[key], (dict, list)):
            yield from places(holder[key])


def delete(data: Any, holder: Any, key: Any, random: Random) -> None:
    del holder[key]


def replace(data: Any, holder: Any, key: Any, random: Random) -> None:
    holder[key] = copy.deepcopy(random.choice(STRANGE))


def borrow(data: Any, holder: Any, key: Any, random: Random) -> None:
    """Another value of the same file, most often of a place with the same key."""
    alike = [place for place in places(data) if place[1] == key and random.random() < 0.9]
    other, at = random.choice(alike or list(places(data)))
    holder[key] = copy.deepcopy(other[at])


def duplicate(data: Any, holder: Any, key: Any, random: Random) -> None:
    put(holder, random.choice([at for _, at in places(data)]), copy.deepcopy(holder[key]), random)


def retype(data: Any, holder: Any, key: Any, random: Random) -> None:
    value = holder[key]
    kinds: tuple[Callable[[], Any], ...] = (
        lambda: [value],
        lambda: {"value": value},
        lambda: str(value),
        lambda: len(str(value)),
    )
    holder[key] = copy.deepcopy(random.choice(kinds)())


def move(data: Any, holder: Any, key: Any, random: Random) -> None:
    value = holder[key]
    del holder[key]
    others = [other[at] for other, at in places(data) if isinstance(other[at], (dict, list))]
    if others:
        put(random.choice(others), key, value, random)


def rename(data: Any, holder: Any, key: Any, random: Random) -> None:
    value = holder[key]
    del holder[key]
    put(holder, random.choice([at for _, at in places(data)] or [key]), value, random)


def add(data: Any, holder: Any, key: Any, random: Random) -> None:
    """A key that an entry may have, with a value that it may have."""
    name, value = random.choice(OPTIONAL)
    put(holder, name, copy.deepcopy(value), random)


def put(holder: Any, key: Any, value: Any, random: Random) -> None:
    if isinstance(holder, list):
        holder.insert(random.randint(0, len(holder)), value)
    else:
        holder[str(key)] = value


KINDS: dict[str, Callable[[bytes, Random], bytes]] = {"bytes": mutate_bytes, "data": mutate_data}


def outcome(raw: bytes, base: Base) -> str:
    """Reads a broken file as a folder is read: "problems", or "valid" once every core answer has been computed."""
    document = read_bytes(raw, str(base.path))
    if document.data is None and document.problems:
        return printed(document.problems)
    located = located_problems(document, "policy")
    file = policy_file(document, base.id, [where for _, where in located])
    problems = [*document.problems, *(problem for problem, _ in located), *checks.run(file, base.known)]
    return printed(problems) if problems else answered(file, base)


def printed(problems: list[Problem]) -> str:
    for problem in problems:
        assert "\n" not in str(problem) + as_annotation(problem)
        assert with_caret(problem).startswith(str(problem))
    return "problems"


def answered(file: PolicyFile, base: Base) -> str:
    others = [policy for policy in base.kb.contents.policies if policy.id != base.id]
    policies = (*others, build.policy(base.id, file.data))
    kb = KnowledgeBase.of(msgspec.structs.replace(base.kb.contents, policies=policies))
    for day in DAYS:
        for known_on in KNOWN_ON:
            for answer in kb.core_answers(base.id, code="H2024", date_of_service=day, as_known_on=known_on):
                assert answer_lines(answer)
                assert kb.replay(answer.question) == answer
            coverage = kb.coverage(base.id, code="H2024", date_of_service=day, as_known_on=known_on)
            assert headline(coverage)
            assert "None" not in evidence_label(coverage)
            assert isinstance(coverage, Known) or all(next_steps(coverage))
    return "valid"


class Mutation(NamedTuple):
    """One broken file."""

    number: int
    kind: str
    base: Base
    raw: bytes


def mutation(seed: int, number: int) -> Mutation:
    """Mutation number N of a seed; every other one knows of YAML."""
    random = Random(f"{seed} {number}")
    kind = tuple(KINDS)[number % 2]
    base = random.choice(bases())
    return Mutation(number, kind, base, KINDS[kind](base.path.read_bytes(), random))


def attempt(made: Mutation) -> str:
    """What comes of a mutation; where it raises, that is printed with what was changed."""
    try:
        return outcome(made.raw, made.base)
    except Exception:  # noqa: BLE001  # whatever is raised is the finding; it is printed, counted, and the run goes on
        print(f"\nmutation {made.number} ({made.kind}) of {made.base.id} raised", traceback.format_exc(), sep="\n")
        before, after = (raw.decode("utf-8", "replace").splitlines() for raw in (made.base.path.read_bytes(), made.raw))
        print("\n".join(difflib.unified_diff(before, after, lineterm="", n=1)))
        return "raised"


def main() -> int:
    """Tries mutations and prints what came of them; 1 if any raised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutation")
    asked = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    for number in range(asked.first, asked.first + asked.count):
        made = mutation(asked.seed, number)
        counts[made.kind, attempt(made)] += 1
        if sys.stderr.isatty() and number % 100 == 0:
            print(f"\r{number - asked.first} of {asked.count}", end="", file=sys.stderr)
    for (kind, came), count in sorted(counts.items()):
        print(f"{kind}: {came}: {count}")
    return 1 if any(came == "raised" for _, came in counts) else 0


if __name__ == "__main__":
    sys.exit(main())

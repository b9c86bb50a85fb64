"""Where payers contradict each other on a modifier. Findings of ours, by plain rules; no payer says so.

Only what is in force today is looked at, what is unknown contradicts nothing, and two rows of one policy are never set
against each other.

- `used differently`: for the same code, one policy asks for the modifier, allows it or lists it, and another refuses
  it. What is said of a service holds for the codes of that service, what is said of all services for every code.
- `opposite meanings`: one policy, or the general label, speaks of one side of a pair in `PAIRS` and another of its
  other side. A sentence that names both sides is on neither. A row with several modifiers is left out, as its words
  are not those of this modifier alone; so is a refusal, which may name what it does not mean.
- `a meaning of its own`: the general label leaves the meaning of U1 to UD to each payer, and two policies describe it
  in different words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from h2024kb.knowledge.lookup import ALL_SERVICES
from h2024kb.knowledge.model import Policy, is_code
from h2024kb.site.pages.modifiers.uses import Mention

LEFT_TO_PAYERS: Final = frozenset(f"U{name}" for name in "123456789ABCD")
"""The modifiers whose meaning each state's Medicaid agency defines for itself."""

PAIRS: Final = (
    (
        ("one person", re.compile(r"\b(individual(ly)?|one person|one[- ]to[- ]one|1:1|single person)\b", re.I)),
        ("a group", re.compile(r"\b(group|groups|several people)\b", re.I)),
    ),
    (
        ("in person", re.compile(r"\b(in person|in-person|face[- ]to[- ]face|on site)\b", re.I)),
        ("at a distance", re.compile(r"\b(telehealth|remote(ly)?|at a distance|by video|by telephone)\b", re.I)),
    ),
    (
        ("a first phase", re.compile(r"\b(initial|first phase|job development)\b", re.I)),
        ("continuing support", re.compile(r"\b(maintenance|follow[- ]up|follow[- ]along|ongoing|long-term)\b", re.I)),
    ),
)
"""Pairs of opposites, each side with the words that speak of it."""


class Side(NamedTuple):
    """What some policies have in common on a modifier; None among them is the general label."""

    says: str
    policies: tuple[Policy | None, ...]


class Inversion(NamedTuple):
    """One contradiction on a modifier: its kind, and its sides."""

    modifier: str
    kind: str
    sides: tuple[Side, ...]


def inversions(
    modifier: str, label: str, found: Sequence[Mention], services: Mapping[str, Sequence[str]]
) -> list[Inversion]:
    """Returns the contradictions on a modifier; `services` has each code's services, `label` is the general one."""
    held = [one for one in found if one.entry.holds and one.use not in ("", "counts")]
    told = [one for one in held if not one.with_ and one.use != "not-allowed"]
    made = [("used differently", _uses(held, services))]
    made += [("opposite meanings", sides) for sides in _opposites(label, told)]
    made += [("a meaning of its own", _meanings(told))] if modifier in LEFT_TO_PAYERS else []
    return [Inversion(modifier, kind, sides) for kind, sides in made if _apart(sides)]


def _apart(sides: Sequence[Side]) -> bool:
    """Whether there are two sides, and not one policy alone on both."""
    return len(sides) > 1 and len({policy.id if policy else None for side in sides for policy in side.policies}) > 1


def _uses(held: Sequence[Mention], services: Mapping[str, Sequence[str]]) -> tuple[Side, ...]:
    takers = [one for one in held if one.accepted]
    refusers = [one for one in held if one.use == "not-allowed"]
    pairs = [(one, other) for one in takers for other in refusers if _contradict(one, other, services)]
    told = [(_takes(one), one.policy) for pair in pairs for one in pair]
    return _sides(told)


def _contradict(one: Mention, other: Mention, services: Mapping[str, Sequence[str]]) -> bool:
    return one.policy.id != other.policy.id and same_code(one.applies_to, other.applies_to, services)


def _takes(one: Mention) -> str:
    entry = one.entry.entry
    only = " in some cases" if entry.condition or entry.when else ""
    return f"{_TAKES[one.use]}{only}"


_TAKES: Final = {
    "required": "Asks for it",
    "allowed": "Allows it",
    "listed": "Lists it",
    "not-allowed": "Refuses it",
}


def same_code(one: str, other: str, services: Mapping[str, Sequence[str]]) -> bool:
    """Whether two headings, each a code or a service, can be about the same code; `services` has each code's services.

    >>> same_code("H2024", "supported-employment", {"H2024": ("supported-employment",)})
    True
    >>> same_code("H2024", "T2019", {})
    False
    """
    if ALL_SERVICES in (one, other) or one == other:
        return True
    pairs = ((one, other), (other, one))
    return any(is_code(code) and service in services.get(code, ()) for code, service in pairs)


def _opposites(label: str, told: Sequence[Mention]) -> Iterator[tuple[Side, ...]]:
    said: list[tuple[Policy | None, str]] = [(None, label), *((one.policy, one.meaning) for one in told)]
    for pair in PAIRS:
        speaks = [(policy, [name for name, words in pair if words.search(text)]) for policy, text in said]
        yield _sides((f"Speaks of {names[0]}", policy) for policy, names in speaks if len(names) == 1)


def _meanings(told: Sequence[Mention]) -> tuple[Side, ...]:
    first: dict[str, str] = {}
    for one in told:
        first.setdefault(_plain(one.meaning), one.meaning.rstrip("."))
    return _sides((first[_plain(one.meaning)], one.policy) for one in told)


def _sides(said: Iterable[tuple[str, Policy | None]]) -> tuple[Side, ...]:
    """The same words together, each policy once under them."""
    sides: dict[str, dict[str | None, Policy | None]] = {}
    for says, policy in said:
        sides.setdefault(says, {})[policy.id if policy else None] = policy
    return tuple(Side(says, tuple(policies.values())) for says, policies in sides.items())


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))

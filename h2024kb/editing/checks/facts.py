"""Checks of what facts say together: completeness, contradictions, what a claim line fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

from h2024kb.editing.checks.fault import Fault
from h2024kb.editing.document import Where
from h2024kb.editing.known_names import KnownNames
from h2024kb.editing.policy_file import EntryPeriod, PolicyFile, mapping, rows
from h2024kb.knowledge.model import CORE_FACTS
from h2024kb.near import did_you_mean

CODE = "H2024"
_OLDEST = 120
SERVICES_OF_CODE = ("supported-employment", "all-services")


def unclear_when(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """No claim line fits two entries of one fact equally well; the entry that asks more of the line wins."""
    for dated in file.lists:
        periods = [period for period in dated.periods if "when" in period.entry.data]
        for above, below in combinations(periods, 2):
            whens = above.entry.data["when"], below.entry.data["when"]
            if _both_may_fit(*whens) and above.meets(below):
                line = file.document.places[above.entry.path][0]
                yield Fault((*below.entry.path, "when"), f"a claim line may fit this and line {line} alike")


def _both_may_fit(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if _asks(one) != _asks(other):
        return False
    if any(set(one.get(key, [])) != set(other.get(key, [])) for key in ("modifiers", "only_modifiers")):
        return False
    places = [set(when.get("place_of_service", [])) for when in (one, other)]
    if all(places) and not places[0] & places[1]:
        return False
    ages = [when.get("age") for when in (one, other)]
    return not (all(ages) and _apart(*ages))


def _asks(when: dict[str, Any]) -> int:
    exactly = len(when["only_modifiers"]) + 1 if "only_modifiers" in when else 0
    return len(when.get("modifiers", [])) + exactly + ("place_of_service" in when) + ("age" in when)


def _apart(one: Any, other: Any) -> bool:
    top = 1 << 30
    return bool(one.get("to", top) < other.get("from", 0) or other.get("to", top) < one.get("from", 0))


def authorization_of_uncovered(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A code that is not covered has no authorization answer: asking for one would not get it paid."""
    lists = {(dated.heading, dated.fact): dated.periods for dated in file.lists}
    for (heading, fact), periods in lists.items():
        if fact != "prior_authorization":
            continue
        coverage = lists.get((heading, "coverage"), [])
        refused = [period for period in coverage if period.entry.data.get("value") == "not-covered"]
        for period in periods:
            if "value" in period.entry.data and any(_same_lines(other, period) for other in refused):
                message = "coverage is 'not-covered' at this time: write 'unknown' here"
                yield Fault((*period.entry.path, "value"), message)


def _same_lines(refused: EntryPeriod, period: EntryPeriod) -> bool:
    return refused.meets(period) and ("when" not in refused.entry.data or refused.entry.lines == period.entry.lines)


def core_facts(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """Every core fact is stated for H2024 or its service, or is unknown; so what nobody knows can be counted.

    The core facts are coverage, prior authorization, unit, place of service, limits, rate, and modifier 22. A policy
    that follows another need not repeat what that one states.
    """
    rules = file.data.get("rules")
    if "follows" in file.data or not isinstance(rules, dict):
        return
    stated = [mapping(rules.get(heading)) for heading in (CODE, *SERVICES_OF_CODE)]
    missing = [fact for fact in CORE_FACTS if not any(fact in facts for facts in stated)]
    if not any("22" in mapping(facts.get("modifiers")) for facts in stated):
        missing.append('modifiers "22"')
    if missing:
        where = ("rules", CODE) if CODE in rules else ("rules",)
        message = f"nothing is said of {', '.join(missing)}: state it, or write 'unknown' with where you looked"
        yield Fault(where, message, at_key=True)


def follows_unknown(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """The policy that is followed exists, and following it never leads back."""
    for dated, entry in file.entries:
        target = entry.data.get("value")
        if dated.fact not in ("follows", "succeeded_by") or not isinstance(target, str):
            continue
        path = (*entry.path, "value")
        if target not in known.policies:
            yield Fault(path, f"no policy is named '{target}'{did_you_mean(target, sorted(known.policies))}")
        elif dated.fact == "follows" and file.id in followed_in_turn(target, known.policies):
            yield Fault(path, f"following '{target}' leads back to this policy")


def followed_in_turn(start: str, follows: Mapping[str, str | None]) -> list[str]:
    """Returns the ids of a policy, of the one it follows, and so on; it ends where following leads back."""
    # `knowledge.lookup` walks the same way over records on a date of service. Editing must not know dates of service,
    # and files that still have problems make no records, so it keeps a walk of its own; a test holds the two equal.
    chain: list[str] = []
    at: str | None = start
    while at is not None and at not in chain:
        chain.append(at)
        at = follows.get(at)
    return chain


def repeated_modifiers(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A table of billing lines has each set of modifiers once; their order does not make two."""
    for dated, entry in file.entries:
        seen: set[frozenset[str]] = set()
        table = entry.data.get("value") if dated.fact == "billing_lines" else None
        for at, row in enumerate(rows(table)):
            modifiers = frozenset(row["modifiers"])
            if modifiers in seen:
                shown = " ".join(row["modifiers"]) or "no modifier"
                yield Fault((*entry.path, "value", at, "modifiers"), f"a row with {shown} is above")
            seen.add(modifiers)


def other_unit(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A rate is for the payer's unit where one place in one source gives both; else one of the two is misread."""
    for unit, rate in _side_by_side(file, "unit", "rate"):
        per = rate.entry.data["value"]["per"]
        same_place = all(unit.entry.data[key] == rate.entry.data[key] for key in ("source", "locator"))
        if same_place and per not in ("unit", unit.entry.data["value"]):
            line = file.document.places[unit.entry.path][0]
            message = f"the same place gives the unit on line {line} as '{unit.entry.data['value']}'"
            yield Fault((*rate.entry.path, "value", "per"), message)


def rate_beside_table(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """A rate does not contradict the row of the billing lines for the same modifiers, unit and time."""
    for table, rate in _side_by_side(file, "billing_lines", "rate"):
        when, value = mapping(rate.entry.data.get("when")), rate.entry.data["value"]
        for at, row in enumerate(table.entry.data["value"]):
            same_line = set(when) <= {"modifiers"} and set(row["modifiers"]) == set(when.get("modifiers", []))
            plain = "phase" not in row and "staff_ratio" not in row and row.get("unit", value["per"]) == value["per"]
            if same_line and plain and row.get("rate", value["amount"]) != value["amount"]:
                line = file.document.places[(*table.entry.path, "value", at)][0]
                yield Fault(
                    (*rate.entry.path, "value", "amount"), f"the table on line {line} has {row['rate']} for this"
                )


def _side_by_side(file: PolicyFile, one: str, other: str) -> Iterator[tuple[EntryPeriod, EntryPeriod]]:
    """The entries of two facts under one heading that both give a value on some day."""
    lists = {(dated.heading, dated.fact): dated.periods for dated in file.lists}
    for (heading, fact), periods in lists.items():
        if fact == one:
            for first, second in product(periods, lists.get((heading, other), [])):
                if "value" in first.entry.data and "value" in second.entry.data and first.meets(second):
                    yield first, second


def unlikely_age(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """An age is one that people reach: at most 120 years."""
    for dated, entry in file.entries:
        spans: dict[Where, object] = {("when", "age"): mapping(entry.data.get("when")).get("age")}
        if dated.fact == "age":
            spans[("value",)] = entry.data.get("value")
        for path, span in spans.items():
            for end, years in mapping(span).items():
                if years > _OLDEST:
                    yield Fault((*entry.path, *path, end), f"{years} is not an age in years")


def program_twice(file: PolicyFile, known: KnownNames) -> Iterator[Fault]:
    """One program has one file: no two are of one payer, program, line of business and jurisdiction."""
    mine = known.programs.get(file.id)
    for id, other in sorted(known.programs.items()):
        if id < file.id and other == mine:
            key = "program" if "program" in file.data else "payer"
            yield Fault((key,), f"'{id}' is of the same payer, program, line of business and jurisdiction")
            return

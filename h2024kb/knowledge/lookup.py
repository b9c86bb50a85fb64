"""The order in which headings and policies are asked: the nearest that states something answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from h2024kb.knowledge.answer import Answer, Known, Question, Unknown
from h2024kb.knowledge.answer_from_entry import Place, depends_on_line, known, not_in_force, searched_and_silent
from h2024kb.knowledge.code_sets import Contents
from h2024kb.knowledge.in_force import EntryPeriod, for_line, in_force, known_by, periods
from h2024kb.knowledge.model import Entry, ModifierUse, Policy, Rules

V = TypeVar("V")
Pick = Callable[[Rules], tuple[Entry[V], ...]]
ALL_SERVICES = "all-services"


@dataclass(frozen=True, slots=True)
class Index:
    """Policies by id, their rules by heading, the services that each code is, and payers by any name in lower case."""

    policies: Mapping[str, Policy]
    rules: Mapping[tuple[str, str], Rules]
    services: Mapping[str, tuple[str, ...]]
    payers: Mapping[str, str]


def build_index(contents: Contents) -> Index:
    """Builds the index of a knowledge base's contents."""
    services: dict[str, tuple[str, ...]] = {}
    for row in contents.code_sets.services:
        for code in row.codes:
            services[code] = (*services.get(code, ()), row.service)
    return Index(
        policies=MappingProxyType({policy.id: policy for policy in contents.policies}),
        rules=MappingProxyType({(p.id, r.heading): r for p in contents.policies for r in p.rules}),
        services=MappingProxyType(services),
        payers=MappingProxyType(
            {name.casefold(): row.payer for row in contents.code_sets.payers for name in (row.payer, *row.aliases)}
        ),
    )


def headings(where: Index, code: str) -> tuple[str, ...]:
    """Returns where a code's facts may be stated, nearest first: under itself, its services, all services."""
    return (code, *where.services.get(code, ()), ALL_SERVICES)


def stated(where: Index, question: Question) -> Iterator[tuple[Place, Rules]]:
    """Yields the rules that may answer, nearest first: the policy's own, then those of the policy it follows."""
    for policy in followed(where, question):
        for heading in headings(where, question.code):
            if (policy.id, heading) in where.rules:
                yield Place(policy, heading), where.rules[policy.id, heading]


def followed(where: Index, question: Question) -> Iterator[Policy]:
    """Yields the policy that a question names, then the one it follows, and so on."""
    policy = where.policies.get(question.policy or "")
    seen: set[str] = set()
    while policy and policy.id not in seen:
        seen.add(policy.id)
        yield policy
        policy = _followed(where, policy, question)


def _followed(where: Index, policy: Policy, question: Question) -> Policy | None:
    entries = known_by(policy, policy.follows, question.as_known_on)
    period = for_line(in_force(entries, question.date_of_service), question).chosen
    return where.policies.get(period.entry.value) if period and period.entry.value else None


def ever_followed(where: Index, policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Returns policies with every policy that they follow, or ever followed, each once: whose changes change theirs."""
    found: dict[str, Policy] = {}
    waiting = list(reversed(list(policies)))
    while waiting:
        policy = waiting.pop()
        if policy.id not in found:
            found[policy.id] = policy
            waiting += [where.policies[entry.value] for entry in policy.follows if entry.value]
    return tuple(found.values())


def ask(where: Index, question: Question, pick: Pick[V]) -> Answer[V]:
    """Answers a question whose policy exists; `pick` takes the fact's entries out of the rules of a heading."""
    seen: list[EntryPeriod[Any]] = []
    for place, rules in stated(where, question):
        entries = known_by(place.policy, pick(rules), question.as_known_on)
        seen += periods(entries)
        period, needs, tied = for_line(in_force(entries, question.date_of_service), question)
        if needs or tied:
            return depends_on_line(question, needs, nearby(where, question, pick))
        if period and period.entry.unknown is not None:
            return _with_other_codes(where, searched_and_silent(question, place, period, nearby(where, question, pick)))
        if period:
            return known(question, place, period)
    return _with_other_codes(where, _nothing_holds(where, question, pick, seen))


def _nothing_holds(where: Index, question: Question, pick: Pick[Any], seen: list[EntryPeriod[Any]]) -> Unknown:
    if not seen:
        policy = where.policies[question.policy or ""]
        followed = periods(known_by(policy, policy.follows, question.as_known_on))
        seen = [] if any(period.on(question.date_of_service) for period in followed) else [*followed]
    if seen:
        return not_in_force(question, seen, nearby(where, question, pick, any_time=True))
    by = f" by {question.as_known_on}" if question.as_known_on else ""
    because = f"Nobody {'had' if by else 'has'} looked for this{by or ' yet'}."
    return Unknown(question=question, why="nobody has looked", because=because, nearby=nearby(where, question, pick))


def nearby(where: Index, question: Question, pick: Pick[Any], *, any_time: bool = False) -> tuple[Known[Any], ...]:
    """Returns what is known close to a question that has no answer.

    That is the fact under other headings or for other claim lines on the date, with `any_time` the fact itself at other
    times, and for coverage what this payer bills under other headings.
    """
    policy = where.policies[question.policy or ""]
    own = headings(where, question.code)
    instead = msgspec.structs.replace(question, fact="bill_instead", modifier=None)
    found: list[Known[Any]] = []
    for rules in policy.rules:
        place = Place(policy, rules.heading)
        found += _values(question, place, pick(rules), any_time=any_time and rules.heading in own)
        if question.fact == "coverage" and rules.heading not in own:
            found += _values(instead, place, rules.bill_instead, any_time=False)
    return tuple(found)


def _with_other_codes(where: Index, answer: Unknown) -> Unknown:
    """Adds to an unknown coverage the other codes that this payer bills for the code or its service."""
    if answer.question.fact != "coverage":
        return answer
    instead = msgspec.structs.replace(answer.question, fact="bill_instead")
    billed = ask(where, instead, pick_for(instead))
    if isinstance(billed, Unknown) or answer.question.code in {row.code for row in billed.value}:
        return answer
    return msgspec.structs.replace(answer, billed_as=billed)


def _values(
    question: Question, place: Place, entries: tuple[Entry[Any], ...], *, any_time: bool
) -> Iterator[Known[Any]]:
    visible = known_by(place.policy, entries, question.as_known_on)
    for period in periods(visible) if any_time else in_force(visible, question.date_of_service):
        if period.entry.value is not None:
            yield known(question, place, period)


def entries_of_modifier(rules: Rules, modifier: str) -> tuple[Entry[ModifierUse], ...]:
    """Returns the dated entries for one modifier under a heading; none where the heading does not mention it."""
    return next((row.entries for row in rules.modifiers if row.modifier == modifier), ())


def pick_for(question: Question) -> Pick[Any]:
    """Returns what takes the entries of the question's fact out of the rules of a heading."""
    if question.modifier is not None:
        modifier = question.modifier
        return lambda rules: entries_of_modifier(rules, modifier)
    return lambda rules: getattr(rules, question.fact)

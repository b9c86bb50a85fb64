"""The order in which headings and policies are asked: the nearest that states something answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from h2024kb.knowledge.answer import STRONGEST_FIRST, Answer, Known, Question, Unknown
from h2024kb.knowledge.answer_from_entry import (
    Place,
    depends_on_line,
    known,
    nothing_holds,
    stated_unknown,
    weaker_evidence,
)
from h2024kb.knowledge.code_sets import Contents
from h2024kb.knowledge.in_force import EntryPeriod, best_on, facts, for_line, in_force, known_by, periods
from h2024kb.knowledge.model import Entry, ModifierUse, Policy, Rules, is_code
from h2024kb.knowledge.why_unknown import to_open

V = TypeVar("V")
Pick = Callable[[Rules], tuple[Entry[V], ...]]
ALL_SERVICES = "all-services"
# Only where somebody looked can it be said that a code is not named.
_NOT_NAMED_WHERE_LOOKED = ("not-found", "not-fully-read", "no-document")


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
    if not policy.follows:  # as most do not, and each is asked many times
        return None
    entries = known_by(policy, policy.follows, question.as_known_on)
    period = for_line(in_force(entries, question.date_of_service, question.evidence), question).chosen
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
    """Answers a question whose policy exists; `pick` takes the fact's entries out of the rules of a heading.

    Where the evidence accepted leaves it unknown, what is known on weaker evidence comes with the unknown.
    """
    seen: list[EntryPeriod[Any]] = []
    answer = _first_to_answer(where, question, pick, seen)
    if isinstance(answer, Known):
        return answer
    weakest = STRONGEST_FIRST[-1]
    # Most questions are about facts of which a policy says nothing at all; then no evidence is to be asked for.
    weak = bool(seen) or any(policy.follows for policy in followed(where, question))
    if weak and question.evidence != weakest and answer.why != "depends-on-line":
        best = _first_to_answer(where, msgspec.structs.replace(question, evidence=weakest), pick, [])
        if isinstance(best, Known) or best.why == "depends-on-line":
            answer = weaker_evidence(answer, best)
    return _with_other_codes(where, answer)


def _first_to_answer(where: Index, question: Question, pick: Pick[V], seen: list[EntryPeriod[Any]]) -> Answer[V]:
    """Answers by the evidence that the question accepts; adds to `seen` the periods that were looked at."""
    for place, rules in stated(where, question):
        if not (entries := known_by(place.policy, pick(rules), question.as_known_on)):
            continue
        here = periods(entries)
        seen += here
        period, needs, tied = for_line(best_on(here, question.date_of_service, question.evidence), question)
        if needs or tied:
            return depends_on_line(question, needs, nearby(where, question, pick))
        if period and period.entry.unknown is not None:
            return stated_unknown(question, place, period, nearby(where, question, pick))
        if period:
            return known(question, place, period)
    return _nothing_holds(where, question, pick, seen)


def _nothing_holds(where: Index, question: Question, pick: Pick[Any], seen: list[EntryPeriod[Any]]) -> Unknown:
    policy = where.policies[question.policy or ""]
    if not seen:
        followed = periods(known_by(policy, policy.follows, question.as_known_on))
        seen = [] if any(period.on(question.date_of_service) for period in followed) else [*followed]
    if seen:
        return nothing_holds(question, seen, nearby(where, question, pick, any_time=True))
    by = f" by {question.as_known_on}" if question.as_known_on else ""
    return Unknown(
        question=question,
        why="not-looked",
        because=f"Nobody {'had' if by else 'has'} looked for this{by or ' yet'}.",
        to_open=to_open(policy, question.fact, None),
        nearby=nearby(where, question, pick),
    )


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
        if entries := pick(rules):
            found += _values(question, place, entries, any_time=any_time and rules.heading in own)
        if question.fact == "coverage" and rules.heading not in own:
            found += _values(instead, place, rules.bill_instead, any_time=False)
    return tuple(found)


def _with_other_codes(where: Index, answer: Unknown) -> Unknown:
    """Adds to an unknown coverage the codes that this payer bills for the service, or else those with rules."""
    question = answer.question
    if question.fact != "coverage" or answer.why == "depends-on-line":
        return answer
    instead = msgspec.structs.replace(question, fact="bill_instead")
    billed = _first_to_answer(where, instead, pick_for(instead), [])
    if isinstance(billed, Known) and question.code not in {row.code for row in billed.value}:
        return msgspec.structs.replace(answer, billed_as=billed)
    if answer.why not in _NOT_NAMED_WHERE_LOOKED:
        return answer
    return msgspec.structs.replace(answer, rules_for=_codes_with_rules(where, question))


def _codes_with_rules(where: Index, question: Question) -> tuple[str, ...]:
    """The other codes for which the policy states something on the date; none where it does for the code asked."""
    policy = where.policies[question.policy or ""]
    # For a code named anywhere on the policy's pages it would not be true that the code is not named.
    named = {
        rules.heading
        for rules in policy.rules
        for _, _, entries in facts(rules)
        if is_code(rules.heading)
        and any(_values(question, Place(policy, rules.heading), entries, any_time=rules.heading == question.code))
    }
    return () if question.code in named else tuple(sorted(named))


def _values(
    question: Question, place: Place, entries: tuple[Entry[Any], ...], *, any_time: bool
) -> Iterator[Known[Any]]:
    visible = known_by(place.policy, entries, question.as_known_on)
    for period in periods(visible) if any_time else in_force(visible, question.date_of_service, question.evidence):
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

"""What a policy states about a code on one day, as rules need it: answers, and which fields of a line decide them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import msgspec

from h2024kb.claims.cuts import OTHER, Cut, Missing, Value, bands, named, row, showing
from h2024kb.claims.finding import Likely
from h2024kb.claims.rule import Branch, Part, Rule, open_rule, weakened
from h2024kb.knowledge.answer import Answer, Evidence, Known, Question
from h2024kb.knowledge.code_sets import Code, Denial
from h2024kb.knowledge.in_force import in_force, known_by, weaker
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import ask, followed, pick_for, stated
from h2024kb.knowledge.model import Entry, Policy, When

Makes: TypeAlias = "Callable[[Facts, Answer[Any]], Iterator[Rule]]"
"""Makes the rules of a fact, given the answer to it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A policy and a code on one day, as known on a day, by evidence that is accepted."""

    kb: KnowledgeBase
    policy: Policy
    code: str
    day: dt.date
    as_known_on: dt.date | None
    evidence: Evidence = "seen"

    def question(self, fact: str, modifier: str | None = None) -> Question:
        """Returns the question about one fact, without anything about a line."""
        return Question(
            code=self.code,
            fact=fact,
            date_of_service=self.day,
            policy=self.policy.id,
            modifier=modifier,
            as_known_on=self.as_known_on,
            evidence=self.evidence,
        )

    def answer(self, question: Question) -> Answer[Any]:
        """Returns the answer to one of this policy's questions."""
        return ask(self.kb.index, question, pick_for(question))

    def parts(self, fact: str, rules: Makes, modifier: str | None = None) -> Iterator[Part]:
        """Yields the rules made of a fact, under a branch where the fact depends on the line."""
        question = self.question(fact, modifier)
        cuts = self.cuts(question)
        if not cuts:
            yield from self._made(fact, rules, self.answer(question))
            return
        # Every answer the line could get is made into rules now. So a branch is a table as a rule is, and a script can
        # hold it without knowing how entries are chosen.
        chosen = {
            values: tuple(self._made(fact, rules, self.answer(asked(question, cuts, values))))
            for values in itertools.product(*(cut.domain for cut in cuts))
        }
        inner = dict.fromkeys(cut for some in chosen.values() for rule in some for cut in rule.cuts)
        yield Branch(name=fact.replace("_", "-"), cuts=cuts, choose=chosen.__getitem__, inner=tuple(inner))

    def _made(self, fact: str, rules: Makes, answer: Answer[Any]) -> Iterator[Rule]:
        """The rules made of an answer; what is known too weakly, or of which two entries tie, leaves every line open.

        Were it left out, a line would pass by a rule that nobody has checked.
        """
        made = tuple(rules(self, answer))
        if isinstance(answer, Known):
            yield from (weakened(rule, answer) if weaker(answer.evidence, "seen") else rule for rule in made)
        elif made or answer.why not in ("weaker-evidence", "depends-on-line"):
            yield from made
        elif answer.nearest:
            yield from (weakened(rule, answer.nearest) for rule in rules(self, answer.nearest))
        else:
            yield open_rule(fact.replace("_", "-"), answer)

    def cuts(self, question: Question) -> tuple[Cut, ...]:
        """Returns the cuts of a line that decide the answer to a question; none where it is the same for every line."""
        return _cuts([entry.when for entry in self.entries(question) if entry.when])

    def entries(self, question: Question) -> Iterator[Entry[Any]]:
        """Yields the entries in force that may answer a question, each for some lines or for all, nearest first."""
        pick = pick_for(question)
        for place, rules in stated(self.kb.index, question):
            entries = known_by(place.policy, pick(rules), self.as_known_on)
            for held in in_force(entries, self.day, self.evidence):
                yield held.entry

    def chain(self) -> Iterator[Policy]:
        """Yields the policy, and those it follows on the day."""
        yield from followed(self.kb.index, self.question("coverage"))

    def code_row(self) -> Code | None:
        """Returns the code's row in the HCPCS list; None for a payer's own code."""
        return next((row for row in self.kb.contents.code_sets.codes if row.code == self.code), None)

    def unit_of(self, code: str) -> str | None:
        """Returns the unit of a code, as CMS lists it, or as a policy of the chain whose own code it is."""
        listed = next((row.unit for row in self.kb.contents.code_sets.codes if row.code == code), None)
        own = (row.unit for policy in self.chain() for row in policy.own_codes if row.code == code)
        return listed or next(own, None)

    def modifiers_mentioned(self) -> tuple[str, ...]:
        """Returns every modifier that the policy, or one it follows, mentions for the code."""
        found = (
            row.modifier for _, rules in stated(self.kb.index, self.question("modifiers")) for row in rules.modifiers
        )
        return tuple(dict.fromkeys(found))

    def codes_of(self, name: str) -> frozenset[str]:
        """Returns the codes meant by a code or by a service's name."""
        services = self.kb.contents.code_sets.services
        return frozenset(next((row.codes for row in services if row.service == name), (name,)))

    def likely(self, rule: str) -> Likely | None:
        """Returns what a payer would likely send where a rule fails, or for a denial by its id; a proposal of ours."""
        denials: tuple[Denial, ...] = self.kb.contents.code_sets.denials
        # The first that names the rule, or has its name; a rule that none names has no denial proposed.
        fits = next((row for row in denials if rule in row.rules or rule == row.id), None)
        return Likely(adjustment_reasons=fits.adjustment_reasons, remarks=fits.remarks) if fits else None


def _cuts(whens: list[When]) -> tuple[Cut, ...]:
    # One cut for all sets of modifiers: which entry wins depends on all that the line shows, not on each set by itself.
    sets = frozenset(frozenset(when.modifiers) for when in whens if when.modifiers)
    exact = frozenset(frozenset(when.only_modifiers) for when in whens if when.only_modifiers is not None)
    places = frozenset(place for when in whens for place in when.place_of_service)
    spans = [when.age for when in whens if when.age]
    cuts: list[Cut] = [showing(sets)] if sets else []
    cuts += [row(exact, frozenset())] if exact else []
    cuts += [named("place_of_service", places)] if places else []
    return (*cuts, bands("age", *spans)) if spans else tuple(cuts)


def asked(question: Question, cuts: tuple[Cut, ...], values: tuple[Value, ...]) -> Question:
    """Returns a question about a line that shows these values; what is missing is left out."""
    given: dict[str, Any] = {}
    for cut, value in zip(cuts, values, strict=True):
        if cut.fields != ("modifiers",):
            given |= {} if isinstance(value, Missing) else {cut.fields[0]: value}
        elif not isinstance(value, Missing):
            # Two cuts may look at the modifiers. A line with others than one exact set shows OTHER, which is kept: so
            # no other exact set is met.
            shown = {OTHER} if value == OTHER else set(cast(frozenset[str], value))
            given["modifiers"] = tuple(sorted({*given.get("modifiers", ()), *shown}))
    return msgspec.structs.replace(question, **given)

"""One rule compiled for a policy, a code and a day, and how it is settled where a line does not give enough."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from h2024kb.claims.cuts import TOLD_BY, Cut, Missing, Value
from h2024kb.claims.finding import Finding, Likely, Outcome, grounds, needs_of, outcome_of
from h2024kb.knowledge.answer import Answer, Citation, Known, Unknown
from h2024kb.knowledge.words import WHY_WORDS, answer_lines, fact_name, since, start

Values = Mapping[Cut, Value]
NOT_GIVEN: Final = "not given"
DEPENDS: Final = "Which entry applies depends on the line"


class Judged(NamedTuple):
    """What a rule says about values that are all given; `likely` is False for a failure without a proposed denial."""

    outcome: Outcome
    says: str = ""
    likely: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it states, which cuts of the line it looks at, and what it says about their values.

    `judge` takes one given value a cut, in their order, and returns None where the rule does not apply to the line.
    """

    name: str
    states: str
    judge: Callable[..., Judged | None]
    cuts: tuple[Cut, ...] = ()
    answer: Answer[Any] | None = None
    likely: Likely | None = None
    cited: Citation | None = None

    def findings(self, values: Values) -> tuple[Finding, ...]:
        """Returns the finding for a line with these values; none where the rule does not apply."""
        given = [values[cut] for cut in self.cuts]
        if not any(isinstance(value, Missing) for value in given):
            return self._finding(self.judge(*given))
        # A rule that says the same whatever the line leaves out is settled all the same. To know that, every way to
        # complete the line is judged; they are few, since a cut has only the values that its rule can tell apart.
        judged = {completed: self.judge(*completed) for completed in completions(self.cuts, given)}
        outcomes = {completed: says.outcome if says else "pass" for completed, says in judged.items()}
        if len(set(outcomes.values())) == 1:
            # It passes or does not apply: nothing is left to say.
            return self._finding(None if None in judged.values() else next(iter(judged.values())))
        needs = smallest(self.cuts, given, outcomes)
        return self._finding(Judged("cannot-tell", f"{NOT_GIVEN}: {words_of(needs)}"), needs)

    def _finding(self, judged: Judged | None, needs: tuple[str, ...] = ()) -> tuple[Finding, ...]:
        if judged is None:
            return ()
        message = "; ".join(part for part in (self.states, judged.says) if part)
        return (
            Finding(
                rule=self.name,
                outcome=judged.outcome,
                message=f"{message}.",
                about=tuple(dict.fromkeys(TOLD_BY.get(field, field) for cut in self.cuts for field in cut.fields)),
                needs=needs,
                likely=self.likely if judged.outcome == "fail" and judged.likely else None,
                **{"citation": self.cited, **grounds(self.answer)},
            ),
        )


def words_of(fields: tuple[str, ...]) -> str:
    """Returns names of fields as a sentence lists them."""
    return ", ".join(field.replace("_", " ") for field in fields)


def completions(cuts: tuple[Cut, ...], given: list[Value]) -> Iterator[tuple[Value, ...]]:
    """Yields every way to fill in what is missing."""
    choices = [cut.domain if isinstance(value, Missing) else (value,) for cut, value in zip(cuts, given, strict=True)]
    return itertools.product(*choices)


def smallest(
    cuts: tuple[Cut, ...], given: list[Value], outcomes: Mapping[tuple[Value, ...], object]
) -> tuple[str, ...]:
    """Returns the fewest fields which, once given, settle the outcome whatever they turn out to be."""
    # By size, so that the first set that settles the outcome is a smallest one. A rule looks at few fields, so that is
    # quick; and asking a biller for a field that changes nothing would be worse than slow.
    missing = [value.fields if isinstance(value, Missing) else () for value in given]
    names = list(dict.fromkeys(name for fields in missing for name in fields))
    for size in range(len(names) + 1):
        for given_too in itertools.combinations(names, size):
            at = [place for place, fields in enumerate(missing) if set(fields) <= set(given_too)]
            if _settled(at, outcomes):
                return given_too
    return tuple(names)


def _settled(at: list[int], outcomes: Mapping[tuple[Value, ...], object]) -> bool:
    """Whether values at these places leave one outcome each."""
    found: dict[tuple[Value, ...], object] = {}
    return all(found.setdefault(tuple(values[i] for i in at), said) == said for values, said in outcomes.items())


@dataclass(frozen=True, slots=True)
class Branch:
    """Rules that depend on which entry applies to the line: `choose` takes one given value a cut."""

    name: str
    cuts: tuple[Cut, ...]
    choose: Callable[[tuple[Value, ...]], tuple[Rule, ...]]
    inner: tuple[Cut, ...]

    def findings(self, values: Values) -> tuple[Finding, ...]:
        """Returns the findings of the rules that apply; one that says what to give, where they would differ."""
        given = [values[cut] for cut in self.cuts]
        found = {
            completed: tuple(finding for rule in self.choose(completed) for finding in rule.findings(values))
            for completed in completions(self.cuts, given)
        }
        # Entries for different lines may come to the same in other words: where all pass, or all fail, the first
        # speaks for all. Where they stay open, each may ask for other fields, so it must be known which one applies.
        first = next(iter(found.values()))
        inner = {completed: needs_of(said) for completed, said in found.items()}
        outcomes = {completed: (outcome_of(said), inner[completed]) for completed, said in found.items()}
        settled = {outcome for outcome, _ in outcomes.values()}
        if all(said == first for said in found.values()) or (len(settled) == 1 and "cannot-tell" not in settled):
            return first
        needs = tuple(dict.fromkeys((*smallest(self.cuts, given, outcomes), *itertools.chain(*inner.values()))))
        message = DEPENDS + (f"; {NOT_GIVEN}: {words_of(needs)}." if needs else ".")
        return (Finding(rule=self.name, outcome="cannot-tell", message=message, about=needs, needs=needs),)


Part = Rule | Branch


def constant(name: str, outcome: Outcome, states: str, answer: Answer[Any] | None = None, **more: Any) -> Rule:
    """Returns a rule that says the same about every line."""
    return Rule(name=name, states=states, judge=lambda: Judged(outcome), answer=answer, **more)


def open_rule(name: str, answer: Unknown) -> Rule:
    """Returns the rule that nobody knows: it says why, what weaker evidence says, and the codes billed instead."""
    states = f"{fact_name(answer)} not known ({WHY_WORDS[answer.why]}): {answer.because}".rstrip(".")
    if answer.nearest:
        states += f"; {start(answer.nearest)}: {'; '.join(answer_lines(answer.nearest))}".rstrip(".")
    if answer.billed_as:
        states += f"; bill instead, {since(answer.billed_as)}: {'; '.join(answer_lines(answer.billed_as))}"
    return constant(name, "cannot-tell", states.rstrip("."), answer)


def weakened(rule: Rule, answer: Known[Any]) -> Rule:
    """Returns a rule that is known on weak evidence: where it would pass or fail a line, nobody can tell."""
    says = f"{start(answer)}, so it may not have held on the date of service"

    def judge(*values: Value) -> Judged | None:
        return Judged("cannot-tell", says) if rule.judge(*values) else None

    return replace(rule, judge=judge)

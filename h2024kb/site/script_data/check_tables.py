"""The rules of one policy as plain data: what each looks at, and a table of what it says of every value of that.

A rule is judged by the values of its cuts alone, so a table of them is the whole rule. A script that looks values up
in it writes no rule a second time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from h2024kb.claims.cuts import TOLD_BY, Cut, Missing, Value
from h2024kb.claims.edits import minutes_rounded
from h2024kb.claims.facts import Facts, asked
from h2024kb.claims.finding import Likely, grounds
from h2024kb.claims.plan import Plan, Version
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.knowledge.answer import Answer, Citation, Looked, Question, Unknown
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.parts.views import source_numbers
from h2024kb.site.script_data.interned import Numbered


def _rows(value: Any) -> Any:
    return [[row.modifiers, row.describes] for row in value]


def _codes(value: Any) -> Any:
    return [[row.code, row.modifiers, row.describes] for row in value]


def _rounding(facts: Facts, value: Any) -> Any:
    return [minutes_rounded(facts, value), value.units_from_minutes]


def _use(value: Any) -> Any:
    return [value.use, value.meaning]


NAMES: Final = ("versions", "parts", "rules", "cuts", "offers", "grounds", "sources", "looked")
UNSURE: Final = {"within": ("unsure",), "beside": ("unsure",)}
"""What a cut may show beside its domain: other lines may leave it open though all is given."""


def _interned() -> Numbered[Any]:
    """Things that JSON can hold, each once."""
    return Numbered(key=msgspec.json.encode)


class Tables:
    """The rules of one policy for any codes, in tables that share what is equal in them."""

    def __init__(self, kb: KnowledgeBase, policy: str) -> None:
        self._kb = kb
        self.policy = policy
        self._of = {name: _interned() for name in NAMES}
        self._numbers: dict[str, dict[str, int]] = {}
        self._grounds: dict[int, tuple[Any, int]] = {}

    def data(self) -> dict[str, list[Any]]:
        """Returns all tables, by name; they name rows of each other by number."""
        return {name: interned.items() for name, interned in self._of.items()}

    def plan(self, plan: Plan) -> dict[str, list[int]]:
        """Returns the first days of a code's stretches, as numbers, and the rules and offers in force from each."""
        return {
            "starts": [day.toordinal() for day in plan.starts],
            "versions": [self._version(plan.version(day)) for day in plan.starts],
            "offers": [self._offers(Facts(plan.kb, plan.policy, plan.code, day, None)) for day in plan.starts],
        }

    def _offers(self, facts: Facts) -> int:
        """What the policy offers for mending a line: table rows, modifiers, other codes, rounding."""
        offers = {
            "rows": self._offer(facts, facts.question("billing_lines"), _rows),
            "instead": self._offer(facts, facts.question("bill_instead"), _codes),
            "rounding": self._offer(facts, facts.question("rounding"), lambda value: _rounding(facts, value)),
            "uses": [
                [name, offer]
                for name in facts.modifiers_mentioned()
                if (offer := self._offer(facts, facts.question("modifiers", name), _use))
            ],
        }
        return self._of["offers"].place({name: offer for name, offer in offers.items() if offer})

    def _offer(self, facts: Facts, question: Question, says: Callable[[Any], Any]) -> dict[str, Any] | None:
        """The answers to a question, by what a line shows or leaves out; None where nothing is known."""
        cuts, answers = facts.cuts(question), _interned()
        ways = itertools.product(*((*cut.domain, Missing(cut.fields)) for cut in cuts))
        asked_so = (facts.answer(asked(question, cuts, values)) for values in ways)
        table = [answers.place(self._offered(answer, says)) for answer in asked_so]
        found = {"cuts": [self._cut(cut) for cut in cuts], "table": table, "answers": answers.items()}
        return None if answers.items() == [None] else found

    def _offered(self, answer: Answer[Any], says: Callable[[Any], Any]) -> dict[str, Any] | None:
        if isinstance(answer, Unknown):
            return None
        return {"says": says(answer.value), "ground": self._of["grounds"].place(self._said(grounds(answer)))}

    def _version(self, version: Version) -> int:
        return self._of["versions"].place([self._part(part) for part in version.stretches[0]])

    def _part(self, part: Part) -> int:
        if isinstance(part, Rule):
            return self._of["parts"].place({"rules": [self._rule(part)]})
        choices = _interned()
        table = [choices.place([self._rule(rule) for rule in part.choose(values)]) for values in _all_values(part.cuts)]
        cuts = [self._cut(cut) for cut in part.cuts]
        return self._of["parts"].place({"branch": part.name, "cuts": cuts, "table": table, "choices": choices.items()})

    def _rule(self, rule: Rule) -> int:
        says = _interned()
        table = [says.place(_judged(rule.judge(*values))) for values in _all_values(rule.cuts)]
        about = dict.fromkeys(TOLD_BY.get(field, field) for cut in rule.cuts for field in cut.fields)
        made = {
            "rule": rule.name,
            "states": rule.states,
            "cuts": [self._cut(cut) for cut in rule.cuts],
            "table": table,
            "says": says.items(),
            "about": list(about),
            "likely": _likely(rule.likely),
            "ground": self._ground(rule),
        }
        return self._of["rules"].place({name: value for name, value in made.items() if value not in (None, [])})

    def _ground(self, rule: Rule) -> int:
        """What a rule rests on; the answer behind it is kept, so that no other takes its place in memory."""
        key = id(rule.answer or rule.cited)
        if key not in self._grounds:
            said = {"citation": rule.cited, **grounds(rule.answer)}
            self._grounds[key] = (rule.answer or rule.cited, self._of["grounds"].place(self._said(said)))
        return self._grounds[key][1]

    def _said(self, said: dict[str, Any]) -> dict[str, Any]:
        made = {name: value for name, value in said.items() if value is not None and value != ()}
        if "citation" in made:
            made["citation"] = self._citation(made["citation"], said.get("said_by"))
        if "searched" in made:
            made["searched"] = [self._looked(place, said.get("said_by")) for place in made["searched"]]
        return made

    def _citation(self, citation: Citation, said_by: str | None) -> dict[str, Any]:
        source = citation.source
        made = {**msgspec.to_builtins(source), **self._on_page(said_by, source.id)}
        cited = {"source": self._of["sources"].place(made), "locator": citation.locator, "passage": citation.passage}
        return {name: value for name, value in cited.items() if value not in (None, ())}

    def _looked(self, place: Looked, said_by: str | None) -> int:
        return self._of["looked"].place({**msgspec.to_builtins(place), **self._on_page(said_by, place.name)})

    def _on_page(self, policy: str | None, name: str) -> dict[str, Any]:
        """The page that lists a source, and its number there."""
        if policy is None:
            return {}
        if policy not in self._numbers:
            self._numbers[policy] = source_numbers(self._kb.policy(policy))
        return {"policy": policy, "number": self._numbers[policy][name]}

    def _cut(self, cut: Cut) -> int:
        made = {"kind": cut.kind, "fields": cut.fields, "domain": len(cut.domain), "values": len(_values(cut))}
        return self._of["cuts"].place({**made, **ARGS[cut.kind](cut)})


def _values(cut: Cut) -> tuple[Value, ...]:
    return (*cut.domain, *UNSURE.get(cut.kind, ()))


def _all_values(cuts: Sequence[Cut]) -> Iterator[tuple[Value, ...]]:
    """Yields what cuts may show together; the last one's value changes first."""
    return itertools.product(*(_values(cut) for cut in cuts))


def _judged(judged: Judged | None) -> list[Any] | None:
    """A judgment without what it need not say: outcome, words, and False where no denial is proposed."""
    if judged is None:
        return None
    return [judged.outcome, judged.says, *([] if judged.likely else [False])]


def _likely(likely: Likely | None) -> Any:
    return likely and {
        "adjustment_reasons": likely.adjustment_reasons,
        "remarks": likely.remarks,
        "proposed_by": likely.proposed_by,
    }


def _named(cut: Cut) -> dict[str, Any]:
    field, values = cut.args
    return {"field": field, "named": sorted(values)}


def _showing(cut: Cut) -> dict[str, Any]:
    [sets] = cut.args
    return {"sets": sorted(sorted(one) for one in sets), "unions": _shown(cut)}


def _row(cut: Cut) -> dict[str, Any]:
    _, free = cut.args
    return {"rows": _shown(cut), "free": sorted(free)}


def _shown(cut: Cut) -> list[list[str]]:
    """The sets of modifiers in a cut's domain, in its order."""
    return [sorted(value) for value in cut.domain if isinstance(value, frozenset)]


def _bound(cut: Cut) -> dict[str, Any]:
    field, bound, times, plus = cut.args
    more = {"times": times, "plus": f"{plus:f}" if plus else None}
    return {"field": field, "bound": f"{bound:f}", **{name: value for name, value in more.items() if value}}


def _can_be(cut: Cut) -> dict[str, Any]:
    field, above, whole = cut.args
    return {"field": field, "bound": f"{above:f}", "whole": whole}


def _within(cut: Cut) -> dict[str, Any]:
    total, bound = cut.args
    return {**total._asdict(), "codes": sorted(total.codes), "bound": f"{bound:f}"}


ARGS: Final[dict[str, Callable[[Cut], dict[str, Any]]]] = {
    "told": lambda cut: {"field": cut.args[0]},
    "named": _named,
    "has": lambda cut: {"modifier": cut.args[0]},
    "beyond": lambda cut: {"known": sorted(cut.args[0])},
    "showing": _showing,
    "row": _row,
    "at-most": _bound,
    "can-be": _can_be,
    "at-least": _bound,
    "bands": lambda cut: {"field": cut.args[0], "edges": cut.args[1]},
    "diagnosed": lambda cut: {"codes": cut.args[0]},
    "within": _within,
    "beside": lambda cut: {"codes": sorted(cut.args[0]), "per": cut.args[1]},
}
"""What reading each kind of cut takes beside the fields, by name."""

"""The denials a payer would likely send, by the claim rules that a policy states or leaves open: ours, not its word."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from h2024kb.claims.plan import plan
from h2024kb.claims.rule import Branch, Rule
from h2024kb.knowledge.answer import Known
from h2024kb.knowledge.code_sets import Denial
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.words import stated_for
from h2024kb.site.parts.views import CODE


class LikelyDenial(NamedTuple):
    """A denial that a rule of the policy may lead to; `stated` is empty where the payer's rule is not known."""

    finding: str
    stated: str
    adjustment_reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    fix: str
    stated_for: str = ""


def likely_denials(kb: KnowledgeBase, policy: str, today: dt.date) -> list[LikelyDenial]:
    """Returns the denials by the claim rules that a policy states, then those by rules that nobody knows."""
    found: dict[str, LikelyDenial] = {}
    denials = kb.contents.code_sets.denials
    for rule in sorted(_rules(kb, policy, today), key=lambda rule: not isinstance(rule.answer, Known)):
        denial = next((row for row in denials if rule.name in row.rules), None)
        if denial and denial.id not in found and _may_fail(rule):
            found[denial.id] = _likely(denial, rule)
    return list(found.values())


def _rules(kb: KnowledgeBase, policy: str, today: dt.date) -> Iterator[Rule]:
    for part in plan(kb, policy, CODE, None).version(today).stretches[0]:
        if isinstance(part, Branch):
            for values in itertools.product(*(cut.domain for cut in part.cuts)):
                yield from part.choose(values)
        else:
            yield part


def _may_fail(rule: Rule) -> bool:
    """A rule that looks at nothing of the line and passes cannot be broken."""
    if rule.cuts:
        return True
    judged = rule.judge()
    return judged is not None and judged.outcome != "pass"


def _likely(denial: Denial, rule: Rule) -> LikelyDenial:
    made = LikelyDenial(
        finding=denial.finding,
        stated="",
        adjustment_reasons=denial.adjustment_reasons,
        remarks=denial.remarks,
        fix="Ask the payer for its rule before billing.",
    )
    if not isinstance(rule.answer, Known):
        return made
    service = stated_for(rule.answer, CODE)
    return made._replace(
        stated=f"{rule.states.rstrip('.')}.",
        fix=denial.rules[rule.name],
        stated_for="" if service in rule.states else service,
    )

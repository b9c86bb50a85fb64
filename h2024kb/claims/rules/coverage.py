"""May the code be billed at all: in use, covered, billed on another code, authorized."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import attested, told
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, constant
from h2024kb.claims.rules.saying import open_rule, said
from h2024kb.knowledge.answer import Answer, Citation, Known, Unknown
from h2024kb.knowledge.words import answer_lines, value_lines


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rules on the code, its coverage and its authorization."""
    yield _in_use(facts)
    yield from facts.parts("coverage", _coverage)
    yield from _bill_instead(facts)
    yield from facts.parts("payment", _payment)
    yield from facts.parts("prior_authorization", _authorization)


def _in_use(facts: Facts) -> Rule:
    """CMS dates each HCPCS row; a payer's own code stands in the payer's own list."""
    row = facts.code_row()
    if row is None:
        return _own_code(facts)
    source = next(source for source in facts.kb.contents.code_sets.sources if source.id == row.source)
    cited = Citation(source=source, locator=f"row {row.code}")
    states = f"{row.code} is in use since {row.code_added}"
    if facts.day < row.code_added or (row.terminated and facts.day > row.terminated):
        ended = f" and ended on {row.terminated}" if row.terminated else ""
        return constant("code", "fail", states + ended, cited=cited, likely=facts.likely("code"))
    return constant("code", "pass", states, cited=cited)


def _own_code(facts: Facts) -> Rule:
    if any(facts.code == own.code for policy in facts.chain() for own in policy.own_codes):
        return constant("code", "pass", f"{facts.code} is a code of the payer's own")
    return constant("code", "cannot-tell", f"{facts.code} is a code of another payer's own, and no HCPCS code")


def _coverage(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("coverage", answer)
        return
    states = f"Coverage: {'; '.join(answer_lines(answer))}".rstrip(".")
    likely = facts.likely("coverage")
    if answer.condition is None:
        outcomes = {"covered": Judged("pass"), "not-covered": Judged("fail")}
        judged = outcomes.get(answer.value, Judged("cannot-tell", "on what is not stated"))
        yield Rule("coverage", states, lambda: judged, answer=answer, likely=likely)
    elif answer.value == "not-covered":
        yield constant("coverage", "cannot-tell", f"{states}; a line does not show whether that is so", answer)
    else:
        yield Rule("coverage", states, _granted, (attested(),), answer, likely)


def _granted(holds: bool) -> Judged:
    return Judged("pass", "vouched for") if holds else Judged("fail", "the line says that this does not hold")


def _bill_instead(facts: Facts) -> Iterator[Rule]:
    """A payer that names another code does not thereby refuse this one, so the line stays open."""
    answer = facts.answer(facts.question("bill_instead"))
    coverage = facts.answer(facts.question("coverage"))
    settled = isinstance(coverage, Known) and (coverage.heading == facts.code or coverage.value == "not-covered")
    if isinstance(answer, Unknown) or settled or facts.code in {row.code for row in answer.value}:
        return
    states = f"For this service the payer bills {'; '.join(value_lines(answer.value))}"
    yield constant("bill-instead", "cannot-tell", f"{states}; of {facts.code} it says nothing", answer)


def _payment(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    """A line that is only reported is still to be sent, so it breaks nothing."""
    if isinstance(answer, Known):
        yield constant("payment", "pass", said(answer, f"Payment: {value_lines(answer.value)[0].lower()}"), answer)


def _authorization(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule("prior-authorization", answer)
        return
    states = f"Prior authorization: {'; '.join(answer_lines(answer)).rstrip('.')}"
    if answer.value == "not-required" and answer.condition is None:
        yield constant("prior-authorization", "pass", states, answer)
        return
    sure = answer.value == "required" and answer.condition is None
    lacks = Judged("fail", "the line has no number") if sure else Judged("cannot-tell", "the line has no number")
    yield Rule(
        "prior-authorization",
        states,
        lambda given: Judged("pass", "the line has a number") if given else lacks,
        (told("prior_authorization_number"),),
        answer,
        facts.likely("prior-authorization"),
    )

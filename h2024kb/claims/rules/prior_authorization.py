"""Prior authorization: whether the line has an authorization number where the payer asks for one.

Passes: the line has a number, or none is required.
Fails: an authorization is required without a condition, a source says that its number must be on the claim, and the
line says that it has none. "NONE", "N/A", "0" and the like are not numbers.
Stays open: nobody knows whether one is required; one is required, the line has no number, and no source says that one
must be on the claim; one is required on a condition, and the line has none; the line does not say whether it has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from h2024kb.claims.cuts import authorized
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule, constant, open_rule
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.in_force import weaker
from h2024kb.knowledge.words import answer_lines

NAME: Final = "prior-authorization"


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on prior authorization."""
    yield from facts.parts("prior_authorization", _authorization)


def _authorization(facts: Facts, answer: Answer[Any]) -> Iterator[Rule]:
    if isinstance(answer, Unknown):
        yield open_rule(NAME, answer)
        return
    states = f"Prior authorization: {'; '.join(answer_lines(answer)).rstrip('.')}"
    if answer.value == "not-required" and answer.condition is None:
        yield constant(NAME, "pass", states, answer)
        return
    number = _number(facts)
    judged = {True: Judged("pass", "the line has a number"), False: _lacking(answer, number)}
    likely = facts.likely(NAME)
    yield Rule(NAME, states, judged.__getitem__, (authorized(),), answer, likely)


def _number(facts: Facts) -> Known[Any] | None:
    """What a source says of the number on the claim, for every line; None where nothing sure is said."""
    answer = facts.answer(facts.question("authorization_number"))
    sure = isinstance(answer, Known) and not weaker(answer.evidence, "seen") and answer.condition is None
    return answer if isinstance(answer, Known) and sure else None


def _lacking(answer: Known[Any], number: Known[Any] | None) -> Judged:
    """What is said of a line without a number."""
    # That a service must be authorized does not say that the claim must carry a number: a payer may match its own
    # record by member, code and date. So without a source on the number itself, a line without one breaks nothing.
    if number is None:
        return Judged("cannot-tell", "the line has no number, and nothing says that one must be on the claim")
    if number.value == "not-on-claim":
        return Judged("cannot-tell", "the number need not be on the claim, so no line shows whether there is one")
    # A condition that no line shows may not hold, and then no number is required.
    sure = answer.value == "required" and answer.condition is None
    # The finding's own citation is that of the authorization; the number's source stands here.
    source = f"{number.citation.source.title}, {number.citation.locator}"
    says = f"the line has no number, which must be on the claim ({source})"
    return Judged("fail" if sure else "cannot-tell", says)

"""Rules on what the payer does not pay beside a line, in one day or in one month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from h2024kb.claims.cuts import beside
from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Judged, Part, Rule
from h2024kb.claims.rules.vouched import attest
from h2024kb.claims.rules.wording import broken, said
from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.model import SameDay
from h2024kb.knowledge.words import FACT_WORDS, value_lines


def not_beside_parts(facts: Facts, name: str, per: str) -> Iterator[Part]:
    """Yields a rule for each code or service that is not payable beside the line in a period."""

    def rules(_: Facts, answer: Answer[Any]) -> Iterator[Rule]:
        if isinstance(answer, Known):
            for row in answer.value:
                codes = _codes(facts, answer, row)
                if codes:
                    yield _not_beside(facts, name, per, answer, row, codes)

    yield from facts.parts(name.replace("-", "_"), rules)


def _codes(facts: Facts, answer: Known[Any], row: SameDay) -> frozenset[str]:
    """The codes that are not payable beside the line; a service that no code is for comes back as its own name."""
    codes = facts.codes_of(row.code or row.service or "") or frozenset({row.service or ""})
    # A list for several codes, or for a service, refuses the others beside the line. Its own code, which may well be
    # billed for more days, is refused only where a row for this code says so.
    itself = row.code == facts.code and answer.stated_for == "code"
    return codes if itself else codes - {facts.code}


def _not_beside(facts: Facts, name: str, per: str, answer: Known[Any], row: SameDay, codes: frozenset[str]) -> Rule:
    states = said(answer, f"{FACT_WORDS[name.replace('-', '_')]}: {value_lines(row)[0].rstrip('.')}")
    # A row may only describe a service, by no name of ours: no line shows that one either.
    if codes == {row.service or ""}:
        return attest(name, f"{states}; it has no code that a line would show", answer, facts.likely(name))
    when = f"{'on' if per == 'day' else 'in'} the {per}"
    judged = {
        "apart": Judged("pass", f"no such line {when}"),
        "beside": broken(answer, f"there is such a line {when}"),
        "unsure": Judged("cannot-tell", f"lines that cover several days do not show whether they share a {per}"),
    }
    return Rule(name, states, judged.__getitem__, (beside(codes, per),), answer, facts.likely(name))

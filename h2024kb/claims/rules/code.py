"""The code: whether it is in use on the date of service.

Passes: an HCPCS code on any day from the one on which CMS added it to the one on which CMS ended it; a payer's own
code, where this payer's policy, or one it follows, lists it.
Fails: an HCPCS code before or after those days.
Stays open: another payer's own code. This payer may take it and not say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from h2024kb.claims.facts import Facts
from h2024kb.claims.rule import Part, Rule, constant
from h2024kb.knowledge.answer import Citation


def parts(facts: Facts) -> Iterator[Part]:
    """Yields the rule on the code itself."""
    row = facts.code_row()
    if row is None:
        yield _own_code(facts)
        return
    source = next(source for source in facts.kb.contents.code_sets.sources if source.id == row.source)
    cited = Citation(source=source, locator=f"row {row.code}")
    states = f"{row.code} has been in use since {row.code_added}"
    if facts.day < row.code_added or (row.terminated and facts.day > row.terminated):
        ended = f" and ended on {row.terminated}" if row.terminated else ""
        yield constant("code", "fail", states + ended, cited=cited, likely=facts.likely("code"))
        return
    yield constant("code", "pass", states, cited=cited)


def _own_code(facts: Facts) -> Rule:
    if any(facts.code == own.code for policy in facts.chain() for own in policy.own_codes):
        return constant("code", "pass", f"{facts.code} is the payer's own code")
    return constant("code", "cannot-tell", f"{facts.code} is another payer's own code, not an HCPCS code")

"""The page that shows, state by state, which code Medicaid programs use: H2024, a sibling, another, or unknown."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from h2024kb.knowledge.answer import Known, Question
from h2024kb.knowledge.in_force import in_force, known_by
from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import ALL_SERVICES, stated
from h2024kb.knowledge.model import FACTS, Policy
from h2024kb.site.pages.state_tiles import tile
from h2024kb.site.parts.render import render
from h2024kb.site.parts.views import BEST, CODE, SIBLINGS, AnswerView

MEDICAID: Final = ("medicaid", "medicaid-managed-care")
USED_BY: Final = tuple(fact for fact in FACTS if fact not in ("bill_instead", "excludes"))
"""The facts that show a code in use where a policy states one of them under the code itself."""


class CodeUse(NamedTuple):
    """What a Medicaid program is known to use: its key, a word for a tile, and what exactly it means."""

    key: str
    word: str
    means: str


USES: Final = (
    CodeUse("code", "H2024", "A program states a rule or a rate for H2024 itself, and does not say it is not covered."),
    CodeUse(
        "sibling",
        "Sibling",
        "Not for H2024, but a program states a rule or a rate for a sibling code, or bills on one.",
    ),
    CodeUse("other", "Other code", "A program bills supported employment on another code, such as one of its own."),
    CodeUse(
        "service", "Code not named", "A program rules on supported employment as a service and prints no code for it."
    ),
    CodeUse(
        "not-covered",
        "Not covered",
        "A program says that H2024, or the service, is not covered; no other one says more.",
    ),
    CodeUse(
        "unknown",
        "Unknown",
        "No rule for H2024 is known of a program in the knowledge base. This is neither a yes nor a no.",
    ),
    CodeUse("none", "Not listed", "No Medicaid program is in the knowledge base. This is neither a yes nor a no."),
)
"""From the most that can be known to the least; a state shows the first that one of its programs reaches."""


class ProgramUse(NamedTuple):
    """One policy of a state: what it uses, the codes it names, and today's answer on H2024."""

    policy: Policy
    use: CodeUse
    codes: tuple[str, ...]
    answer: AnswerView


class State(NamedTuple):
    """A jurisdiction with its place on the map, what its Medicaid programs use, and all policies there."""

    code: str
    name: str
    tile: tuple[int, int] | None
    use: CodeUse
    codes: tuple[str, ...]
    programs: tuple[ProgramUse, ...]


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    every = states(kb, today)
    counts = Counter(state.use.key for state in every)
    view = {"states": every, "uses": USES, "counts": counts, "siblings": SIBLINGS, "medicaid": MEDICAID}
    yield "states.md", render("states.md.j2", "states.md", today=today, **view)


def states(kb: KnowledgeBase, today: dt.date) -> list[State]:
    """Returns every jurisdiction in order of its name; the invented one only where it has a policy.

    >>> import h2024kb
    >>> found = {state.code: state.use.word for state in states(h2024kb.open(), dt.date(2026, 11, 23))}
    >>> found["IL"], found["MD"], found["GU"]
    ('Other code', 'Code not named', 'Not listed')
    """
    by_place: dict[str, list[Policy]] = {code: [] for code in NAMES if tile(code)}
    for policy in kb.policies():
        by_place.setdefault(policy.jurisdiction, []).append(policy)
    return [_state(kb, code, by_place[code], today) for code in sorted(by_place, key=NAMES.__getitem__) if code != "US"]


def _state(kb: KnowledgeBase, code: str, policies: list[Policy], today: dt.date) -> State:
    programs = tuple(_program(kb, policy, today) for policy in policies)
    counted = [program for program in programs if program.policy.line_of_business in MEDICAID]
    use = min((program.use for program in counted), key=USES.index, default=USES[-1])
    codes = dict.fromkeys(name for program in counted if program.use == use for name in program.codes)
    return State(code, NAMES[code], tile(code), use, tuple(codes), programs)


def _program(kb: KnowledgeBase, policy: Policy, today: dt.date) -> ProgramUse:
    codes = codes_used(kb, policy, today)
    answer = AnswerView.of(kb.coverage(policy.id, code=CODE, date_of_service=today, evidence=BEST), {})
    return ProgramUse(policy, use_of(kb, policy, codes, today), codes, answer)


def use_of(kb: KnowledgeBase, policy: Policy, codes: tuple[str, ...], today: dt.date) -> CodeUse:
    """Returns what a policy uses on a day, given the codes that it is known to use."""
    uses = {use.key: use for use in USES}
    if CODE in codes:
        return uses["code"]
    if codes:
        return uses["sibling" if set(codes) & set(SIBLINGS) else "other"]
    if refuses(kb, policy, CODE, today):
        return uses["not-covered"]
    return uses["service" if _rules_on_service(kb, policy, today) else "unknown"]


def codes_used(kb: KnowledgeBase, policy: Policy, today: dt.date) -> tuple[str, ...]:
    """Returns H2024 and siblings with rules of their own, and codes billed for the service or instead of its like.

    A code that the policy calls not covered is not used.
    """
    known = {row.code for row in kb.contents.code_sets.codes}
    stating = [code for code in SIBLINGS if code in known and _states(kb, policy, code, today)]
    billed = kb.fact("bill_instead", policy.id, code=CODE, date_of_service=today, evidence=BEST)
    codes = [row.code for row in billed.value] if isinstance(billed, Known) else []
    codes += [code for code in _billed_anywhere(policy, today) if code in SIBLINGS]
    return tuple(dict.fromkeys([*stating, *sorted(codes)]))


def refuses(kb: KnowledgeBase, policy: Policy, code: str, today: dt.date) -> bool:
    """Whether a policy states that a code, or its service, is not covered."""
    answer = kb.coverage(policy.id, code=code, date_of_service=today, evidence=BEST)
    return isinstance(answer, Known) and answer.value == "not-covered"


def _states(kb: KnowledgeBase, policy: Policy, code: str, today: dt.date) -> bool:
    """Whether a rule in force stands under the code itself, in the policy or in one it follows."""
    if refuses(kb, policy, code, today):
        return False
    question = Question(code=code, fact="coverage", date_of_service=today, evidence=BEST, policy=policy.id)
    return any(
        period.entry.value is not None
        for place, rules in stated(kb.index, question)
        if rules.heading == code
        for fact in USED_BY
        for period in in_force(known_by(place.policy, getattr(rules, fact), None), today, BEST)
    )


def _billed_anywhere(policy: Policy, today: dt.date) -> Iterator[str]:
    """The codes that the policy bills instead under any heading, such as a service by its own name."""
    for rules in policy.rules:
        for period in in_force(known_by(policy, rules.bill_instead, None), today, BEST):
            yield from (row.code for row in period.entry.value or ())


def _rules_on_service(kb: KnowledgeBase, policy: Policy, today: dt.date) -> bool:
    answers = [kb.fact(fact, policy.id, code=CODE, date_of_service=today, evidence=BEST) for fact in USED_BY]
    return any(isinstance(answer, Known) and answer.heading not in (CODE, ALL_SERVICES) for answer in answers)

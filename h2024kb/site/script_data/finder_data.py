"""The finder's record: for each policy and code, the stretches of days with their answer, every text written once."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer import Known, Question, Unknown
from h2024kb.knowledge.headlines import headline, rests_on
from h2024kb.knowledge.in_force import weaker
from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import headings
from h2024kb.knowledge.model import ASKED_FIRST, Policy
from h2024kb.knowledge.timeline import starts
from h2024kb.site.pages.policy import versions
from h2024kb.site.parts.payers import aliases
from h2024kb.site.parts.policy_order import ordered
from h2024kb.site.parts.script_file import script_data
from h2024kb.site.parts.views import BEST, CODE, SIBLINGS, AnswerView
from h2024kb.site.script_data.interned import Numbered

FILE: Final = "assets/data/finder.js"


class FinderRow(NamedTuple):
    """What the finder shows of a policy and a code on the days from `first_day` on, which is empty for the earliest.

    `evidence` is empty unless it is weak; then `seen` is the day of the sighting, from which the script works out how
    far the date asked lies before it.
    """

    first_day: str
    status: str
    kind: str
    evidence: str
    seen: str
    since: str
    stated_for: str
    says: str
    unknown: int


def _nobody_looked() -> FinderRow:
    question = Question(code=CODE, fact="coverage", date_of_service=dt.date.min)
    view = AnswerView.of(Unknown(question=question, why="not-looked", because=""), {})
    return FinderRow("", view.status, view.kind, "", "", "", "", "", len(ASKED_FIRST))


NOT_CHECKED: Final = (_nobody_looked(),)
"""The rows of a code that stands under no heading of a policy."""


def files(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, bytes]]:
    """Yields the script that holds the record."""
    yield FILE, script_data("finder", record(kb, today))


def record(kb: KnowledgeBase, today: dt.date) -> dict[str, Any]:
    """Returns the record as JSON can write it; `answers` holds, for a place in it, the rows of one policy and code.

    A policy's `answers` are pairs of a code's place and its rows' place. A HCPCS code without a pair has the first.
    """
    texts, answers, codes = Numbered(""), Numbered[tuple[FinderRow, ...]](NOT_CHECKED), Numbered(*ordered_codes(kb))
    payers, statuses = Numbered[str](), Numbered((NOT_CHECKED[0].status, NOT_CHECKED[0].kind))
    policies = [_policy(kb, policy, today, payers, codes, answers) for policy in ordered(kb)]
    rows = [[_packed(row, statuses, texts) for row in made] for made in answers.items()]
    hcpcs = {row.code: row.long for row in kb.contents.code_sets.codes}
    also = aliases(kb)
    return {
        "policies": policies,
        "answers": rows,
        "statuses": statuses.items(),
        "texts": texts.items(),
        "codes": [[code, hcpcs.get(code, _own_label(kb, code)), int(code in hcpcs)] for code in codes.items()],
        "payers": [[payer, *also[payer]] for payer in payers.items()],
        "jurisdictions": [[code, NAMES[code]] for code in _places(kb)],
        "lines": list(words.BUSINESS_WORDS.items()),
        "core": len(ASKED_FIRST),
    }


def ordered_codes(kb: KnowledgeBase) -> list[str]:
    """Returns every code that may be asked for: H2024, its siblings, the other HCPCS codes, the payers' own.

    >>> import h2024kb
    >>> ordered_codes(h2024kb.open())[:3]
    ['H2024', 'H2023', 'H2025']
    """
    hcpcs = [row.code for row in kb.contents.code_sets.codes]
    siblings = [code for code in (CODE, *SIBLINGS) if code in hcpcs]
    return list(dict.fromkeys([*siblings, *sorted(hcpcs), *sorted(kb.codes())]))


def _places(kb: KnowledgeBase) -> list[str]:
    """Every jurisdiction that may be asked for by name, the country first; the invented one if it has a policy."""
    with_policies = {policy.jurisdiction for policy in kb.policies()}
    named = [code for code in NAMES if code not in ("US", "ZZ") or code in with_policies]
    return sorted(named, key=lambda code: (code != "US", NAMES[code]))


def _own_label(kb: KnowledgeBase, code: str) -> str:
    own = (row.describes for policy in kb.policies() for row in policy.own_codes if row.code == code)
    return next(own, "")


def _policy(
    kb: KnowledgeBase,
    policy: Policy,
    today: dt.date,
    payers: Numbered[str],
    codes: Numbered[str],
    answers: Numbered[tuple[FinderRow, ...]],
) -> dict[str, Any]:
    pairs = [(codes.place(code), answers.place(rows(kb, policy, code))) for code in _spoken_of(kb, policy)]
    made: dict[str, Any] = {
        "id": policy.id,
        "program": policy.program or "",
        "payer": payers.place(policy.payer),
        "jurisdiction": policy.jurisdiction,
        "line": policy.line_of_business,
        "answers": [place for pair in pairs for place in pair],
    }
    dated = version_pages(kb, policy, today)
    return made | ({"versions": dated} if dated else {})


def version_pages(kb: KnowledgeBase, policy: Policy, today: dt.date) -> list[tuple[str, str]]:
    """Returns the first day of each stretch of a policy with its dated page below the policy's folder, oldest first.

    Empty where there are no such pages, or one only: the finder then links to the policy's page.
    """
    newest = versions.newest_versions(kb, policy.id, today)
    named = [(version.stretch.first_day, version.page.removesuffix(".md")) for version in newest]
    made = [(first.isoformat() if first else "", f"{posixpath.basename(page)}.html") for first, page in named]
    return made if len(made) > 1 else []


def _spoken_of(kb: KnowledgeBase, policy: Policy) -> Iterator[str]:
    """The codes under whose headings this policy, or one it follows, may state something; its own ones among them."""
    for row in kb.contents.code_sets.codes:
        has_rules = any((policy.id, heading) in kb.index.rules for heading in headings(kb.index, row.code))
        if has_rules or policy.follows:
            yield row.code
    yield from (row.code for row in policy.own_codes)


def rows(kb: KnowledgeBase, policy: Policy, code: str) -> tuple[FinderRow, ...]:
    """Returns what the finder shows of a policy and a code, oldest first; rows that say the same become one.

    >>> import h2024kb
    >>> kb = h2024kb.open()
    >>> [(row.first_day, row.status) for row in rows(kb, kb.policy("md/brain-injury-waiver"), "H2024")][1]
    ('2003-12-11', 'Service covered with conditions, code not named')
    """
    made = [_row(kb, policy, code, day) for day in starts(kb, policy.id, code)]
    return tuple(next(same) for _, same in groupby(made, lambda row: row[1:]))


def _row(kb: KnowledgeBase, policy: Policy, code: str, day: dt.date) -> FinderRow:
    core = kb.core_answers(policy.id, code=code, date_of_service=day, evidence=BEST)
    view = AnswerView.of(core[0], {})
    ground = rests_on(core[0])
    weak = ground is not None and weaker(ground.evidence, "seen")
    return FinderRow(
        first_day="" if day == dt.date.min else day.isoformat(),
        status=headline(core[0]),
        kind=view.kind,
        evidence=ground.evidence if ground and weak else "",
        seen=str(ground.in_force_by or "") if ground and weak else "",
        since=words.since(core[0]) if isinstance(core[0], Known) else "",
        stated_for=view.stated_for,
        says=core[0].condition or "" if isinstance(core[0], Known) else "",
        unknown=sum(isinstance(answer, Unknown) and answer.why != "depends-on-line" for answer in core),
    )


def _packed(row: FinderRow, statuses: Numbered[tuple[str, str]], texts: Numbered[str]) -> list[Any]:
    said = (texts.place(text) for text in (row.evidence, row.seen, row.since, row.stated_for, row.says))
    return [row.first_day, statuses.place((row.status, row.kind)), *said, row.unknown]

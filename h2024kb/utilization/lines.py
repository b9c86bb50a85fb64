"""Which of the lines read are counted, for which payer, and which claim each belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Final, NamedTuple

from h2024kb.claims.check import checker
from h2024kb.claims.standing import LATER, standings
from h2024kb.claims.which_policy import payer_named
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine

NOT_KNOWN: Final = "a payer that is not in the knowledge base"


class Used(NamedTuple):
    """A line with its payer as named here, and with numbers of ours for its claim and for its member with its payer.

    No two claims have the same number: claims of several members or payers may be called alike. `claim` and `member`
    are None where the line does not give them.
    """

    line: ServiceLine
    payer: str | None
    group: int
    claim: int | None
    member: str | None


def kept_lines(kb: KnowledgeBase, lines: Iterable[ServiceLine], asked: frozenset[str]) -> tuple[list[Used], int, int]:
    """Returns the lines of these codes and those that may replace one; how many are of others, and of no code."""
    kept: list[Used] = []
    others = no_code = 0
    payer_of = _payers(kb)
    numbers: dict[Hashable, int] = {}
    for line in lines:
        others += line.code is not None and line.code not in asked
        no_code += line.code is None
        if line.code in asked or line.frequency in LATER:
            payer = payer_of(line)
            who = (payer,) if payer != NOT_KNOWN else (line.policy, line.payer, line.payer_id)
            group = numbers.setdefault((who, line.member), len(numbers))
            claim = numbers.setdefault((group, line.claim), len(numbers)) if line.claim else None
            kept.append(Used(line, payer, group, claim, line.member or None))
    return kept, others, no_code


def _payers(kb: KnowledgeBase) -> Callable[[ServiceLine], str | None]:
    """Names a line's policy, else its payer; an unknown name is never repeated, since it may say whom a line is for."""
    known: dict[Hashable, str | None] = {}

    def payer_of(line: ServiceLine) -> str | None:
        key = (line.policy, line.payer, line.payer_id, line.jurisdiction, line.line_of_business)
        if key not in known:
            known[key] = _payer(kb, line)
        return known[key]

    return payer_of


def _payer(kb: KnowledgeBase, line: ServiceLine) -> str | None:
    if not (line.policy or line.payer or line.payer_id):
        return None
    if isinstance(policy := checker(kb).policy(line), str):
        return policy
    return NOT_KNOWN if line.policy else payer_named(kb, line) or NOT_KNOWN


def standing(lines: Iterable[Used]) -> set[int]:
    """Returns the ids of the lines that count, seen with those of their member; one that may be replaced does not."""
    groups: dict[Hashable, list[ServiceLine]] = defaultdict(list)
    for one in lines:
        groups[one.group].append(one.line)
    return {
        id(line)
        for group in groups.values()
        for line, found in zip(group, standings(group), strict=True)
        if found == "stands" and line.frequency != "8"
    }

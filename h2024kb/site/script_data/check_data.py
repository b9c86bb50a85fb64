"""What the page that checks a line loads: for each policy, its rules for every code, as data for a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from h2024kb.claims.check import ENDS_FIRST, FAR_AHEAD, NO_RULE, NOT_STANDING, TAKEN_BACK, TOO_LITTLE, checker
from h2024kb.claims.cuts import TOLD_BY
from h2024kb.claims.edits import MOST_DAYS_SPLIT
from h2024kb.claims.finding import RULES
from h2024kb.claims.fix import NO_WAY, NOTHING_BROKEN, OPEN_TO_EDITS
from h2024kb.claims.piles import NO_LINE_SHOWS, PILE_WORDS, PILES
from h2024kb.claims.plan import RULE_CHANGES, plan
from h2024kb.claims.rule import DEPENDS, NOT_GIVEN
from h2024kb.claims.standing import MOST_DAYS_COVERED
from h2024kb.claims.units import MINUTES, unit_of_each_code
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.words import modifiers_words
from h2024kb.line import BETWEEN, NO_NUMBER
from h2024kb.site.parts.script_file import script_data
from h2024kb.site.script_data.check_tables import Tables
from h2024kb.version import __version__


class Shared(NamedTuple):
    """What the rules of every policy are written with: the codes, and what an edit of a line needs to know."""

    codes: tuple[str, ...]
    units: dict[str, str]
    about_claim: list[str]


def files(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, bytes]]:
    """Yields a script for each policy, and one with the words that all share."""
    yield "assets/data/check-words.js", script_data("check-words", words(kb))
    with_all = shared(kb)
    for policy in kb.policies():
        yield path(policy.id), script_data(f"check:{policy.id}", rules(kb, policy.id, with_all))


def path(policy: str) -> str:
    """Returns where the script of a policy stands.

    >>> path("md/brain-injury-waiver")
    'assets/data/check/md--brain-injury-waiver.js'
    """
    return f"assets/data/check/{policy.replace('/', '--')}.js"


def rules(kb: KnowledgeBase, policy: str, with_all: Shared) -> dict[str, Any]:
    """Returns the rules of a policy for every code in the knowledge base."""
    tables = Tables(kb, policy)
    codes = {code: tables.plan(plan(kb, policy, code, None)) for code in with_all.codes}
    edits = {"units": with_all.units, "about_claim": with_all.about_claim}
    return {"policy": policy, "codes": codes, **tables.data(), **edits}


def shared(kb: KnowledgeBase) -> Shared:
    """Returns the codes, the unit of each, and the modifiers that speak of the claim alone."""
    sets = kb.contents.code_sets
    about_claim = [row.modifier for row in sets.modifiers if row.about == "claim"]
    return Shared(tuple(sorted(kb.codes())), unit_of_each_code(kb.contents), about_claim)


def words(kb: KnowledgeBase) -> dict[str, Any]:
    """Returns what every policy's rules are shown and evaluated with.

    That is what rules look at, what adjustment reasons and remarks say, which contents the rules are made of, and the
    numbers and sentences that the scripts' evaluator shares with the one in Python.
    """
    sets = kb.contents.code_sets
    labels = {row.number: row.label for row in (*sets.adjustment_reasons, *sets.remarks)}
    piles = {pile: [PILE_WORDS[pile], meaning] for pile, meaning in PILES.items()}
    made_of = {"version": __version__, "contents": kb.content_hash}
    return {"rules": RULES, "piles": piles, "labels": labels, **made_of, "evaluator": _evaluator(kb)}


def _evaluator(kb: KnowledgeBase) -> dict[str, Any]:
    """Numbers and sentences, each written down once, in Python, so that the scripts repeat none by hand."""
    return {
        "told_by": TOLD_BY,
        "between": BETWEEN,
        "no_number": NO_NUMBER,
        "most_days_covered": MOST_DAYS_COVERED,
        "last_day": checker(kb).last_day.toordinal(),
        "minutes": MINUTES,
        "most_days_split": MOST_DAYS_SPLIT,
        "open_to_edits": OPEN_TO_EDITS,
        "no_line_shows": NO_LINE_SHOWS,
        "says": {
            "not_given": NOT_GIVEN,
            "depends": DEPENDS,
            "too_little": TOO_LITTLE,
            "no_rule": NO_RULE,
            "ends_first": ENDS_FIRST,
            "rule_changes": RULE_CHANGES,
            "far_ahead": FAR_AHEAD,
            "taken_back": TAKEN_BACK.findings[0].message,
            "not_standing": {standing: one.findings[0].message for standing, one in NOT_STANDING.items()},
            "no_modifier": modifiers_words(()),
            "nothing_broken": NOTHING_BROKEN,
            "no_way": NO_WAY,
        },
    }

"""The page of one policy: the answer first, then the facts, what is unknown, what it was before, and the sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from h2024kb import words
from h2024kb.answer import Answer, Known, Unknown
from h2024kb.in_force import Held, periods
from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.model import FACTS, Entry, Rules, When, is_code
from h2024kb.site.render import render
from h2024kb.site.views import CODE, AnswerView


class Row(NamedTuple):
    """One dated entry on the page: what it says, when, on what ground, and whether it holds today."""

    fact: str
    lines: list[str]
    when: str
    dates: str
    state: str
    source: int
    locator: str
    passage: str
    note: str
    searched: list[int]


class Facts(NamedTuple):
    """The rows under one heading."""

    heading: str
    is_code: bool
    rows: list[Row]


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page of each policy."""
    yield from ((f"policies/{policy.id}.md", policy_page(kb, policy.id, today)) for policy in kb.policies())


def policy_page(kb: KnowledgeBase, id: str, today: dt.date) -> str:
    """Returns the page of one policy as Markdown."""
    policy = kb.policy(id)
    cited = [*(source.id for source in policy.sources), *(search.id for search in policy.searches)]
    numbers = {name: number for number, name in enumerate(cited, 1)}
    answers = all_answers(kb, id, today)
    history = [_facts(rules, numbers, today) for rules in policy.rules]
    own = {CODE, *kb.services(CODE)}
    return render(
        "policy.md.j2",
        f"policies/{id}.md",
        policy=policy,
        today=today,
        aliases=next((row.aliases for row in kb.contents.code_sets.payers if row.payer == policy.payer), ()),
        coverage=AnswerView.of(answers[0], numbers),
        facts=[AnswerView.of(answer, numbers) for answer in answers if isinstance(answer, Known)],
        unknown=[AnswerView.of(answer, numbers) for answer in answers if isinstance(answer, Unknown)],
        others=[_current(facts) for facts in history if facts.heading not in own and _current(facts).rows],
        conflicts=kb.conflicts(id, code=CODE, date_of_service=today),
        history=history,
        follows=[entry.value for entry in policy.follows if entry.value],
        numbers=numbers,
    )


def all_answers(kb: KnowledgeBase, id: str, day: dt.date) -> list[Answer[Any]]:
    """Returns the answers for H2024 that a page shows: the core facts, and every other that somebody looked for."""
    asked: dict[str, Any] = {"code": CODE, "date_of_service": day}
    core = kb.core_answers(id, **asked)
    shown = {answer.question.fact for answer in core}
    more = [kb.fact(fact, id, **asked) for fact in FACTS if fact not in shown]
    modifiers = [answer for name, answer in kb.modifiers(id, **asked).items() if name != "22"]
    looked = [a for a in more if not (isinstance(a, Unknown) and a.why == "nobody has looked")]
    return [*core[:3], *modifiers, *core[3:], *looked]


def _facts(rules: Rules, numbers: dict[str, int], today: dt.date) -> Facts:
    rows = [row for fact, entries in _lists(rules) for row in _rows(fact, entries, numbers, today)]
    return Facts(rules.heading, is_code(rules.heading), rows)


def _lists(rules: Rules) -> Iterator[tuple[str, tuple[Entry[Any], ...]]]:
    yield from ((words.FACT_WORDS[fact], entries) for fact in FACTS if (entries := getattr(rules, fact)))
    yield from ((f"Modifier {row.modifier}", row.entries) for row in rules.modifiers)


def _rows(fact: str, entries: Iterable[Entry[Any]], numbers: dict[str, int], today: dt.date) -> Iterator[Row]:
    standing = {id(held.entry): held for held in periods([e for e in entries if e.withdrawn is None])}
    for entry in entries:
        held = standing.get(id(entry), Held(entry, None))
        yield Row(
            fact=fact,
            lines=_entry_lines(entry),
            when=_when_words(entry.when),
            dates=_dates(held),
            state=_state(held, today),
            source=numbers.get(entry.source or "", 0),
            locator=entry.locator or "",
            passage=entry.passage or "",
            note=entry.note or "",
            searched=[numbers[name] for name in entry.searched],
        )


def _entry_lines(entry: Entry[Any]) -> list[str]:
    if entry.unknown is not None:
        return [f"Unknown: {entry.unknown}"]
    return words.said_lines(entry.value, entry.condition, entry.complete)


def _when_words(when: When | None) -> str:
    if when is None:
        return ""
    parts = [f"with {' '.join(when.modifiers)}"] if when.modifiers else []
    parts += [f"in place of service {' or '.join(when.place_of_service)}"] if when.place_of_service else []
    parts += [f"aged {words.value_lines(when.age)[0]}"] if when.age else []
    return ", ".join(parts)


def _dates(held: Held[Any]) -> str:
    entry = held.entry
    return words.start(entry) + (f", until {held.last_day}" if held.last_day else "")


def _state(held: Held[Any], today: dt.date) -> str:
    if held.entry.withdrawn is not None:
        return f"withdrawn on {held.entry.withdrawn.date}: {held.entry.withdrawn.because}"
    if held.entry.start > today:
        return "not yet in force"
    return "ended" if held.last_day and held.last_day < today else "in force"


def _current(facts: Facts) -> Facts:
    return facts._replace(rows=[row for row in facts.rows if row.state == "in force"])

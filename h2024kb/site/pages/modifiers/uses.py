"""Every place where a policy speaks of a modifier: what it does with it, what it means by it, since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import FACTS, Policy, Rules
from h2024kb.site.parts.named_codes import billed
from h2024kb.site.parts.policy_order import ordered
from h2024kb.site.parts.standing import Standing, standing


class Mention(NamedTuple):
    """One place where a policy speaks of a modifier.

    `use` is the payer's own word on it; it is `listed` where a table of codes shows the modifier without a word on its
    use, `counts` where another fact depends on it, and empty where somebody looked and cannot say. `with_` are the
    modifiers that stand beside it in the same row: then `meaning` is that of the row, not of this modifier alone.
    """

    modifier: str
    policy: Policy
    heading: str
    code: str
    use: str
    meaning: str
    with_: tuple[str, ...]
    entry: Standing

    @property
    def accepted(self) -> bool:
        """Whether the payer takes the modifier, or asks for it."""
        return self.use in ("required", "allowed", "listed")

    @property
    def applies_to(self) -> str:
        """The code or the service that it is said of."""
        return self.code or self.heading

    @property
    def only(self) -> str:
        """In which cases it holds: the condition, and what a claim line must show; empty where it always does."""
        entry = self.entry.entry
        when = entry.when
        parts = [entry.condition] if entry.condition and self.use not in ("", "counts") else []
        if when and when.place_of_service:
            parts.append(f"place of service {' or '.join(when.place_of_service)}")
        if when and when.age:
            parts.append(f"aged {words.value_lines(when.age)[0]}")
        if when and when.modifiers and self.use != "counts":
            parts.append(f"on lines with {' '.join(when.modifiers)}")
        return "; ".join(parts)


def mentions(kb: KnowledgeBase, today: dt.date) -> dict[str, list[Mention]]:
    """Returns every mention by its modifier, in order of modifiers; nationwide policies first in each.

    >>> import h2024kb
    >>> made = mentions(h2024kb.open(), dt.date(2026, 11, 23))
    >>> made["TG"][0].code, made["TG"][0].use, made["TG"][0].meaning
    ('T2019', 'listed', 'Enhanced job coaching in a group of two or three')
    """
    found: dict[str, list[Mention]] = {}
    for policy in ordered(kb):
        for one in _of_policy(policy, today):
            found.setdefault(one.modifier, []).append(one)
    return dict(sorted(found.items()))


def _of_policy(policy: Policy, today: dt.date) -> Iterator[Mention]:
    for rules in policy.rules:
        yield from _stated(policy, rules, today)
    yield from _in_rows(policy, today)
    for rules in policy.rules:
        yield from _counting(policy, rules, today)


def _stated(policy: Policy, rules: Rules, today: dt.date) -> Iterator[Mention]:
    for row in rules.modifiers:
        for one in standing(policy, row.entries, today):
            value = one.entry.value
            use, meaning = (value.use, value.meaning) if value else ("", one.entry.unknown or "")
            yield Mention(row.modifier, policy, rules.heading, "", use, meaning, (), one)


def _in_rows(policy: Policy, today: dt.date) -> Iterator[Mention]:
    for row in billed(policy, today):
        for modifier in row.modifiers:
            if row.entry is not None:
                others = tuple(other for other in row.modifiers if other != modifier)
                yield Mention(modifier, policy, row.heading, row.code, "listed", row.describes, others, row.entry)


def _counting(policy: Policy, rules: Rules, today: dt.date) -> Iterator[Mention]:
    for fact in FACTS:
        for one in standing(policy, getattr(rules, fact), today):
            when = one.entry.when
            for modifier in when.modifiers if when and one.entry.value is not None else ():
                assert when is not None
                others = tuple(other for other in when.modifiers if other != modifier)
                said = "; ".join(words.said_lines(one.entry.value, one.entry.condition, one.entry.complete))
                meaning = f"{words.FACT_WORDS[fact]}: {said}"
                yield Mention(modifier, policy, rules.heading, rules.heading, "counts", meaning, others, one)

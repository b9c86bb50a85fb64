"""Changes as pages, feeds and calendars show them: in words, what it was and what it became."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from h2024kb.knowledge import words
from h2024kb.knowledge.answer_from_entry import looked
from h2024kb.knowledge.changes import Change
from h2024kb.knowledge.in_force import DAY
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Entry, Policy
from h2024kb.site.parts.entry_words import about, entry_lines

KINDS: Final = {
    "starts": "Starts",
    "in-force": "First seen",
    "changed": "Changes",
    "restated": "Stated anew, the same",
    "ends": "Ends",
    "unstated": "No longer stated",
    "withdrawn": "Withdrawn by us",
    "searched": "Not found",
}
"""What can become of a rule, in the words of the pages."""


class ChangeView(NamedTuple):
    """A change as a page shows it; `kind` is one of `KINDS`, `became` is empty where nothing stands in its place."""

    change: Change
    policy: Policy
    kind: str
    about: str
    fact: str
    when: str
    was: list[str]
    became: list[str]
    effective: str
    note: str
    places: list[str]

    @property
    def kind_words(self) -> str:
        """The kind of change in words."""
        return KINDS[self.kind]

    @property
    def was_nothing(self) -> str:
        """What stands where no rule stood before."""
        return "No earlier rule is in the knowledge base."

    @property
    def became_nothing(self) -> str:
        """What stands where nothing took the rule's place."""
        return "Nothing stands in its place." if self.kind == "withdrawn" else "Nothing is stated for later days."

    @property
    def title(self) -> str:
        """The rule in one line, without its payer."""
        return f"{self.about}: {self.fact}" + (f" ({self.when})" if self.when else "")

    @property
    def where(self) -> str:
        """The payer and program with the jurisdiction."""
        return f"{self.policy.title} ({self.policy.jurisdiction})"


def view(kb: KnowledgeBase, change: Change) -> ChangeView:
    """Returns a change in words."""
    kind = _kind(change)
    was, became = _was_and_became(kb, change)
    return ChangeView(
        change=change,
        policy=kb.policy(change.policy),
        kind=kind,
        about=about(change.heading),
        fact=change.name,
        when=words.when_words(change.entry.when),
        was=was,
        became=became,
        effective=_effective(change),
        note=_note(change),
        places=[
            f"{place.where}, {words.long_date(place.date)}"
            for place in looked(kb.policy(change.policy), change.entry.searched)
        ],
    )


def found_nothing(change: Change) -> bool:
    """Whether a change only says that somebody looked and found nothing, where nothing was stated before either."""
    return change.kind == "searched" and (change.before is None or change.before.value is None)


def _kind(change: Change) -> str:
    before, entry = change.before, change.entry
    if before is None or before.value is None or change.kind not in ("starts", "searched"):
        return "in-force" if change.kind == "starts" and change.effective_date is None else change.kind
    if change.kind == "searched":
        return "unstated"
    same = (before.value, before.condition, before.complete) == (entry.value, entry.condition, entry.complete)
    return "restated" if same else "changed"


def _was_and_became(kb: KnowledgeBase, change: Change) -> tuple[list[str], list[str]]:
    own = _lines(kb, change.fact, change.entry)
    if change.kind == "ends":
        return own, []
    if change.kind == "withdrawn":
        return own, _lines(kb, change.fact, change.instead)
    return _lines(kb, change.fact, change.before), own


def _lines(kb: KnowledgeBase, fact: str, entry: Entry[Any] | None) -> list[str]:
    if entry is None:
        return []
    if entry.value is not None and fact in ("follows", "succeeded_by"):
        policy = kb.policy(entry.value)
        return [f"{policy.title} ({policy.jurisdiction})"]
    return entry_lines(entry)


def _effective(change: Change) -> str:
    if change.kind == "withdrawn":
        return f"stood {words.with_long_dates(words.start(change.entry))}"
    if change.effective_date:
        return words.long_date(change.effective_date)
    if change.in_force_by:
        return f"seen {words.long_date(change.in_force_by)}; start date not given"
    return "not given"


def _note(change: Change) -> str:
    withdrawn = change.entry.withdrawn
    if change.kind == "withdrawn" and withdrawn:
        return f"Why: {withdrawn.because}"
    if withdrawn:
        return f"We withdrew this on {words.long_date(withdrawn.date)}: {withdrawn.because}"
    if change.kind == "ends" and change.effective_date:
        return f"Last day: {words.long_date(change.effective_date - DAY)}."
    return ""


def long_effective(change: Change) -> str:
    """Returns the day a change takes effect as people read it, for titles.

    >>> from h2024kb.knowledge.changes import changes
    >>> import h2024kb
    >>> kb = h2024kb.open()
    >>> found = changes(kb, [kb.policy("md/brain-injury-waiver")])
    >>> sorted({long_effective(change) for change in found if change.kind == "starts"})[0]
    'from Apr 9, 2007'
    """
    if change.kind == "withdrawn":
        return f"withdrawn on {words.long_date(change.posted)}"
    if change.effective_date:
        return f"from {words.long_date(change.effective_date)}"
    return f"by {words.long_date(change.in_force_by)}" if change.in_force_by else ""


class Silence(NamedTuple):
    """All that was looked for and not found of one policy on one day: by what it is about, the facts."""

    policy: Policy
    posted: dt.date
    facts: list[tuple[str, list[str]]]

    @property
    def number(self) -> int:
        """How many facts were not found."""
        return sum(len(names) for _, names in self.facts)

    @property
    def where(self) -> str:
        """The payer and program with the jurisdiction."""
        return f"{self.policy.title} ({self.policy.jurisdiction})"


def silences(kb: KnowledgeBase, changes: Iterable[Change]) -> list[Silence]:
    """Returns what was looked for and not found, folded by day and policy, newest first."""
    found: dict[tuple[int, str], dict[str, list[str]]] = {}
    for change in changes:
        if found_nothing(change):
            facts = found.setdefault((-change.posted.toordinal(), change.policy), {})
            when = words.when_words(change.entry.when)
            facts.setdefault(about(change.heading), []).append(change.name + (f" ({when})" if when else ""))
    return [
        Silence(
            kb.policy(policy), dt.date.fromordinal(-day), [(at, sorted(names)) for at, names in sorted(facts.items())]
        )
        for (day, policy), facts in sorted(found.items())
    ]

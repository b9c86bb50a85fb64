"""The page of one policy: the answer first, then what a biller does with it, what it was before, and the sources."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

from h2024kb.knowledge.answer import Answer
from h2024kb.knowledge.changes import POLICY_FACTS
from h2024kb.knowledge.jurisdictions import NAMES
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import headings
from h2024kb.knowledge.model import Policy
from h2024kb.knowledge.review import next_review, overdue
from h2024kb.site.pages.policy.answer_box import citation, sentence
from h2024kb.site.pages.policy.changes import story
from h2024kb.site.pages.policy.denials import likely_denials
from h2024kb.site.pages.policy.sections import billing_table, is_core, sections, worth_a_row
from h2024kb.site.pages.policy.versions import DatedVersion, newest_versions, versions
from h2024kb.site.parts.entries import EntryView, every_entry
from h2024kb.site.parts.payers import aliases, payer_paths
from h2024kb.site.parts.render import link, render
from h2024kb.site.parts.views import BEST, CODE, AnswerView, source_numbers


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page of each policy."""
    yield from ((f"policies/{policy.id}.md", policy_page(kb, policy.id, today)) for policy in kb.policies())


def policy_page(kb: KnowledgeBase, id: str, today: dt.date) -> str:
    """Returns the page of one policy as Markdown."""
    policy = kb.policy(id)
    numbers = source_numbers(policy)
    answers = worth_a_row(kb.answers(id, code=CODE, date_of_service=today, evidence=BEST))
    entries = list(every_entry(policy, today))
    history = _by_heading(entries)
    own = set(headings(kb.index, CODE))
    return render(
        "policy.md.j2",
        f"policies/{id}.md",
        **_top(kb, policy, answers, today),
        **_of_policy(entries),
        **_dates(kb, policy, today),
        **_facts(answers, numbers),
        by_line=[one for one in entries if one.heading in own and one.in_force and one.when],
        others=_by_heading(one for one in entries if one.heading not in own and one.in_force),
        denials=likely_denials(kb, id, today),
        labels=_labels(kb),
        story=story(kb, id, today),
        history=history,
        numbers=numbers,
    )


def _top(kb: KnowledgeBase, policy: Policy, answers: list[Answer[Any]], today: dt.date) -> dict[str, Any]:
    """What stands above the facts: who, the answer, what does not go together."""
    return {
        "policy": policy,
        "today": today,
        "place": NAMES[policy.jurisdiction],
        "aliases": aliases(kb)[policy.payer],
        "title_of": lambda name: kb.policy(name).title,
        "coverage": AnswerView.of(answers[0], source_numbers(policy)),
        "sentence": sentence(policy, answers[0]),
        "citation": citation(policy, answers[0], today, kb.content_hash),
        "content_hash": kb.content_hash,
        "conflicts": kb.conflicts(policy.id, code=CODE, date_of_service=today, evidence=BEST),
        "feed": f"feeds/{payer_paths(kb)[policy.payer]}.atom",
    }


def _of_policy(entries: Iterable[EntryView]) -> dict[str, list[EntryView]]:
    """What is known of the policy itself, by its fact, as far as nobody withdrew it."""
    known = [one for one in entries if not one.heading and one.entry.withdrawn is None]
    return {fact: [one for one in known if one.fact == fact] for fact in POLICY_FACTS}


def _facts(answers: list[Answer[Any]], numbers: dict[str, int]) -> dict[str, Any]:
    """What the payer says today, in the order a biller asks."""
    return {
        "core": [AnswerView.of(answer, numbers) for answer in answers if is_core(answer)],
        "billing": billing_table(answers, numbers),
        "sections": list(sections(answers, numbers)),
    }


def _dates(kb: KnowledgeBase, policy: Policy, today: dt.date) -> dict[str, Any]:
    """When it was reviewed, and the versions for other dates of service."""
    newest = newest_versions(kb, policy.id, today)
    known: dict[dt.date, list[DatedVersion]] = {}
    for version in versions(kb, policy.id, today):
        known.setdefault(version.known_on, []).append(version)
    now = next((version for version in newest if today in version.stretch), None)
    return {
        "next_review": next_review(policy),
        "overdue": overdue(policy, today),
        "newest": newest,
        "now": now,
        "now_page": _beside(policy.id, now) if now else "",
        "later": [version for version in newest if version.stretch.day > today],
        "known": sorted(known.items(), reverse=True),
    }


def _beside(id: str, version: DatedVersion) -> str:
    return posixpath.normpath(link(f"policies/{id}.md", version.page))


def _by_heading(entries: Iterable[EntryView]) -> dict[str, list[EntryView]]:
    """The entries under each heading; those on the policy itself have none."""
    found: dict[str, list[EntryView]] = {}
    for one in entries:
        if one.heading:
            found.setdefault(one.heading, []).append(one)
    return found


def _labels(kb: KnowledgeBase) -> dict[str, str]:
    sets = kb.contents.code_sets
    return {row.number: row.label for row in (*sets.adjustment_reasons, *sets.remarks)}

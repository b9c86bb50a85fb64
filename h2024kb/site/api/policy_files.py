"""The files of policies, and their list."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from h2024kb.knowledge import model
from h2024kb.knowledge.answer import Unknown
from h2024kb.knowledge.review import next_review, overdue
from h2024kb.site.api.answers import brief, full
from h2024kb.site.api.entries import entry_rows
from h2024kb.site.api.making import Making, address, path, policy_path
from h2024kb.site.api.resources import Policy, PolicyConflict, PolicyList, PolicyRow, VersionPage
from h2024kb.site.api.statements import KnownAnswer, SilentEntry, StatedEntry
from h2024kb.site.api.written import Written, written
from h2024kb.site.pages.policy import versions
from h2024kb.site.parts.views import CODE


class PolicyFile(NamedTuple):
    """A policy with its file and what the file holds."""

    policy: model.Policy
    resource: Policy
    file: Written


def policy_files(making: Making) -> Iterator[PolicyFile]:
    """Yields every policy with its file."""
    for policy in making.kb.policies():
        made = resource(making, policy)
        yield PolicyFile(policy, made, written(policy_path(policy.id), made))


def resource(making: Making, policy: model.Policy) -> Policy:
    """Returns what the file of a policy holds."""
    here, kb = policy_path(policy.id), making.kb
    same = ("id", "title", "payer", "program", "jurisdiction", "line_of_business", "about", "reviewed")
    lists = ("sources", "searches", "own_codes", "observed", "leads")
    return Policy(
        **{name: getattr(policy, name) for name in (*same, *lists)},
        made=making.made,
        payer_json=address(here, path("payers", f"{making.slugs[policy.payer]}.json")),
        next_review=next_review(policy),
        overdue=overdue(policy, making.day),
        code=CODE,
        content_hash=content_hash(policy),
        page=_page(here, f"policies/{policy.id}"),
        answers=tuple(full(answer) for answer in kb.answers(policy.id, code=CODE, date_of_service=making.day)),
        entries=entry_rows(policy, making.day),
        versions=tuple(_versions(making, policy.id, here)),
        aliases=making.aliases[policy.payer],
        conflicts=tuple(_conflicts(making, policy.id)),
    )


def content_hash(policy: model.Policy) -> str:
    """Returns the SHA-256 of what is held of one policy."""
    return hashlib.sha256(msgspec.json.encode(policy)).hexdigest()


def _page(here: str, there: str) -> str:
    return address(here, f"{there}.html")


def _versions(making: Making, id: str, here: str) -> Iterator[VersionPage]:
    for version in versions.versions(making.kb, id, making.day):
        page, (first_day, last_day) = _page(here, version.page.removesuffix(".md")), version.stretch
        yield VersionPage(page=page, as_known_on=version.known_on, first_day=first_day, last_day=last_day)


def _conflicts(making: Making, id: str) -> Iterator[PolicyConflict]:
    for conflict in making.kb.conflicts(id, code=CODE, date_of_service=making.day):
        answer = full(conflict.answer)
        assert isinstance(answer, KnownAnswer)
        yield PolicyConflict(says=conflict.says, answer=answer)


def policy_row(making: Making, made: PolicyFile, here: str) -> PolicyRow:
    """Returns a policy as a list shows it; `here` is the path of the list's file."""
    resource, core = made.resource, making.kb.core_answers(made.policy.id, code=CODE, date_of_service=making.day)
    same = ("id", "title", "payer", "program", "jurisdiction", "line_of_business", "reviewed", "next_review")
    return PolicyRow(
        **{name: getattr(resource, name) for name in (*same, "overdue", "content_hash")},
        coverage=brief(core[0]),
        unknown_facts=sum(isinstance(answer, Unknown) for answer in core),
        json=address(here, made.file.path),
        sha256=made.file.sha256,
        page=_page(here, f"policies/{made.policy.id}"),
    )


def policy_list(making: Making, made: Iterable[PolicyFile]) -> PolicyList:
    """Returns the list of all policies."""
    here = path("policies", "index.json")
    return PolicyList(made=making.made, policies=tuple(policy_row(making, one, here) for one in made))


def by_entry(made: Iterable[PolicyFile]) -> dict[str, StatedEntry | SilentEntry]:
    """Returns the entries of all policies by their names."""
    return {row.entry: row for one in made for row in one.resource.entries}

"""What changed: each kind of change, what held before, the two days apart, and names that last."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import Any

import msgspec
import pytest

from h2024kb.editing.checks.facts import followed_in_turn
from h2024kb.knowledge.answer import Question
from h2024kb.knowledge.changes import Change, changes
from h2024kb.knowledge.code_sets import CodeSets, Contents
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import ever_followed, followed
from h2024kb.knowledge.model import Entry, ModifierEntries, Policy, Rules, Search, Source, When, Withdrawn

READ = dt.date(2026, 11, 20)
NAMES = ("zz/one", "zz/two", "zz/three")
LATER = dt.date(2026, 12, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def said(value: str, start: str | None = None, **more: Any) -> Entry[Any]:
    effective = day(start) if start else None
    return Entry(effective_date=effective, value=value, source="manual", locator="page 1", **more)


def silent(start: str | None = None, **more: Any) -> Entry[Any]:
    effective = day(start) if start else None
    return Entry(effective_date=effective, unknown="The manual is silent.", searched=("manual",), **more)


def policy(*coverage: Entry[Any], **more: Any) -> Policy:
    source = Source(id="manual", title="Manual", publisher="Agency", retrieved=READ, tier="primary")
    search = Search(id="portal", looked_for="A limit", where="The portal", date=LATER)
    given = {
        "id": "zz/one",
        "payer": "Payer",
        "line_of_business": "medicaid",
        "jurisdiction": "ZZ",
        "about": "Invented.",
        "reviewed": READ,
        "sources": (source,),
        "searches": (search,),
        "rules": (Rules(heading="H2024", coverage=coverage),),
    }
    return Policy(**{**given, **more})


def knowing(*policies: Policy) -> KnowledgeBase:
    return KnowledgeBase.of(Contents(policies=policies, code_sets=CodeSets()))


def of(*coverage: Entry[Any]) -> tuple[Change, ...]:
    return changes(knowing(policy(*coverage)))


def only(kind: str, *coverage: Entry[Any]) -> Change:
    (found,) = [change for change in of(*coverage) if change.kind == kind]
    return found


def shown(found: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.kind, str(change.effective_date)) for change in found]


OLD, NEW = said("not-covered", "2022-01-01"), said("covered", "2024-07-01")
ENDED = said("covered", "2022-01-01", termination_date=day("2025-12-31"))
WITHDRAWN = Withdrawn(date=LATER, because="Misread.")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param((OLD,), [("starts", "2022-01-01")], id="a rule"),
        pytest.param((NEW, OLD), [("starts", "2024-07-01"), ("starts", "2022-01-01")], id="a rule and the next"),
        pytest.param((ENDED,), [("ends", "2026-01-01"), ("starts", "2022-01-01")], id="a rule that ends"),
        pytest.param(
            (said("not-covered", "2026-01-01"), ENDED),
            [("starts", "2026-01-01"), ("starts", "2022-01-01")],
            id="an end that another rule follows is no end",
        ),
        pytest.param(
            (said("not-covered", "2026-01-02"), ENDED),
            [("starts", "2026-01-02"), ("ends", "2026-01-01"), ("starts", "2022-01-01")],
            id="a day between them is an end",
        ),
        pytest.param(
            (said("not-covered", "2026-01-01", when=When(modifiers=("U4",))), ENDED),
            [("ends", "2026-01-01"), ("starts", "2026-01-01"), ("starts", "2022-01-01")],
            id="a rule for other claim lines follows nothing",
        ),
        pytest.param((silent(),), [("searched", "None")], id="nothing found"),
        pytest.param(
            (silent("2022-01-01", termination_date=READ),), [("searched", "2022-01-01")], id="silence ends not"
        ),
        pytest.param(
            (msgspec.structs.replace(ENDED, withdrawn=WITHDRAWN),),
            [("withdrawn", "None"), ("starts", "2022-01-01")],
            id="what is withdrawn does not end",
        ),
        pytest.param(
            (said("covered", "2022-01-01", termination_date=dt.date.max),), [("starts", "2022-01-01")], id="ever"
        ),
    ],
)
def test_kinds(entries: tuple[Entry[Any], ...], expected: list[tuple[str, str]]) -> None:
    assert shown(of(*entries)) == expected


def test_before_is_what_held_on_the_day_before() -> None:
    assert of(NEW, OLD)[0].before == OLD
    assert of(NEW, OLD)[1].before is None
    assert only("starts", NEW, silent()).before == silent()


def test_nothing_held_before_where_the_older_rule_had_ended() -> None:
    gap = said("not-covered", "2022-01-01", termination_date=day("2023-12-31"))
    assert next(change for change in of(NEW, gap) if change.entry == NEW).before is None


def test_before_is_for_the_same_claim_lines() -> None:
    other = said("not-covered", "2022-01-01", when=When(modifiers=("U4",)))
    assert next(change for change in of(NEW, other) if change.entry == NEW).before is None


def test_before_is_never_what_was_withdrawn() -> None:
    mistaken = msgspec.structs.replace(OLD, withdrawn=WITHDRAWN)
    assert next(change for change in of(NEW, mistaken) if change.entry == NEW).before is None


def test_a_withdrawal_is_posted_on_its_day_and_names_what_stands_instead() -> None:
    mistaken = msgspec.structs.replace(OLD, withdrawn=WITHDRAWN)
    right = said("conditional", "2022-01-01", condition="In the waiver.", recorded=LATER)
    change = only("withdrawn", mistaken, right)
    assert (change.posted, change.effective_date, change.instead) == (LATER, None, right)
    assert only("withdrawn", mistaken).instead is None


def test_posted_and_effective_are_apart() -> None:
    change = only("starts", OLD)
    assert (change.posted, change.effective_date, change.day) == (READ, day("2022-01-01"), day("2022-01-01"))
    recorded = only("starts", msgspec.structs.replace(OLD, recorded=LATER))
    assert (recorded.posted, recorded.effective_date) == (LATER, day("2022-01-01"))


def test_a_start_that_is_not_stated_is_no_effective_date() -> None:
    change = only("starts", Entry(in_force_by=day("2024-11-01"), value="covered", source="manual", locator="page 1"))
    assert (change.effective_date, change.in_force_by, change.day) == (None, day("2024-11-01"), day("2024-11-01"))
    assert not change.coming(day("2024-10-01"))


def test_a_search_is_posted_on_its_latest_day() -> None:
    entry: Entry[Any] = Entry(unknown="Nothing.", searched=("manual", "portal"))
    assert only("searched", entry).day == only("searched", entry).posted == LATER


def test_newest_posted_comes_first_and_then_newest_effective() -> None:
    late = said("conditional", "2020-01-01", condition="In the waiver.", recorded=LATER)
    assert [change.entry for change in of(NEW, OLD, late)] == [late, NEW, OLD]


@pytest.mark.parametrize(("today", "expected"), [("2024-06-30", True), ("2024-07-01", False)])
def test_coming(today: str, expected: bool) -> None:
    assert only("starts", NEW).coming(day(today)) is expected
    assert not only("starts", msgspec.structs.replace(NEW, withdrawn=WITHDRAWN)).coming(day(today))


@pytest.mark.parametrize(
    "later",
    [
        {"termination_date": day("2025-12-31")},
        {"withdrawn": WITHDRAWN},
        {"locator": "page 2", "passage": "1:" + 32 * "0", "note": "The page is renumbered."},
    ],
)
def test_an_id_stays_when_the_entry_is_ended_withdrawn_or_cited_better(later: dict[str, Any]) -> None:
    assert only("starts", OLD).id == only("starts", msgspec.structs.replace(OLD, **later)).id


def test_ids_tell_kinds_and_entries_apart(example: KnowledgeBase, shipped: KnowledgeBase) -> None:
    for kb in (example, shipped):
        assert [id for id, times in Counter(change.id for change in changes(kb)).items() if times > 1] == []
    assert {change.id for change in of(OLD)}.isdisjoint(change.id for change in of(said("covered", "2022-01-01")))


def test_a_modifier_and_what_is_said_of_the_policy_itself_have_names() -> None:
    rules = Rules(heading="H2024", modifiers=(ModifierEntries(modifier="22", entries=(silent(),)),))
    one = policy(rules=(rules,), succeeded_by=(said("zz/two", "2025-01-01"),))
    found = changes(knowing(one, policy(id="zz/two", rules=())))
    assert [(change.name, change.heading) for change in found] == [
        ("Modifier 22", "H2024"),
        ("Succeeded by", "all-services"),
    ]


def test_no_policies_have_no_changes(example: KnowledgeBase) -> None:
    assert changes(example, []) == ()


def test_what_a_policy_follows_or_once_followed_is_found_once() -> None:
    follows = (said("zz/state", "2024-01-01"), said("zz/old", "2020-01-01", termination_date=day("2023-12-31")))
    plan = policy(id="zz/plan", follows=follows)
    state, old = policy(id="zz/state", follows=(said("zz/plan", "2020-01-01"),)), policy(id="zz/old")
    kb = knowing(plan, state, old)
    assert sorted(one.id for one in ever_followed(kb.index, [plan, old])) == ["zz/old", "zz/plan", "zz/state"]


@pytest.mark.parametrize("targets", list(itertools.product([None, *NAMES], repeat=len(NAMES))), ids=str)
def test_editing_and_asking_follow_alike(targets: tuple[str | None, ...]) -> None:
    """Whom three policies follow in turn, whatever each of them follows, itself and in circles too."""
    follows = dict(zip(NAMES, targets, strict=True))
    made = [
        policy(id=name, follows=(said(target, "2020-01-01"),) if target else ()) for name, target in follows.items()
    ]
    index = knowing(*made).index
    for one in made:
        question = Question(code="H2024", fact="coverage", policy=one.id, date_of_service=READ)
        in_turn = followed_in_turn(one.id, follows)
        assert [found.id for found in followed(index, question)] == in_turn
        assert [found.id for found in ever_followed(index, [one])] == in_turn


def test_the_example_changes(example: KnowledgeBase) -> None:
    kinds = Counter(change.kind for change in changes(example))
    assert kinds == {"starts": 17, "searched": 3, "ends": 2, "withdrawn": 1}
    required = next(change for change in changes(example) if change.entry.value == "required")
    assert required.before is not None
    assert (required.posted, required.effective_date) == (dt.date(2026, 11, 22), dt.date(2024, 7, 1))
    assert (required.before.value, required.source and required.source.id) == ("not-required", "bulletin-24-07")
    withdrawn = next(change for change in changes(example) if change.kind == "withdrawn")
    assert withdrawn.instead is not None
    assert withdrawn.instead.value.meaning == "Group of two to four"

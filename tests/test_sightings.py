"""What shows that a rule held on a day: by what was stated, seen before it, seen after it, or copied without a date."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from answers import EXAMPLE_DAY

from h2024kb.knowledge.answer import STRONGEST_FIRST, Evidence, Known, Unknown
from h2024kb.knowledge.in_force import in_force
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Copy, Document, Entry, Sighting, Source, Unread, When

SOURCE = {"source": "manual-r3", "locator": "page 1"}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def entry(value: str | None, start: str = "", end: str = "", *, when: When | None = None) -> Entry[str]:
    """An entry that starts on a day its source states (=2024-01-01), or was seen on one (~2024-01-01), or neither."""
    key = {"=": "effective_date", "~": "in_force_by"}.get(start[:1])
    dates = {key: day(start[1:])} if key else {}
    if value is None:
        return Entry(unknown="Nothing.", when=when, **dates)
    return Entry(value=value, termination_date=day(end) if end else None, when=when, **SOURCE, **dates)


STATED, SEEN, AGED = entry("new", "=2024-07-01"), entry("new", "~2024-07-01"), entry("old")
NOTHING, BAR = entry(None), entry(None, "=2020-01-01")
OLD = entry("old", "=2020-01-01", "2023-12-31")
# The entries of a fact, a day, what is accepted, and what holds then.
HELD: list[tuple[str, list[Entry[str]], str, Evidence, list[tuple[str | None, Evidence]]]] = [
    ("stated, on its first day", [STATED], "2024-07-01", "stated", [("new", "stated")]),
    ("stated, the day before", [STATED], "2024-06-30", "undated", []),
    ("seen, on the day", [SEEN], "2024-07-01", "seen", [("new", "seen")]),
    ("seen is not stated", [SEEN], "2024-07-01", "stated", []),
    ("seen, the day before", [SEEN], "2024-06-30", "seen", []),
    ("seen, the day before, accepted", [SEEN], "2024-06-30", "seen-later", [("new", "seen-later")]),
    ("seen later, long before", [SEEN], "1999-01-01", "seen-later", [("new", "seen-later")]),
    ("seen after a rule that ended, in the gap", [SEEN, OLD], "2024-01-01", "seen-later", [("new", "seen-later")]),
    ("seen after a rule that ended, on its last day", [SEEN, OLD], "2023-12-31", "undated", [("old", "stated")]),
    ("seen later never reaches behind an older rule", [SEEN, OLD], "2019-12-31", "undated", []),
    ("undated, not accepted", [AGED], "2024-01-01", "seen-later", []),
    ("undated, accepted", [AGED], "2024-01-01", "undated", [("old", "undated")]),
    ("a rule seen later stands before an undated copy", [SEEN, AGED], "2024-06-30", "undated", [("new", "seen-later")]),
    ("an undated copy where only it is accepted", [STATED, AGED], "2024-06-30", "undated", [("old", "undated")]),
    ("an undated copy never stands beside a dated rule", [STATED, AGED], "2024-07-01", "undated", [("new", "stated")]),
    ("an unknown holds by itself", [entry(None)], "2024-01-01", "stated", [(None, "undated")]),
    ("seen later stands before an unknown", [SEEN, NOTHING], "2024-06-30", "seen-later", [("new", "seen-later")]),
    ("which holds where that is not accepted", [SEEN, entry(None)], "2024-06-30", "seen", [(None, "undated")]),
    ("a dated unknown bars what is seen later", [SEEN, BAR], "2024-06-30", "undated", [(None, "stated")]),
    (
        "other claim lines have sightings of their own",
        [SEEN, entry("U4", "~2022-01-01", when=When(modifiers=("U4",)))],
        "2023-01-01",
        "seen-later",
        [("new", "seen-later"), ("U4", "seen")],
    ),
]  # fmt: skip


@pytest.mark.parametrize("held", HELD, ids=lambda held: held[0])
def test_what_holds_on_a_day_by_the_evidence_accepted(
    held: tuple[str, list[Entry[str]], str, Evidence, list[tuple[str | None, Evidence]]],
) -> None:
    _, entries, on, accepts, due = held
    found = in_force(entries, day(on), accepts)
    assert [(period.entry.value, period.evidence(day(on))) for period in found] == due


def world(kb: KnowledgeBase, **policy: Any) -> KnowledgeBase:
    """The example's program with other parts."""
    made = msgspec.structs.replace(kb.policy("zz/medicaid"), **policy)
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=(made,)))


def with_unit(kb: KnowledgeBase, *entries: Entry[Any], **policy: Any) -> KnowledgeBase:
    """The example's program with other entries on the unit under H2024."""
    rules = kb.policy("zz/medicaid").rules
    return world(kb, rules=(msgspec.structs.replace(rules[0], unit=entries), *rules[1:]), **policy)


def unit(kb: KnowledgeBase, on: str, **asked: Any) -> Known[Any] | Unknown:
    return kb.fact("unit", "zz/medicaid", code="H2024", date_of_service=day(on), **asked)


def test_what_is_too_weak_comes_back_as_the_nearest_and_answers_where_it_is_accepted(example: KnowledgeBase) -> None:
    for written, accepted in ((entry("day", "~2024-07-01"), "seen-later"), (entry("day"), "undated")):
        kb = with_unit(example, written)
        answer = unit(kb, "2023-01-01")
        assert isinstance(answer, Unknown)
        assert answer.why == "weaker-evidence"
        assert answer.nearest
        assert answer.nearest == unit(kb, "2023-01-01", evidence=accepted)
        assert answer.nearest == kb.replay(answer.nearest.question)
        assert answer.nearest.evidence == accepted
        assert answer.nearest.entry not in [near.entry for near in answer.nearby]


def test_the_same_words_seen_again_are_one_rule_with_each_day(example: KnowledgeBase) -> None:
    again = (Sighting(source="bulletin-24-07", locator="page 2", seen_on=day("2024-05-30")),)
    kb = with_unit(example, msgspec.structs.replace(entry("day", "~2021-12-15"), also_seen=again))
    answer = unit(kb, "2022-01-01")
    assert isinstance(answer, Known)
    assert answer.in_force_by == day("2021-12-15")
    assert [(one.seen_on, one.citation.source.id) for one in answer.also_seen] == [
        (day("2024-05-30"), "bulletin-24-07")
    ]


SEARCHED = {
    "nobody looked": ((), "whole", (), "not-looked"),
    "searches alone": (("portal",), "whole", (), "no-document"),
    "an aggregator alone": (("claims",), "whole", (), "no-document"),
    "a document read whole": (("manual-r3",), "whole", (), "not-found"),
    "a document read in part": (("manual-r3",), "part", (), "not-fully-read"),
    "one whole, and one not read that should say it": (("manual-r3",), "whole", ("unit", "rate"), "not-fully-read"),
    "one whole, and one not read that should say something else": (("manual-r3",), "whole", ("rate",), "not-found"),
    "nobody looked, though a document should say it": ((), "whole", ("unit",), "not-looked"),
}


@pytest.mark.parametrize(("searched", "read", "should_hold", "why"), SEARCHED.values(), ids=SEARCHED)
def test_why_a_fact_is_unknown_follows_from_what_was_searched_and_read(
    searched: tuple[str, ...], read: str, should_hold: tuple[str, ...], why: str, example: KnowledgeBase
) -> None:
    left = (Unread(what="Chapter 9"),) if read == "part" else ()
    sources = tuple(
        msgspec.structs.replace(source, read=read, unread=left) if source.id == "manual-r3" else source
        for source in example.policy("zz/medicaid").sources
    )
    listed = (Document(id="later", title="Manual, rev. 4", should_hold=should_hold),) if should_hold else ()
    silent: Entry[Any] = Entry(unknown="No unit is said.", searched=searched)
    answer = unit(with_unit(example, silent, sources=sources, documents=listed), str(EXAMPLE_DAY))
    assert isinstance(answer, Unknown)
    assert (answer.why, answer.because) == (why, "No unit is said.")
    opened = [row.what for row in answer.to_open if row.what] + [row.title for row in answer.to_open if not row.what]
    assert opened == [part.what for part in left] + (["Manual, rev. 4"] if "unit" in should_hold else [])
    assert answer.looked_for


def test_a_copy_is_as_old_as_it_shows_and_not_as_its_reading(example: KnowledgeBase) -> None:
    source = example.policy("zz/medicaid").sources[0]
    assert isinstance(source, Source)
    assert source.copy == Copy(dated="2021-12-15")
    assert str(source.retrieved) > source.copy.dated


def test_evidence_is_one_of_four_and_asked_by_its_name(example: KnowledgeBase) -> None:
    assert STRONGEST_FIRST == ("stated", "seen", "seen-later", "undated")
    with pytest.raises(TypeError, match="a question cannot be asked so"):
        unit(example, "2024-01-01", evidence="sure")

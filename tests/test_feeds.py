"""The feeds and calendars: valid for readers that others wrote, the same on every build, safe with any text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import icalendar
import msgspec
import pytest
from answers import EXAMPLE_DAY, TODAY

from h2024kb.knowledge.in_force import facts, recorded
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Entry, Policy, Withdrawn
from h2024kb.knowledge.review import next_review
from h2024kb.site.feeds import calendars, change_feeds
from h2024kb.site.feeds.atom import NOT_IN_XML
from h2024kb.site.parts.settings import Settings, using

HOSTILE = '<script>alert(1)</script> & ]]> "x"; a,b\\n \N{GRINNING FACE}\r\nBEGIN:VEVENT\r\nX:y\x07' + "é" * 90
PLAIN = HOSTILE.replace("\x07", "\N{REPLACEMENT CHARACTER}")


def feed_files(kb: KnowledgeBase) -> dict[str, bytes]:
    return dict(change_feeds.files(kb, TODAY))


def calendar_files(kb: KnowledgeBase) -> dict[str, bytes]:
    return dict(calendars.files(kb, TODAY))


def with_policies(kb: KnowledgeBase, *policies: Policy) -> KnowledgeBase:
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=policies))


def hostile(kb: KnowledgeBase) -> KnowledgeBase:
    """The invented knowledge base with a hostile payer, program, source and condition."""
    policy = kb.policy("zz/medicaid")
    rules = policy.rules[0]
    coverage = msgspec.structs.replace(rules.coverage[0], condition=HOSTILE)
    rules = msgspec.structs.replace(rules, coverage=(coverage,))
    sources = tuple(msgspec.structs.replace(source, title=HOSTILE) for source in policy.sources)
    more = {"payer": HOSTILE, "program": HOSTILE, "sources": sources, "rules": (rules,)}
    return with_policies(kb, msgspec.structs.replace(policy, **more))


def parsed(text: bytes, at: str = "http://127.0.0.1/feeds/all.atom") -> Any:
    headers = {"content-location": at, "content-type": "application/atom+xml; charset=utf-8"}
    found = feedparser.parse(text, response_headers=headers, sanitize_html=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


def entries_of(kb: KnowledgeBase, name: str = "feeds/all.atom") -> list[Any]:
    return list(parsed(feed_files(kb)[name]).entries)


def events_of(text: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_every_feed_has_what_atom_asks_for(shipped: KnowledgeBase) -> None:
    for name, text in feed_files(shipped).items():
        found = parsed(text)
        assert (found.version, found.encoding) == ("atom10", "utf-8"), name
        assert all(found.feed.get(key) for key in ("id", "title", "updated", "author")), name
        for entry in found.entries:
            assert all(entry.get(key) for key in ("id", "title", "updated", "link", "content")), name
        assert len({entry.id for entry in found.entries}) == len(found.entries), name
        assert found.feed.updated == max((entry.updated for entry in found.entries), default=found.feed.updated), name


def test_there_is_a_feed_for_all_for_each_payer_and_for_each_code(shipped: KnowledgeBase) -> None:
    made = feed_files(shipped)
    payers = {policy.payer for policy in shipped.policies()}
    assert len([name for name in made if name.startswith("feeds/payers/")]) == len(payers)
    assert {"feeds/all.atom", "feeds/payers/unitedhealthcare.atom", "feeds/codes/h2024.atom"} <= made.keys()
    assert {"feeds/codes/h2023.atom", "feeds/codes/t2018.atom"} <= made.keys()


def test_a_code_has_the_changes_of_its_service_and_of_all_services(example: KnowledgeBase) -> None:
    titles = " ".join(entry.title for entry in entries_of(example, "feeds/codes/h2024.atom"))
    assert "Supported employment: Minimum time" in titles
    assert "All services: Timely filing" in titles


def test_a_plan_has_the_changes_of_the_policy_it_follows(example: KnowledgeBase) -> None:
    titles = [entry.title for entry in entries_of(example, "feeds/payers/example-health-plan.atom")]
    assert any("Community employment waiver (ZZ): H2024: Prior authorization: changes, from Jul 1" in t for t in titles)
    assert any(title.startswith("Example Health Plan (ZZ): All services: Follows") for title in titles)


def test_posted_is_updated_and_effective_stands_in_the_text(example: KnowledgeBase) -> None:
    entry = next(e for e in entries_of(example) if "Prior authorization: changes" in e.title)
    assert (entry.published, entry.updated) == ("2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z")
    text = entry.content[0].value
    assert "<strong>Takes effect:</strong> Jul 1, 2024" in text
    assert "<strong>Posted here:</strong> 2026-11-22" in text
    assert "Not required" in text


def test_what_was_not_found_of_a_policy_on_one_day_is_one_entry(shipped: KnowledgeBase) -> None:
    policy = shipped.policy("us/cigna")
    entries = entries_of(with_policies(shipped, policy))
    silent = [entry for entry in entries if "not found" in entry.title]
    unknown = (entry for rules in policy.rules for *_, some in facts(rules) for entry in some if entry.unknown)
    days = {recorded(policy, entry) for entry in unknown}
    assert len(silent) == len({entry.updated for entry in silent}) == len(days)


def test_links_are_relative_to_the_feed_where_the_sites_address_is_unknown(example: KnowledgeBase) -> None:
    name = "feeds/payers/example-state-medicaid.atom"
    found = parsed(feed_files(example)[name], f"http://127.0.0.1/kb/{name}")
    assert {entry.link for entry in found.entries} == {"http://127.0.0.1/kb/policies/zz/medicaid.html"}
    own = next(link.href for link in found.feed.links if link.rel == "self")
    assert own == f"http://127.0.0.1/kb/{name}"


def test_links_are_whole_where_it_is_known(example: KnowledgeBase) -> None:
    with using(Settings(site_url="https://kb.example/h2024")):
        entry = entries_of(example)[0]
        events = events_of(calendar_files(example)["calendar/all.ics"])
    assert entry.link.startswith("https://kb.example/h2024/policies/zz/")
    assert any(event.get("URL") == "https://kb.example/h2024/policies/zz/medicaid.html" for event in events)


def test_an_entry_keeps_its_id_and_is_updated_when_it_is_withdrawn(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    coverage: Entry[Any] = policy.rules[0].coverage[0]
    mistaken = msgspec.structs.replace(coverage, withdrawn=Withdrawn(date=EXAMPLE_DAY, because="Misread."))
    rules = msgspec.structs.replace(policy.rules[0], coverage=(mistaken,))
    after = msgspec.structs.replace(policy, rules=(rules, *policy.rules[1:]))
    before_it = next(e for e in entries_of(example) if "H2024: Coverage: starts" in e.title)
    entries = entries_of(with_policies(example, after, example.policy("zz/plan")))
    after_it = next(e for e in entries if e.id == before_it.id)
    assert (before_it.updated[:10], after_it.updated[:10]) == ("2026-11-20", str(EXAMPLE_DAY))
    assert "Coverage: withdrawn by us" in entries[0].title or "Coverage: withdrawn by us" in entries[1].title


def test_files_are_the_same_on_every_build(example: KnowledgeBase) -> None:
    later = TODAY + dt.timedelta(days=400)
    assert feed_files(example) == dict(change_feeds.files(example, later))
    assert calendar_files(example) == dict(calendars.files(example, later))


def test_hostile_text_stays_text_in_a_feed(example: KnowledgeBase) -> None:
    kb = hostile(example)
    for name, text in feed_files(kb).items():
        root = ET.fromstring(text)
        assert b"<script" not in text, name
        assert NOT_IN_XML.search("".join(root.itertext())) is None
    entry = next(e for e in entries_of(kb) if "H2024: Coverage" in e.title)
    assert PLAIN.split("\r")[0] in entry.title
    assert "<script" not in entry.content[0].value
    assert "&lt;script&gt;" in entry.content[0].value


def test_calendars_read_back(shipped: KnowledgeBase) -> None:
    for name, text in calendar_files(shipped).items():
        events = events_of(text)
        assert events, name
        assert len({event["UID"] for event in events}) == len(events), name
        for event in events:
            assert event.errors == []
            assert type(event["DTSTART"].dt) is dt.date
            assert event["DTSTAMP"].dt.date() <= TODAY


def test_a_calendar_has_starts_ends_and_reviews(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    events = events_of(calendar_files(example)["calendar/payers/example-state-medicaid.ics"])
    days = {(event["DTSTART"].dt, str(event["SUMMARY"]).split("(ZZ): ")[-1]) for event in events}
    assert (dt.date(2024, 7, 1), "H2024: Prior authorization: changes") in days
    assert (dt.date(2026, 1, 1), "Supported employment: Minimum time: ends") in days
    assert (next_review(policy), f"Review due: {policy.title} (ZZ)") in days


def test_a_start_that_is_not_stated_and_a_withdrawn_rule_are_no_events(example: KnowledgeBase) -> None:
    text = calendar_files(example)["calendar/all.ics"]
    days = {event["DTSTART"].dt for event in events_of(text)}
    assert dt.date(2021, 12, 15) not in days
    assert "two or three" not in " ".join(
        str(event["DESCRIPTION"]) for event in events_of(text) if "Modifier HQ" in str(event["DESCRIPTION"])
    ).replace("U4 HQ: Group of two or three", "")


@pytest.mark.parametrize("name", ["calendar/all.ics", "hostile"])
def test_lines_are_folded_within_75_octets_and_no_character_is_cut(example: KnowledgeBase, name: str) -> None:
    text = calendar_files(hostile(example) if name == "hostile" else example)["calendar/all.ics"]
    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert all(line.decode() is not None for line in lines)


def test_commas_and_semicolons_are_escaped(example: KnowledgeBase) -> None:
    text = calendar_files(hostile(example))["calendar/all.ics"].replace(b"\r\n ", b"")
    lines = [line for line in text.split(b"\r\n") if line.startswith((b"SUMMARY:", b"DESCRIPTION:"))]
    assert [line for line in lines if re.search(rb"(?<!\\)[,;]", line)] == []


def test_hostile_text_stays_text_in_a_calendar(example: KnowledgeBase) -> None:
    kb = hostile(example)
    for text in calendar_files(kb).values():
        events = events_of(text)
        assert len(events) == text.count(b"\r\nBEGIN:VEVENT\r\n")
        assert all(event.get("X") is None for event in events)
        described = next(str(event["DESCRIPTION"]) for event in events if "Coverage" in str(event["DESCRIPTION"]))
        assert HOSTILE.replace("\r\n", "\n").replace("\x07", " ") in described

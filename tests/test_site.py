"""The site: every page, every link, nothing from outside, no markup smuggled in by data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from answers import EXAMPLE, EXAMPLE_DAY, TODAY

import h2024kb
from h2024kb.cli import main
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST
from h2024kb.knowledge.review import next_review
from h2024kb.site import files, pages
from h2024kb.site.pages.rules import other_rules


class Page(HTMLParser):
    """What a built page links to, loads, names and says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.names.add(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        elif tag == "link" and given.get("rel") not in ("prev", "next", "canonical"):
            self.loads.append(str(given.get("href")))
        elif given.get("src"):
            self.loads.append(str(given["src"]))


@pytest.fixture(scope="module")
def built(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}


def _inside(addresses: list[str]) -> Iterator[tuple[str, str]]:
    for address in addresses:
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc:
            yield unquote(parts.path), unquote(parts.fragment)


def test_every_link_inside_the_site_leads_somewhere(built: dict[Path, Page]) -> None:
    for path, page in built.items():
        if path.name == "404.html":
            continue
        for to, fragment in _inside([*page.links, *page.loads]):
            target = (path.parent / to).resolve() if to else path
            target = target / "index.html" if target.is_dir() else target
            assert target.exists(), f"{path.name} links to {to}"
            told = "=" in fragment  # a choice for the page's script, and no place on the page
            named = told or not fragment or target not in built or fragment in built[target].names
            assert named, f"{path.name}: #{fragment}"


def test_nothing_is_loaded_from_outside(built: dict[Path, Page]) -> None:
    folder = next(iter(built)).parent
    for path, page in built.items():
        assert [load for load in page.loads if urlsplit(load).scheme or load.startswith("//")] == [], path
    for style in folder.rglob("*.css"):
        assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", style.read_text("utf-8")) == [], style


def test_every_policy_has_a_page_that_answers_first(built: dict[Path, Page], shipped_pages: dict[str, str]) -> None:
    made = shipped_pages
    for policy in h2024kb.open().policies():
        text = made[f"policies/{policy.id}.md"]
        assert text.index('class="answer__status"') < text.index("## Key facts") < text.index("## Sources")
        key = text[text.index('id="facts"') : text.index("</table>")]
        assert key.count('<th scope="row">') == len(ASKED_FIRST), "known and unknown stand together"
        for source in policy.sources:
            assert f'id="source-{[s.id for s in policy.sources].index(source.id) + 1}"' in text


def test_an_unknown_never_reads_as_a_refusal(shipped_pages: dict[str, str]) -> None:
    text, _, _ = shipped_pages["policies/us/cigna.md"].partition("## Likely denials")
    assert "Document not fully read" in text
    assert "Not covered" not in text


def test_history_shows_ended_withdrawn_and_current_entries(example: KnowledgeBase) -> None:
    text = pages(example, EXAMPLE_DAY)["policies/zz/medicaid.md"]
    assert "withdrawn on Nov 22, 2026: The row was misread; see the newer entry." in text
    assert "since Jan 1, 2022, until Jun 30, 2024" in text
    assert re.search(r"until Dec 31, 2025<div><small>ended</small>", text)


def test_what_a_followed_policy_says_is_linked_to_it_and_not_to_this_pages_sources(example: KnowledgeBase) -> None:
    text = pages(example, EXAMPLE_DAY)["policies/zz/plan.md"]
    answer = text[text.index('class="answer ') : text.index("## Key facts")]
    assert 'Said by <a href="medicaid.html">zz/medicaid</a>' in answer
    assert "#source-" not in answer
    row = next(row for row in text.split("</tr>") if ">Modifier 22<" in row)
    assert "Supported Employment Provider Manual, rev. 3, Example State Department of Health" in row
    assert "#source-" not in row


def test_what_is_nearby_is_shown_where_the_first_unknown_is_not_coverage(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    rules = policy.rules[0]
    known_22 = msgspec.structs.replace(rules.modifiers[1], modifier="22")
    rules = msgspec.structs.replace(rules, modifiers=(known_22,))
    policy = msgspec.structs.replace(policy, rules=(rules, *policy.rules[1:]))
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))
    text = pages(kb, EXAMPLE_DAY)["policies/zz/medicaid.md"]
    row = next(row for row in text.split("</tr>") if ">Rate<" in row)
    assert "$61.20 per day" in row


def test_what_the_payer_bills_nearby_stands_in_the_answer_box_once(shipped_pages: dict[str, str]) -> None:
    text = shipped_pages["policies/sc/dd-waivers.md"]
    box = text[text.index('class="answer ') : text.index("## Key facts")]
    assert "H2026: Employment Services in a group" in box
    key = text[text.index('id="facts"') : text.index("</table>")]
    assert "H2026: Employment Services in a group" not in key


def test_disputed_leads_and_practice_are_marked(example: KnowledgeBase) -> None:
    text = pages(example, EXAMPLE_DAY)["policies/zz/medicaid.md"]
    assert "<strong>Disputed:</strong> The bulletin asks for one since July 2024." in text
    assert "practice, not a rule" in text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "</td></table><h1>x",
        "a | b *c* [d](e) `f`",
        "{{ 'x' * 9 }}",
        '"><h1>x',
        "' onx=h1 '",
    ],
)
def test_markup_in_data_stays_text(example: KnowledgeBase, hostile: str) -> None:
    policy = example.policy("zz/medicaid")
    rules = policy.rules[0]
    coverage = msgspec.structs.replace(rules.coverage[0], condition=hostile, locator=hostile, note=hostile)
    rules = msgspec.structs.replace(rules, coverage=(coverage,))
    sources = tuple(msgspec.structs.replace(one, title=hostile, publisher=hostile) for one in policy.sources)
    whole = {"about": hostile, "program": hostile, "payer": hostile, "sources": sources}
    policy = msgspec.structs.replace(policy, rules=(rules, *policy.rules[1:]), **whole)
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))
    made = {name: text for name, text in pages(kb, EXAMPLE_DAY).items() if name.startswith("policies/")}
    assert len(made) > 3
    for name, text in made.items():
        body = text.split("---", 2)[2]
        assert "<script>alert" not in body, name
        assert "<h1>x" not in body, name
        assert "xxxxxxxxx" not in body, name


def test_every_rule_is_documented(shipped_pages: dict[str, str]) -> None:
    text = shipped_pages["rules.md"]
    from h2024kb.editing.checks import CHECKS, rule_name

    for name in (*other_rules(), *(rule_name(check) for check in CHECKS)):
        assert f"<code>{name}</code>" in text


def test_the_command_writes_the_same_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--policies", str(EXAMPLE), "site", str(tmp_path)]) == 0
    kb = h2024kb.open(EXAMPLE)
    made, others = pages(kb, TODAY), files(kb, TODAY)
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == made.keys() | others.keys()
    assert (tmp_path / "index.md").read_text("utf-8") == made["index.md"]
    assert f"{len(made)} pages" in capsys.readouterr().out


@pytest.fixture(scope="module")
def example() -> KnowledgeBase:
    kb = h2024kb.open(EXAMPLE)
    guide = h2024kb.open().contents.code_sets.guides[0]
    rows = h2024kb.open().contents.code_sets
    sets = msgspec.structs.replace(kb.contents.code_sets, guides=(guide,), codes=rows.codes, sources=rows.sources)
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, code_sets=sets))


def test_the_search_index_holds_what_a_biller_searches_for(site: Path) -> None:
    docs = msgspec.json.decode((site / "search" / "search_index.json").read_bytes())["docs"]
    text = " ".join(f"{entry['title']} {entry['text']}" for entry in docs if POLICY in entry["location"])
    for words in (
        "HCBS waiver",
        "MDH",
        "Maryland (MD)",
        "Service covered with conditions, code not named",
        "Modifier 22",
        "7 units a week",
        "Nonresidential",
    ):
        assert words in text
    assert "as-known" not in " ".join(entry["location"] for entry in docs), "dated versions would hide today's page"
    assert text.count("Nobody has looked yet for what the payer does with modifier 22") == 2, "the row and its fact"


POLICY = "policies/md/brain-injury-waiver.html"


def test_likely_denials_follow_the_rules_the_policy_states_and_are_ours(example: KnowledgeBase) -> None:
    shipped = msgspec.structs.asdict(h2024kb.open().contents.code_sets)
    proposed = {name: shipped[name] for name in ("denials", "adjustment_reasons", "remarks")}
    sets = msgspec.structs.replace(example.contents.code_sets, **proposed)
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, code_sets=sets))
    text = pages(kb, EXAMPLE_DAY)["policies/zz/medicaid.md"]
    part = text[text.index("## Likely denials") : text.index("## What changed")]
    assert "proposals of ours" in part
    row = next(row for row in part.split("</tr>") if "No prior authorization is on file" in row)
    assert "Prior authorization: Required." in row
    assert '<a class="ref" href="../../denials.html#carc-197"' in row
    row = next(row for row in part.split("</tr>") if "A modifier does not fit" in row)
    assert "U4" in row, "a rule that is stated stands before modifier 22, which is not"
    assert "None of the diagnoses" not in part, "this policy asks for no diagnosis any more"


def test_changes_since_the_first_entry_show_what_was_before(example: KnowledgeBase) -> None:
    text = pages(example, EXAMPLE_DAY)["policies/zz/medicaid.md"]
    part = text[text.index("## What changed") : text.index("## History")]
    row = next(row for row in re.findall("<tr>.*?</tr>", part, re.DOTALL) if "Jul 1, 2024" in row)
    assert 'data-label="What it is now">Required<' in row
    assert 'data-label="What it was">Not required<' in row
    assert "Withdrawn by us" in part
    assert "Group of two to four" in part, "learned later than the first entries"
    assert "First entered on Nov 20, 2026" in part


def test_a_review_in_time_and_one_overdue(example: KnowledgeBase) -> None:
    due = next_review(example.policy("zz/medicaid"))
    in_time = pages(example, due)["policies/zz/medicaid.md"]
    late = pages(example, due + dt.timedelta(days=1))["policies/zz/medicaid.md"]
    assert 'class="due" data-due' in in_time
    assert 'class="due due--overdue" data-due' in late


def test_a_coming_rule_leaves_a_bar_for_readers_of_that_day(example: KnowledgeBase) -> None:
    assert "data-change-day" not in pages(example, EXAMPLE_DAY)["policies/zz/medicaid.md"]
    policy = example.policy("zz/medicaid")
    rules = policy.rules[0]
    coming = msgspec.structs.replace(rules.coverage[0], effective_date=dt.date(2027, 1, 1), value="covered")
    rules = msgspec.structs.replace(rules, coverage=(coming, *rules.coverage))
    policy = msgspec.structs.replace(policy, rules=(rules, *policy.rules[1:]))
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))
    text = pages(kb, EXAMPLE_DAY)["policies/zz/medicaid.md"]
    bar = next(bar for bar in text.split("</p>") if "data-change-day" in bar)
    assert 'data-change-day="2027-01-01" hidden' in bar
    assert 'href="medicaid/2027-01-01-as-known-2026-11-22.html"' in bar
    assert 'Jan 1, 2027 <span class="tag">coming</span>' in text


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("us/cigna", "Whether Cigna covers H2024 may stand in a part of its documents that we have not read."),
        ("us/medicare", "Medicare does not cover H2024."),
        ("md/brain-injury-waiver", "covers supported employment on this condition: Before the service is given"),
    ],
)
def test_the_answer_is_one_plain_sentence(id: str, says: str, shipped_pages: dict[str, str]) -> None:
    assert says in shipped_pages[f"policies/{id}.md"]


def test_what_is_stated_for_the_service_says_so_wherever_it_stands(shipped_pages: dict[str, str]) -> None:
    text = shipped_pages["policies/md/brain-injury-waiver.md"]
    facts = text[text.index("## Key facts") : text.index("## Likely denials")]
    rows = re.findall('<tr>\n<th scope="row">.*?</tr>', facts, re.DOTALL)
    assert len(rows) > 5
    scopes = ("Stated for supported employment, not for H2024", "Stated for every service of this payer")
    assert all(any(scope in row for scope in scopes) for row in rows)
    assert sum(scopes[0] in row for row in rows) > 5


def test_policies_stand_in_one_order_everywhere(shipped: KnowledgeBase, shipped_pages: dict[str, str]) -> None:
    made = shipped_pages
    listing = {
        "index.md": r'<tr><td><a href="policies/([\w/-]+)\.html',
        "policies/index.md": r'<th scope="row"><a href="([\w/-]+)\.html',
        "compare.md": r'<tr data-policy="([\w/-]+)"',
        "which-code.md": r'<tr data-program="([\w/-]+)"',
        "check.md": r'<option value="([a-z]{2}/[\w-]+)"',
    }
    found = {page: re.findall(pattern, made[page]) for page, pattern in listing.items()}
    assert {len(ids) for ids in found.values()} == {len(shipped.policies())}
    assert all(ids == found["compare.md"] for ids in found.values())

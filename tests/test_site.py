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

import h2024kb
from h2024kb.cli import main
from h2024kb.knowledge_base import KnowledgeBase
from h2024kb.model import ASKED_FIRST
from h2024kb.site import files, pages
from h2024kb.site.rules_page import OTHER_RULES

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2026, 11, 23)


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


def test_every_policy_has_a_page_that_answers_first(built: dict[Path, Page]) -> None:
    made = pages(h2024kb.open(), TODAY)
    for policy in h2024kb.open().policies():
        text = made[f"policies/{policy.id}.md"]
        assert text.index('class="answer__status"') < text.index("## Key facts") < text.index("## Sources")
        key = text[text.index('id="facts"') : text.index("</table>")]
        assert key.count('<th scope="row">') == len(ASKED_FIRST), "known and unknown stand together"
        for source in policy.sources:
            assert f'id="source-{[s.id for s in policy.sources].index(source.id) + 1}"' in text


def test_an_unknown_never_reads_as_a_refusal() -> None:
    text = pages(h2024kb.open(), TODAY)["policies/us/cigna.md"]
    assert "Not addressed by the payer" in text
    assert "Not covered" not in text


def test_history_shows_ended_withdrawn_and_current_entries(example: KnowledgeBase) -> None:
    text = pages(example, TODAY)["policies/zz/medicaid.md"]
    assert "withdrawn on 2026-11-22: The row was misread; see the newer entry." in text
    assert "since 2022-01-01, until 2024-06-30" in text
    assert re.search(r"until 2025-12-31<div><small>ended</small>", text)


def test_what_a_followed_policy_says_is_linked_to_it_and_not_to_this_pages_sources(example: KnowledgeBase) -> None:
    text = pages(example, TODAY)["policies/zz/plan.md"]
    answer = text[text.index('class="answer ') : text.index("## Key facts")]
    assert 'Said by <a href="medicaid.html">zz/medicaid</a>' in answer
    assert "#source-" not in answer
    row = next(line for line in text.splitlines() if ">Modifier 22<" in line)
    assert "Supported Employment Provider Manual, rev. 3, Example State Department of Health" in row
    assert "#source-" not in row


def test_what_is_nearby_is_shown_where_the_first_unknown_is_not_coverage(example: KnowledgeBase) -> None:
    policy = example.policy("zz/medicaid")
    rules = policy.rules[0]
    known_22 = msgspec.structs.replace(rules.modifiers[1], modifier="22")
    rules = msgspec.structs.replace(rules, modifiers=(known_22,))
    policy = msgspec.structs.replace(policy, rules=(rules, *policy.rules[1:]))
    kb = KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy,)))
    text = pages(kb, TODAY)["policies/zz/medicaid.md"]
    row = next(line for line in text.splitlines() if ">Rate<" in line)
    assert "$61.20 per day" in row


def test_disputed_leads_and_practice_are_marked(example: KnowledgeBase) -> None:
    text = pages(example, TODAY)["policies/zz/medicaid.md"]
    assert "<strong>Disputed:</strong> The bulletin asks for one since July 2024." in text
    assert "practice, not a rule" in text


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "</td></table><h1>x", "a | b *c* [d](e) `f`", "{{ 7*7 }}"]
)
def test_markup_in_data_stays_text(example: KnowledgeBase, hostile: str) -> None:
    policy = msgspec.structs.replace(example.policy("zz/medicaid"), about=hostile, programme=hostile)
    contents = msgspec.structs.replace(example.contents, policies=(policy,))
    text = pages(KnowledgeBase.of(contents), TODAY)["policies/zz/medicaid.md"]
    assert "<script>alert" not in text
    assert "<h1>x" not in text
    assert "49" not in re.sub(r"[0-9a-f]{32}|source-\d+|\d{4}-\d\d-\d\d|\d+\.\d\d", "", text)


def test_every_rule_is_documented() -> None:
    text = pages(h2024kb.open(), TODAY)["rules.md"]
    from h2024kb.checks import CHECKS, rule_name

    for name in (*OTHER_RULES, *(rule_name(check) for check in CHECKS)):
        assert f"<code>{name}</code>" in text


def test_the_command_writes_the_same_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", str(tmp_path)]) == 0
    made = pages(h2024kb.open(), dt.date.today())
    others = files(h2024kb.open(), dt.date.today())
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == made.keys() | others.keys()
    assert (tmp_path / "index.md").read_text("utf-8") == made["index.md"]
    assert f"{len(made)} pages" in capsys.readouterr().out


@pytest.fixture(scope="module")
def example() -> KnowledgeBase:
    kb = h2024kb.open(ROOT / "tests" / "example")
    guide = h2024kb.open().contents.code_sets.guides[0]
    rows = h2024kb.open().contents.code_sets
    sets = msgspec.structs.replace(kb.contents.code_sets, guides=(guide,), codes=rows.codes, sources=rows.sources)
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, code_sets=sets))

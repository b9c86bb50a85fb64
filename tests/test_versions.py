"""Dated versions never change, no address is lost, and moved pages lead on."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from answers import EXAMPLE_DAY, ROOT, TODAY

import h2024kb
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Entry, Policy, Withdrawn
from h2024kb.site import pages
from h2024kb.site.build import addresses
from h2024kb.site.pages import moved
from h2024kb.site.pages.policy import versions

LATER = dt.date(2026, 12, 5)
ID = "zz/medicaid"


def changed(kb: KnowledgeBase, **rules: Any) -> KnowledgeBase:
    """The knowledge base with other entries for H2024 in one policy."""
    policy = kb.policy(ID)
    first = msgspec.structs.replace(policy.rules[0], **rules)
    return holding(kb, msgspec.structs.replace(policy, rules=(first, *policy.rules[1:])))


def holding(kb: KnowledgeBase, policy: Policy) -> KnowledgeBase:
    others = tuple(one for one in kb.contents.policies if one.id != policy.id)
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=(policy, *others)))


def with_a_later_entry(kb: KnowledgeBase) -> KnowledgeBase:
    old = kb.policy(ID).rules[0].coverage
    new: Entry[Any] = msgspec.structs.replace(old[0], effective_date=LATER, value="covered", recorded=LATER)
    return changed(kb, coverage=(new, *old))


def with_one_withdrawn(kb: KnowledgeBase) -> KnowledgeBase:
    old = kb.policy(ID).rules[0].coverage
    gone = msgspec.structs.replace(old[0], withdrawn=Withdrawn(date=LATER, because="It was misread."))
    return changed(kb, coverage=(gone, *old[1:]))


def with_a_later_review(kb: KnowledgeBase) -> KnowledgeBase:
    return holding(kb, msgspec.structs.replace(kb.policy(ID), reviewed=LATER))


@pytest.mark.parametrize("later", [with_a_later_entry, with_one_withdrawn, with_a_later_review])
def test_what_is_learned_later_leaves_every_older_version_byte_for_byte(example: KnowledgeBase, later: Any) -> None:
    before = dict(versions.pages(example, EXAMPLE_DAY))
    after = dict(versions.pages(later(example), LATER))
    assert before
    assert {name: after.get(name) for name in before} == before


@pytest.mark.parametrize("later", [with_a_later_entry, with_one_withdrawn])
def test_what_is_learned_later_makes_versions_of_its_own(example: KnowledgeBase, later: Any) -> None:
    new = dict(versions.pages(later(example), LATER)).keys() - dict(versions.pages(example, EXAMPLE_DAY)).keys()
    assert {name.split("-as-known-")[1] for name in new if f"/{ID}/" in f"/{name}"} == {f"{LATER}.md"}


def test_a_version_does_not_know_the_day_it_is_built_on(example: KnowledgeBase) -> None:
    later = dict(versions.pages(example, LATER))
    assert dict(versions.pages(example, EXAMPLE_DAY)).items() <= later.items()
    for text in later.values():
        assert "never changes" in text
        assert example.content_hash[:12] not in text


def test_a_version_says_what_held_and_was_known_then(example: KnowledgeBase) -> None:
    made = dict(versions.pages(example, EXAMPLE_DAY))
    row = next(
        line for line in made[f"policies/{ID}/2022-01-01-as-known-2026-11-20.md"].splitlines() if ">Prior" in line
    )
    assert "Not required" in row
    unread = next(
        line for line in made[f"policies/{ID}/2023-01-01-as-known-2026-11-20.md"].splitlines() if ">Prior" in line
    )
    assert "Not required" in unread, "the bulletin of 2024 was read on 22 November only"
    assert ">Required" in made[f"policies/{ID}/2024-07-01-as-known-2026-11-22.md"]


def test_the_policy_page_leads_to_every_version(example: KnowledgeBase) -> None:
    text = pages(example, EXAMPLE_DAY)[f"policies/{ID}.md"]
    for version in versions.versions(example, ID, EXAMPLE_DAY):
        assert f'href="{version.page.removeprefix("policies/zz/").removesuffix(".md")}.html"' in text


def test_the_reader_is_told_of_newer_versions_by_a_script_beside_them(example: KnowledgeBase) -> None:
    name, script = next(file for file in versions.files(with_a_later_entry(example), LATER) if ID in file[0])
    assert name == f"policies/{ID}/versions.js"
    assert f'"knownOn":"{LATER}"'.encode() in script
    assert f"{LATER}-as-known-{LATER}.html".encode() in script


def test_no_published_address_is_lost(shipped_pages: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.site, "pages", lambda kb, today: shipped_pages)
    lost = addresses.lost(ROOT / "docs", TODAY)
    assert lost == [], (
        "These pages were published and are gone. Name where they went in docs/moved.yaml; where a source was read "
        "again, keep the day its entries were first known under `recorded`."
    )


@pytest.fixture
def invented(example: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses are those of the invented policies."""
    monkeypatch.setattr(addresses.h2024kb, "open", lambda: example)


@pytest.mark.usefixtures("invented")
def test_an_address_that_is_no_page_any_more_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / addresses.FILE).write_text("index.html\npolicies/zz/gone.html\n", "utf-8")
    assert addresses.lost(tmp_path, EXAMPLE_DAY) == ["policies/zz/gone.html"]
    (tmp_path / "moved.yaml").write_text("policies/zz/gone.html: policies/zz/medicaid.html\n", "utf-8")
    monkeypatch.setattr(moved, "moved_file", lambda: tmp_path / "moved.yaml")
    assert addresses.lost(tmp_path, EXAMPLE_DAY) == []


@pytest.mark.usefixtures("invented")
def test_addresses_are_only_ever_added(tmp_path: Path) -> None:
    (tmp_path / addresses.FILE).write_text("policies/zz/gone.html\n", "utf-8")
    addresses.add(tmp_path, EXAMPLE_DAY)
    assert {"policies/zz/gone.html", "policies/zz/medicaid.html"} <= addresses.published(tmp_path)


def test_a_page_that_moves_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "moved.yaml").write_text("a.html: b.html\nb.html: c.html\n", "utf-8")
    with pytest.raises(ValueError, match=r"a\.html leads to b\.html, which has moved on to c\.html"):
        list(moved.leading_on(tmp_path / "moved.yaml"))


def test_a_moved_page_sends_the_reader_on(tmp_path: Path) -> None:
    (tmp_path / "moved.yaml").write_text("old/name.html: index.html\n", "utf-8")
    built = build(tmp_path, dict(moved.leading_on(tmp_path / "moved.yaml"))) / "old" / "name.html"
    text = built.read_text("utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../index.html">' in text
    assert '<link rel="canonical" href="../index.html">' in text
    assert '<meta name="robots" content="noindex">' in text
    assert '<a href="../index.html">index.html</a>' in text


def build(folder: Path, made: dict[str, str]) -> Path:
    """A small site under the theme of the real one."""
    for name, text in {"index.md": "# Home\n", **made}.items():
        (folder / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "docs" / name).write_text(text, "utf-8")
    theme = {"name": "material", "custom_dir": str(ROOT / "theme"), "font": False}
    config = {"site_name": "x", "use_directory_urls": False, "theme": theme, "plugins": []}
    (folder / "mkdocs.yml").write_bytes(msgspec.yaml.encode(config))
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return folder / "site"


def test_every_shipped_policy_has_a_version_for_today() -> None:
    kb = h2024kb.open()
    for policy in kb.policies():
        assert any(TODAY in version.stretch for version in versions.newest_versions(kb, policy.id, TODAY)), policy.id


def test_moved_pages_are_made_with_the_others(
    example: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "moved.yaml").write_text("policies/zz/old.html: policies/us/medicare.html\n", "utf-8")
    monkeypatch.setattr(moved, "moved_file", lambda: tmp_path / "moved.yaml")
    assert "../us/medicare.html" in pages(example, EXAMPLE_DAY)["policies/zz/old.md"]


def test_a_version_for_many_days_names_the_sighting_and_no_distance(shipped_pages: dict[str, str]) -> None:
    earliest = [text for name, text in shipped_pages.items() if "/earliest-as-known-" in name]
    assert any(re.search(r"\(seen [A-Z][a-z]{2} \d+, \d{4}, after these dates\)", text) for text in earliest)
    assert not any("this date" in text for text in earliest)

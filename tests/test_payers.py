"""A payer has one name in addresses, whoever writes them, and payers whose names look alike there are told apart."""

from __future__ import annotations

import msgspec
import pytest
from answers import EXAMPLE_DAY

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site import files, pages
from h2024kb.site.parts.payers import payer_slugs

ALIKE = ("A & B", "A-B", "保险", "Index")


@pytest.fixture(scope="module")
def alike(example: KnowledgeBase) -> KnowledgeBase:
    policy = example.policy("zz/medicaid")
    made = [msgspec.structs.replace(policy, id=f"zz/p{at}", payer=payer) for at, payer in enumerate(ALIKE)]
    return KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=(policy, *made)))


def test_each_payer_has_a_feed_a_calendar_and_a_file_of_its_own(alike: KnowledgeBase) -> None:
    made, shown = files(alike, EXAMPLE_DAY), pages(alike, EXAMPLE_DAY)
    slugs = payer_slugs(alike)
    assert len(set(slugs.values()) | {"index"}) == len(slugs) + 1
    for at, payer in enumerate(ALIKE):
        named = {f"feeds/payers/{slugs[payer]}.atom", f"calendar/payers/{slugs[payer]}.ics"}
        assert named | {f"api/v1/payers/{slugs[payer]}.json"} <= made.keys()
        assert f'href="../../feeds/payers/{slugs[payer]}.atom"' in shown[f"policies/zz/p{at}.md"]
        assert f"payers/{slugs[payer]}.json".encode() in made[f"api/v1/policies/zz/p{at}.json"]


def test_who_comes_first_changes_no_address(alike: KnowledgeBase) -> None:
    contents = alike.contents
    turned = KnowledgeBase.of(msgspec.structs.replace(contents, policies=tuple(reversed(contents.policies))))
    assert payer_slugs(turned) == payer_slugs(alike)

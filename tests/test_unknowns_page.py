"""The board of unknowns: every unknown, where one looked, and an entry that passes the checks once it is filled in."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import jsonschema
import pytest
import yaml
from answers import EXAMPLE_DAY, ROOT, TODAY

from h2024kb.knowledge.answer import Question
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import ASKED_FIRST
from h2024kb.knowledge.words import long_date, with_long_dates
from h2024kb.site.pages import unknowns
from h2024kb.site.pages.entry_form import SOURCE, entry_form
from h2024kb.site.parts.settings import Settings, using

FILLED = {
    "YYYY-MM-DD": "2026-01-01",
    "PRIOR-AUTHORIZATION": "required",
    "COVERAGE": "covered",
    "per: UNIT": "per: day",
    "units: UNITS": "units: 1",
    "value: UNIT": "value: day",
    "use: USE": "use: allowed",
    '"PLACE"': '"18"',
    "PERIOD": "week",
    "DOLLARS.CENTS": "61.20",
    '"PASSAGE"': '"14:45b4e9443b8531bda5c086081673d1b5"',
    "ADDRESS": "https://payer.example/manual",
    "SOURCE": "manual",
}
SCHEMA = json.loads((ROOT / "schema" / "policy.schema.json").read_text("utf-8"))


def form(fact: str) -> str:
    modifier = "22" if fact == "modifiers" else None
    return entry_form(
        Question(code="H2024", fact=fact, date_of_service=EXAMPLE_DAY, policy="zz/one", modifier=modifier)
    )


def filled(text: str) -> str:
    for word, value in FILLED.items():
        text = text.replace(word, value)
    return text


def document(entry: str) -> dict[str, Any]:
    """A policy file that holds the entry; dates stay text, as the reader of policy files leaves them."""
    head = "payer: A\nline_of_business: medicaid\njurisdiction: ZZ\nabout: A.\nreviewed: 2026-01-01\n"
    held: dict[str, Any] = yaml.load(head + filled(SOURCE) + entry, yaml.BaseLoader)
    return held


def problems(held: dict[str, Any]) -> list[str]:
    return [error.json_path for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(held)]


def numbers_are_numbers(held: dict[str, Any]) -> dict[str, Any]:
    for entry in held["rules"]["H2024"].get("limits", ()):
        entry["value"][0]["units"] = int(entry["value"][0]["units"])
    return held


@pytest.mark.parametrize("fact", ASKED_FIRST)
def test_a_form_that_is_filled_in_fits_the_schema(fact: str) -> None:
    assert problems(numbers_are_numbers(document(filled(form(fact))))) == []


@pytest.mark.parametrize("fact", ASKED_FIRST)
def test_a_form_that_is_not_filled_in_does_not(fact: str) -> None:
    assert {at.split(".")[1] for at in problems(document(form(fact)))} == {"rules"}


def test_every_unknown_has_its_entry_and_each_policy_its_places(shipped: KnowledgeBase) -> None:
    ((_, text),) = unknowns.pages(shipped, TODAY)
    found = shipped.unknowns(TODAY)
    assert text.count("<tr data-payer=") == text.count('<pre class="form" tabindex="0"># policies/') == len(found)
    numbered = len(re.findall(r'data-label="Looked in">\d', text))
    assert numbered == sum(bool(gap.searched) for gap in found)
    said = unescape(text)
    for gap in found:
        assert with_long_dates(gap.because) in said
        assert all(place.where in said and long_date(place.date) in said for place in gap.searched)


def test_there_is_a_link_to_send_it_only_where_a_host_is_known(example: KnowledgeBase) -> None:
    ((_, plain),) = unknowns.pages(example, EXAMPLE_DAY)
    assert "Send it" not in plain
    with using(Settings(report_url="https://host.example/new?title={title}&body={body}")):
        ((_, text),) = unknowns.pages(example, EXAMPLE_DAY)
    assert (
        'href="https://host.example/new?title=zz%2Fmedicaid%3A%20Modifier%2022%20of%20H2024&amp;body=%23%20policies'
        in text
    )

"""Receipts of checked lines: replayed from a snapshot, without the member, and as a page."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from answers import EXAMPLE_DAY
from fix_cases import CLAIMS_EXAMPLE

from h2024kb import ServiceLine
from h2024kb.claims import NotThisKnowledgeBase, check_line, line_receipt, read_receipt, replay_line
from h2024kb.knowledge import snapshot
from h2024kb.knowledge.answer import Evidence
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.words import EVIDENCE_WORDS
from h2024kb.load import load_folder
from h2024kb.validation.report import receipt_page

LINE: dict[str, Any] = {
    "policy": "zz/medicaid",
    "code": "H2024",
    "date_of_service": dt.date(2025, 3, 3),
    "modifiers": ("U4",),
    "units": Decimal(1),
    "claim": "C-1",
    "line": "2",
    "member": "MEMBER-77",
    "prior_authorization_number": "AUTH-99",
}
SECOND = ServiceLine(code="H2024", date_of_service=dt.date(2025, 3, 3), units=Decimal(1), member="MEMBER-77")


@pytest.mark.parametrize("others", [None, [], [SECOND]])
@pytest.mark.parametrize("as_known_on", [None, dt.date(2026, 11, 21)])
def test_a_receipt_replays_from_the_snapshot(
    example: KnowledgeBase, tmp_path: Path, others: list[ServiceLine] | None, as_known_on: dt.date | None
) -> None:
    line = ServiceLine(**LINE)
    receipt = line_receipt(example, line, others=others, as_known_on=as_known_on)
    (tmp_path / "kb.json").write_bytes(snapshot.to_bytes(example, "1"))
    again = read_receipt(msgspec.json.encode(receipt))
    assert again == receipt
    assert replay_line(snapshot.read(tmp_path / "kb.json"), again) == receipt.result
    assert receipt.result == check_line(example, line, others=others, as_known_on=as_known_on)


def test_a_line_that_another_takes_back_is_replayed_as_such(example: KnowledgeBase) -> None:
    line = ServiceLine(**LINE)
    receipt = line_receipt(example, line, others=[ServiceLine(claim="C-1", frequency="8")])
    assert receipt.result.findings[0].rule == "frequency"
    assert replay_line(example, read_receipt(msgspec.json.encode(receipt))) == receipt.result


def test_others_told_and_not_told_differ_in_the_receipt(example: KnowledgeBase) -> None:
    line = ServiceLine(**LINE)
    assert line_receipt(example, line).other_lines is None
    shown = line_receipt(example, line, others=[SECOND]).other_lines
    assert shown is not None
    assert [(one.per, one.shows) for one in shown] == [("day", "over"), ("week", "within")]


def test_a_receipt_keeps_neither_the_member_nor_the_authorization_number(example: KnowledgeBase) -> None:
    receipt = line_receipt(example, ServiceLine(**LINE), others=[SECOND])
    for text in (msgspec.json.encode(receipt).decode(), receipt_page(receipt)):
        assert "MEMBER-77" not in text
        assert "AUTH-99" not in text
        assert "C-1" in text


@pytest.mark.parametrize("none", ["", "NONE", " n/a"])
def test_an_authorization_number_given_as_none_stays_none(example: KnowledgeBase, none: str) -> None:
    receipt = line_receipt(example, ServiceLine(**{**LINE, "prior_authorization_number": none}))
    assert receipt.line.prior_authorization_number == ""
    assert receipt.result.pile == "fix"
    assert b'"pile":"fix"' in msgspec.json.encode(receipt)
    assert "Pile: Fix, a known rule is broken." in _Tags(receipt_page(receipt)).text
    assert replay_line(example, receipt) == receipt.result


def test_a_receipt_of_other_contents_is_not_replayed(example: KnowledgeBase, shipped: KnowledgeBase) -> None:
    receipt = line_receipt(example, ServiceLine(**LINE))
    with pytest.raises(NotThisKnowledgeBase, match=f"made with contents {example.content_hash[:12]}…"):
        replay_line(shipped, receipt)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"other_lines": []}, ValueError, "this is not a receipt of this line"),
        ({"other_lines": 1}, msgspec.ValidationError, "other_lines"),
        ({"shows": "banana"}, msgspec.ValidationError, r"`shows` must be one of: (over, within|beside, apart), unsure"),
        ({"shows": None}, msgspec.ValidationError, "shows"),
        ({"stands": "yes"}, msgspec.ValidationError, "stands"),
        ({"line": {"units": "two"}}, msgspec.ValidationError, "units"),
    ],
)
def test_a_receipt_that_somebody_changed_is_refused_in_words(
    example: KnowledgeBase, change: dict[str, Any], error: type[Exception], says: str
) -> None:
    made = json.loads(msgspec.json.encode(line_receipt(example, ServiceLine(**LINE), others=[])))
    assert made["other_lines"]
    if "shows" in change:
        made["other_lines"][0] |= change
    else:
        made |= change
    with pytest.raises(error, match=says):
        replay_line(example, read_receipt(json.dumps(made).encode()))


def test_a_receipt_names_every_entry_once(example: KnowledgeBase) -> None:
    receipt = line_receipt(example, ServiceLine(**LINE))
    assert len(receipt.entries) == len(set(receipt.entries))
    assert any(entry.startswith("zz/medicaid/H2024/coverage/2022-01-01~") for entry in receipt.entries)


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [str(value) for name, value in attrs if name == "src" or (tag == "link" and name == "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("policy", "code", "evidence", "words"),
    [
        ("zz/evidence", "H2024", "seen-later", ["first seen after the date of service"]),
        ("zz/evidence", "H2025", "undated", ["in a copy without a date"]),
        ("zz/plain", "H2024", "undated", []),
    ],
)
def test_the_page_of_a_receipt_says_weak_evidence_in_words(
    policy: str, code: str, evidence: Evidence, words: list[str]
) -> None:
    """A rule that may not have held leaves the line open whatever is accepted, and the receipt replays with that."""
    kb = load_folder(CLAIMS_EXAMPLE, EXAMPLE_DAY)
    line = ServiceLine(policy=policy, code=code, date_of_service=dt.date(2024, 12, 31), age=30)
    receipt = line_receipt(kb, line, evidence=evidence)
    again = read_receipt(msgspec.json.encode(receipt))
    assert again.evidence == evidence
    assert replay_line(kb, again) == receipt.result
    weak = [finding for finding in receipt.result.findings if finding.evidence in ("seen-later", "undated")]
    assert [(finding.rule, finding.outcome) for finding in weak] == [("age", "cannot-tell")] * len(words)
    page = _Tags(receipt_page(receipt)).text
    assert re.findall(r"Evidence: ([a-z ]+)", page) == words
    assert f"Weakest evidence accepted: {EVIDENCE_WORDS[evidence]}." in page


def test_the_page_of_a_receipt_loads_nothing_and_says_all(example: KnowledgeBase) -> None:
    receipt = line_receipt(example, ServiceLine(**{**LINE, "payer": "<script>alert(1)</script>"}))
    page = _Tags(receipt_page(receipt))
    assert page.loads == []
    assert "<script>" not in receipt_page(receipt)
    for finding in receipt.result.findings:
        assert finding.message in page.text
    assert example.content_hash in page.text

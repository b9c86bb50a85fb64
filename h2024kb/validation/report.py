"""An annotated report of checked lines as one HTML page that needs nothing else: to read, to print, to pass on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Final

from h2024kb.claims import PILES, RULES, Finding, Outcome, Pile, Result
from h2024kb.claims.piles import PILE_WORDS
from h2024kb.claims.receipt import LineReceipt
from h2024kb.knowledge.in_force import weaker
from h2024kb.knowledge.words import EVIDENCE_WORDS, modifiers_words
from h2024kb.validation.validate import Checked, Validation
from h2024kb.writing.html_page import html_page

MARK: Final[dict[Outcome, str]] = {"fail": "✗ Fails", "cannot-tell": "? Cannot tell", "pass": "✓ Passes"}
STYLE: Final[dict[Pile, Outcome]] = {
    "fix": "fail",
    "answer": "cannot-tell",
    "ask": "cannot-tell",
    "clear": "pass",
    "not-checked": "cannot-tell",
}
"""The color of each pile."""
MARK_STYLE: Final = """
:root { --fail: #b3261e; --open: #7a5c00; --pass: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --fail: #ff8a80; --open: #ffd54f; --pass: #81c995; } }
.fail { color: var(--fail); font-weight: 600; } .cannot-tell { color: var(--open); font-weight: 600; }
.pass { color: var(--pass); font-weight: 600; }
"""
"""Colors of the marks, for every page that has them."""


def report(found: Validation, content_hash: str) -> str:
    """Returns the report on some files: the counts, then each line with what was found, pile by pile."""
    order = list(PILES)
    listed = sorted(found.checked, key=lambda one: (order.index(one.result.pile), one.file))
    body = [
        f"<h1>Checked claim lines</h1>\n<p>{_counts(found)}</p>",
        _rules_table(found),
        *_problems(found),
        *_notes(found),
        *(_section(one) for one in listed),
        f"<p class=cite>Checked with the knowledge base of contents {escape(content_hash[:16])}…. Lines are named by "
        "claim control number and line number. Adjustment reasons are our proposals unless the payer says so.</p>",
    ]
    return html_page("Checked claim lines", "\n".join(body), MARK_STYLE)


def _counts(found: Validation) -> str:
    counts = found.piles()
    parts = [f"<span class={STYLE[pile]}>{PILE_WORDS[pile]}: {counts[pile]}</span>" for pile in PILES]
    left_out = f"their code is not in the knowledge base: {found.not_in_knowledge_base}"
    meant = "; ".join(f"{PILE_WORDS[pile]}: {meaning}" for pile, meaning in PILES.items())
    return f"{', '.join(parts)}. Lines read: {found.lines}; {left_out}.</p>\n<p class=cite>{escape(meant)}."


def _rules_table(found: Validation) -> str:
    rows = "".join(
        f"<tr><td>{escape(rule)}<td>{escape(RULES[rule])}<td class={outcome}>{MARK[outcome]}<td>{count}"
        for rule, outcome, count in found.rules()
    )
    return f"<table><tr><th>Rule<th>What it looks at<th>Outcome<th>Findings{rows}</table>"


def _problems(found: Validation) -> Iterator[str]:
    if found.problems:
        listed = "".join(f"<li>{escape(str(problem))}" for problem in found.problems)
        yield f"<h2>What could not be read</h2>\n<ul>{listed}</ul>"


def _notes(found: Validation) -> Iterator[str]:
    if found.problems.notes:
        listed = "".join(f"<li>{escape(str(note))}" for note in found.problems.notes)
        yield f"<h2>How the files were read</h2>\n<ul>{listed}</ul>"


def _section(one: Checked) -> str:
    line, result = one.line, one.result
    name = f"Claim {line.claim or 'without a number'}, line {line.line or 'without a number'}"
    billed = [line.code or "no code", modifiers_words(line.modifiers) if line.modifiers is not None else ""]
    units = f"units: {line.units.normalize():f}" if line.units is not None else ""
    what = ", ".join(part for part in (*billed, units, result.policy or "no policy found", one.file) if part)
    return (
        f"<section>\n<h2>{escape(name)}: {_pile(result)}</h2>\n"
        f"<p class=cite>{escape(what)}</p>\n{findings_list(result.findings)}\n</section>"
    )


def _pile(result: Result) -> str:
    return f"<span class={STYLE[result.pile]}>{PILE_WORDS[result.pile]}</span>"


def findings_list(findings: Iterable[Finding]) -> str:
    """Returns findings as lists: those that fail, then the open ones, then those that are met, folded away."""
    order = ["fail", "cannot-tell", "pass"]
    parts = []
    for outcome, some in groupby(sorted(findings, key=lambda f: order.index(f.outcome)), key=lambda f: f.outcome):
        items = "".join(_item(finding) for finding in some)
        listed = f"<ul>{items}</ul>"
        parts.append(f"<details><summary>What is met</summary>{listed}</details>" if outcome == "pass" else listed)
    return "\n".join(parts)


def _item(finding: Finding) -> str:
    mark = f"<span class={finding.outcome}>{MARK[finding.outcome]}</span> <b>{escape(finding.rule)}</b>"
    return f"<li>{mark}: {escape(finding.message)}{_cited(finding)}{_evidence(finding)}{_likely(finding)}"


def _cited(finding: Finding) -> str:
    if finding.citation:
        source = finding.citation.source
        title = escape(f"{source.title}, {source.publisher}, {finding.citation.locator}. Read {source.retrieved}.")
        web = (source.url or "").startswith(("https://", "http://"))
        link = (
            f' <a href="{escape(source.url or "")}">{escape(source.url or "")}</a>' if web else escape(source.url or "")
        )
        return f"<span class=cite>{title} {link}</span>"
    looked = "; ".join(f"{place.where} ({place.date})" for place in finding.searched)
    return f"<span class=cite>Searched: {escape(looked)}</span>" if looked else ""


def _evidence(finding: Finding) -> str:
    """Says on what evidence a rule is known that may not have held on the date of service."""
    if finding.evidence is None or not weaker(finding.evidence, "seen"):
        return ""
    return f"<span class=cite>Evidence: {escape(EVIDENCE_WORDS[finding.evidence])}</span>"


def _likely(finding: Finding) -> str:
    if finding.likely is None:
        return ""
    codes = " ".join((*finding.likely.adjustment_reasons, *finding.likely.remarks))
    whose = "our proposal" if finding.likely.proposed_by == "h2024kb" else "the payer says so"
    return f"<span class=cite>Likely denial: {escape(codes)} ({whose})</span>"


def receipt_page(receipt: LineReceipt) -> str:
    """Returns a receipt as a page to print and attach: the line, its findings and their sources, how to check again."""
    line, result = receipt.line, receipt.result
    given = [(name, _given(getattr(line, name))) for name in line.__struct_fields__ if getattr(line, name) is not None]
    rows = "".join(f"<tr><th>{escape(name.replace('_', ' '))}<td>{escape(text)}" for name, text in given)
    known = f" as known on {receipt.as_known_on}" if receipt.as_known_on else ""
    weakest = EVIDENCE_WORDS[receipt.evidence]
    counts = Counter(finding.outcome for finding in result.findings)
    summed = ", ".join(f"{MARK[outcome].lower()}: {counts[outcome]}" for outcome in MARK)
    body = (
        f"<h1>{escape(line.code or 'A line')}: <span class={result.outcome}>{MARK[result.outcome]}</span></h1>\n"
        f"<p>Pile: {_pile(result)}, {escape(PILES[result.pile])}.</p>\n"
        f"<p>Policy {escape(result.policy or 'not found')}{known}. Findings {summed}. "
        f"Weakest evidence accepted: {escape(weakest)}.</p>\n<table>{rows}</table>\n"
        f"<h2>Findings</h2>\n{findings_list(result.findings).replace('<details>', '<details open>')}\n"
        f"<h2>To check this again</h2>\n<p>h2024kb {escape(receipt.version)}, contents "
        f"<code>{escape(receipt.content_hash)}</code>. With the snapshot of these contents the receipt's JSON gives "
        "the same result. The receipt is not signed, and it holds what the line gave but its member and authorization "
        "number: keep it as you keep the claim.</p>\n<ul>"
        + "".join(f"<li><code>{escape(entry)}</code>" for entry in receipt.entries)
        + "</ul>"
    )
    return html_page(f"Receipt: {line.code or 'a line'}", body, MARK_STYLE)


def _given(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "none"

"""Says what other knowledge does to lines in words, tables and one HTML page, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Final

from h2024kb.claims import Finding, Outcome
from h2024kb.impact.compare import Basis, Impact, LineChange, RuleChange, Sum
from h2024kb.problem import Problems
from h2024kb.validation.report import MARK, MARK_STYLE, findings_list
from h2024kb.writing.html_page import html_page

NOT_THERE: Final = "not in the knowledge base"
NOTHING: Final = "says nothing"
NO_POLICY: Final = "no policy found"


def counted(found: Impact) -> dict[str, int]:
    """Returns how many lines were read, and what became of them; the other counts add up to the first."""
    return {
        "lines": found.lines,
        "outcome changes": len(found.of("outcome")),
        "other findings only": len(found.of("findings")),
        "the same": found.same,
        "in one knowledge base only": len(found.of("in-one-only")),
        "in neither knowledge base": found.in_neither,
    }


def compared(found: Impact) -> str:
    """Returns the sentence that says what was compared."""
    return f"Compared: {_basis(found.old)} (then), and {_basis(found.new)} (now)."


def _basis(basis: Basis) -> str:
    known = f"as known on {basis.as_known_on}" if basis.as_known_on else "as they stand"
    return f"contents {basis.content_hash[:12]}… {known}"


def dollars(amount: Decimal) -> str:
    """Returns an amount as people write it.

    >>> dollars(Decimal("1234.5")), dollars(Decimal("-61.20"))
    ('$1,234.50', '-$61.20')
    """
    return f"{'-' if amount < 0 else ''}${amount.copy_abs():,.2f}"


def _turn(then: Outcome | None, now: Outcome | None, none: str) -> str:
    before, after = (MARK[outcome] if outcome else none for outcome in (then, now))
    return f"{before} as before" if then == now else f"{before} → {after}"


LINE_COLUMNS: Final = ("Claim/line", "Policy", "Charge", "Then → now", "Rule", "What the rule says now")
Table = tuple[str, tuple[str, ...], list[tuple[str, ...]]]
SUMMED: Final = ("Lines", "Charges", "Lines without a charge")


def tables(found: Impact) -> Iterator[Table]:
    """Yields sums of the lines whose outcome changes, as tables: a title, the columns, rows that end with numbers."""
    outcomes = (((_turn(*key, NOT_THERE),), one) for key, one in found.by_outcome().items())
    yield "Lines whose outcome changes", ("Then → now", *SUMMED), _rows(outcomes)
    payers = (((policy or NO_POLICY, payer or ""), one) for (policy, payer), one in found.by_payer().items())
    yield "By payer", ("Policy", "Payer", *SUMMED), _rows(payers)
    rules = (((name, _turn(then, now, NOTHING)), one) for (name, then, now), one in found.by_rule().items())
    title = "By rule; a line counts under each rule whose findings change"
    yield title, ("Rule", "Then → now", *SUMMED), _rows(rules)


def _rows(sums: Iterable[tuple[tuple[str, ...], Sum]]) -> list[tuple[str, ...]]:
    return [
        (*key, f"{one.lines:,}", dollars(one.charge), f"{one.without_charge:,}" if one.without_charge else "")
        for key, one in sums
    ]


def line_cells(change: LineChange, *, name_file: bool) -> Iterator[tuple[str, ...]]:
    """Yields a row for each rule that says something else; only the first names the line."""
    name = f"{change.claim}/{change.line or '?'}" if change.claim else f"line {change.number} as read"
    name = f"{Path(change.file).name}: {name}" if name_file else name
    charge = "" if change.charge is None else dollars(change.charge)
    turn = _turn(change.then, change.now, NOT_THERE)
    first = (name, change.policy or NO_POLICY, charge, turn)
    for at, says in enumerate(_says(change)):
        yield (*(first if at == 0 else ("", "", "", "")), *says)


def _says(change: LineChange) -> list[tuple[str, str]]:
    """Each rule with what it says now."""
    # Of a line that one knowledge base alone checks every rule says something else; those that fail say why it matters.
    if change.kind != "in-one-only":
        return [(rule.rule, _said(rule)) for rule in change.rules] or [("", "Only the policy changes.")]
    failed = [(rule.rule, _said(rule)) for rule in change.rules if "fail" in (rule.then, rule.now)]
    return failed or [("", f"A policy names the code only {'now' if change.now else 'then'}.")]


def _said(rule: RuleChange) -> str:
    if not rule.findings:
        return f"No longer said: {messages(rule.was)}"
    places = dict.fromkeys(f" [{f.citation.source.title}, {f.citation.locator}]" for f in rule.findings if f.citation)
    return messages(rule.findings) + "".join(places)


def messages(findings: Iterable[Finding]) -> str:
    """Returns what findings say, as one text."""
    return " ".join(finding.message for finding in findings)


def report(found: Impact, listed: Iterable[LineChange], problems: Problems) -> str:
    """Returns it all as one page: the sums, what could not be read, then each line with what is said now and then."""
    counts = ", ".join(f"{name}: {count:,}" for name, count in counted(found).items())
    unread = "".join(f"<li>{escape(str(problem))}" for problem in problems)
    body = [
        f"<h1>Impact on claim lines</h1>\n<p>{escape(counts.capitalize())}.</p>\n<p>{escape(compared(found))}</p>",
        *(_html_table(table) for table in tables(found)),
        f"<h2>What could not be read</h2>\n<ul>{unread}</ul>" if problems else "",
        *(_section(change) for change in listed),
    ]
    return html_page("Impact on claim lines", "\n".join(body), MARK_STYLE)


def _html_table(table: Table) -> str:
    title, columns, rows = table
    if not rows:
        return ""
    numbers = len(columns) - len(SUMMED)
    head = "".join(f"<th scope=col{_flush(at >= numbers)}>{escape(name)}" for at, name in enumerate(columns))
    body = "".join(
        "<tr>" + "".join(f"<td{_flush(at >= numbers)}>{escape(cell)}" for at, cell in enumerate(row)) for row in rows
    )
    scrolls = f"<div style='overflow-x:auto' tabindex=0 role=region aria-label='{escape(title)}'>"
    return f"<h2>{escape(title)}</h2>\n{scrolls}<table><tr>{head}{body}</table></div>"


def _flush(right: bool) -> str:
    return " style='text-align:right'" if right else ""


def _section(change: LineChange) -> str:
    line = f"line {change.line}" if change.line else "a line without a number"
    name = f"Claim {change.claim}, {line}" if change.claim else f"Line {change.number} as read"
    charge = "no charge given" if change.charge is None else dollars(change.charge)
    policies = dict.fromkeys((change.policy_then or NO_POLICY, change.policy_now or NO_POLICY))
    what = ", ".join((change.code or "no code", " → ".join(policies), charge, change.file))
    then_mark, now_mark = (_marked(outcome) for outcome in (change.then, change.now))
    turn = f"{now_mark} as before" if change.then == change.now else f"{then_mark} → {now_mark}"
    now = _findings("Now", (finding for rule in change.rules for finding in rule.findings))
    then = _findings("Then", (finding for rule in change.rules for finding in rule.was))
    return f"<section>\n<h2>{escape(name)}: {turn}</h2>\n<p class=cite>{escape(what)}</p>\n{now}{then}</section>"


def _marked(outcome: Outcome | None) -> str:
    return f"<span class={outcome}>{MARK[outcome]}</span>" if outcome else NOT_THERE


def _findings(title: str, findings: Iterable[Finding]) -> str:
    listed = findings_list(findings)
    if not listed:
        return ""
    # What is met is what has changed here, so it is shown open.
    opened = listed.replace("<details>", "<details open>")
    return f"<h3 style='font-size:1rem;margin:.3rem 0'>{title}</h3>\n{opened}\n"

"""Says an answer in one line that claims no more than its source bears: from a closed list, the same everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from h2024kb.knowledge.answer import Answer, Known, ToOpen, Unknown
from h2024kb.knowledge.words import WHY_WORDS, fact_name

COVERAGE_HEADLINES: Final = {
    "covered": "Covered",
    "not-covered": "Not covered",
    "conditional": "Covered with conditions",
}


def headline(answer: Answer[Any]) -> str:
    """Returns a coverage answer in a few words from a closed list; the code is named only where the source names it.

    An unknown never reads as a refusal. What weakens the evidence is not in it: `evidence_label` says that.

    >>> import h2024kb
    >>> day = dt.date(2026, 11, 23)
    >>> headline(h2024kb.open().coverage("us/medicare", code="H2024", date_of_service=day))
    'Not covered'
    """
    if isinstance(answer, Known):
        return _covered(answer)
    if answer.nearest and answer.question.fact == "coverage":
        return _covered(answer.nearest)
    if answer.billed_as:
        return f"Bills {bills(answer)} instead"
    if answer.rules_for:
        codes = joined(answer.rules_for, "and") if len(answer.rules_for) < 5 else f"{len(answer.rules_for)} other codes"
        return f"{answer.question.code} not named; rules for {codes} are known"
    if answer.ended_on:
        return f"Ended on {answer.ended_on}"
    return sentence_start(WHY_WORDS[answer.why])


def labeled(answer: Answer[Any], *, one_day: bool = True) -> str:
    """Returns the headline, and in brackets what weakens its evidence, as every page and command prints it."""
    label = evidence_label(answer, one_day=one_day)
    return f"{headline(answer)} ({label})" if label else headline(answer)


def _covered(answer: Known[Any]) -> str:
    said = COVERAGE_HEADLINES[answer.value]
    return said if answer.stated_for == "code" else f"Service {said[0].lower()}{said[1:]}, code not named"


def sentence_start(words: str) -> str:
    """Returns words with a capital first letter, as a headline or a sentence begins."""
    return words[:1].upper() + words[1:]


def bills(answer: Unknown) -> str:
    """Returns the codes that a payer bills instead of the one asked, each once, as a headline lists them."""
    rows = answer.billed_as.value if answer.billed_as else ()
    return joined(tuple(dict.fromkeys(row.code for row in rows)), "or")


def joined(names: tuple[str, ...], word: str) -> str:
    """Returns names as a sentence lists them.

    >>> joined(("H2025",), "and"), joined(("H2025", "H2026", "T2019"), "or")
    ('H2025', 'H2025, H2026 or T2019')
    """
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if names[1:] else names[0]


def rests_on(answer: Answer[Any]) -> Known[Any] | None:
    """Returns what a headline rests on: the answer, or the nearest one or the codes billed where it is unknown."""
    return answer if isinstance(answer, Known) else answer.nearest or answer.billed_as


def evidence_label(answer: Answer[Any], *, one_day: bool = True) -> str:
    """Returns what weakens a headline's evidence, with the distance in days; nothing where it is stated or seen.

    The distance is worked out here, where it is printed, because one answer serves many days; without `one_day` the
    answer is printed for all of them, and no distance is named.
    """
    ground = rests_on(answer)
    if ground is None:
        return ""
    if ground.evidence == "undated":
        return "undated copy"
    asked, seen = answer.question.date_of_service, ground.in_force_by
    if ground.evidence == "seen-later" and seen:
        return (
            f"seen {seen}, {_distance(seen, asked)} after this date" if one_day else f"seen {seen}, after these dates"
        )
    return ""


def seen_before(answer: Known[Any]) -> str:
    """Returns when a rule was last seen before the date of service, and how long before; nothing for a stated one."""
    if answer.evidence != "seen" or answer.in_force_by is None:
        return ""
    asked = answer.question.date_of_service
    day = max(
        (row.seen_on for row in answer.also_seen if row.seen_on and row.seen_on <= asked), default=answer.in_force_by
    )
    return f"seen {day}" if day == asked else f"seen {day}, {_distance(day, asked)} before this date"


def _distance(one: dt.date, other: dt.date) -> str:
    days = abs((one - other).days)
    if days < 2 * 365:
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{days // 365} years"


def next_steps(answer: Unknown) -> tuple[str, ...]:
    """Returns what to do about an unknown, a sentence each: what to open and where, or else whom to ask and what."""
    fact, code = fact_name(answer).lower(), answer.question.code
    if answer.why == "depends-on-line":
        return (f"Give {' and '.join(name.replace('_', ' ') for name in answer.needs)}.",) if answer.needs else ()
    if answer.to_open:
        return tuple(f"Open {_opened(row)}." for row in answer.to_open)
    if answer.nearest and answer.nearest.evidence == "undated":
        return (f"Ask the payer which text was in force on {answer.question.date_of_service}, and for its date.",)
    if answer.why in ("weaker-evidence", "before-first-rule", "ended"):
        return (f"Ask the payer for its rule on {fact} in force on {answer.question.date_of_service}.",)
    return (f"Ask the payer in writing: what is your rule on {fact} for {code}, and in which document does it stand?",)


def _opened(row: ToOpen) -> str:
    document = ", ".join(part for part in (row.title, row.where, row.url) if part)
    return f"{document}, and read: {row.what.rstrip('.')}" if row.what else document

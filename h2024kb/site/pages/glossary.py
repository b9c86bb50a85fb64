"""The page that says what the words mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.parts.render import render


class Term(NamedTuple):
    """A word, what it means here, and the anchor by which pages link to it."""

    word: str
    means: str
    anchor: str


def _terms(*rows: tuple[str, str]) -> tuple[Term, ...]:
    return tuple(Term(word, means, word.partition(" (")[0].lower().replace(" ", "-")) for word, means in rows)


GLOSSARY: Final = {
    "Status words": _terms(
        ("Covered", "The payer's own publication says that it pays for the service."),
        ("Covered if", "It is covered when a condition is met that no claim line shows, such as an approved plan."),
        ("Not covered", "The payer's own publication says that it does not pay. We never read this into silence."),
        (
            "Payer bills this on another code",
            "The payer pays for the service, and its publication shows other codes for it.",
        ),
        (
            "Not addressed by the payer",
            "We looked in the places listed and found nothing. This is neither a yes nor a no: ask the payer.",
        ),
        (
            "Nothing in force on this date",
            "Something is stated for other days, but not for this date of service.",
        ),
        (
            "Depends on the claim line",
            "The answer turns on the modifiers, the place of service or the age, and these were not told.",
        ),
        ("We have not checked", "Nobody here has looked yet."),
        ("Unknown", "We cannot say. It is never a no. The page says why, and where one looked."),
        (
            "Stated for the service",
            "The source rules on the service and prints no code. The rule holds for a code only as far as the code is "
            "that service.",
        ),
    ),
    "Payers and policies": _terms(
        ("Payer", "Who decides the claim. A Medicaid managed-care plan is a payer of its own."),
        ("Program", "A waiver, benefit or product of a payer that has rules of its own."),
        ("Policy", "All that is held of one program of one payer, or of a payer as a whole. It has one page."),
        (
            "Line of business",
            "The kind of coverage: commercial, Medicare, Medicare Advantage, Medicaid, Medicaid managed care, "
            "marketplace, or state-funded.",
        ),
        ("Jurisdiction", "The state or territory, by its two letters. US stands for the whole country."),
        (
            "Follows",
            "A policy follows another where it takes the other's rules unless it states its own. A plan may follow the "
            "state's Medicaid policy.",
        ),
        ("Waiver", "A Medicaid program under rules that CMS approves apart from the state plan, for some members."),
    ),
    "The claim line": _terms(
        ("Code", "What is billed: an HCPCS code such as H2024, or a code of the payer's own."),
        ("HCPCS", "The list of codes for services that CMS keeps. H2024 is supported employment, by the day."),
        ("Service", "What a code is for, such as supported employment. Some sources name the service and no code."),
        ("Per diem", "By the day: one unit is a day, whatever its hours, unless the payer says otherwise."),
        (
            "Modifier",
            "Two characters after the code that say more of the service. A payer may give one its own meaning.",
        ),
        ("Place of service", "Two digits that say where the service was given."),
        ("Unit", "What one of the quantity on the line is: a day, 15 minutes, an hour, a month."),
        ("Billing lines", "A payer's table of the code with its modifiers, and what each set means to that payer."),
        ("Date of service", "The day on which the service was given. Every answer is for one."),
        ("837P", "The electronic form of a professional claim, as the HIPAA standard sets it."),
        ("Taxonomy", "A number that tells a provider's type and specialty."),
    ),
    "Rules": _terms(
        ("Coverage", "Whether the payer pays for the code or the service: covered, not covered, or covered if."),
        ("Prior authorization", "The payer's consent, asked for before the service is given."),
        ("Limits", "The most units or dollars that a payer pays in a day, a week, a month or a year."),
        ("Minimum time", "The least time that must stand behind one unit."),
        ("Prerequisite", "What must have happened first, such as a referral to vocational rehabilitation."),
        ("Same day", "A code or service that is not payable together with this one on one day."),
        ("Timely filing", "How soon after the service the claim must reach the payer."),
        ("Rate", "What the payer pays for a unit. What was paid for a whole claim is no rate."),
        (
            "NCCI edit (National Correct Coding Initiative)",
            "CMS's own list of pairs of codes that are not paid together. What stands under limits here is the "
            "payer's, and no NCCI edit.",
        ),
        (
            "MUE (medically unlikely edit)",
            "CMS's own ceiling on the units of a code for one member on one day. What stands under limits here is the "
            "payer's, and no MUE.",
        ),
    ),
    "Dates": _terms(
        ("Effective date", "The first day of a rule, as its source says. The day itself is included."),
        ("Termination date", "The last day of a rule, as its source says. The day itself is included."),
        (
            "In force by",
            "The source gives no start. By this day the rule was in force, because the source was published or read "
            "then. It may have held before.",
        ),
        ("Posted", "The day on which this site could first say it. A rule may be much older."),
        ("As known on", "The second clock: what this site could have said on an earlier day."),
        ("Withdrawn", "We were wrong, said so on a day, and keep the old entry in sight."),
        ("Review due", "The day by which somebody here goes through the policy again. It is a habit of ours."),
    ),
    "Sources": _terms(
        ("Source", "The publication that an answer rests on. Each is cited with the place in it."),
        ("Primary", "The payer, CMS, or the regulation itself."),
        ("Secondary", "A mirror of a primary source, or a dataset made from one."),
        ("Tertiary", "Somebody else's summary, such as a code site or a blog. No answer rests on one."),
        ("Lead", "What only a tertiary source says: a trail to follow, never an answer."),
        ("Practice", "What claims data show. It is not a rule, and answers nothing."),
        ("Fingerprint", "A number made from the words of a source, to see later whether they still stand there."),
    ),
    "Checks and denials": _terms(
        ("Finding", "What the checker of this site says of a claim line: pass, fail, or cannot tell, with the source."),
        ("Cannot tell", "No known rule is broken, but one is unknown, or the line does not tell enough."),
        (
            "CARC (claim adjustment reason code)",
            "The number by which a payer says why a line was paid differently from the charge, or not at all.",
        ),
        ("RARC (remittance advice remark code)", "A number that adds to a CARC what is missing or wrong."),
        ("Likely denial", "The CARC and RARC that we expect for a finding: a proposal of ours, not a payer's word."),
        (
            "Encounter",
            "A line that a plan reports and does not pay by the line. A payment of zero is then no denial.",
        ),
    ),
}
"""Every word that a reader meets, by what it is about, in our own words."""


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "glossary.md", render("glossary.md.j2", "glossary.md", groups=GLOSSARY)

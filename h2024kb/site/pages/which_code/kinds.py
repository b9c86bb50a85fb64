"""What was given to a person, in the plain kinds a biller starts from, and which of them a payer's row is.

A row's own words decide; then the service it stands under; the descriptor of the code comes last, as payers use codes
for what CMS does not describe by them.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from h2024kb.knowledge.model import is_code


class Kind(NamedTuple):
    """A kind of service: its name, what it is, and the codes whose CMS descriptor is this service."""

    id: str
    name: str
    says: str
    codes: tuple[str, ...]


EMPLOYMENT: Final = ("H2023", "H2024", "T2018", "T2019")

KINDS: Final = (
    Kind("individual", "Supported employment, one person", "Job coaching and support at work for one person at a time.",
         EMPLOYMENT),
    Kind("group", "Supported employment, a group", "Support at work for several people at once, such as a crew.",
         EMPLOYMENT),
    Kind("finding", "Help to find a job", "Job development, employment assistance, planning a career.", ()),
    Kind("ongoing", "Ongoing support to keep a job", "Follow-along or extended support once the job is learned.",
         ("H2025", "H2026")),
    Kind("prevocational", "Prevocational service", "Learning to work, before a job: habits, safety, tasks.",
         ("T2014", "T2015")),
    Kind("day-habilitation", "Day habilitation", "Skills and activities by day that are not paid work.",
         ("T2020", "T2021")),
    Kind("skills", "Skills training, psychosocial rehabilitation, clubhouse",
         "Behavioral health services that may stand beside work, and are not supported employment.",
         ("H2014", "H2015", "H2017", "H2018", "H2030", "H2031")),
)  # fmt: skip
"""The kinds in the order a biller meets them."""

_WORDS: Final = (
    ("ongoing", r"follow[- ](up|along)|maintenance of employment|maintenance\b|ongoing|long[- ]term"),
    ("prevocational", r"prevocational|pre-vocational|career prep"),
    ("finding", r"job development|employment assistance|find(ing)? (a|work|jobs?)|job search|career planning"),
    ("day-habilitation", r"day habilitation"),
)
_SERVICES: Final = {
    "ongoing-employment-support": ("ongoing",),
    "long-term-employment-supports": ("ongoing",),
    "prevocational-services": ("prevocational",),
    "day-habilitation": ("day-habilitation",),
    "employment-assistance": ("finding",),
    "career-planning": ("finding",),
    "individual-supported-employment": ("individual",),
    "group-supported-employment": ("group",),
}
_ONE: Final = re.compile(r"\b(individual|one person)\b", re.I)
_SEVERAL: Final = re.compile(r"\bgroup\b", re.I)


def kinds_of(describes: str, heading: str, code: str) -> tuple[str, ...]:
    """Returns the kinds that a row is; both of supported employment where it does not say for how many it is.

    >>> kinds_of("Employment Services for one person", "employment-services", "H2025")
    ('individual',)
    >>> kinds_of("Maintenance of employment in a group", "H2026", "H2026")
    ('ongoing',)
    >>> kinds_of("Employment specialist", "oklahoma-employment-services", "T2019")
    ('individual', 'group')
    """
    for kind, words in _WORDS:
        if re.search(words, describes, re.I):
            return (kind,)
    one, several = bool(_ONE.search(describes)), bool(_SEVERAL.search(describes))
    employment = ("individual", "group") if one == several else ("individual",) if one else ("group",)
    if not is_code(heading):
        return _SERVICES.get(heading, employment)
    by_code = tuple(kind.id for kind in KINDS if code in kind.codes)
    return employment if one or several or not by_code or code in EMPLOYMENT else by_code

"""The things themselves: policies, entries and sources, frozen and typed.

The shape is the JSON Schema's; the field names here are the keys written in YAML, and a test keeps the two equal.
A list keyed by name in YAML (`sources`, `rules`, `modifiers`) is a tuple here, in the order written, each item carrying
its name, so that nothing in a loaded policy can be changed.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Generic, Literal, TypeVar

import msgspec

Coverage = Literal["covered", "not-covered", "conditional"]
PriorAuthorization = Literal["required", "not-required", "conditional"]
AuthorizationNumber = Literal["on-claim", "not-on-claim"]
Unit = Literal["day", "half-day", "15-minutes", "hour", "month", "milestone"]
PerUnit = Literal[Unit, "unit"]
PerPeriod = Literal["day", "week", "month", "six-months", "year", "days", "authorization", "placement", "lifetime"]
Authority = Literal["1115", "1915(b)(3)", "1915(c)", "1915(i)", "state-plan", "state-funds"]
Payment = Literal["paid", "encounter-only"]
Telehealth = Literal["allowed", "not-allowed", "conditional"]
Use = Literal["required", "allowed", "not-allowed", "informational"]
LineOfBusiness = Literal[
    "commercial", "medicare", "medicare-advantage", "medicaid", "medicaid-managed-care", "marketplace", "state-funded"
]
Tier = Literal["primary", "secondary", "tertiary"]
ReadTo = Literal["whole", "part"]

V = TypeVar("V")


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What every record here shares: frozen, keywords only, unknown keys refused."""


class Copy(Record, frozen=True):
    """How old the text is that was read: the newest day, month or year it shows of itself, or `unknown`."""

    dated: str


class Unread(Record, frozen=True):
    """One part of a source that was not read, and where it stands, if not at the source's own address."""

    what: str
    where: str | None = None


class Source(Record, frozen=True):
    """A publication that states facts: who published it, where, when, how much was read, and how far it may be trusted.

    `published` is text because sources give a year, a month or a day. `retrieved` is when it was read and proves
    nothing of a copy's age; `copy` does. `structured` marks a table or a code file, which is cited by row instead of by
    passage.
    """

    id: str
    title: str
    publisher: str
    retrieved: dt.date
    tier: Tier
    url: str | None = None
    published: str | None = None
    copy: Copy | None = None
    read: ReadTo | None = None
    unread: tuple[Unread, ...] = ()
    structured: bool = False
    note: str | None = None


class Search(Record, frozen=True):
    """A place where somebody looked on a day and did not find the fact."""

    id: str
    looked_for: str
    where: str
    date: dt.date


class Document(Record, frozen=True):
    """A document that exists and has not been read: what to open next, and the facts it should state."""

    id: str
    title: str
    should_hold: tuple[str, ...]
    publisher: str | None = None
    url: str | None = None
    where: str | None = None
    note: str | None = None


class Contact(Record, frozen=True):
    """One way to ask the payer, as a source publishes it."""

    kind: Literal[
        "provider-line",
        "authorization",
        "portal",
        "manual",
        "fee-schedule",
        "program-page",
        "claims-address",
        "enrollment-line",
        "appeals-line",
        "member-line",
        "complaint-line",
        "automated-line",
    ]
    value: str
    for_: str = msgspec.field(name="for")
    source: str
    locator: str
    passage: tuple[str, ...] = ()


class When(Record, frozen=True):
    """What a claim line must show for an entry to apply: its modifiers, one of these places, this age.

    `modifiers` are all on the line, among others; `only_modifiers` are on it and no other, and empty where there must
    be none. Two are equal where the same lines fit them, in whatever order their lists are written.

    >>> When(modifiers=("HQ", "U4")) == When(modifiers=("U4", "HQ"))
    True
    """

    modifiers: tuple[str, ...] = ()
    only_modifiers: tuple[str, ...] | None = None
    place_of_service: tuple[str, ...] = ()
    age: Span | None = None

    def __eq__(self, other: object) -> bool:
        return self._lines() == other._lines() if isinstance(other, When) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._lines())

    def _lines(self) -> tuple[object, ...]:
        only = None if self.only_modifiers is None else frozenset(self.only_modifiers)
        return frozenset(self.modifiers), only, frozenset(self.place_of_service), self.age


class Span(Record, frozen=True, rename={"from_": "from"}):
    """A range of whole numbers, both ends inside it; a missing end is open."""

    from_: int | None = None
    to: int | None = None


class Withdrawn(Record, frozen=True):
    """Since when we no longer stand by an entry, and why."""

    date: dt.date
    because: str


class Sighting(Record, frozen=True):
    """One more place where the words of an entry stand, and the day for which its text vouches, if for any."""

    source: str
    locator: str
    seen_on: dt.date | None = None
    passage: tuple[str, ...] = ()


class Entry(Record, Generic[V], frozen=True):
    """What one source says of one fact from a date on, or that it is not known.

    Either `value` with `source` and `locator`, or `unknown`, with `searched` where somebody looked. `effective_date` is
    the source's own; `in_force_by` is written where the source gives none: by that day the rule was in force, nobody
    knows since when. A value with neither is an undated copy's.
    """

    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    termination_date: dt.date | None = None
    when: When | None = None
    value: V | None = None
    condition: str | None = None
    complete: bool | None = None
    note: str | None = None
    unknown: str | None = None
    searched: tuple[str, ...] = ()
    source: str | None = None
    locator: str | None = None
    passage: tuple[str, ...] = ()
    also_seen: tuple[Sighting, ...] = ()
    recorded: dt.date | None = None
    withdrawn: Withdrawn | None = None

    @property
    def start(self) -> dt.date:
        """The first day this entry may answer for; an entry without a date reaches back without end."""
        return self.effective_date or self.in_force_by or dt.date.min


class Rate(Record, frozen=True):
    """Money for one unit; `per: unit` where the source does not say how long its unit is."""

    amount: Decimal
    per: PerUnit


class RateVaries(Record, frozen=True):
    """One thing the payment changes with, where the source says how and prints no amount."""

    by: Literal["time", "result", "member", "provider", "place", "other"]
    describes: str


class FeeSchedule(Record, frozen=True):
    """The fee schedule that holds the rate, as far as the source names it."""

    title: str
    url: str | None = None
    where: str | None = None


class BillingLine(Record, frozen=True):
    """One row of a payer's table: the code with exactly these modifiers (none: without any) means this."""

    modifiers: tuple[str, ...]
    describes: str
    phase: str | None = None
    staff_ratio: str | None = None
    unit: Unit | None = None
    rate: Decimal | None = None


class ModifierUse(Record, frozen=True):
    """What a payer does with a modifier on this code, and what it means to that payer."""

    use: Use
    meaning: str


class Limit(Record, frozen=True):
    """At most this many units, or dollars, in a period, alone or counted together with other codes or services.

    `unit` is what is counted where that is not the unit billed, and `counts` names what is counted where no code's
    units are. `days` is how long the period is where `per` is `days`. `may_be_exceeded` says on what condition more is
    paid. What no claim line shows (`ON_NO_LINE`, `counts`) is read and printed, and never computed.
    """

    per: PerPeriod
    days: int | None = None
    counts: str | None = None
    units: int | None = None
    unit: Unit | None = None
    amount: Decimal | None = None
    together_with: tuple[str, ...] = ()
    may_be_exceeded: str | None = None


class PlaceOfService(Record, frozen=True):
    """Where the service may or may not be given: codes where the source prints them, else settings in words."""

    allowed: tuple[str, ...] = ()
    not_allowed: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    settings_excluded: tuple[str, ...] = ()


class MinimumTime(Record, frozen=True):
    """The least time behind one payable unit, for one of the payer's levels where it has levels."""

    describes: str
    per: PerUnit
    minutes: int | None = None
    level: str | None = None


class Rounding(Record, frozen=True):
    """How minutes become units, for codes of this unit: full units only, from the midpoint on, or every part."""

    unit: Unit
    units_from_minutes: Literal["whole", "midpoint", "up"]


class HoursCounted(Record, frozen=True):
    """Whose hours are counted: those of the staff, those of the member, or both."""

    whose: Literal["staff", "member", "both"]
    describes: str


class Diagnosis(Record, frozen=True):
    """The diagnoses of which a claim must carry one: ICD-10-CM codes without dots.

    A category covers every code that begins with it.
    """

    any_of: tuple[str, ...]
    describes: str


class BillInstead(Record, frozen=True):
    """The code and modifiers this payer uses for the service."""

    code: str
    describes: str
    modifiers: tuple[str, ...] = ()
    phase: str | None = None


class Prerequisite(Record, frozen=True):
    """What must have happened, or must hold, before the service is paid."""

    what: Literal[
        "vocational-rehabilitation",
        "special-education",
        "assessment",
        "plan-of-care",
        "level-of-care",
        "enrollment",
        "employment",
        "other",
    ]
    describes: str


class SameDay(Record, frozen=True):
    """A code or service that is not payable together with it, on the same day or in the same month."""

    describes: str
    code: str | None = None
    service: str | None = None


class Days(Record, frozen=True):
    """A number of days, such as those the payer gives for a claim to reach it."""

    days: int


class ModifierEntries(Record, frozen=True):
    """The dated entries for one modifier."""

    modifier: str
    entries: tuple[Entry[ModifierUse], ...]


class Rules(Record, frozen=True):
    """Every fact stated under one heading: a code, or a service where the source prints no code."""

    heading: str
    coverage: tuple[Entry[Coverage], ...] = ()
    prior_authorization: tuple[Entry[PriorAuthorization], ...] = ()
    authorization_number: tuple[Entry[AuthorizationNumber], ...] = ()
    unit: tuple[Entry[Unit], ...] = ()
    payment: tuple[Entry[Payment], ...] = ()
    rate: tuple[Entry[Rate], ...] = ()
    rate_varies: tuple[Entry[tuple[RateVaries, ...]], ...] = ()
    fee_schedule: tuple[Entry[FeeSchedule], ...] = ()
    billing_lines: tuple[Entry[tuple[BillingLine, ...]], ...] = ()
    modifiers: tuple[ModifierEntries, ...] = ()
    place_of_service: tuple[Entry[PlaceOfService], ...] = ()
    limits: tuple[Entry[tuple[Limit, ...]], ...] = ()
    minimum_time: tuple[Entry[tuple[MinimumTime, ...]], ...] = ()
    rounding: tuple[Entry[Rounding], ...] = ()
    hours_counted: tuple[Entry[HoursCounted], ...] = ()
    group_size: tuple[Entry[Span], ...] = ()
    age: tuple[Entry[Span], ...] = ()
    diagnosis: tuple[Entry[Diagnosis], ...] = ()
    bill_instead: tuple[Entry[tuple[BillInstead, ...]], ...] = ()
    same_day: tuple[Entry[tuple[SameDay, ...]], ...] = ()
    same_month: tuple[Entry[tuple[SameDay, ...]], ...] = ()
    provider_qualification: tuple[Entry[tuple[str, ...]], ...] = ()
    documentation: tuple[Entry[tuple[str, ...]], ...] = ()
    prerequisite: tuple[Entry[tuple[Prerequisite, ...]], ...] = ()
    includes: tuple[Entry[tuple[str, ...]], ...] = ()
    excludes: tuple[Entry[tuple[str, ...]], ...] = ()
    time_counting: tuple[Entry[tuple[str, ...]], ...] = ()
    other_coverage: tuple[Entry[tuple[str, ...]], ...] = ()
    continuity_of_care: tuple[Entry[Days], ...] = ()
    telehealth: tuple[Entry[Telehealth], ...] = ()
    timely_filing: tuple[Entry[Days], ...] = ()


def is_code(name: str) -> bool:
    """Whether a heading, or a name in a list, is a billing code; else it is a service, which is written small.

    >>> is_code("H2024"), is_code("36U"), is_code("supported-employment")
    (True, True, False)
    """
    return not name[:1].islower()


FACTS = tuple(name for name in Rules.__struct_fields__ if name not in ("heading", "modifiers"))
"""The names of all facts but `modifiers`, in the order a page shows them."""

CORE_FACTS = ("coverage", "prior_authorization", "unit", "place_of_service", "limits", "rate")
"""What every policy says of H2024, or says is unknown; modifier 22 belongs to them too."""

ASKED_FIRST = ("coverage", "prior_authorization", "modifiers", *CORE_FACTS[2:])
"""The core facts in the order a biller asks; `modifiers` stands for modifier 22."""


class Observed(Record, frozen=True):
    """What claims data show: practice, never a rule, never an answer."""

    code: str
    period: Period
    shows: str
    source: str
    locator: str
    cautions: tuple[str, ...]
    passage: tuple[str, ...] = ()
    claims: int | None = None
    billing_providers: int | None = None
    paid: Decimal | None = None


class Period(Record, frozen=True, rename={"from_": "from"}):
    """The first and the last day that an observation covers, both inclusive."""

    from_: dt.date
    to: dt.date


class Lead(Record, frozen=True):
    """What only a weak source says, or what is known to be wrong: a trail for the next analyst, never an answer."""

    says: str
    source: str
    locator: str
    code: str | None = None
    passage: tuple[str, ...] = ()
    disputed: str | None = None


class OwnCode(Record, frozen=True):
    """A billing code of the payer's own, which is in no HCPCS list."""

    code: str
    describes: str
    source: str
    locator: str
    service: str | None = None
    staff_ratio: str | None = None
    unit: Unit | None = None
    passage: tuple[str, ...] = ()


class Policy(Record, frozen=True):
    """Everything known of one payer program; `id` is its file's path below `policies/` without the suffix."""

    id: str
    payer: str
    line_of_business: LineOfBusiness
    jurisdiction: str
    about: str
    reviewed: dt.date
    program: str | None = None
    sources: tuple[Source, ...] = ()
    searches: tuple[Search, ...] = ()
    documents: tuple[Document, ...] = ()
    contacts: tuple[Contact, ...] = ()
    own_codes: tuple[OwnCode, ...] = ()
    authority: tuple[Entry[Authority], ...] = ()
    succeeded_by: tuple[Entry[str], ...] = ()
    follows: tuple[Entry[str], ...] = ()
    rules: tuple[Rules, ...] = ()
    observed: tuple[Observed, ...] = ()
    leads: tuple[Lead, ...] = ()

    @property
    def title(self) -> str:
        """The payer with its program, as a heading shows it."""
        return f"{self.payer}: {self.program}" if self.program else self.payer

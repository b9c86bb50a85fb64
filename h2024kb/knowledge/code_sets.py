"""The lists that policies are checked against, the utilization benchmarks, and all that a knowledge base is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from h2024kb.knowledge.model import Period, Policy, Record, Source, Unit

CodeUnit = Literal[Unit, "session"]
"""What a code counts, by its descriptor or by its payer."""


class Code(Record, frozen=True):
    """One HCPCS row as CMS files it; the coverage code is Medicare's, and says nothing of other payers."""

    code: str
    long: str
    short: str
    unit: CodeUnit
    coverage_code: str
    pricing_indicator: str
    multiple_pricing_indicator: str
    betos: str
    type_of_service: str
    code_added: dt.date
    action_effective: dt.date
    action_code: str
    source: str
    terminated: dt.date | None = None


class Modifier(Record, frozen=True):
    """A modifier and, in our own words, what it is for in general; a payer may give it another meaning.

    `about` is `claim` where it speaks of payment or papers only, and never of how the service was given.
    """

    modifier: str
    label: str
    level: Literal["hcpcs", "cpt"]
    source: str
    about: Literal["claim", "service"] = "service"
    added: dt.date | None = None


class PlaceOfServiceCode(Record, frozen=True):
    """A two-digit place-of-service code and its name."""

    place_of_service: str
    name: str
    source: str


class ServiceName(Record, frozen=True):
    """What a code is for: the codes whose HCPCS descriptor is this service."""

    service: str
    label: str
    describes: str
    codes: tuple[str, ...] = ()


class PayerName(Record, frozen=True):
    """A payer's name and the other names people type for it."""

    payer: str
    aliases: tuple[str, ...] = ()


class Label(Record, frozen=True):
    """A CARC or RARC number with a label of our own; X12 owns the wording of the lists."""

    number: str
    label: str
    source: str


class Denial(Record, frozen=True):
    """What a payer would likely send for a finding, and what to do: a proposal of ours, not a payer's statement.

    `rules` goes from each claim-line rule whose failure is this finding to what to do before the claim is sent;
    `to_check` is what to check once the line was denied, in the order of the work.
    """

    id: str
    finding: str
    adjustment_reasons: tuple[str, ...]
    to_check: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    rules: Mapping[str, str] = {}


class Guide(Record, frozen=True):
    """What a code is in plain words, from a general description; never a payer's rule."""

    code: str
    summary: str
    payment: str
    for_whom: str
    sites: tuple[str, ...]
    includes: tuple[str, ...]
    workflow: tuple[str, ...]
    documented_daily: tuple[str, ...]
    source: str


class CodeSets(Record, frozen=True):
    """The lists that policies are checked against, and the sources of those lists."""

    sources: tuple[Source, ...] = ()
    codes: tuple[Code, ...] = ()
    modifiers: tuple[Modifier, ...] = ()
    places_of_service: tuple[PlaceOfServiceCode, ...] = ()
    services: tuple[ServiceName, ...] = ()
    payers: tuple[PayerName, ...] = ()
    adjustment_reasons: tuple[Label, ...] = ()
    remarks: tuple[Label, ...] = ()
    denials: tuple[Denial, ...] = ()
    guides: tuple[Guide, ...] = ()


class PaidPerClaim(Record, frozen=True):
    """How providers' average paid amount per claim spreads; a claim may hold many days, so this is no rate."""

    p10: Decimal
    p25: Decimal
    median: Decimal
    p75: Decimal
    p90: Decimal


class Utilization(Record, frozen=True):
    """Claims for one code over the benchmark's period."""

    code: str
    paid: Decimal
    claims: int
    billing_providers: int
    providers_with_payment: int
    beneficiary_counts_summed: int
    paid_per_claim: PaidPerClaim


class StateUtilization(Record, frozen=True):
    """Claims for one code in one jurisdiction; no jurisdiction where the data name none."""

    code: str
    claims: int
    billing_providers: int
    paid: Decimal
    jurisdiction: str | None = None


class Benchmark(Record, frozen=True):
    """Utilization figures with their source and what they must not be read as."""

    id: str
    title: str
    period: Period
    cautions: tuple[str, ...]
    sources: tuple[Source, ...]
    codes: tuple[Utilization, ...]
    by_jurisdiction: tuple[StateUtilization, ...] = ()


class Contents(Record, frozen=True):
    """All that a knowledge base is made of, in one value that can be hashed, stored and compared."""

    policies: tuple[Policy, ...]
    code_sets: CodeSets
    benchmarks: tuple[Benchmark, ...] = ()

"""What the files of the JSON API hold, one record for each; the JSON Schemas are made from these."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from h2024kb.knowledge.changes import Kind
from h2024kb.knowledge.code_sets import Code
from h2024kb.knowledge.model import Lead as PolicyLead
from h2024kb.knowledge.model import LineOfBusiness, Observed, OwnCode, Record, Search
from h2024kb.knowledge.model import Source as PolicySource
from h2024kb.site.api.statements import (
    KnownAnswer,
    KnownCoverage,
    SilentEntry,
    StatedEntry,
    UnknownAnswer,
    UnknownCoverage,
)


class Made(Record, frozen=True):
    """When a file was made, by which version of the package, and of what.

    `on` is also the date of service of every answer in it. Two files with one `content_hash` were made of the same
    policies, code sets and benchmarks.
    """

    on: dt.date
    version: str
    content_hash: str


class VersionPage(Record, frozen=True):
    """A page that never changes: what was known on a day of a stretch of days of service, between its two ends.

    Without `first_day` the stretch has no beginning, without `last_day` no end.
    """

    page: str
    as_known_on: dt.date
    first_day: dt.date | None = None
    last_day: dt.date | None = None


class PolicyConflict(Record, frozen=True):
    """A finding of ours, not the payer's word: two things that are both stated and do not go together."""

    says: str
    answer: KnownAnswer


class PolicyRow(Record, frozen=True):
    """One policy in a list, with its answer on coverage of H2024 in short.

    `unknown_facts` counts those of the seven core facts that nobody knows. `content_hash` stays as long as nothing in
    the policy's own file changes. `json` and `page` are addresses, seen from the file they stand in.
    """

    id: str
    title: str
    payer: str
    jurisdiction: str
    line_of_business: LineOfBusiness
    reviewed: dt.date
    next_review: dt.date
    overdue: bool
    coverage: KnownCoverage | UnknownCoverage
    unknown_facts: int
    content_hash: str
    json: str
    sha256: str
    page: str
    program: str | None = None


class PolicyList(Record, frozen=True):
    """Every policy, in order of the ids."""

    made: Made
    policies: tuple[PolicyRow, ...]


class Policy(Record, frozen=True):
    """One policy: a payer's program, the answers for H2024 on the day it was made, and every dated entry.

    `answers` has each fact, known or unknown, once; `modifiers` once for each modifier, 22 always among them.
    `observed` is practice and `leads` are trails; neither ever answers. `versions` are the pages that never change.
    """

    made: Made
    id: str
    title: str
    payer: str
    payer_json: str
    jurisdiction: str
    line_of_business: LineOfBusiness
    about: str
    reviewed: dt.date
    next_review: dt.date
    overdue: bool
    code: str
    content_hash: str
    page: str
    answers: tuple[KnownAnswer | UnknownAnswer, ...]
    entries: tuple[StatedEntry | SilentEntry, ...]
    versions: tuple[VersionPage, ...]
    sources: tuple[PolicySource, ...]
    program: str | None = None
    aliases: tuple[str, ...] = ()
    conflicts: tuple[PolicyConflict, ...] = ()
    searches: tuple[Search, ...] = ()
    own_codes: tuple[OwnCode, ...] = ()
    observed: tuple[Observed, ...] = ()
    leads: tuple[PolicyLead, ...] = ()


class CodeRow(Record, frozen=True):
    """One code in the list. `owned` is true for a code of a payer's own, which stands in no HCPCS list."""

    code: str
    describes: str
    owned: bool
    json: str
    sha256: str
    services: tuple[str, ...] = ()
    page: str | None = None


class CodeList(Record, frozen=True):
    """Every code, in order."""

    made: Made
    codes: tuple[CodeRow, ...]


class PolicyCoverage(Record, frozen=True):
    """One policy's answer on coverage of the code."""

    policy: str
    title: str
    jurisdiction: str
    line_of_business: LineOfBusiness
    coverage: KnownCoverage | UnknownCoverage
    json: str


class OwnedCode(Record, frozen=True):
    """What a payer means by a code of its own."""

    policy: str
    own_code: OwnCode


class CodeFile(Record, frozen=True):
    """One code: its HCPCS row, the services it is, and what each policy says on its coverage.

    `owned` holds what it means to payers whose own code it is; only their policies are then asked.
    """

    made: Made
    code: str
    coverage: tuple[PolicyCoverage, ...]
    hcpcs: Code | None = None
    services: tuple[str, ...] = ()
    owned: tuple[OwnedCode, ...] = ()
    page: str | None = None


class PayerRow(Record, frozen=True):
    """One payer in the list, with the number of its policies."""

    payer: str
    policies: int
    json: str
    sha256: str
    aliases: tuple[str, ...] = ()


class PayerList(Record, frozen=True):
    """Every payer, by name."""

    made: Made
    payers: tuple[PayerRow, ...]


class Payer(Record, frozen=True):
    """One payer: the other names people type for it, and its policies."""

    made: Made
    payer: str
    policies: tuple[PolicyRow, ...]
    aliases: tuple[str, ...] = ()


class ChangeRow(Record, frozen=True):
    """One change of one fact. `posted` is the day this site could first say so; `effective_date` the day it holds from.

    `starts`: `entry` holds from then on, and `before` until then. `ends`: from that day it holds no longer and nothing
    follows it. `withdrawn`: since `posted` we no longer stand by it, and `instead` stands in its place.
    `searched`: somebody looked and found nothing. `id` stays.
    """

    id: str
    kind: Kind
    posted: dt.date
    policy: str
    entry: StatedEntry | SilentEntry
    json: str
    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    before: StatedEntry | SilentEntry | None = None
    instead: StatedEntry | SilentEntry | None = None


class ChangesSince(Record, frozen=True):
    """What was posted on or after a day, oldest day first.

    Where it is much, the file ends with a whole day and `next` is the address of the file that goes on; without `next`
    it is all. `last` is the newest day in this file.
    """

    made: Made
    since: dt.date
    last: dt.date
    changes: tuple[ChangeRow, ...]
    next: str | None = None


class ChangeDay(Record, frozen=True):
    """A day on which something was posted: how much, and the file of all posted on or after it."""

    posted: dt.date
    changes: int
    json: str
    sha256: str


class ChangeList(Record, frozen=True):
    """Every day on which something was posted, newest first.

    For what is new since your last visit, take the oldest day that is not before it.
    """

    made: Made
    days: tuple[ChangeDay, ...]


class FileRow(Record, frozen=True):
    """A file to start from: its address, what it holds, its length and SHA-256."""

    name: str
    says: str
    file: str
    bytes: int
    sha256: str


class Index(Record, frozen=True):
    """What there is. `sums` names the file with the SHA-256 of every file, `files` tells where to start.

    `unknown_means` is what to tell whoever reads an unknown.
    """

    made: Made
    api: Literal["v1"]
    title: str
    unknown_means: str
    policies: int
    codes: int
    payers: int
    changes: int
    files: tuple[FileRow, ...]
    sums: str
    llms: str
    documentation: str
    license: str

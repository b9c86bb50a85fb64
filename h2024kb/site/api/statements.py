"""How the JSON API says answers and dated entries: known or unknown, told apart by `answer`, never by a value."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from h2024kb.knowledge.answer import Citation, Evidence, Looked, SeenAgain, ToOpen, Why
from h2024kb.knowledge.model import BillInstead, Coverage, Record, When, Withdrawn


class KnownAnswer(Record, frozen=True, tag="known", tag_field="answer"):
    """A payer's own word on a fact. Only an answer whose `answer` is `known` has a `value`.

    `words` says it for people. `stated_for` is `service` where the source rules on the service and prints no code;
    `stated_for_words` then says so, and whoever shows the answer should show them. `condition` must hold for the value
    to hold. `when` is what a claim line must show for it. `complete` is false for a list that the source does not call
    complete. `since` says the dates in words. `evidence` says what shows that it held on the date. `effective_date` is
    the source's; where it gives none, the rule was seen on `in_force_by`, and in the texts of `also_seen`. No
    `last_day` means that no end is known. `said_by` is the policy that says it, which another one may follow. `entry`
    is the entry's `entry`. `headline` stands with coverage only. `modifier` stands where `fact` is `modifiers`.
    """

    fact: str
    name: str
    words: tuple[str, ...]
    value: Any
    stated_for: Literal["code", "service"]
    heading: str
    said_by: str
    since: str
    entry: str
    citation: Citation
    evidence: Evidence
    modifier: str | None = None
    headline: str | None = None
    stated_for_words: str | None = None
    when: When | None = None
    condition: str | None = None
    complete: bool | None = None
    note: str | None = None
    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    also_seen: tuple[SeenAgain, ...] = ()
    last_day: dt.date | None = None


class UnknownAnswer(Record, frozen=True, tag="unknown", tag_field="answer"):
    """Nobody here knows. It has no `value`, and is never to be read as "no", "not required" or "not allowed".

    `why` is one of a closed list, `because` a sentence. `searched` says where one looked, `to_open` what to read next,
    `next_steps` what to do, a sentence each. `nearest` is the rule that is known on weaker evidence than what was seen
    on or before the date. `nearby` holds what is known close to the question: context, never the answer. For coverage,
    `billed_as` says the other codes this payer bills for the service, and `rules_for` the codes whose rules are known.
    `needs` names what the claim line must give for an answer.
    """

    fact: str
    name: str
    words: tuple[str, ...]
    why: Why
    because: str
    modifier: str | None = None
    headline: str | None = None
    searched: tuple[Looked, ...] = ()
    to_open: tuple[ToOpen, ...] = ()
    next_steps: tuple[str, ...] = ()
    nearest: KnownAnswer | None = None
    nearby: tuple[KnownAnswer, ...] = ()
    needs: tuple[str, ...] = ()
    billed_as: KnownAnswer | None = None
    rules_for: tuple[str, ...] = ()
    said_by: str | None = None
    entry: str | None = None


class KnownCoverage(Record, frozen=True, tag="known", tag_field="answer"):
    """What a payer says on coverage, in short. `source` is the title of the source, `url` its address.

    The other keys are those of KnownAnswer.
    """

    headline: str
    value: Coverage
    words: tuple[str, ...]
    stated_for: Literal["code", "service"]
    since: str
    evidence: Evidence
    said_by: str
    source: str
    locator: str
    url: str | None = None
    condition: str | None = None
    stated_for_words: str | None = None


class UnknownCoverage(Record, frozen=True, tag="unknown", tag_field="answer"):
    """That nobody here knows whether the code is covered, in short: never "not covered", and without a `value`.

    `bill_instead` holds the other codes that this payer bills for the service, where it names some.
    """

    headline: str
    why: Why
    because: str
    bill_instead: tuple[BillInstead, ...] = ()


class StatedEntry(Record, frozen=True, tag="known", tag_field="answer"):
    """A dated entry that holds a value: what one source says of one fact from a date on.

    It stands as an answer only where `in_force` is true, by what was stated or seen, and `when` fits the claim line.
    `entry` names it, as answers and receipts do. `heading` is the code or the service it is stated for; without one,
    the entry is on the policy itself. `last_day` is the day before the next newer entry starts, or the
    `termination_date`. `recorded` is the day it was learned. `withdrawn` says that we no longer stand by it.
    """

    entry: str
    policy: str
    fact: str
    name: str
    words: tuple[str, ...]
    value: Any
    in_force: bool
    since: str
    recorded: dt.date
    citation: Citation
    heading: str | None = None
    modifier: str | None = None
    when: When | None = None
    condition: str | None = None
    complete: bool | None = None
    note: str | None = None
    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    also_seen: tuple[SeenAgain, ...] = ()
    termination_date: dt.date | None = None
    last_day: dt.date | None = None
    withdrawn: Withdrawn | None = None


class SilentEntry(Record, frozen=True, tag="unknown", tag_field="answer"):
    """A dated entry that says what was looked for and not found: it has no `value`, and is never a "no".

    `unknown` is a sentence, `why` the reason, `searched` says where one looked. The other keys are StatedEntry's.
    """

    entry: str
    policy: str
    fact: str
    name: str
    words: tuple[str, ...]
    unknown: str
    why: Why
    in_force: bool
    since: str
    recorded: dt.date
    searched: tuple[Looked, ...] = ()
    heading: str | None = None
    modifier: str | None = None
    when: When | None = None
    note: str | None = None
    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    termination_date: dt.date | None = None
    last_day: dt.date | None = None
    withdrawn: Withdrawn | None = None

"""What a knowledge base answers: Known or Unknown, two types, so that a type checker sees who forgets the second."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, Generic, Literal, Required, TypeAlias, TypedDict, TypeVar, get_args

import msgspec

from h2024kb.knowledge.model import Record, Source, When
from h2024kb.near import near

V = TypeVar("V")

Evidence = Literal["stated", "seen", "seen-later", "undated"]
"""What shows that a rule held on the date of service, strongest first.

`stated`: the source states since when. `seen`: it was seen on or before the date, and is not known to have ended.
`seen-later`: it was first seen after the date. `undated`: it stands in a copy whose age nobody knows.
"""

STRONGEST_FIRST: Final[tuple[Evidence, ...]] = get_args(Evidence)

Why = Literal[
    "not-found",
    "not-fully-read",
    "no-document",
    "not-looked",
    "weaker-evidence",
    "before-first-rule",
    "ended",
    "no-such-policy",
    "depends-on-line",
]
"""Why nobody here knows.

`not-found`: a payer's document was read whole and is silent. `not-fully-read`: a document is known, and the part that
should say it was not read. `no-document`: searches brought up no document. `not-looked`: nobody has looked.
`weaker-evidence`: a rule is known, on weaker evidence than the question accepts. `before-first-rule`: the first rule
known takes effect later. `ended`: the source says that the rule ended. `no-such-policy`: no policy here fits.
`depends-on-line`: the answer depends on what the claim line shows.
"""


class Asked(TypedDict, total=False):
    """The keywords that every question takes beside the policy; `code` and `date_of_service` must be given.

    Where no policy is named, `payer`, `jurisdiction` and `line_of_business` must leave one. `as_known_on` is the second
    clock: the answer that could have been given on that day; None asks for all that is known. `modifiers`,
    `place_of_service` and `age` (years) describe the claim line, for facts that depend on it: left out they are not
    given, and an empty tuple says that the line has no modifier. `evidence` is the weakest that is accepted as an
    answer; left out, a rule must be stated or seen.
    """

    code: Required[str]
    date_of_service: Required[dt.date]
    payer: str | None
    jurisdiction: str | None
    line_of_business: str | None
    as_known_on: dt.date | None
    modifiers: tuple[str, ...] | None
    place_of_service: str | None
    age: int | None
    evidence: Evidence


class Question(Record, frozen=True):
    """What was asked: enough, with a knowledge base's content hash, to ask again; the fields are those of `Asked`."""

    code: str
    fact: str
    date_of_service: dt.date
    policy: str | None = None
    payer: str | None = None
    jurisdiction: str | None = None
    line_of_business: str | None = None
    modifier: str | None = None
    as_known_on: dt.date | None = None
    modifiers: tuple[str, ...] | None = None
    place_of_service: str | None = None
    age: int | None = None
    evidence: Evidence = "seen"


def question_of(fact: str, policy: str | None, asked: Asked, modifier: str | None = None) -> Question:
    """Returns the question made of a call's arguments; raises TypeError for one missing or of the wrong type."""
    for name in ("code", "date_of_service"):
        if asked.get(name) is None:
            raise TypeError(f"a question needs {name}")
    for name in ("date_of_service", "as_known_on"):
        day = asked.get(name)
        if day is not None and type(day) is not dt.date:
            raise TypeError(f"{name} must be a datetime.date, not {type(day).__name__}")
    question = Question(fact=fact, policy=policy, modifier=modifier, **asked)
    try:
        return msgspec.convert(msgspec.structs.asdict(question), Question)
    except msgspec.ValidationError as error:
        raise TypeError(f"a question cannot be asked so: {error}") from None


class Citation(Record, frozen=True):
    """Where an answer is written: the source, the place in it, and the fingerprints of its words."""

    source: Source
    locator: str
    passage: tuple[str, ...] = ()


class SeenAgain(Record, frozen=True):
    """One more place where the words of an answer stand; `seen_on` is None where that copy is undated."""

    citation: Citation
    seen_on: dt.date | None = None


class Known(Record, Generic[V], frozen=True, tag="known", tag_field="answer"):
    """A payer's own word on a fact, with its citation and dates.

    `stated_for` is `service` where the source rules on the service and prints no code: then it holds for the code only
    as far as the code is that service. `evidence` says what shows that the rule held on the date of service.
    `effective_date` is the source's; where it gives none, `in_force_by` is the day on which the rule was seen, and
    neither is there for an undated copy. `also_seen` lists where the same words stand too. `last_day` is None while no
    end is known. `when` is what a claim line must show for it. `said_by` is another policy's id where the policy asked
    follows it. `entry` names the entry in a receipt.
    """

    question: Question
    value: V
    citation: Citation
    stated_for: Literal["code", "service"]
    heading: str
    said_by: str
    entry: str
    evidence: Evidence
    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    also_seen: tuple[SeenAgain, ...] = ()
    last_day: dt.date | None = None
    when: When | None = None
    condition: str | None = None
    complete: bool | None = None
    note: str | None = None


class Looked(Record, frozen=True):
    """One place where somebody searched and found nothing, and when; `name` is what the policy calls it."""

    name: str
    where: str
    date: dt.date
    url: str | None = None


class ToOpen(Record, frozen=True):
    """What to read next: a part of a document that was not read, or a document that was not read at all."""

    title: str
    what: str | None = None
    where: str | None = None
    url: str | None = None


class Unknown(Record, frozen=True, tag="unknown", tag_field="answer"):
    """Nobody here knows, and why; never to be read as "no".

    `because` is a sentence. `searched` says where somebody looked, `to_open` what to read next. `nearest` is the rule
    that is known on weaker evidence than the question accepts. `nearby` is what is known close to the question: the
    fact under another heading or at another time. For coverage, `billed_as` names the other codes that this payer bills
    for the service, and `rules_for` the codes whose rules are known where somebody looked and nothing names the code
    asked. `needs` names the smallest set of inputs that would settle it, where the answer depends on the claim line; it
    is empty where several entries fit the line and differ. `ended_on` is the last day of a rule that ended. `said_by`
    is the policy that states the unknown, which another one may follow; None where nothing is stated.
    """

    question: Question
    why: Why
    because: str
    searched: tuple[Looked, ...] = ()
    to_open: tuple[ToOpen, ...] = ()
    nearest: Known[Any] | None = None
    nearby: tuple[Known[Any], ...] = ()
    needs: tuple[str, ...] = ()
    billed_as: Known[Any] | None = None
    rules_for: tuple[str, ...] = ()
    ended_on: dt.date | None = None
    said_by: str | None = None
    entry: str | None = None

    @property
    def looked_for(self) -> bool:
        """Whether somebody has looked for it, or says that nobody has; pages leave out the rest, except core facts."""
        return self.why != "not-looked" or self.entry is not None


Answer: TypeAlias = Known[V] | Unknown
"""What every question is answered with: `Known` or `Unknown`, and nothing else; `Answer[Coverage]` names the value."""


class Receipt(Record, frozen=True):
    """What is needed to replay an answer later: the question, the knowledge base asked, and the entry that answered.

    With the snapshot of that content hash, `KnowledgeBase.replay` gives the same answer again.
    """

    question: Question
    content_hash: str
    version: str
    policies: tuple[str, ...]
    entries: tuple[str, ...]


class Conflict(Record, frozen=True):
    """A finding of ours, not a payer's word: two things that are both stated and do not go together."""

    says: str
    answer: Known[Any]


class NameNotFound(LookupError):
    """Raised for a policy, payer or code that nothing here is named, with the names near it.

    >>> print(NameNotFound("policy", "md/brain", ["md/brain-injury-waiver", "sc/dd-waivers"]))
    no policy is named 'md/brain'; near it: md/brain-injury-waiver
    """

    def __init__(self, kind: str, name: str, names: list[str]) -> None:
        self.kind, self.name, self.near = kind, name, near(name, names)
        hint = f"; near it: {', '.join(self.near)}" if self.near else ""
        super().__init__(f"no {kind} is named '{name}'{hint}")


class SeveralPolicies(LookupError):
    """Raised when payer, jurisdiction and line of business still leave several policies to choose from."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        self.ids = ids
        super().__init__(f"several policies fit; name one of: {', '.join(ids)}")

"""What a knowledge base answers: Known or Unknown, two types, so that a type checker sees who forgets the second."""

from __future__ import annotations

import datetime as dt
from typing import Any, Generic, Literal, Required, TypeAlias, TypedDict, TypeVar

import msgspec

from h2024kb.knowledge.model import Record, Source
from h2024kb.near import near

V = TypeVar("V")

Why = Literal["searched and silent", "nobody has looked", "not in force", "no such policy yet", "depends on the line"]


class Asked(TypedDict, total=False):
    """The keywords that every question takes beside the policy; `code` and `date_of_service` must be given.

    Where no policy is named, `payer`, `jurisdiction` and `line_of_business` must leave one. `as_known_on` is the second
    clock: the answer that could have been given on that day; None asks for all that is known. `modifiers`,
    `place_of_service` and `age` (years) describe the claim line, for facts that depend on it: left out they are not
    given, and an empty tuple says that the line has no modifier.
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
    """Where an answer is written: the source, the place in it, and the fingerprint of its words."""

    source: Source
    locator: str
    passage: str | None = None


class Known(Record, Generic[V], frozen=True, tag="known", tag_field="answer"):
    """A payer's own word on a fact, with its citation and dates.

    `stated_for` is `service` where the source rules on the service and prints no code: then it holds for the code only
    as far as the code is that service. `effective_date` is the source's; where it gives none, `in_force_by` is the
    day by which the rule held. `last_day` is None while no end is known. `said_by` is another policy's id where the
    policy asked follows it. `entry` names the entry in a receipt.
    """

    question: Question
    value: V
    citation: Citation
    stated_for: Literal["code", "service"]
    heading: str
    said_by: str
    entry: str
    effective_date: dt.date | None = None
    in_force_by: dt.date | None = None
    last_day: dt.date | None = None
    condition: str | None = None
    complete: bool | None = None
    note: str | None = None


class Looked(Record, frozen=True):
    """One place where somebody searched and found nothing, and when; `name` is what the policy calls it."""

    name: str
    where: str
    date: dt.date
    url: str | None = None


class Unknown(Record, frozen=True, tag="unknown", tag_field="answer"):
    """Nobody here knows, and why; never to be read as "no".

    `because` is a sentence. `searched` says where somebody looked. `nearby` is what is known close to the question: the
    fact under another heading or at another time. `billed_as`, for coverage, names the other codes that this payer
    bills for the service. `needs` names the smallest set of inputs that would settle it, where the answer depends on
    the claim line; it is empty where several entries fit the line and differ. `said_by` is the policy that states the
    unknown, which another one may follow; None where nothing is stated.
    """

    question: Question
    why: Why
    because: str
    searched: tuple[Looked, ...] = ()
    nearby: tuple[Known[Any], ...] = ()
    needs: tuple[str, ...] = ()
    billed_as: Known[Any] | None = None
    said_by: str | None = None
    entry: str | None = None

    @property
    def looked_for(self) -> bool:
        """Whether somebody has looked for it; pages leave out what nobody has, except core facts."""
        return self.why != "nobody has looked"


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

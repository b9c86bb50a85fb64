"""Answers what a payer said of a code, for a date of service, as known on a day."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Unpack, get_args

import msgspec

from h2024kb.knowledge.answer import (
    Answer,
    Asked,
    Conflict,
    Evidence,
    Known,
    NameNotFound,
    Question,
    Receipt,
    SeveralPolicies,
    Unknown,
    question_of,
)
from h2024kb.knowledge.code_sets import Contents
from h2024kb.knowledge.jurisdictions import JURISDICTIONS
from h2024kb.knowledge.lookup import Index, ask, build_index, pick_for, stated
from h2024kb.knowledge.model import (
    ASKED_FIRST,
    FACTS,
    Coverage,
    LineOfBusiness,
    ModifierUse,
    Policy,
    PriorAuthorization,
)
from h2024kb.version import __version__


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """All that is in a folder of policies or a snapshot, ready to be asked; nothing in it can be changed.

    `content_hash` is the SHA-256 of the contents: the same for a folder and for the snapshot made from it. `index` is
    what answers are looked up in.

    >>> import datetime, h2024kb
    >>> kb = h2024kb.open()
    >>> answer = kb.coverage("us/medicare", code="H2024", date_of_service=datetime.date(2026, 11, 23))
    >>> answer.value if isinstance(answer, h2024kb.Known) else answer.because
    'not-covered'
    """

    contents: Contents
    content_hash: str
    index: Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", build_index(self.contents))

    @classmethod
    def of(cls, contents: Contents) -> KnowledgeBase:
        """Makes a knowledge base of contents, whose hash it computes."""
        return cls(contents, hashlib.sha256(msgspec.json.encode(contents)).hexdigest())

    def policies(
        self,
        *,
        payer: str | None = None,
        jurisdiction: str | None = None,
        line_of_business: str | None = None,
    ) -> tuple[Policy, ...]:
        """Returns the policies that fit all that is given, in order of their ids; none where nothing fits.

        A payer may be given by any name or alias that `payers` lists, in any case. Raises NameNotFound for a name that
        is no payer's, with the names near it.
        """
        name = None if payer is None else self.payer_name(payer)
        return tuple(
            policy
            for policy in self.contents.policies
            if name in (None, policy.payer)
            and jurisdiction in (None, policy.jurisdiction)
            and line_of_business in (None, policy.line_of_business)
        )

    def fitting(
        self, *, payer: str | None, jurisdiction: str | None, line_of_business: str | None
    ) -> tuple[Policy, ...]:
        """Returns the policies that serve a payer's members in a jurisdiction.

        The payer's nationwide policies are among them for each line of business that has none of the jurisdiction's
        own. Raises NameNotFound for a name that is no payer's.
        """
        fits = self.policies(payer=payer, jurisdiction=jurisdiction, line_of_business=line_of_business)
        if payer is None or jurisdiction in (None, "US"):
            return fits
        here = {policy.line_of_business for policy in fits}
        everywhere = self.policies(payer=payer, jurisdiction="US", line_of_business=line_of_business)
        return fits + tuple(p for p in everywhere if p not in fits and p.line_of_business not in here)

    def codes(self) -> frozenset[str]:
        """Returns every code in the knowledge base: the HCPCS rows and the codes of payers' own."""
        own = (row.code for policy in self.contents.policies for row in policy.own_codes)
        return frozenset((*(row.code for row in self.contents.code_sets.codes), *own))

    def policy(self, id: str) -> Policy:
        """Returns one policy by its id; raises NameNotFound, with the ids near it, where there is none."""
        if id not in self.index.policies:
            raise NameNotFound("policy", id, list(self.index.policies))
        return self.index.policies[id]

    def payer_name(self, name: str) -> str:
        """Returns the payer meant by a name or alias, in any case; raises NameNotFound with the names near it.

        >>> import h2024kb
        >>> h2024kb.open().payer_name("uhc")
        'UnitedHealthcare'
        """
        if name.casefold() not in self.index.payers:
            names = (one for row in self.contents.code_sets.payers for one in (row.payer, *row.aliases))
            raise NameNotFound("payer", name, list(dict.fromkeys(names)))
        return self.index.payers[name.casefold()]

    def services(self, code: str) -> tuple[str, ...]:
        """Returns the services that a code is by its HCPCS descriptor; facts stated for them answer for the code.

        >>> import h2024kb
        >>> h2024kb.open().services("H2024")
        ('supported-employment',)
        """
        return self.index.services.get(code, ())

    def coverage(self, policy: str | None = None, **asked: Unpack[Asked]) -> Answer[Coverage]:
        """Says whether the payer covers the code: `covered`, `not-covered`, or `conditional` with its condition.

        Unknown is never "not covered". Arguments and errors are those of `fact`, without the fact's name.
        """
        return self._ask(self._question(question_of("coverage", policy, asked)))

    def prior_authorization(self, policy: str | None = None, **asked: Unpack[Asked]) -> Answer[PriorAuthorization]:
        """Says whether the payer wants the code authorized before the service is given.

        Unknown is never "not required". Arguments and errors are those of `fact`, without the fact's name.
        """
        return self._ask(self._question(question_of("prior_authorization", policy, asked)))

    def modifier(self, policy: str | None = None, *, modifier: str, **asked: Unpack[Asked]) -> Answer[ModifierUse]:
        """Says what the payer does with one modifier on the code, and what it means to that payer.

        `modifier` is text of two characters. Unknown is neither "allowed" nor "refused". Other arguments and errors are
        those of `fact`, without the fact's name.
        """
        return self._ask(self._question(question_of("modifiers", policy, asked, modifier)))

    def modifiers(self, policy: str | None = None, **asked: Unpack[Asked]) -> Mapping[str, Answer[ModifierUse]]:
        """Returns the answer for every modifier that the policy, or one it follows, mentions for the code.

        A modifier that is not among them is not refused: the policy does not speak of it. Arguments and errors are
        those of `fact`, without the fact's name.
        """
        question = self._question(question_of("modifiers", policy, asked))
        named = dict.fromkeys(row.modifier for _, rules in stated(self.index, question) for row in rules.modifiers)
        questions = {name: msgspec.structs.replace(question, modifier=name) for name in named}
        return MappingProxyType({name: self._ask(asks) for name, asks in questions.items()})

    def fact(self, fact: str, policy: str | None = None, **asked: Unpack[Asked]) -> Answer[Any]:
        """Says what the payer states of one fact for a code on a date of service.

        The code's own heading answers first, then its service's, then a rule for all services; then the policy that
        this one follows. An unknown that is stated stops the search.

        Arguments: `fact`, one of `model.FACTS`. `policy`, an id; or else `payer`, `jurisdiction` and `line_of_business`
        that leave one policy, where a nationwide policy serves every jurisdiction. The rest is described at `Asked`.

        Raises NameNotFound for a name nobody here has, SeveralPolicies where more than one policy fits, TypeError for
        an argument that is missing or of the wrong type.

        >>> import datetime, h2024kb
        >>> day = datetime.date(2026, 11, 23)
        >>> limits = h2024kb.open().fact("limits", "md/brain-injury-waiver", code="H2024", date_of_service=day)
        >>> limits.stated_for, limits.value[0].units, limits.value[0].per
        ('service', 1, 'day')
        """
        if fact not in FACTS:
            raise NameNotFound("fact", fact, list(FACTS))
        return self._ask(self._question(question_of(fact, policy, asked)))

    def core_answers(self, policy: str | None = None, **asked: Unpack[Asked]) -> tuple[Answer[Any], ...]:
        """Returns the answer for each core fact of a code, and for modifier 22, in the order a biller asks."""
        return tuple(
            self.modifier(policy, modifier="22", **asked) if name == "modifiers" else self.fact(name, policy, **asked)
            for name in ASKED_FIRST
        )

    def answers(self, policy: str | None = None, **asked: Unpack[Asked]) -> tuple[Answer[Any], ...]:
        """Returns every answer of a policy on a code, in the order of every page, list and file.

        The core facts come first, modifier 22 among them, then each other modifier that the policy mentions, then every
        other fact. What nobody has looked for is among them; `Unknown.looked_for` tells it apart.

        >>> import datetime, h2024kb
        >>> day = datetime.date(2026, 11, 23)
        >>> answers = h2024kb.open().answers("us/medicare", code="H2024", date_of_service=day)
        >>> [answer.question.fact for answer in answers][:3], len({answer.question.fact for answer in answers})
        (['coverage', 'prior_authorization', 'modifiers'], 31)
        """
        mentioned = self.modifiers(policy, **asked)
        return (
            *self.core_answers(policy, **asked),
            *(answer for modifier, answer in mentioned.items() if modifier != "22"),
            *(self.fact(fact, policy, **asked) for fact in FACTS if fact not in ASKED_FIRST),
        )

    def unknowns(
        self,
        date_of_service: dt.date | None = None,
        as_known_on: dt.date | None = None,
        evidence: Evidence = "seen",
    ) -> tuple[Unknown, ...]:
        """Returns what nobody knows of H2024 on a date (default today), policy by policy: core facts and modifier 22.

        It is the analysts' work list: a question answered leaves it. What is known on weaker evidence than `evidence`
        is on it too.
        """
        day = date_of_service or dt.date.today()
        asked: Asked = {"code": "H2024", "date_of_service": day, "as_known_on": as_known_on, "evidence": evidence}
        return tuple(
            answer
            for policy in self.contents.policies
            for answer in self.core_answers(policy.id, **asked)
            if isinstance(answer, Unknown) and answer.why != "depends-on-line"
        )

    def conflicts(self, policy: str | None = None, **asked: Unpack[Asked]) -> tuple[Conflict, ...]:
        """Returns what does not go together: the payer's unit for the service and the unit in the code's descriptor.

        A conflict is a finding of ours. It is not a rule, and does not make the code covered or not.
        """
        answer = self.fact("unit", policy, **asked)
        own = next((row.unit for row in self.contents.code_sets.codes if row.code == asked["code"]), None)
        if not isinstance(answer, Known) or own is None or answer.value == own:
            return ()
        stated, filed = answer.value.replace("-", " "), own.replace("-", " ")
        says = f"this payer's unit for the service is {stated}; the unit of {asked['code']} is {filed}"
        return (Conflict(says=says, answer=answer),)

    def receipt(self, answer: Answer[Any]) -> Receipt:
        """Returns what is needed to replay an answer later, with a snapshot of this knowledge base."""
        policies = dict.fromkeys(id for id in (answer.question.policy, answer.said_by) if id)
        return Receipt(
            question=answer.question,
            content_hash=self.content_hash,
            version=__version__,
            policies=tuple(policies),
            entries=(answer.entry,) if answer.entry else (),
        )

    def replay(self, question: Question) -> Answer[Any]:
        """Answers a question kept from an earlier answer, or in a receipt, once more; raises what `fact` raises."""
        if question.fact == "modifiers" and question.modifier is None:
            raise TypeError("a question about modifiers needs the modifier")
        return self._ask(self._question(question))

    def _question(self, question: Question) -> Question:
        """The question with its policy filled in, once every name in it is found to exist."""
        policy = self._find(question) if question.policy is None else self.policy(question.policy)
        codes = [row.code for row in self.contents.code_sets.codes]
        codes += [row.code for row in policy.own_codes] if policy else []
        if question.code not in codes:
            raise NameNotFound("code", question.code, codes)
        return msgspec.structs.replace(question, policy=policy.id) if policy else question

    def _find(self, question: Question) -> Policy | None:
        payer, business = question.payer, question.line_of_business
        if not (payer or question.jurisdiction or business):
            raise TypeError("name a policy, or its payer, jurisdiction and line_of_business")
        if question.jurisdiction and question.jurisdiction not in JURISDICTIONS:
            raise NameNotFound("jurisdiction", question.jurisdiction, list(JURISDICTIONS))
        if business and business not in get_args(LineOfBusiness):
            raise NameNotFound("line of business", business, list(get_args(LineOfBusiness)))
        fits = self.fitting(payer=payer, jurisdiction=question.jurisdiction, line_of_business=business)
        if len(fits) > 1:
            raise SeveralPolicies(tuple(policy.id for policy in fits))
        return fits[0] if fits else None

    def _ask(self, question: Question) -> Answer[Any]:
        if question.policy is not None:
            return ask(self.index, question, pick_for(question))
        others = self.policies(payer=question.payer) if question.payer else ()
        ids = ", ".join(policy.id for policy in others)
        because = "No policy in the knowledge base fits this." + (f" For this payer there is: {ids}." if ids else "")
        return Unknown(question=question, why="no-such-policy", because=because)

"""Cases: questions with their answers in a file that a biller can read, asked of a knowledge base."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from h2024kb.authoring.yaml_text import in_line
from h2024kb.editing.document import Document, Where
from h2024kb.knowledge.answer import Answer, Known, Unknown
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.problem import Problem

# The keys of a case that describe the question, and what the question calls them.
ASKED = {
    "date_of_service": "date_of_service",
    "as_known_on": "as_known_on",
    "modifiers_on_line": "modifiers",
    "place_of_service_on_line": "place_of_service",
    "age_of_member": "age",
    "evidence": "evidence",
}
_DATES = ("date_of_service", "as_known_on")


class Fact(NamedTuple):
    """The name of a fact, and the modifier where it is about one."""

    name: str
    modifier: str | None = None

    def __str__(self) -> str:
        if self.name == "follows":
            return "what the policy that is followed says"
        return f"modifier {self.modifier}" if self.modifier else self.name.replace("_", " ")


class CaseFile(NamedTuple):
    """The cases in a file without problems; the file's path says which policy they ask."""

    id: str
    document: Document
    cases: list[dict[str, Any]]


def case_file(path: Path, document: Document) -> CaseFile:
    """Returns the cases of a document that has no problem."""
    assert isinstance(document.data, list)
    return CaseFile(f"{path.resolve().parent.name}/{path.stem}", document, document.data)


def facts_of(case: dict[str, Any]) -> Iterator[tuple[Fact, object]]:
    """Yields each fact that a case asks for, with the answer it says."""
    for name, expected in case["expect"].items():
        if name == "modifiers":
            yield from ((Fact(name, modifier), use) for modifier, use in expected.items())
        else:
            yield Fact(name), expected


def ask(kb: KnowledgeBase, case: dict[str, Any], fact: Fact) -> Answer[Any]:
    """Returns the answer to a case's question on one fact."""
    asked = {name: case[key] for key, name in ASKED.items() if key in case}
    asked |= {name: dt.date.fromisoformat(asked[name]) for name in _DATES if name in asked}
    if "modifiers" in asked:
        asked["modifiers"] = tuple(asked["modifiers"])
    if fact.modifier is not None:
        return kb.modifier(case["policy"], modifier=fact.modifier, code=case["code"], **asked)
    return kb.fact(fact.name, case["policy"], code=case["code"], **asked)


def written(answer: Answer[Any]) -> object:
    """Returns an answer as a case writes it: the value as in a policy file, a modifier's use, or unknown with why."""
    if isinstance(answer, Unknown):
        return {"unknown": answer.why}
    return answer.value.use if answer.question.modifier else msgspec.json.decode(msgspec.json.encode(answer.value))


def wrong_answers(kb: KnowledgeBase, file: CaseFile) -> Iterator[Problem]:
    """Yields a problem for each answer that is not what its case says, and for two cases of one name."""
    names = Counter(case["name"] for case in file.cases)
    for at, case in enumerate(file.cases):
        if names[case["name"]] > 1:
            yield file.document.problem((at, "name"), "another case has this name: say what is different", "case-name")
        if case["policy"] != file.id:
            message = f"this file is for the cases of '{file.id}'"
            yield file.document.problem((at, "policy"), message, "case-policy")
            continue
        yield from _wrong_in_case(kb, file.document, at, case)


def _wrong_in_case(kb: KnowledgeBase, document: Document, at: int, case: dict[str, Any]) -> Iterator[Problem]:
    known: list[Known[Any]] = []
    for fact, expected in facts_of(case):
        answer = ask(kb, case, fact)
        if written(answer) != expected:
            where: Where = (at, "expect", *(part for part in fact if part is not None))
            message = f"the answer is {in_line(written(answer))}: correct this case, or the policy"
            yield document.problem(where, message, "case")
        if not isinstance(answer, Unknown):
            known.append(answer)
    found: dict[str, set[str]] = {
        "stated_for": {answer.stated_for for answer in known},
        "source": {answer.citation.source.id for answer in known},
    }
    for key, values in found.items():
        if key in case and values != {case[key]}:
            names = " and ".join(sorted(values))
            shown = f"the answer has '{names}'" if values else "nothing here is known: take this out"
            yield document.problem((at, key), shown, "case")

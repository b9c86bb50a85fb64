"""The cases that a policy still needs: both sides of every day on which one of its answers changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from h2024kb.authoring.cases import CaseFile, Fact, ask, facts_of, written
from h2024kb.authoring.yaml_text import block, in_line
from h2024kb.editing.policy_file import EntryList, PolicyFile, WrittenEntry, mapping
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.lookup import ALL_SERVICES
from h2024kb.knowledge.model import CORE_FACTS, is_code
from h2024kb.problem import Problem

CODE = "H2024"
DAY = dt.timedelta(days=1)
FIRST_LINE = "# yaml-language-server: $schema=../../../schema/cases.schema.json\n"
_CONFIRM = (
    "# Confirm each answer here against the policy, give each case a name that says what it shows, and take this out."
)


class Edge(NamedTuple):
    """A day on which the answer changes that an entry gives, or the day on its other side, and the key of the date."""

    fact: Fact
    codes: tuple[str, ...]
    day: dt.date
    key: str
    entry: WrittenEntry


def edges(kb: KnowledgeBase, file: PolicyFile) -> Iterator[Edge]:
    """Yields every edge of a policy's answers, with the codes that may be asked for it, the likeliest first.

    What is withdrawn no longer answers, and a service without codes answers for none, so neither has one.
    """
    for dated in file.lists:
        for entry in dated.standing:
            if codes := _codes(kb, file, dated):
                fact = Fact(dated.fact, dated.modifier)
                yield from (Edge(fact, codes, day, key, entry) for day, key in _days(entry))


def _codes(kb: KnowledgeBase, file: PolicyFile, dated: EntryList) -> tuple[str, ...]:
    if dated.fact in ("authority", "succeeded_by"):
        return ()
    if dated.heading and is_code(dated.heading):
        return (dated.heading,)
    of_service = {row.service: row.codes for row in kb.contents.code_sets.services}
    codes = kb.codes() if dated.heading in ("", ALL_SERVICES) else of_service.get(dated.heading, ())
    return tuple(sorted(codes, key=lambda code: (code != CODE, code)))


def _days(entry: WrittenEntry) -> Iterator[tuple[dt.date, str]]:
    if entry.start != dt.date.min:
        key = "effective_date" if "effective_date" in entry.data else "in_force_by"
        yield from ((entry.start, key), (entry.start - DAY, key))
    if entry.end:
        yield from ((entry.end, "termination_date"), (entry.end + DAY, "termination_date"))


def missing(kb: KnowledgeBase, file: PolicyFile, cases: Iterable[dict[str, Any]]) -> list[Edge]:
    """Returns the edges of a policy that no case asks about."""
    asked: dict[tuple[str, str], set[Fact]] = {}
    for case in cases:
        asked.setdefault((case["date_of_service"], case["code"]), set()).update(fact for fact, _ in facts_of(case))
    return [edge for edge in edges(kb, file) if not any(_asks(asked.get((str(edge.day), c)), edge) for c in edge.codes)]


def _asks(asked: set[Fact] | None, edge: Edge) -> bool:
    """Whether facts asked on a day show an edge; whether another policy is followed shows in any of them."""
    return bool(asked) if edge.fact.name == "follows" else edge.fact in (asked or ())


def missing_cases(kb: KnowledgeBase, file: PolicyFile, cases: CaseFile | None) -> Iterator[Problem]:
    """Yields a problem for a policy without cases, and for each date of it of which a case asks one side or none."""
    advice = f'write them, or let "h2024kb cases {file.id} --write" do it and confirm what it wrote'
    if cases is None:
        if next(edges(kb, file), None):
            yield file.document.problem((), f"no case asks this policy: {advice}", "missing-case")
        return
    days: dict[tuple[Any, ...], list[dt.date]] = {}
    facts: dict[tuple[Any, ...], Fact] = {}
    for edge in missing(kb, file, cases.cases):
        where = (*edge.entry.path, edge.key)
        days.setdefault(where, []).append(edge.day)
        facts[where] = edge.fact
    for where, missed in days.items():
        shown = " and on ".join(map(str, sorted(missed)))
        message = f"no case asks for {facts[where]} on {shown}: {advice}"
        yield file.document.problem(where, message, "missing-case")


def written_cases(kb: KnowledgeBase, file: PolicyFile, cases: Iterable[dict[str, Any]]) -> str:
    """Returns the missing cases as text to append to a case file, answered as the knowledge base answers now.

    They are for a person to confirm: an answer that is wrong today is written down as wrong. Empty if none is missing.
    """
    cases = list(cases)
    names = {str(case["name"]) for case in cases}
    made: dict[tuple[str, dt.date, str], dict[str, Any]] = {}
    for edge in missing(kb, file, cases):
        line = _line(edge.entry)
        case = {"policy": file.id, "code": edge.codes[0], "date_of_service": str(edge.day), **line}
        case = made.setdefault((edge.codes[0], edge.day, in_line(line)), {**case, "expect": {}})
        facts = [Fact(fact) for fact in CORE_FACTS] if edge.fact.name == "follows" else [edge.fact]
        for fact in facts:
            answer = written(ask(kb, case, fact))
            if fact.modifier is None:
                case["expect"][fact.name] = answer
            else:
                case["expect"].setdefault("modifiers", {})[fact.modifier] = answer
    if not made:
        return ""
    return "\n".join([_CONFIRM, *(_text(case, names) for _, case in sorted(made.items(), key=lambda item: item[0]))])


def _line(entry: WrittenEntry) -> dict[str, Any]:
    """What a claim line must show for an entry to be for it."""
    when = mapping(entry.data.get("when"))
    shown: dict[str, Any] = {}
    if "modifiers" in when:
        shown["modifiers_on_line"] = when["modifiers"]
    if "place_of_service" in when:
        shown["place_of_service_on_line"] = when["place_of_service"][0]
    if "age" in when:
        shown["age_of_member"] = when["age"].get("from", when["age"].get("to"))
    return shown


def _text(case: dict[str, Any], names: set[str]) -> str:
    first, *others = [str(fact) for fact, _ in facts_of(case)]
    line = [f"{key.replace('_', ' ')} {in_line(case[key])}" for key in case if key.endswith(("_line", "_member"))]
    more = f" and {len(others)} more" if others else ""
    name = f"{' with '.join([case['code'], *line])} on {case['date_of_service']}: {first}{more}"
    if name in names:
        name += ", once more"
    lines = [f"- name: {in_line(name)}", *(f"  {key}:{block(value, '    ')}" for key, value in case.items())]
    return "\n".join([*lines, ""])

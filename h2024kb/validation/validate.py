"""Checks the service lines in files of claims, and counts what was found."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from h2024kb.claims import Outcome, Pile, Result, check_lines
from h2024kb.claims.check import checker
from h2024kb.formats import any_file
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem, Problems

Read = Callable[[Path], Iterator[ServiceLine | Problem]]
OTHER_CODE: Final = "The code is not in the knowledge base."


class Checked(NamedTuple):
    """A line with the file it comes from and its result."""

    file: str
    line: ServiceLine
    result: Result


class Defaults(Record, frozen=True):
    """Defaults of the caller for lines that leave something out, and what the payers in a file are called here.

    `payers` gives, for a payer's name or id as a file writes it, a policy's id or a payer's name.
    """

    payers: Mapping[str, str] = {}
    fields: Mapping[str, Any] = {}


class NotChecked(Record, frozen=True):
    """A line that no rule was asked of, by the numbers that name it, and why."""

    file: str
    claim: str | None
    line: str | None
    code: str | None
    why: str


class Validation(NamedTuple):
    """What checking some files came to; lines of codes not in the knowledge base are not checked.

    They are only counted, unless asked for: then `other_codes` names each.
    """

    checked: list[Checked]
    problems: Problems
    lines: int
    not_in_knowledge_base: int
    other_codes: list[NotChecked]

    def piles(self) -> Counter[Pile]:
        """Counts all lines that were read by pile; those of codes not in the knowledge base are not checked."""
        counts = Counter(one.result.pile for one in self.checked)
        counts["not-checked"] += self.not_in_knowledge_base
        return counts

    def not_checked(self) -> list[NotChecked]:
        """Returns the lines that do not stand, or may not, and those of other codes where they were asked for."""
        found = [one for one in self.checked if one.result.pile == "not-checked"]
        return [*(_not_checked(one.file, one.line, one.result.findings[0].message) for one in found), *self.other_codes]

    def rules(self) -> list[tuple[str, Outcome, int]]:
        """Counts the findings that are not met, by rule, the most common first."""
        found = Counter(
            (finding.rule, finding.outcome)
            for one in self.checked
            for finding in one.result.findings
            if finding.outcome != "pass"
        )
        return [(rule, outcome, count) for (rule, outcome), count in found.most_common()]


def validate(
    kb: KnowledgeBase,
    paths: Iterable[Path],
    *,
    defaults: Defaults | None = None,
    as_known_on: dt.date | None = None,
    read: Read = any_file.read,
    other_codes: bool = False,
) -> Validation:
    """Checks every line of some files whose code is in the knowledge base; those of one member are seen together.

    They are seen together across the files, too. What cannot be read is a problem, and so is a file that cannot be
    opened; the rest is checked all the same. `other_codes` asks for the numbers of lines whose code is not in the
    knowledge base, which are only counted else.
    """
    problems = Problems()
    kept: list[tuple[str, ServiceLine]] = []
    others: list[NotChecked] = []
    codes, check, lines = {*kb.codes(), None}, checker(kb, as_known_on), 0
    for path, line in lines_of(paths, read, problems):
        lines += 1
        if other_codes and line.code not in codes:
            others.append(_not_checked(path, line, OTHER_CODE))
        # Most lines of a file are of other codes; they are dropped as they are read, so that large files fit in memory.
        # Those of a claim that replaces or takes back an earlier one say which lines still count, whatever their code.
        if check.counts(line):
            kept.append((path, completed(kb, line, defaults or Defaults())))
    results = check_lines(kb, [line for _, line in kept], as_known_on=as_known_on)
    found = (Checked(file, line, result) for (file, line), result in zip(kept, results, strict=True))
    checked = [one for one in found if one.line.code in codes]
    return Validation(checked, problems, lines, lines - len(checked), others)


def _not_checked(file: str, line: ServiceLine, why: str) -> NotChecked:
    return NotChecked(file=file, claim=line.claim, line=line.line, code=line.code, why=why)


def lines_of(paths: Iterable[Path], read: Read, problems: Problems) -> Iterator[tuple[str, ServiceLine]]:
    """Yields the lines of some files, each with its file, and gathers what could not be read."""
    for path in paths:
        try:
            for item in read(path):
                if isinstance(item, Problem):
                    problems.add(item)
                else:
                    yield str(path), item
        except OSError as error:
            problems.add(not_opened(path, error))


def not_opened(path: Path, error: OSError) -> Problem:
    """Returns the problem of a file that cannot be opened or read."""
    return Problem(str(path), 1, 1, f"cannot be read: {error.strerror or error}", "file")


def completed(kb: KnowledgeBase, line: ServiceLine, defaults: Defaults) -> ServiceLine:
    """Returns a line with the caller's defaults for what it leaves out; what the line gives is never changed.

    A line of business is given where the claim only rules out others, if it is one that is left. Who says what a
    payer's name or id means speaks for both.

    >>> import h2024kb
    >>> line = ServiceLine(payer_id="SKMD0")
    >>> completed(h2024kb.open(), line, Defaults(payers={"SKMD0": "md/brain-injury-waiver"})).policy
    'md/brain-injury-waiver'
    """
    more = {name: value for name, value in defaults.fields.items() if getattr(line, name) is None}
    business = defaults.fields.get("line_of_business")
    if line.line_of_business and business in line.line_of_business.split():
        more["line_of_business"] = business
    names = (name for name in (line.payer, line.payer_id) if name in defaults.payers)
    meant = defaults.payers.get(next(names, None) or "")
    if meant and line.policy is None:
        more |= {"policy": meant} if meant in kb.index.policies else {"payer": meant, "payer_id": None}
    return msgspec.structs.replace(line, **more) if more else line

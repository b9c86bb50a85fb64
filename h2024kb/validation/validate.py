"""Checks the service lines in files of claims, and counts what was found."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from h2024kb.claims import Outcome, Result, check_lines
from h2024kb.claims.check import checker
from h2024kb.formats import any_file
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem, Problems

Read = Callable[[Path], Iterator[ServiceLine | Problem]]


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


class Validation(NamedTuple):
    """What checking some files came to; lines of codes not in the knowledge base are not checked."""

    checked: list[Checked]
    problems: Problems
    lines: int
    not_in_knowledge_base: int

    def outcomes(self) -> Counter[Outcome]:
        """Counts the checked lines by outcome."""
        return Counter(one.result.outcome for one in self.checked)

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
) -> Validation:
    """Checks every line of some files whose code is in the knowledge base; those of one member are seen together.

    They are seen together across the files, too. What cannot be read is a problem, and so is a file that cannot be
    opened; the rest is checked all the same.
    """
    problems = Problems()
    kept: list[tuple[str, ServiceLine]] = []
    codes, check, lines = {*kb.codes(), None}, checker(kb, as_known_on), 0
    for path, line in lines_of(paths, read, problems):
        lines += 1
        # Most lines of a file are of other codes; they are dropped as they are read, so that large files fit in memory.
        # Those of a claim that replaces or takes back an earlier one say which lines still count, whatever their code.
        if check.counts(line):
            kept.append((path, completed(kb, line, defaults or Defaults())))
    results = check_lines(kb, [line for _, line in kept], as_known_on=as_known_on)
    found = (Checked(file, line, result) for (file, line), result in zip(kept, results, strict=True))
    checked = [one for one in found if one.line.code in codes]
    return Validation(checked, problems, lines, lines - len(checked))


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

"""A fault at one place of one file, how to print it, and a collection of faults of any number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

NOTES = frozenset({"columns-read", "header", "institutional", "more-pages", "byte-order-mark"})
"""The rules of what is said of a file and is not wrong: it is printed, and changes no count and no exit status."""


class Problem(NamedTuple):
    """Says what is wrong at one place of one file, and what to write instead.

    Lines and columns count from 1, columns in characters. Problems sort by
    file, then place, so a run always prints them in the same order.

    >>> print(Problem("zz/medicaid.yaml", 47, 13, 'write 18 in quotes: "18"', "type"))
    zz/medicaid.yaml:47:13: write 18 in quotes: "18" [type]
    """

    path: str
    line: int
    column: int
    message: str
    rule: str
    source_line: str = ""

    @property
    def is_note(self) -> bool:
        """Whether it says how something was read, and nothing is wrong."""
        return self.rule in NOTES

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message} [{self.rule}]"


class PolicyProblems(ValueError):
    """Raised when a folder of policies cannot become a knowledge base: it carries every problem found.

    >>> str(PolicyProblems((Problem("a.yaml", 1, 1, "write a mapping", "type"),)))
    'a.yaml:1:1: write a mapping [type]'
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def with_caret(problem: Problem) -> str:
    """Returns the message, the source line and a caret under the fault, for a terminal.

    >>> print(with_caret(Problem("a.yaml", 1, 8, "not a date", "format", "since:  soon")))
    a.yaml:1:8: not a date [format]
      since:  soon
             ^
    """
    if not problem.source_line:
        return str(problem)
    lead = "".join("\t" if c == "\t" else " " for c in problem.source_line[: problem.column - 1])
    return f"{problem}\n  {problem.source_line}\n  {lead}^"


def as_annotation(problem: Problem) -> str:
    """Returns the problem as a GitHub workflow command, which shows it beside the changed line.

    Percent signs and line ends are escaped as the workflow command format asks.

    >>> as_annotation(Problem("a.yaml", 3, 5, "100% wrong", "enum"))
    '::error file=a.yaml,line=3,col=5,title=enum::100%25 wrong'
    """
    place = f"file={_escape(problem.path, ':,')},line={problem.line},col={problem.column}"
    return f"::error {place},title={problem.rule}::{_escape(problem.message)}"


def _escape(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


MOST = 1000
"""How many kinds of problems are kept; the others are only counted."""

A_FEW = 20
"""How many problems of one kind are kept: enough to show a person where to look."""

_NUMBERED = re.compile(r"\[[0-9]+\]")
_Kind = tuple[str, str, str, int]


class Problems(Collection[Problem]):
    """Gathers problems, and keeps no more of them than a person reads; its length is that of all.

    Of one kind `each` are kept, in the order they came in; the last of these says how many more there are. Notes are
    kept beside them, under `notes`, and not counted.

    >>> found = Problems(each=1)
    >>> for line in (2, 3, 4):
    ...     found.add(Problem("a.csv", line, 7, "not a real date", "date"))
    >>> len(found)
    3
    >>> print(*found)
    a.csv:2:7: not a real date (and so in 2 more places) [date]
    """

    def __init__(self, problems: Iterable[Problem] = (), *, each: int = A_FEW) -> None:
        self._each = each
        self._kept: list[tuple[_Kind, Problem]] = []
        self._counts: dict[_Kind, int] = {}
        self._first_of_others: Problem | None = None
        self._others = 0
        self._notes: dict[tuple[str, str], Problem] = {}
        for problem in problems:
            self.add(problem)

    def add(self, problem: Problem, count: int = 1) -> None:
        """Adds a problem that was found in so many places; of notes of one rule, the first of a file."""
        if problem.is_note:
            if len(self._notes) < MOST:
                self._notes.setdefault((problem.path, problem.rule), problem)
            return
        kind = (problem.path, problem.rule, _NUMBERED.sub("[]", problem.message), problem.column if count > 1 else 0)
        if kind not in self._counts and len(self._counts) >= MOST:
            self._first_of_others = self._first_of_others or problem
            self._others += count
            return
        before = self._counts.setdefault(kind, 0)
        if before < self._each:
            self._kept.append((kind, problem))
        self._counts[kind] = before + count

    def __iter__(self) -> Iterator[Problem]:
        more = dict(self._counts)
        for kind, _ in self._kept:
            more[kind] -= 1
        last = {kind: number for number, (kind, _) in enumerate(self._kept)}
        for number, (kind, problem) in enumerate(self._kept):
            yield _with(problem, "so in", more[kind]) if number == last[kind] else problem
        if self._first_of_others:
            yield _with(self._first_of_others, "others in", self._others - 1)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What is said of the files and is not wrong, once a file."""
        return tuple(self._notes.values())

    def __len__(self) -> int:
        return sum(self._counts.values()) + self._others

    def __contains__(self, problem: object) -> bool:
        return any(problem == kept for _, kept in self._kept)


def _with(problem: Problem, what: str, more: int) -> Problem:
    places = "place" if more == 1 else "places"
    return problem._replace(message=f"{problem.message} (and {what} {more} more {places})") if more else problem

"""One fault in a policy file, and how to print it."""

from __future__ import annotations

from typing import NamedTuple


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

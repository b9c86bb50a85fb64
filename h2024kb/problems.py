"""Problems of any number: of those that differ in their place alone the first are kept, and the others counted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from h2024kb.problem import Problem

MOST = 1000
"""So many kinds of problems are told."""

A_FEW = 20
"""So many problems of one kind show a person where to look."""

_NUMBERED = re.compile(r"\[[0-9]+\]")
_Kind = tuple[str, str, str, int]


class Problems(Collection[Problem]):
    """Gathers problems, and holds no more of them than a person reads; its length is that of all.

    Of one kind `each` are kept, in the order they came in; the last of these says how many more there are.

    >>> found = Problems(each=1)
    >>> for line in (2, 3, 4):
    ...     found.add(Problem("a.csv", line, 7, "there is no such day", "date"))
    >>> len(found)
    3
    >>> print(*found)
    a.csv:2:7: there is no such day (and so in 2 more places) [date]
    """

    def __init__(self, problems: Iterable[Problem] = (), *, each: int = A_FEW) -> None:
        self._each = each
        self._kept: list[tuple[_Kind, Problem]] = []
        self._counts: dict[_Kind, int] = {}
        self._first_of_others: Problem | None = None
        self._others = 0
        for problem in problems:
            self.add(problem)

    def add(self, problem: Problem, count: int = 1) -> None:
        """Takes a problem that stands in so many places."""
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

    def __len__(self) -> int:
        return sum(self._counts.values()) + self._others

    def __contains__(self, problem: object) -> bool:
        return any(problem == kept for _, kept in self._kept)


def _with(problem: Problem, what: str, more: int) -> Problem:
    places = "place" if more == 1 else "places"
    return problem._replace(message=f"{problem.message} (and {what} {more} more {places})") if more else problem

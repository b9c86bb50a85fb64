"""Problems of a table of any length: each kind is told once, where it first stands, with how often it does."""

from __future__ import annotations

from collections.abc import Iterator

from h2024kb.problem import Problem

MOST = 1000
"""So many kinds of problems are told, and of the others how many they are."""


class Problems:
    """Gathers problems; of those that differ in their place alone the first is kept, and how many there are."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str, str, int], Problem] = {}
        self._count: dict[tuple[str, str, str, int], int] = {}
        self._untold: Problem | None = None
        self._untold_count = 0

    def add(self, problem: Problem, count: int = 1) -> None:
        """Takes a problem that stands in so many places."""
        kind = (problem.path, problem.rule, problem.message, problem.column if count > 1 else 0)
        if kind in self._first or len(self._first) < MOST:
            self._first.setdefault(kind, problem)
            self._count[kind] = self._count.get(kind, 0) + count
        else:
            self._untold = self._untold or problem
            self._untold_count += count

    def __iter__(self) -> Iterator[Problem]:
        for kind, problem in self._first.items():
            count = self._count[kind]
            more = f" (so in {count} places, of which this is the first)" if count > 1 else ""
            yield problem._replace(message=problem.message + more)
        if self._untold:
            message = f"{self._untold.message} (and so many more problems are not told, this one among them: "
            yield self._untold._replace(message=f"{message}{self._untold_count})")

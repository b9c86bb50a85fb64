"""Things by number, so that data for scripts holds each once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def _itself(item: Any) -> Hashable:
    made: Hashable = item
    return made


class Numbered(Generic[T]):
    """A list in which every item stands once, and which tells an item's place; items with equal keys are the same."""

    def __init__(self, *items: T, key: Callable[[T], Hashable] = _itself) -> None:
        self._key = key
        self._items: dict[Hashable, tuple[int, T]] = {}
        for item in items:
            self.place(item)

    def place(self, item: T) -> int:
        """Returns the place of an item, which is added where it is new.

        >>> numbered = Numbered("")
        >>> numbered.place("a"), numbered.place("b"), numbered.place("a"), numbered.items()
        (1, 2, 1, ['', 'a', 'b'])
        """
        return self._items.setdefault(self._key(item), (len(self._items), item))[0]

    def items(self) -> list[T]:
        """Returns every item in the order of its place."""
        return [item for _, item in self._items.values()]

"""What is tried in bulk: a fixed slice of it in `make test`, all of it in `make exhaustive`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def slice_of(values: Iterable[Any], number: int) -> list[Any]:
    """The values for `parametrize`, all but the first of which only an exhaustive run takes."""
    made = list(values)
    return [*made[:number], *(pytest.param(one, marks=pytest.mark.exhaustive) for one in made[number:])]

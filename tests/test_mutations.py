"""Policy files broken at random have problems or answer; nothing raises."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutate import KINDS, Base, bases, mutation, outcome
from slices import slice_of


@pytest.mark.parametrize("number", slice_of((150, 3000), 1))
@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_file_has_problems_or_answers(kind: str, number: int) -> None:
    @settings(max_examples=number)
    @given(base=st.sampled_from(bases()), seed=st.integers(0, 2**32))
    def broken(base: Base, seed: int) -> None:
        assert outcome(KINDS[kind](base.path.read_bytes(), Random(seed)), base) in ("problems", "valid")

    broken()


@pytest.mark.parametrize("base", bases(), ids=lambda base: base.id)
def test_an_unbroken_file_answers(base: Base) -> None:
    assert outcome(base.path.read_bytes(), base) == "valid"


def test_mutations_are_many_and_always_the_same() -> None:
    made = [mutation(1, number) for number in range(100)]
    assert made == [mutation(1, number) for number in range(100)]
    assert len({one.raw for one in made}) > 95
    assert Counter(one.kind for one in made) == {"bytes": 50, "data": 50}


def test_mutations_leave_some_files_good() -> None:
    """Otherwise nothing after the checks would be tried."""
    for first, kind in enumerate(KINDS):
        made = [mutation(1, number) for number in range(first, 200, 2)]
        came = Counter(outcome(one.raw, one.base) for one in made)
        assert came["valid"] >= 5, kind
        assert came["problems"] >= 5, kind

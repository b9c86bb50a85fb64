"""Problems of any number: few are kept, all are counted, none is lost without a word."""

from __future__ import annotations

from h2024kb.problem import A_FEW, MOST, Problem, Problems


def problem(line: int, message: str = "there is no such day", path: str = "a.csv") -> Problem:
    return Problem(path, line, 1, message, "date")


def test_the_first_of_a_kind_are_kept_and_the_others_counted() -> None:
    found = Problems(problem(line) for line in range(100))
    assert len(found) == 100
    assert [one.line for one in found] == list(range(A_FEW))
    assert [one.message for one in found][-2:] == [
        "there is no such day",
        "there is no such day (and so in 80 more places)",
    ]


def test_few_are_told_as_they_are_and_in_their_order() -> None:
    told = [problem(3), problem(1, "another"), problem(2), problem(9, path="b.csv")]
    assert list(Problems(told)) == told


def test_places_of_a_resource_that_differ_in_numbers_alone_are_of_one_kind() -> None:
    found = Problems((problem(1, f"item[{n}].net: write a number") for n in range(30)), each=2)
    assert [one.message for one in found] == [
        "item[0].net: write a number",
        "item[1].net: write a number (and so in 28 more places)",
    ]


def test_a_problem_of_many_places_counts_for_each() -> None:
    found = Problems(each=1)
    found.add(problem(5), 12)
    assert len(found) == 12
    assert [one.message for one in found] == ["there is no such day (and so in 11 more places)"]


def test_there_may_be_more_kinds_than_are_told() -> None:
    found = Problems(problem(n, f"kind {n}") for n in range(MOST + 7))
    told = list(found)
    assert len(found) == MOST + 7
    assert len(told) == MOST + 1
    assert told[-1].message == f"kind {MOST} (and others in 6 more places)"


def test_without_problems_there_is_nothing() -> None:
    assert not Problems()
    assert not list(Problems())
    assert problem(1) in Problems([problem(1)])

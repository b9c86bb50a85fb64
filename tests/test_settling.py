"""What holds of every line: nothing told later overturns a result, and what is asked for is what is missing."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
import pytest
from answers import EXAMPLE_DAY, ROOT, days_of
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import slice_of

from h2024kb.claims.check import Checker, checker
from h2024kb.claims.cuts import Cut, value
from h2024kb.claims.finding import RULES, Finding
from h2024kb.claims.other_lines import MemberLines
from h2024kb.claims.plan import Version
from h2024kb.claims.result import Result
from h2024kb.claims.rule import Branch, Part
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import is_code
from h2024kb.line import ServiceLine
from h2024kb.load import load_folder

LINES = 6_000
CODES = ("H2024", "H2024", "H2026", "H2023", "H2025", "T2018", "T2020", "T2021")
MODIFIERS = ("22", "95", "GT", "HK", "HQ", "TS", "U4", "U5", "U6", "U7", "59")
NOBODY_ELSES: Final[dict[str, Any]] = {"claim": "CLAIM-7", "member": "MEMBER-7", "payer_id": "PAYER-ID-7"}
"""What identifies a claim; no message may repeat it."""
PRIVATE = (*NOBODY_ELSES.values(), "AUTHORIZED-7")

Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of several: by chance in a loop, or as hypothesis likes."""


class Told(NamedTuple):
    """What a check is told: a line, and the member's other lines or None."""

    line: ServiceLine
    others: tuple[ServiceLine, ...] | None


@cache
def world() -> KnowledgeBase:
    return load_folder(ROOT / "tests" / "claims-example", EXAMPLE_DAY)


@cache
def codes(policy: str) -> tuple[str, ...]:
    """The codes that a policy has headings for, and as often H2024; now and then one that nobody knows."""
    stated = [rules.heading for rules in world().policy(policy).rules if is_code(rules.heading)]
    return (*stated, *["H2024"] * (len(stated) + 1), *stated, "99213")


@cache
def days(policy: str) -> tuple[dt.date, ...]:
    """The days on which a rule of a policy starts or ends, and those around them."""
    return tuple(sorted(days_of(world().policy(policy))))


def check(told: Told, check_with: Checker | None = None) -> Result:
    seen = None if told.others is None else MemberLines([told.line, *told.others])
    return (check_with or checker(world())).check(told.line, seen)


# One function a field: a value of it, near the bounds that the invented policies set.


def some_modifiers(pick: Pick) -> tuple[str, ...]:
    return tuple(pick(MODIFIERS) for _ in range(pick((0, 0, 0, 0, 1, 1, 2, 3))))


def some_others(pick: Pick, near: dt.date) -> tuple[ServiceLine, ...]:
    return tuple(an_other(pick, near) for _ in range(pick((0, 0, 1, 2, 4))))


def an_other(pick: Pick, near: dt.date) -> ServiceLine:
    first = near + dt.timedelta(days=pick((0, 0, 0, 1, -1, 3, -6, 7, 20, -40, 200)))
    return ServiceLine(
        code=pick((*CODES, None)),
        date_of_service=pick((first, first, first, first, None)),
        last_date_of_service=pick((None, None, first + dt.timedelta(days=pick((1, 4, 30))))),
        units=pick((Decimal(1), Decimal(1), Decimal(2), Decimal(5), Decimal(20), Decimal("0.5"), None)),
        minutes=pick((Decimal(60), Decimal(240), None)),
        charge=pick((Decimal(50), Decimal(450), None)),
    )


POOLS: Final[dict[str, Callable[[Pick, dt.date], Any]]] = {
    "modifiers": lambda pick, day: some_modifiers(pick),
    "units": lambda pick, day: Decimal(
        pick((*["1"] * 6, "2", "3", "5", "6", "20", "21", "40", "41", "0.5", "0", "1000"))
    ),
    "minutes": lambda pick, day: Decimal(
        pick(("0", "14", "15", "59", "60", "120", "180", "181", "239", *["240"] * 6, "9999"))
    ),
    "place_of_service": lambda pick, day: pick(("02", "10", "11", "12", "18", "18", "18", "18", "99", "21")),
    "prior_authorization_number": lambda pick, day: pick(("", "NONE", "AUTHORIZED-7")),
    "diagnoses": lambda pick, day: pick(((), ("F20",), ("F200",), ("F2",), ("Z99", "F3181"), ("F318",), ("F70",))),
    "charge": lambda pick, day: Decimal(pick(("50.00", "500.00", "500.01"))),
    "age": lambda pick, day: pick((17, 18, 20, 21, 40, 40, 40, 64, 65)),
    "group_size": lambda pick, day: pick((1, 2, 3, 4, 5)),
    "submitted": lambda pick, day: day + dt.timedelta(days=pick((0, 30, 90, 91, 92, 365, 366, 372))),
    "conditions_met": lambda pick, day: pick((True, True, True, False)),
    "other_lines": some_others,
}
"""Every fact that a line may leave out."""


def with_facts(pick: Pick, told: Told, names: Sequence[str]) -> Told:
    """The same with a value for each fact named."""
    line = told.line
    facts = {name: POOLS[name](pick, line.date_of_service or EXAMPLE_DAY) for name in names}
    others = facts.pop("other_lines", told.others)
    return Told(msgspec.structs.replace(line, **facts), others)


def missing(told: Told) -> tuple[str, ...]:
    left_out = [name for name in POOLS if name != "other_lines" and getattr(told.line, name) is None]
    return (*left_out, *(["other_lines"] if told.others is None else []))


def a_line(pick: Pick) -> Told:
    """A line for any policy, on a day near an edge, that tells some of the facts."""
    policy = pick([policy.id for policy in world().contents.policies])
    first = pick(days(policy))
    last = pick((None, None, None, first, first + dt.timedelta(days=1), first + dt.timedelta(days=5)))
    line = ServiceLine(
        policy=policy,
        code=pick(codes(policy)),
        date_of_service=first,
        last_date_of_service=last,
        prior_authorization_number=None,
        **NOBODY_ELSES,
    )
    leaves_out = pick((0, 1, 3, 6))
    return with_facts(pick, Told(line, None), [name for name in POOLS if pick(range(7)) >= leaves_out])


def completed(pick: Pick, told: Told) -> Told:
    """The same with everything told that is missing, of the other lines too."""
    line, others = with_facts(pick, told, missing(told))
    day = line.date_of_service or EXAMPLE_DAY
    return Told(line, tuple(completed_other(pick, other, day) for other in others or ()))


def completed_other(pick: Pick, other: ServiceLine, near: dt.date) -> ServiceLine:
    drawn = ServiceLine()
    while None in (drawn.code, drawn.date_of_service, drawn.units, drawn.minutes, drawn.charge):
        drawn = an_other(pick, near)
    facts = {name: getattr(drawn, name) for name in ("code", "date_of_service", "units", "minutes", "charge")}
    return msgspec.structs.replace(other, **{name: new for name, new in facts.items() if getattr(other, name) is None})


def lines(seed: int, number: int) -> Iterator[tuple[Pick, Told]]:
    pick = random.Random(seed).choice
    return ((pick, a_line(pick)) for _ in range(number))


@cache
def checked(number: int = LINES) -> tuple[tuple[Told, Result], ...]:
    return tuple((told, check(told)) for _, told in lines(1, number))


@st.composite
def told_lines(draw: Any) -> Told:
    return a_line(lambda options: draw(st.sampled_from(options)))


def drawing(data: st.DataObject) -> Pick:
    return lambda options: data.draw(st.sampled_from(options))


# Nothing told later overturns a result, but for what cannot be.


def can_be(line: ServiceLine) -> bool:
    """Whether units and the day a claim is sent are such as a line may have."""
    return (line.units is None or (line.units > 0 and line.units % 1 == 0)) and (line.days_to_submission or 0) >= 0


@pytest.mark.parametrize("number", slice_of((LINES, 10 * LINES), 1))
def test_telling_more_never_overturns_a_result(number: int) -> None:
    pick = random.Random(2).choice
    decided = [(told, result) for told, result in checked(number) if result.outcome != "cannot-tell"]
    for told, result in decided:
        more = completed(pick, told)
        assert check(more).outcome == result.outcome or not can_be(more.line), (told, more)
    assert number / 4 < len(decided) < number * 3 / 4


@given(told_lines(), st.data())
@settings(max_examples=100)
def test_telling_more_never_overturns_any_result(told: Told, data: st.DataObject) -> None:
    outcome, more = check(told).outcome, completed(drawing(data), told)
    assert outcome == "cannot-tell" or check(more).outcome == outcome or not can_be(more.line)


# What is asked for is what is missing: all of it, nothing else, and only where it makes a difference.


def nothing_is_asked_twice(pick: Pick, told: Told) -> bool:
    """Returns whether something is asked for; once it is told, no finding may ask for any of it again."""
    needs = check(told).needs
    assert set(needs) <= set(missing(told))
    again = check(with_facts(pick, told, needs))
    assert not {name for finding in again.findings for name in finding.needs} & set(needs), (told, again)
    return bool(needs)


def test_what_is_told_is_not_asked_for_again() -> None:
    assert sum(nothing_is_asked_twice(pick, told) for pick, told in lines(3, LINES // 3)) > LINES / 15


@given(told_lines(), st.data())
@settings(max_examples=100)
def test_nothing_told_is_asked_for_again(told: Told, data: st.DataObject) -> None:
    nothing_is_asked_twice(drawing(data), told)


def parts_of(told: Told) -> Iterator[tuple[Version, Part]]:
    """The rules for a line, where its code and dates leave any."""
    version = checker(world()).version(told.line.policy or "", told.line)
    if isinstance(version, Version) and len(version.stretches) == 1:
        yield from ((version, part) for part in version.stretches[0])


def found(part: Part, told: Told) -> tuple[Finding, ...]:
    """What one rule says of a line, without anything remembered of another line."""
    seen = None if told.others is None else MemberLines([told.line, *told.others])
    cuts: tuple[Cut, ...] = (*part.cuts, *(part.inner if isinstance(part, Branch) else ()))
    return part.findings({cut: value(cut, told.line, seen) for cut in cuts})


def ways_to_tell(told: Told, names: Sequence[str]) -> Iterator[Told]:
    """The line with these facts told, in many ways, the same ones for every line."""
    pick = random.Random(4).choice
    return (with_facts(pick, told, names) for _ in range(200))


def needed_of(part: Part, told: Told) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for finding in found(part, told) for name in finding.needs))


def open_rules(seed: int, number: int) -> Iterator[tuple[Told, Part, tuple[str, ...]]]:
    for _, told in lines(seed, number):
        for _, part in parts_of(told):
            needs = needed_of(part, told)
            if needs:
                yield told, part, needs


def test_without_one_of_the_facts_asked_for_a_rule_may_stay_open() -> None:
    several = [(told, part, needs) for told, part, needs in open_rules(5, 1500) if len(needs) > 1]
    for told, part, needs in several:
        for left_out in needs:
            rest = [name for name in needs if name != left_out]
            assert any(needed_of(part, more) for more in ways_to_tell(told, rest)), (told, part.name, needs, left_out)
    assert {len(needs) for _, _, needs in several} >= {2, 3}


def test_a_fact_is_asked_for_only_where_it_may_change_the_outcome() -> None:
    """Where no answer could break the rule, or none could settle it, it is in vain to ask.

    A line of several days asks for the other lines even where its own units leave a limit open or break it.
    """
    for told, part, needs in open_rules(6, 400):
        if told.line.days == 1:
            outcomes = (worst(found(part, more)) for more in ways_to_tell(told, needs))
            first = next(outcomes)
            assert any(outcome != first for outcome in outcomes), (told, part.name, needs)


def test_what_is_open_and_asks_for_nothing_stays_open() -> None:
    stay_open = 0
    for _, told in lines(11, 400):
        for _, part in parts_of(told):
            if worst(found(part, told)) == "cannot-tell" and not needed_of(part, told):
                stay_open += 1
                for more in itertools.islice(ways_to_tell(told, missing(told)), 5):
                    assert worst(found(part, more)) == "cannot-tell", (told, part.name, more)
    assert stay_open > 100


def worst(findings: tuple[Finding, ...]) -> str:
    outcomes = {finding.outcome for finding in findings}
    return next((one for one in ("fail", "cannot-tell") if one in outcomes), "pass")


# A result rests on the line alone, and on nothing private.


def test_neither_order_nor_repetition_of_modifiers_matters() -> None:
    for _, told in lines(7, LINES // 3):
        modifiers = told.line.modifiers or ()
        turned = msgspec.structs.replace(told.line, modifiers=(*reversed(modifiers), *modifiers[:1], *modifiers))
        assert not modifiers or check(told) == check(Told(turned, told.others)), told


@given(told_lines(), st.data())
@settings(max_examples=100)
def test_no_permutation_of_modifiers_matters(told: Told, data: st.DataObject) -> None:
    modifiers = told.line.modifiers or ()
    turned = (*data.draw(st.permutations(modifiers)), *data.draw(st.lists(st.sampled_from(modifiers or ("U4",)))))
    assert not modifiers or check(told) == check(
        Told(msgspec.structs.replace(told.line, modifiers=turned), told.others)
    )


def test_a_result_does_not_depend_on_the_lines_before_it() -> None:
    """What each rule says without memory is what the checker says that has seen thousands of other lines."""
    for _, told in lines(8, LINES // 3):
        said = tuple(finding for _, part in parts_of(told) for finding in found(part, told))
        if said:
            assert check(told).findings == said, told


def test_a_new_checker_says_the_same_as_one_that_is_warm() -> None:
    for _, told in lines(9, 60):
        assert check(told, Checker(world())) == check(told), told


def test_no_rule_is_broken_without_a_citation() -> None:
    failed = [finding for _, result in checked() for finding in result.of("fail")]
    assert [finding for finding in failed if finding.citation is None] == []
    assert {finding.rule for finding in failed} > {"code", "coverage", "limits"}


@pytest.mark.parametrize("addressed", ["policy", "payer", "payer_id", "nobody"])
def test_no_message_repeats_what_identifies_a_claim(addressed: str) -> None:
    to: dict[str, Any] = {"payer": {"payer": "Example Mutual"}, "payer_id": {"payer_id": "99999"}}
    for _, told in lines(10, 500):
        line = told.line
        if addressed != "policy":
            line = msgspec.structs.replace(line, policy=None, **to.get(addressed, {}))
        text = msgspec.json.encode(check(Told(line, told.others))).decode()
        assert not [private for private in PRIVATE if private in text]


def test_every_finding_is_of_a_known_rule_and_says_a_sentence() -> None:
    findings = {id(finding): finding for _, result in checked() for finding in result.findings}.values()
    assert {finding.rule for finding in findings} <= set(RULES)
    assert [finding.message for finding in findings if not finding.message.endswith(".")] == []
    assert [finding.message for finding in findings if ".." in finding.message or " ." in finding.message] == []
    fields = {*ServiceLine.__struct_fields__, "other_lines"}
    assert {name for finding in findings for name in (*finding.about, *finding.needs)} <= fields

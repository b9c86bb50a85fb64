"""What every payer means by a modifier, and where payers contradict each other; the policies here are invented."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, NamedTuple

import msgspec
import pytest
from answers import EXAMPLE_DAY, TODAY

from h2024kb.knowledge.answer import Unknown
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import BillingLine, Entry, ModifierEntries, ModifierUse, Policy, Rules, When, Withdrawn
from h2024kb.site.pages.modifiers.contradictions import Inversion, inversions
from h2024kb.site.pages.modifiers.modifiers_page import modifiers_page
from h2024kb.site.pages.modifiers.uses import mentions

START = dt.date(2024, 1, 1)


class Said(NamedTuple):
    """What an invented policy says of a modifier."""

    use: str
    meaning: str = "It is so."
    heading: str = "H2024"
    more: tuple[tuple[str, Any], ...] = ()
    modifier: str = "HQ"


def world(example: KnowledgeBase, *said: Said | tuple[Said, ...]) -> KnowledgeBase:
    """A knowledge base with one invented policy for each thing said."""
    base = example.policy("zz/medicaid")
    policies = tuple(
        _policy(base, number, one if isinstance(one[0], Said) else (one,)) for number, one in enumerate(said)
    )
    return KnowledgeBase.of(msgspec.structs.replace(example.contents, policies=policies))


def _policy(base: Policy, number: int, said: tuple[Any, ...]) -> Policy:
    rules = tuple(_rules(one) for one in said)
    return msgspec.structs.replace(base, id=f"zz/p{number}", payer=f"Payer {number}", program=None, rules=rules)


def _rules(said: Said) -> Rules:
    fields: dict[str, Any] = {"effective_date": START, "source": "manual-r3", "locator": "page 1", **dict(said.more)}
    if said.use == "line":
        value = (BillingLine(modifiers=tuple(said.modifier.split()), describes=said.meaning),)
        return Rules(heading=said.heading, billing_lines=(Entry(value=value, **fields),))
    value_of_use: Any = None if said.use == "unknown" else ModifierUse(use=said.use, meaning=said.meaning)
    if value_of_use is None:
        fields = {"unknown": said.meaning, "searched": ("manual-r3",)}
    entry: Entry[ModifierUse] = Entry(value=value_of_use, **fields)
    return Rules(heading=said.heading, modifiers=(ModifierEntries(modifier=said.modifier, entries=(entry,)),))


def flags(kb: KnowledgeBase, modifier: str = "HQ", label: str = "A label") -> list[Inversion]:
    return inversions(modifier, label, mentions(kb, EXAMPLE_DAY).get(modifier, []), kb.index.services)


ENDED = (("termination_date", dt.date(2025, 1, 1)),)
WITHDRAWN = (("withdrawn", Withdrawn(date=EXAMPLE_DAY, because="Misread.")),)
LATER = (("effective_date", dt.date(2027, 1, 1)),)

CONTRADICTIONS = [
    ("one asks, one refuses", Said("required"), Said("not-allowed")),
    ("one allows, one refuses", Said("allowed"), Said("not-allowed")),
    ("one lists it, one refuses", Said("line", modifier="HQ"), Said("not-allowed")),
    ("the service is the code's", Said("allowed", heading="supported-employment"), Said("not-allowed")),
    ("a rule for all services", Said("allowed"), Said("not-allowed", heading="all-services")),
]
NO_CONTRADICTION = [
    ("both take it", Said("required"), Said("allowed")),
    ("one only notes it", Said("informational"), Said("not-allowed")),
    ("other codes", Said("allowed", heading="T2020"), Said("not-allowed")),
    ("one is not known", Said("unknown"), Said("not-allowed")),
    ("one has ended", Said("allowed", more=ENDED), Said("not-allowed")),
    ("one is withdrawn", Said("allowed", more=WITHDRAWN), Said("not-allowed")),
    ("one is not yet in force", Said("allowed"), Said("not-allowed", more=LATER)),
    ("other modifiers", Said("allowed", modifier="U4"), Said("not-allowed")),
]


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in CONTRADICTIONS], ids=[c[0] for c in CONTRADICTIONS])
def test_used_differently_is_flagged(example: KnowledgeBase, one: Said, other: Said) -> None:
    for kb in (world(example, one, other), world(example, other, one)):
        (flag,) = flags(kb)
        assert flag.kind == "used differently"
        assert {policy.id for side in flag.sides for policy in side.policies if policy} == {"zz/p0", "zz/p1"}


@pytest.mark.parametrize(
    ("one", "other"), [case[1:] for case in NO_CONTRADICTION], ids=[c[0] for c in NO_CONTRADICTION]
)
def test_what_does_not_contradict_is_not_flagged(example: KnowledgeBase, one: Said, other: Said) -> None:
    assert flags(world(example, one, other)) == []


def test_one_policy_is_not_set_against_itself(example: KnowledgeBase) -> None:
    kb = world(example, (Said("allowed", "For one person"), Said("not-allowed", heading="all-services")))
    assert flags(kb) == []
    assert flags(world(example, (Said("allowed", "One person"), Said("allowed", "A group", "T2020")))) == []


def test_only_who_contradicts_another_policy_stands_on_a_side(example: KnowledgeBase) -> None:
    kb = world(
        example, (Said("allowed"), Said("not-allowed", heading="all-services")), Said("allowed", heading="T2020")
    )
    (flag,) = flags(kb)
    sides = {side.says: [policy and policy.id for policy in side.policies] for side in flag.sides}
    assert sides == {"Allows it": ["zz/p1"], "Refuses it": ["zz/p0"]}


def test_a_refusal_on_a_condition_says_so(example: KnowledgeBase) -> None:
    kb = world(example, Said("allowed"), Said("not-allowed", more=(("condition", "The group is of seven."),)))
    assert [side.says for side in flags(kb)[0].sides] == ["Allows it", "Refuses it in some cases"]


OPPOSITES = [
    ("Given to one person", "Given to a group"),
    ("Individual job coaching", "Group of two"),
    ("Given face-to-face", "Given by telehealth"),
    ("The initial phase", "Maintenance after 90 days"),
]


@pytest.mark.parametrize(("one", "other"), OPPOSITES)
def test_opposite_meanings_are_flagged(example: KnowledgeBase, one: str, other: str) -> None:
    (flag,) = flags(world(example, Said("allowed", one), Said("required", other)))
    assert flag.kind == "opposite meanings"
    assert len(flag.sides) == 2


def test_a_meaning_against_the_general_label_is_flagged(example: KnowledgeBase) -> None:
    (flag,) = flags(world(example, Said("allowed", "Individual session")), label="Given to a group")
    assert [(side.says, [policy and policy.id for policy in side.policies]) for side in flag.sides] == [
        ("Speaks of a group", [None]),
        ("Speaks of one person", ["zz/p0"]),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Said("allowed", "With HQ for a group, without it for one person"), Said("allowed", "A group")),
        (Said("line", "One person", modifier="HQ U4"), Said("allowed", "A group")),
        (Said("not-allowed", "Only sessions for one person are paid", heading="T2020"), Said("allowed", "A group")),
        (Said("allowed", "A group of two"), Said("allowed", "A group of three")),
        (Said("unknown", "The notice on one person could not be read"), Said("allowed", "A group")),
    ],
    ids=["names both sides", "a row with several modifiers", "a refusal", "the same side", "not known"],
)
def test_what_is_on_no_side_or_the_same_is_no_opposite(example: KnowledgeBase, one: Said, other: Said) -> None:
    assert flags(world(example, one, other)) == []


def test_only_a_modifier_left_to_payers_may_have_a_meaning_of_its_own(example: KnowledgeBase) -> None:
    said = (Said("allowed", "Level 1", modifier=name) for name in ("U4", "GT"))
    for name, one in zip(("U4", "GT"), said, strict=True):
        kb = world(example, one, one._replace(meaning="Payer's waiver"), one._replace(meaning="level 1."))
        found = flags(kb, name)
        assert [flag.kind for flag in found] == (["a meaning of its own"] if name == "U4" else [])
        if found:
            assert [(side.says, len(side.policies)) for side in found[0].sides] == [
                ("Level 1", 2),
                ("Payer's waiver", 1),
            ]


def test_every_place_where_a_modifier_stands_is_found(example: KnowledgeBase) -> None:
    found = mentions(example, EXAMPLE_DAY)
    assert sorted({(one.use, one.with_) for one in found["HQ"]}) == [
        ("allowed", ()), ("counts", ("U4",)), ("listed", ("U4",)),
    ]  # fmt: skip
    assert [one.meaning for one in found["HQ"] if one.use == "allowed"] == ["Group of two to four"]
    assert "Rate: $38.34 per day" in {one.meaning for one in found["HQ"]}


def test_the_page_flags_shows_both_sides_and_says_that_silence_is_no_refusal(example: KnowledgeBase) -> None:
    kb = world(example, Said("required", "Given to a group"), Said("not-allowed", "Never paid"))
    text = modifiers_page(kb, EXAMPLE_DAY)
    assert "⇄ Used differently" in text
    assert re.search(r"<strong>Asks for it</strong>: <a [^>]+>Payer 0</a>", text)
    assert re.search(r"<strong>Refuses it</strong>: <a [^>]+>Payer 1</a>", text)
    assert "A modifier that no source mentions is not refused" in text
    assert '<tr id="u5">' in text[text.index("not-mentioned }") :]


def test_a_page_without_contradictions_says_so_and_claims_no_agreement(shipped: KnowledgeBase) -> None:
    text = modifiers_page(shipped, TODAY)
    flagged = "⇄" in text[text.index("{: #contradictions }") : text.index("What is flagged, exactly")]
    assert flagged != ("None today, in what is in the knowledge base." in text)
    for name in ("22", "hq", "u4", "tg", "gt", "ga"):
        assert f"{{: #{name} }}" in text


def test_modifier_22_is_unknown_where_nobody_knows_and_each_place_looked_is_counted(shipped: KnowledgeBase) -> None:
    text = modifiers_page(shipped, TODAY)
    part = text[text.index("{: #22 }") : text.index("{: #ga }")]
    asked: dict[str, Any] = {"modifier": "22", "code": "H2024", "date_of_service": TODAY, "evidence": "undated"}
    answers = [shipped.modifier(policy.id, **asked) for policy in shipped.policies()]
    unknown = [answer for answer in answers if isinstance(answer, Unknown)]
    assert f"for {len(unknown)} of {len(answers)} policies nobody knows" in part
    looked = [answer for answer in unknown if answer.searched]
    assert len(re.findall(r"last on [A-Z][a-z]{2} \d{1,2}, 20\d\d", part)) == len(looked)
    assert "Not allowed" not in part


def test_a_plan_that_follows_is_named_beside_the_policy_it_follows(example: KnowledgeBase) -> None:
    assert re.search(r"also for <a [^>]+>Example Health Plan</a>", modifiers_page(example, EXAMPLE_DAY))


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "a {: #b } | *c* [d](e)", "{{ 7*7 }}"])
def test_markup_in_data_stays_text(example: KnowledgeBase, hostile: str) -> None:
    kb = world(example, Said("required", hostile), Said("not-allowed", hostile))
    text = modifiers_page(kb, EXAMPLE_DAY)
    assert "<script>alert" not in text
    assert "49" not in re.sub(r"\d{4}-\d\d-\d\d", "", text)
    for line in text.splitlines():
        assert not line.startswith("#") or hostile not in line


@pytest.mark.parametrize(("more", "state"), [((), "in force"), (ENDED, "ended"), (LATER, "not yet in force")])
def test_a_row_says_whether_it_holds_today(
    example: KnowledgeBase, more: tuple[tuple[str, Any], ...], state: str
) -> None:
    found = mentions(world(example, Said("allowed", more=more)), EXAMPLE_DAY)["HQ"]
    assert [one.entry.state for one in found] == [state]


def test_when_a_rule_holds_only_for_some_lines_that_is_shown(example: KnowledgeBase) -> None:
    when = When(place_of_service=("18",))
    kb = world(example, Said("allowed", more=(("when", when), ("condition", "The plan says so"))))
    assert mentions(kb, EXAMPLE_DAY)["HQ"][0].only == "The plan says so; place of service 18"

"""Invented payers, each of which offers one kind of edit or several, and lines that need them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec
from answers import EXAMPLE_DAY, ROOT

from h2024kb import ServiceLine
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import (
    BillingLine,
    BillInstead,
    Entry,
    Limit,
    ModifierEntries,
    ModifierUse,
    Rounding,
    Rules,
    Span,
    When,
)
from h2024kb.load import load_folder

CLAIMS_EXAMPLE: Final = ROOT / "tests" / "claims-example"
YEAR: Final = dt.date(2022, 1, 1)
SUMMER: Final = dt.date(2024, 7, 1)
NO_WAY: Final = "Nothing this payer says about the code offers another way to bill what was given."
NOTHING_BROKEN: Final = "No known rule is broken."


def said(value: Any, start: dt.date = YEAR, **more: Any) -> Entry[Any]:
    return Entry(value=value, effective_date=start, source="manual", locator=f"page {start.year}", **more)


def use(name: str, how: Any, meaning: str, **more: Any) -> ModifierEntries:
    return ModifierEntries(modifier=name, entries=(said(ModifierUse(use=how, meaning=meaning), **more),))


def table(*rows: tuple[tuple[str, ...], str]) -> tuple[Entry[Any], ...]:
    listed = tuple(BillingLine(modifiers=modifiers, describes=describes) for modifiers, describes in rows)
    return (said(listed, complete=True),)


def instead(*rows: tuple[str, tuple[str, ...], str]) -> tuple[Entry[Any], ...]:
    listed = tuple(BillInstead(code=code, modifiers=modifiers, describes=says) for code, modifiers, says in rows)
    return (said(listed),)


REFUSED: Final = (said("not-covered"),)
CHANGED: Final = (said("conditional", SUMMER), said("covered"))
U4: Final = use("U4", "required", "The waiver pays")
U5: Final = use("U5", "required", "At level 5")
U6: Final = use("U6", "required", "A second coach")
HQ: Final = use("HQ", "allowed", "Given to a group")
GROUPS: Final = table((("U4",), "One member"), (("U4", "HQ"), "A group"))
DAY_OR_QUARTER: Final = instead(
    ("H2023", ("U4",), "Each quarter of an hour"), ("36U", (), "Each hour"), ("T2018", (), "A day")
)

PAYERS: Final[dict[str, tuple[Rules, ...]]] = {
    "required": (Rules(heading="H2024", modifiers=(HQ, U4)),),
    "table": (Rules(heading="H2024", modifiers=(HQ, U4), billing_lines=GROUPS),),
    "only-table": (Rules(heading="H2024", billing_lines=table(((), "One member"), (("U4",), "One at level 4"))),),
    "refused": (
        Rules(
            heading="H2024",
            modifiers=(use("22", "not-allowed", "Nobody bills it"), use("U5", "not-allowed", "The school pays")),
        ),
    ),
    "adult": (
        Rules(
            heading="H2024",
            modifiers=(
                use("U4", "required", "An adult", when=When(place_of_service=("11", "12"), age=Span(from_=18))),
            ),
        ),
    ),
    "other-code": (Rules(heading="H2024", coverage=REFUSED, bill_instead=DAY_OR_QUARTER),),
    "not-known": (
        Rules(heading="H2024", bill_instead=instead(("H2023", (), "Each quarter of an hour"))),
        Rules(heading="H2023", coverage=(said("covered"),)),
    ),
    "unit": (
        Rules(
            heading="H2024",
            coverage=(said("covered"),),
            unit=(said("15-minutes"),),
            bill_instead=instead(("H2023", (), "Each quarter of an hour")),
        ),
    ),
    "changed": (Rules(heading="H2024", coverage=CHANGED),),
    "limited": (Rules(heading="H2024", coverage=CHANGED, limits=(said((Limit(units=Decimal(1), per="day"),)),)),),
    "week": (Rules(heading="H2024", coverage=CHANGED, limits=(said((Limit(units=Decimal(2), per="week"),)),)),),
    "changed-and-required": (Rules(heading="H2024", coverage=CHANGED, modifiers=(U4,)),),
    "code-and-modifier": (
        Rules(heading="H2024", coverage=REFUSED, bill_instead=instead(("H2026", (), "Follow-up"))),
        Rules(heading="H2026", modifiers=(U5,)),
    ),
    "three": (
        Rules(heading="H2024", coverage=REFUSED, bill_instead=instead(("H2026", (), "Follow-up"))),
        Rules(heading="H2026", coverage=CHANGED, modifiers=(U5,)),
    ),
    "two-required": (Rules(heading="H2024", modifiers=(U4, U5)),),
    "all-at-once": (Rules(heading="H2024", coverage=CHANGED, modifiers=(U4, U5, U6)),),
    "itself": (
        Rules(
            heading="H2024",
            coverage=(said("covered", when=When(modifiers=("U4",))), said("not-covered")),
            modifiers=(use("U4", "allowed", "A level"),),
            bill_instead=instead(("H2024", ("U4",), "With the modifier")),
        ),
    ),
    "chain": (
        Rules(heading="H2024", coverage=REFUSED, bill_instead=instead(("H2026", (), "Follow-up"))),
        Rules(heading="H2026", coverage=REFUSED, bill_instead=instead(("T2018", (), "Habilitation"))),
    ),
    "rounded": (
        Rules(
            heading="H2023",
            rounding=(
                said(Rounding(unit="15-minutes", units_from_minutes="whole")),
                said(Rounding(unit="15-minutes", units_from_minutes="midpoint"), when=When(modifiers=("U4",))),
                said(Rounding(unit="15-minutes", units_from_minutes="up"), when=When(modifiers=("U5",))),
            ),
            modifiers=(HQ,),
            limits=(said((Limit(amount=Decimal(100), per="day"), Limit(units=Decimal(8), per="day"))),),
        ),
        Rules(heading="36U", rounding=(said(Rounding(unit="hour", units_from_minutes="whole")),)),
        Rules(
            heading="H2024", rounding=(said(Rounding(unit="15-minutes", units_from_minutes="whole")),), modifiers=(U4,)
        ),
    ),
    "every-code": (
        Rules(heading="all-services", billing_lines=table((("U4",), "One member"), (("U5",), "At level 5"))),
    ),
}
"""What each payer says; it stands for what a policy file would."""


def world() -> KnowledgeBase:
    """The payers, with the codes of the invented world of lines; modifiers 22 and TS speak of the claim alone."""
    contents = load_folder(CLAIMS_EXAMPLE, EXAMPLE_DAY).contents
    pilot = next(policy for policy in contents.policies if policy.id == "zz/pilot")
    made = tuple(
        msgspec.structs.replace(pilot, id=f"zz/{name}", program=name, rules=rules) for name, rules in PAYERS.items()
    )
    units = next(policy for policy in contents.policies if policy.id == "zz/units")
    rows = tuple(
        msgspec.structs.replace(row, about="claim" if row.modifier in ("22", "TS") else "service")
        for row in contents.code_sets.modifiers
    )
    sets = msgspec.structs.replace(contents.code_sets, modifiers=rows)
    own = msgspec.structs.replace(units, rules=(), follows=())
    return KnowledgeBase.of(msgspec.structs.replace(contents, policies=(*made, own), code_sets=sets))


def line(payer: str, *modifiers: str, **told: Any) -> ServiceLine:
    given = {"code": "H2024", "date_of_service": dt.date(2024, 6, 30), "units": Decimal(1), "modifiers": modifiers}
    return ServiceLine(policy=f"zz/{payer}", **{**given, **told})


def days(payer: str, count: int, *modifiers: str, **told: Any) -> ServiceLine:
    """A line of so many days, from the last day before the summer, one unit a day."""
    last = dt.date(2024, 6, 30) + dt.timedelta(days=count - 1)
    return line(payer, *modifiers, **{"last_date_of_service": last, "units": Decimal(count), **told})


def quarters(units: int | str | None, minutes: int | str, *modifiers: str, **told: Any) -> ServiceLine:
    """A line of quarters of an hour, with a charge."""
    given = {"code": "H2023", "minutes": Decimal(minutes), "charge": Decimal(90), **told}
    return line("rounded", *modifiers, units=None if units is None else Decimal(units), **given)


Way = tuple[int, tuple[str, ...]]


class Case(NamedTuple):
    """A line, and each way to mend it: the edits as `field: was → becomes (only if)`, and how many lines it makes."""

    name: str
    line: ServiceLine
    ways: Sequence[Way] = ()
    because: str | None = None
    others: Sequence[ServiceLine] | None = None


SPLIT: Final = "lines: 1 line → 2 lines, one a day, 1 unit each"
WITH_U4: Final = "modifiers: No modifier → U4 (The waiver pays)"
WITH_U4_ADULT: Final = "modifiers: No modifier → U4 (An adult)"
THREE_LINES: Final = "lines: 1 line → 3 lines, one a day, 1 unit each"
A_MONTH: Final = "lines: 1 line → 31 lines, one a day, 1 unit each"
TINY: Final = "code: H2024, units: 0.000000000000012 → T2018, units: 0.000000000000012 (A day)"
AS_QUARTERS: Final = "code: H2024, units: 1 → H2023 U4, units: 4 (Each quarter of an hour)"
AS_HOUR: Final = "code: H2024, units: 1 → 36U, units: 1 (Each hour)"
AS_DAY: Final = "code: H2024, units: 1 → T2018, units: 1 (A day)"
AS_FOLLOW_UP: Final = "code: H2024, units: 1 → H2026, units: 1 (Follow-up)"
HOUR: Final = Decimal(60)
DOZEN: Final = Decimal(12)

BACK: Final = line("required", claim="A", frequency="8")

CASES: Final = (
    Case("nothing is broken", line("required", "U4"), because=NOTHING_BROKEN),
    Case("a required modifier", line("required"), [(1, (WITH_U4,))]),
    Case("one that is required elsewhere", line("adult", place_of_service="18", age=20), because=NOTHING_BROKEN),
    Case("one that is required of others", line("adult", place_of_service="12", age=17), because=NOTHING_BROKEN),
    Case("one that may be required", line("adult", place_of_service="12"), because=NOTHING_BROKEN),
    Case("one that is required here", line("adult", place_of_service="12", age=20), [(1, (WITH_U4_ADULT,))]),
    Case("modifiers not given", line("other-code", modifiers=None), [(1, (AS_DAY,))]),
    Case(
        "each row of a table",
        line("table"),
        [(1, ("modifiers: No modifier → U4 (One member)",)), (1, ("modifiers: No modifier → U4 HQ (A group)",))],
    ),
    Case("rows that keep a group a group", line("table", "HQ"), [(1, ("modifiers: HQ → HQ U4 (A group)",))]),
    Case("a modifier given twice", line("table", "HQ", "HQ"), [(1, ("modifiers: HQ HQ → HQ U4 (A group)",))]),
    Case("a modifier that no row has", line("only-table", "HK"), because=NO_WAY),
    Case(
        "one about the claim goes for a row",
        line("only-table", "22", "U4"),
        [(1, ("modifiers: 22 U4 → U4 (One at level 4)",))],
    ),
    Case("a refused one about the claim", line("refused", "22", "HQ"), [(1, ("modifiers: 22 HQ → HQ",))]),
    Case("a refused one about the service", line("refused", "U5"), because=NO_WAY),
    Case("units of time", line("other-code", minutes=HOUR), [(1, (AS_QUARTERS,)), (1, (AS_HOUR,)), (1, (AS_DAY,))]),
    Case("time that comes out uneven", line("other-code", minutes=Decimal(61)), [(1, (AS_DAY,))]),
    Case(
        "units that are not given",
        line("other-code", units=None, minutes=Decimal("60.0")),
        [
            (1, ("code: H2024, units not given → H2023 U4, units: 4 (Each quarter of an hour)",)),
            (1, ("code: H2024, units not given → 36U, units: 1 (Each hour)",)),
        ],
    ),
    Case("neither units nor time", line("other-code", units=None), because=NO_WAY),
    Case("a modifier that no other code has", line("other-code", "HQ", minutes=HOUR), because=NO_WAY),
    Case(
        "a modifier that one code has",
        line("other-code", "U4", "22", minutes=HOUR),
        [(1, ("code: H2024 U4 22, units: 1 → H2023 U4, units: 4 (Each quarter of an hour)",))],
    ),
    Case(
        "coverage that is not known",
        line("not-known", minutes=HOUR),
        [(1, ("code: H2024, units: 1 → H2023, units: 4 (Each quarter of an hour)",))],
    ),
    Case(
        "units that clash",
        line("unit", minutes=HOUR),
        [(1, ("code: H2024, units: 1 → H2023, units: 4 (Each quarter of an hour)",))],
    ),
    Case("a change of rules", days("changed", 2, minutes=Decimal(481), charge=Decimal("100.01")), [(2, (SPLIT,))]),
    Case(
        "time that does not come out even in cents",
        days("changed", 3, minutes=Decimal(100)),
        [(3, ("lines: 1 line → 3 lines, one a day, 1 unit each",))],
    ),
    Case(
        "as many days as are split", days("changed", 31), [(31, ("lines: 1 line → 31 lines, one a day, 1 unit each",))]
    ),
    Case("more days than are split", days("changed", 32), because=NO_WAY),
    Case("units that do not fill the days", days("changed", 2, units=Decimal(1)), because=NO_WAY),
    Case("days whose units are not given", days("changed", 2, units=None), because=NO_WAY),
    Case("days that end before they start", days("changed", 0), because=NOTHING_BROKEN),
    Case("a day that other lines have used up", days("limited", 2), because=NO_WAY, others=[line("limited")]),
    Case("a day that other lines leave", days("limited", 2), [(2, (SPLIT,))], others=[]),
    Case("days that together are too many", days("week", 9), because=NO_WAY),
    Case(
        "a line that was taken back",
        line("required", claim="A"),
        because=NOTHING_BROKEN,
        others=[line("required", claim="A", frequency="8")],
    ),
    Case("a modifier, then a split", days("changed-and-required", 2), [(2, (WITH_U4, SPLIT))]),
    Case(
        "a code, then a modifier",
        line("code-and-modifier"),
        [(1, (AS_FOLLOW_UP, "modifiers: No modifier → U5 (At level 5)"))],
    ),
    Case(
        "a code, a modifier, then a split",
        days("three", 2),
        [
            (
                2,
                (
                    "code: H2024, units: 2 → H2026, units: 2 (Follow-up)",
                    "modifiers: No modifier → U5 (At level 5)",
                    SPLIT,
                ),
            )
        ],
    ),
    Case("two modifiers", line("two-required"), [(1, (WITH_U4, "modifiers: U4 → U4 U5 (At level 5)"))]),
    Case(
        "three modifiers and a split",
        days("all-at-once", 2),
        [
            (
                2,
                (
                    WITH_U4,
                    "modifiers: U4 → U4 U5 (At level 5)",
                    "modifiers: U4 U5 → U4 U5 U6 (A second coach)",
                    SPLIT,
                ),
            )
        ],
    ),
    Case("the code itself instead of it", line("itself"), because=NO_WAY),
    Case("another code instead of another code", line("chain"), because=NO_WAY),
    Case(
        "another payer's own code",
        line("every-code", code="36U"),
        [(1, ("modifiers: No modifier → U4 (One member)",)), (1, ("modifiers: No modifier → U5 (At level 5)",))],
    ),
    Case("another payer's own code with a modifier", line("every-code", "HK", code="36U"), because=NO_WAY),
    Case("a code that nobody has", line("every-code", code="99213"), because=NOTHING_BROKEN),
    Case("a line without a code", line("every-code", code=None), because=NOTHING_BROKEN),
    Case("units that the minutes give", quarters(4, 60), because=NOTHING_BROKEN),
    Case("units of full quarters", quarters(4, 59), [(1, ("units: 4 → 3",))]),
    Case("units from half a quarter on", quarters(4, "52.4", "U4"), [(1, ("units: 4 → 3",))]),
    Case("units from just half a quarter", quarters(6, "52.50", "U4"), [(1, ("units: 6 → 4",))]),
    Case("units of any part of a quarter", quarters(5, "45.1", "U5"), [(1, ("units: 5 → 4",))]),
    Case("units of no part of another quarter", quarters(5, "45.0", "U5"), [(1, ("units: 5 → 3",))]),
    Case("parts of a unit", quarters("3.50", 46), [(1, ("units: 3.5 → 3",))]),
    Case("less time than a unit has", quarters(1, 14), because=NO_WAY),
    Case("less time than none", quarters(1, -15), because=NO_WAY),
    Case("less time than none, of which any part counts", quarters(2, -1, "U5"), because=NO_WAY),
    Case("fewer units, and more of them than a day has", quarters(40, 120), [(1, ("units: 40 → 8",))], others=[]),
    Case("fewer units that are too many all the same", quarters(40, 135), because=NO_WAY, others=[]),
    Case("units whose minutes are not given", line("rounded", code="H2023", units=Decimal(9)), because=NO_WAY),
    Case("minutes of units that are not given", quarters(None, 15), because=NOTHING_BROKEN),
    Case("a rounding that modifiers decide", quarters(40, 59, modifiers=None), because=NO_WAY),
    Case("another payer's own hours", quarters(2, 60, code="36U"), because=NOTHING_BROKEN),
    Case("a rounding for other units", line("rounded", minutes=Decimal(1)), [(1, (WITH_U4,))]),
    Case(
        "an amount of many digits",
        line("other-code", units=DOZEN.scaleb(-15), minutes=None),
        [(1, (TINY,))],
    ),
)
"""Every kind of edit, what makes an edit impossible, and every reason for none."""

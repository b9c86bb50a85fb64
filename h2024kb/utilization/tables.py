"""Figures of use as tables, the same for a terminal, a page and CSV: the lines' own, then the benchmark beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from h2024kb.knowledge.code_sets import Benchmark, PaidPerClaim, Utilization
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.utilization.cells import (
    HIDDEN,
    HIDING,
    SHOWING,
    SMALL,
    SMALLEST,
    Cell,
    bin_parts,
    count,
    counts,
    may_show,
    money,
    number,
    parts,
    percent,
)
from h2024kb.utilization.counting import Figures, LineUtilization, Year
from h2024kb.utilization.spread import Spread

TOGETHER: Final = "All"
NONE: Final = "the benchmark has none"
NOT_GIVEN: Final = "no line gives it"
PERCENTILES: Final = {"p10": "10th percentile", "p25": "25th percentile", "median": "median"} | {
    "p75": "75th percentile",
    "p90": "90th percentile",
}
SPREADS: Final = {
    "days_per_member_month": "Days per member-month",
    "units_per_member_month": "Units per member-month",
    "units_per_line": "Units per line",
    "charge_per_line": "Charge per line, $",
    "charge_per_unit": "Charge per unit, $",
    "charge_per_claim": "Charge per claim, $",
}
MIX_WORDS: Final = {
    "modifiers": ("Modifier mix", "Modifiers"),
    "places_of_service": ("Place-of-service mix", "Place of service"),
    "payers": ("Payers", "Policy or payer"),
}
NOT_GIVEN_WORDS: Final = {
    "days": "days of service: several days, and the units do not say how many of them",
    "jurisdictions": "jurisdiction",
}
HOW: Final = (
    "Lines that a later claim takes back or replaces, or may (frequency 8 or 7), and lines read twice are not counted.",
    "A member-month is a calendar month in which a member has a line: a month of service, not of enrollment. Lines "
    "without a member are in none, and in no count of members or days.",
    "A day of service is one member on one day. A line over several days shows each of them where it bills a per-diem "
    "code with as many units as days. With other units it shows as many days as units, at most all it covers, and not "
    "which; they are laid on its first days that no other line of the member fills. Any other line over several days "
    "does not show its days. Where a line leaves open how many days or units a month has, that month is left out of "
    "the spread.",
    "A code's unit is that of its HCPCS descriptor; a payer may count differently. Codes that count different things "
    "have no units together.",
    "A percentile that falls between two values lies between them in proportion.",
    "A line is counted in the year of its first day, a day of service in its own year.",
)
BESIDE: Final = (
    "The benchmark counts claims and what was paid. It has no days, units, modifiers or places of service, so there is "
    "nothing to compare with these.",
    "A charge is what was billed, not what was paid. The benchmark's percentiles are of providers' averages; the mean "
    "charge per claim of one provider's lines is nearest to such an average, and still a charge.",
)


class Table(NamedTuple):
    """A table: the first column is a code; `keys` says whether the second, too, names what a row is about."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    keys: int = 2


class FigureRow(NamedTuple):
    """One figure of a table, flat; `item` is what it is about beside the code, where there is such."""

    table: str
    code: Cell
    item: Cell
    figure: str
    value: Cell


def tables(kb: KnowledgeBase, found: LineUtilization, *, jurisdiction: str | None = None, hide: bool) -> list[Table]:
    """Returns every table that has rows; with a jurisdiction, the benchmark's states are that one only."""
    groups = shown_groups(found)
    made = [_counts(groups, hide), _spreads(groups, hide), *_mixes(kb, groups, hide), _days(groups, hide)]
    made += [_years(groups, hide), _not_given(groups, hide)]
    for benchmark in kb.contents.benchmarks:
        made += [_beside(benchmark, found, hide), _states(benchmark, found, jurisdiction, hide)]
    return [_without_leaks(table) for table in made if table.rows]


def _without_leaks(table: Table) -> Table:
    """Leaves out what all codes have together where it would give away what is hidden for one of them."""
    if not any(SMALL in row or HIDDEN in row for row in table.rows if row[0] != TOGETHER):
        return table
    return table._replace(rows=[row for row in table.rows if row[0] != TOGETHER])


def shown_groups(found: LineUtilization) -> list[Figures]:
    """Returns the figures to show: each code's, and those of all together where there are several."""
    return [*found.codes, found.together] if len(found.codes) > 1 else list(found.codes)


def remarks(*, hide: bool) -> tuple[str, ...]:
    """Returns how everything is counted and what is hidden, in sentences."""
    return (*HOW, *BESIDE, HIDING if hide else SHOWING)


def summed(found: LineUtilization, *, hide: bool) -> str:
    """Returns in one sentence where each line read went."""
    names = ("counted", "taken_back_or_replaced", "of_other_codes", "without_a_code")
    cells = [count(getattr(found, name), hide) for name in names]
    whole: Cell = found.lines_read
    if hide and any(0 < one.lines < SMALLEST for one in found.codes):
        cells[0] = cells[0] if cells[0] == SMALL else HIDDEN
    if SMALL in cells or HIDDEN in cells:
        whole = HIDDEN
    listed = ", ".join(f"{name.replace('_', ' ')}: {cell}" for name, cell in zip(names, cells, strict=True))
    return f"lines read: {whole}, {listed}"


def place_names(kb: KnowledgeBase) -> dict[str, str]:
    """Returns places of service in words, by their codes."""
    return {
        row.place_of_service: f"{row.place_of_service} {row.name}" for row in kb.contents.code_sets.places_of_service
    }


def figure_rows(made: Iterable[Table]) -> Iterator[FigureRow]:
    """Yields a row for each figure of the tables, for other programs."""
    for table in made:
        for row in table.rows:
            item = row[1] if table.keys == 2 else ""
            for figure, cell in zip(table.columns[table.keys :], row[table.keys :], strict=True):
                yield FigureRow(table.name, row[0], item, figure, cell)


def _name(figures: Figures) -> str:
    return figures.code or TOGETHER


def _counts(groups: list[Figures], hide: bool) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            _name(one),
            (one.unit or ("not known" if one.code else "they differ")).replace("-", " "),
            *(count(n, hide) for n in (one.lines, one.claims, one.members, one.member_months, one.days)),
            *_sums(one, count(one.lines, hide)),
        )
        for one in groups
    ]
    counted = ("Lines", "Claims", "Members", "Member-months", "Days of service", "Units", "Charge, $")
    return Table("counts", "What was counted", ("Code", "Unit", *counted), rows, keys=1)


def _sums(one: Figures | Year, lines: Cell) -> tuple[Cell, Cell]:
    """Units and charge; hidden where the number of lines is."""
    if isinstance(lines, str):
        return HIDDEN, HIDDEN
    return number(one.units), money(one.charge)


def _spreads(groups: list[Figures], hide: bool) -> Table:
    rows = [
        (_name(one), words, *_spread(spread, one, hide, in_dollars=name.startswith("charge")))
        for one in groups
        for name, words in SPREADS.items()
        if (spread := getattr(one, name)) is not None
    ]
    columns = ("Code", "Figure", "Of", "Mean", "10th", "25th", "Median", "75th", "90th", "Left out")
    return Table("spreads", "How it spreads: mean and percentiles", columns, rows)


def _spread(spread: Spread, figures: Figures, hide: bool, *, in_dollars: bool) -> tuple[Cell, ...]:
    of, left_out = counts([spread.of, spread.left_out], hide)
    names = ("mean", *PERCENTILES)
    if not may_show(spread, figures, hide):
        return of, *((HIDDEN if spread.of else "",) * len(names)), left_out
    write = money if in_dollars else number
    return of, *(write(getattr(spread, name)) for name in names), left_out


def _mixes(kb: KnowledgeBase, groups: list[Figures], hide: bool) -> Iterator[Table]:
    places = place_names(kb)
    for name, (title, column) in MIX_WORDS.items():
        if name == "payers" and all(row.name is None for one in groups for row in one.payers):
            continue
        names = places if name == "places_of_service" else {}
        rows: list[tuple[Cell, ...]] = [
            (_name(one), part.label, part.counted, percent(part.share), part.claims, part.members)
            for one in groups
            for part in parts(getattr(one, name), names, hide)
        ]
        yield Table(name, title, ("Code", column, "Lines", "% of lines", "Claims", "Members"), rows)


def _days(groups: list[Figures], hide: bool) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_name(one), part.label, part.counted, percent(part.share))
        for one in groups
        for part in bin_parts(one.days_of_member_months, hide)
    ]
    columns = ("Code", "Days of service", "Member-months", "% of member-months")
    return Table("days_of_member_months", "Member-months by days of service", columns, rows)


def _years(groups: list[Figures], hide: bool) -> Table:
    rows = [row for one in groups for row in _years_of(one, hide)]
    counted = ("Lines", "Claims", "Members", "Member-months", "Days of service", "Units", "Charge, $")
    return Table("years", "By year", ("Code", "Year", *counted, "Days per member-month, median"), rows)


def _years_of(one: Figures, hide: bool) -> Iterator[tuple[Cell, ...]]:
    names = ("lines", "claims", "members", "member_months", "days")
    cells = zip(*(counts([getattr(year, name) for year in one.years], hide) for name in names), strict=True)
    for year, row in zip(one.years, cells, strict=True):
        spread = year.days_per_member_month
        small = hide and (0 < year.members < SMALLEST or spread.of < SMALLEST)
        median = HIDDEN if small and spread.of else number(spread.median)
        yield _name(one), str(year.year or "not given"), *row, *_sums(year, row[0]), median


def _not_given(groups: list[Figures], hide: bool) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_name(one), NOT_GIVEN_WORDS.get(name, name.replace("_", " ")), count(lines, hide))
        for one in groups
        for name, lines in one.not_given.items()
        if lines and name not in MIX_WORDS
    ]
    return Table("not_given", "What lines leave out", ("Code", "Left out", "Lines"), rows)


def _beside(benchmark: Benchmark, found: LineUtilization, hide: bool) -> Table:
    national = {row.code: row for row in benchmark.codes}
    rows: list[tuple[Cell, ...]] = [
        (_name(one), *row) for one in found.codes for row in _pairs(one, national.get(_name(one)), hide)
    ]
    title = f"Beside the benchmark: {benchmark.title}"
    return Table("benchmark", title, ("Code", "Figure", "These lines", "Benchmark"), rows)


def _pairs(one: Figures, row: Utilization | None, hide: bool) -> Iterator[tuple[Cell, ...]]:
    def of_row(name: str) -> Cell:
        return NONE if row is None else getattr(row, name)

    yield "Claims", count(one.claims, hide), of_row("claims")
    yield "Billing providers", NOT_GIVEN, of_row("billing_providers")
    yield "Billing providers that were ever paid", NOT_GIVEN, of_row("providers_with_payment")
    yield "Members", count(one.members, hide), NONE
    months = count(one.member_months, hide)
    yield "Members added over months; benchmark: over providers too", months, of_row("beneficiary_counts_summed")
    yield "Paid, $", NOT_GIVEN, of_row("paid")
    for name, words in ("days_per_member_month", "Days per member-month"), ("units_per_line", "Units per line"):
        yield f"{words}, median", _one(getattr(one, name), "median", one, hide), NONE
    yield "Charge per unit, median, $", _one(one.charge_per_unit, "median", one, hide, in_dollars=True), NONE
    yield "Modifier mix", "in its table", NONE
    yield "Place-of-service mix", "in its table", NONE
    yield "Charge per claim, mean, $", _one(one.charge_per_claim, "mean", one, hide, in_dollars=True), NONE
    paid: PaidPerClaim | None = row.paid_per_claim if row else None
    for name, words in PERCENTILES.items():
        charged = _one(one.charge_per_claim, name, one, hide, in_dollars=True)
        yield f"Per claim, {words}, $: charged; paid", charged, NONE if paid is None else money(getattr(paid, name))


def _one(spread: Spread | None, name: str, one: Figures, hide: bool, *, in_dollars: bool = False) -> Cell:
    if spread is None or spread.of == 0:
        return NOT_GIVEN
    value: Decimal = getattr(spread, name)
    return (money if in_dollars else number)(value) if may_show(spread, one, hide) else HIDDEN


def _states(benchmark: Benchmark, found: LineUtilization, jurisdiction: str | None, hide: bool) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in found.codes:
        here = {share.name: share.claims for share in one.jurisdictions}
        there = {row.jurisdiction: row for row in benchmark.by_jurisdiction if row.code == one.code}
        names = sorted({*here, *there} if jurisdiction is None else {jurisdiction}, key=lambda name: name or "~")
        for name, claims in zip(names, counts([here.get(name, 0) for name in names], hide), strict=True):
            row = there.get(name)
            beside: tuple[Cell, ...] = (row.claims, row.billing_providers, row.paid) if row else (NONE, "", "")
            rows.append((_name(one), name or "not named", claims, *beside))
    columns = ("Code", "Jurisdiction", "Claims of these lines", "Claims", "Billing providers", "Paid, $")
    return Table("states", f"By state: {benchmark.title}", columns, rows)

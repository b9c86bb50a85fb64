"""The browser's evaluator says of every line what the Python one says, word for word."""

from __future__ import annotations

import operator
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pytest
from batch_lines import Pool, pool, worlds
from check_parity import Browser, Expected, checked, differences, drawn_lines, fixed, mends
from check_vectors import vectors
from fix_cases import CASES, world
from playwright.sync_api import Browser as Chromium
from slices import slice_of

from h2024kb.line import ServiceLine

AT_ONCE: Final = 1000
FIXES: Final = 400
SEED: Final = 20261123
WORLDS: Final = ("tests/example", "tests/claims-example", "policies")
SlipWorlds = list[tuple[Browser, list[Expected]]]
Held = dict[str, tuple[Pool, Browser, list[ServiceLine]]]


@pytest.fixture(scope="module")
def held(chromium: Chromium) -> Iterator[Held]:
    """Each world, with a page that holds its rules, and the lines made for every value of them."""
    context = chromium.new_context()
    yield {name: (pool(kb), Browser(context.new_page(), kb), vectors(kb)) for name, kb in worlds().items()}
    context.close()


@pytest.fixture(scope="module")
def checked_vectors(held: Held) -> dict[str, list[Expected]]:
    """What Python says of the lines made for every value."""
    return {name: list(checked(drawn.kb, lines)) for name, (drawn, _, lines) in held.items()}


@pytest.fixture(scope="module")
def slip_worlds(chromium: Chromium, held: Held, checked_vectors: dict[str, list[Expected]]) -> Iterator[SlipWorlds]:
    """Pages in which slips are made, each with lines: first those made for every value, then random ones."""
    context, made, random_ones = chromium.new_context(), [], []
    for name, (drawn, _, _) in held.items():
        if name != "policies":
            browser = Browser(context.new_page(), drawn.kb)
            made.append((browser, checked_vectors[name]))
            random_ones.append((browser, list(checked(drawn.kb, drawn_lines(3, drawn, 10 * AT_ONCE)))))
    yield [*made, *random_ones]
    context.close()


@pytest.mark.parametrize("number", slice_of((9, 340), 1))
@pytest.mark.parametrize("name", WORLDS)
def test_random_lines_are_checked_alike(held: Held, name: str, number: int) -> None:
    drawn, browser, _ = held[name]
    for seed in range(SEED, SEED + number):
        assert list(differences(browser, checked(drawn.kb, drawn_lines(seed, drawn, AT_ONCE)))) == [], seed


@pytest.mark.parametrize("name", WORLDS)
def test_every_value_that_a_rule_can_tell_apart_is_checked_alike(
    held: Held, checked_vectors: dict[str, list[Expected]], name: str
) -> None:
    _, browser, lines = held[name]
    assert len(lines) > 1000
    assert list(differences(browser, checked_vectors[name])) == []


@pytest.mark.parametrize("name", WORLDS)
def test_lines_are_mended_alike(held: Held, name: str) -> None:
    """Lines drawn at random, each with none, one or two others, or with others not told."""
    drawn, browser, made = held[name]
    for seed in range(SEED, SEED + 12):
        rng = random.Random(seed)
        lines = [*drawn_lines(seed, drawn, FIXES), *rng.sample(made, FIXES // 2)]
        shown = [rng.choice((None, [], lines[at : at + rng.choice((1, 2))])) for at in range(1, len(lines) + 1)]
        expected = [fixed(drawn.kb, *given) for given in zip(lines, shown, strict=True)]
        assert list(mends(browser, list(zip(lines, shown, strict=True)), expected)) == [], seed


LINES_TO_MEND: Final = [(case.line, case.others) for case in CASES]


@pytest.fixture(scope="module")
def payers(chromium: Chromium) -> Iterator[tuple[Browser, list[Any]]]:
    """A page that holds the rules of payers who offer every kind of edit, and what mends their lines."""
    kb, page = world(), chromium.new_page()
    yield Browser(page, kb), [fixed(kb, *given) for given in LINES_TO_MEND]
    page.close()


def test_every_kind_of_edit_is_made_alike(payers: tuple[Browser, list[Any]]) -> None:
    browser, expected = payers
    browser.slip("", "")  # takes back what another test may have done
    assert list(mends(browser, LINES_TO_MEND, expected)) == []


SLIPS: Final = {
    "before.includes(at) || !(sent.kind === '8' && before.length)": "before.includes(at) || sent.kind !== '8'",
    "kindOf(line) === '1' : byNumber": "kindOf(line) === '1' : true",
    "&& !sent.places.has(nameOf(line))": "",
    "? sent.replaces : sent.claim": "? sent.claim : sent.claim",
    "met.get(at) === 'shares' && surely(at)": "surely(at)",
    "if (before !== undefined && !lines.some(takenBack))": "if (before !== undefined)",
    "found[at] === 'perhaps' || line.code === null": "line.code === null",
    "edge <= line[cut.field]": "edge < line[cut.field]",
    "decimal.compare(own, cut.boundary) > 0": "decimal.compare(own, cut.boundary) >= 0",
    "bound(cut, line)) <= 0": "bound(cut, line)) < 0",
    "bound(cut, line)) >= 0": "bound(cut, line)) > 0",
    "judged.includes(null) ? null : judged[0]": "judged[0]",
    "...smallest(given, completed, either), ...inner.flat()": "...inner.flat()",
    "if (settled(places, completed, outcomes)) return told": "if (settled(places, completed, outcomes)) return names",
    "one.length - other.length || listOrder": "other.length - one.length || listOrder",
    "last < line.date_of_service": "last <= line.date_of_service",
    "start <= date": "start < date",
    "!NO_LINE_SHOWS.includes(name)": "true",
    "only.rule === 'frequency' || (": "(",
    "only.rule === 'code' && !only.needs.length": "only.rule === 'code'",
    "=== 'fail' ? 'fix' : 'clear'": "=== 'fail' ? 'clear' : 'fix'",
    "text.replace(BETWEEN, '').toUpperCase()": "text.toUpperCase()",
    "replace(BETWEEN, '').toUpperCase()": "replace(BETWEEN, '')",
    "own === null && state !== 'over'": "own === null",
    "proposed ? rule.likely": "true ? rule.likely",
    "!doubtful ? found : maybe(found)": "!doubtful ? found : found",
    "total.by_day || ": "",
    "total.per_diem.includes(line.code)": "false",
    "(number + laid) / 7": "number / 7",
    "!doubtful ? 'beside'": "true ? 'beside'",
    "least.has(laid) ? decimal.greater": "least.has(laid) ? decimal.lesser",
    "cut.plus ? decimal.plus(some, decimal.of(cut.plus)) : some": "some",
    "const [, numberOf] = PERIODS[per]": "const [, numberOf] = PERIODS.day",
    "first(line) === last(line) && ": "",
    "one.date_of_service + one.days - 1, 0)": "one.date_of_service, 0)",
}
"""Slips that somebody might make in the scripts."""


@pytest.mark.parametrize("right", SLIPS)
def test_a_slip_in_the_scripts_is_noticed(slip_worlds: SlipWorlds, right: str) -> None:
    for browser, parts in slip_worlds:
        assert browser.slip(right, SLIPS[right]) == 1
        if next(differences(browser, parts), None):
            return
    pytest.fail("nobody would notice")


FIX_SLIPS: Final = {
    "if (isIn(modifiers, kept)) yield": "yield",
    "[...new Set(modifiers)].filter(": "[...modifiers].filter(",
    "filter((name) => !aboutClaim(rules, name))": "slice()",
    "[...kept, ...modifiers.filter((name) => !kept.includes(name))]": "modifiers",
    "use === 'required'": "use !== 'not-allowed'",
    "'not-allowed' && aboutClaim(rules, name)": "'not-allowed'",
    "at * (cut.domain + 1) + (typeof": "at * cut.domain + (typeof",
    "code === line.code || ": "",
    "!isIn(modifiers, kept) || ": "",
    "code, modifiers, units })": "code, units })",
    "data.units[code] === data.units[line.code] && ": "",
    "n % (minutes * 10n ** BigInt(scale)) === 0n ?": "true ?",
    '"hour":60': '"hour":15',
    "? `units ${SAYS.not_given}` :": "? 'units: None' :",
    ".replace(/(\\.\\d*?)0+$/, '$1')": "",
    "days > MOST_DAYS || ": "",
    '"most_days_split":31': '"most_days_split":30',
    "|| units === null || decimal.compare(units, decimal.whole(days)) !== 0": "",
    "minutes: shareOf(line.minutes, days)": "minutes: line.minutes",
    "% parts === 0n ?": "% 1n === 0n ?",
    "last_date_of_service: null, ...share": "...share",
    '"open_to_edits":["bill-instead","dates","unit"]': '"open_to_edits":["bill-instead","dates"]',
    '["bill-instead","dates","unit"],': '["dates","unit"],',
    "|| finding.needs.length": "",
    "finding.rule === 'dates' || ": "",
    "[...lines, ...(others ?? [])]": "lines",
    "new MemberLines([...lines,": "new MemberLines([lines[0],",
    "if (way.lines.length > 1) return [];": "",
    "done && edit.field === 'code'": "false",
    "!(done && edit.field === 'code')": "!way.edits.some((one) => one.field === edit.field)",
    "while (tried.length) {": "while (tried.length && tried[0].edits.length < 3) {",
    "[...new Set(line.modifiers)].sort()": "[...new Set(line.modifiers)]",
    "if (kept.length) return": "if (kept.length > 1) return",
    "broken(rules, checkAmong(rules, line, others))": "broken(rules, rules.check(line, null))",
    "yield* byDay(line)": "",
    "yield* rounded(line, answerFor(rules, offers.rounding, line))": "",
    "units.n <= 0n || ": "",
    "unit * 5n": "unit * 4n",
    "how === 'up' && n % one !== 0n": "how === 'up'",
    "{ units, charge: null }": "{ units }",
}
"""Slips that somebody might make in the script of fixes, or in the numbers it is given."""


@pytest.mark.parametrize("right", FIX_SLIPS)
def test_a_slip_in_the_fixes_is_noticed(payers: tuple[Browser, list[Any]], right: str) -> None:
    browser, expected = payers
    assert browser.slip(right, FIX_SLIPS[right]) == 1
    assert list(mends(browser, LINES_TO_MEND, expected)) != []


SUMS: Final = """(pairs) => pairs.map(([one, other]) => {
    const { decimal } = h2024kb.check;
    const [a, b] = [decimal.of(one), decimal.of(other)];
    const made = ["plus", "minus", "times"].map((name) => decimal.text(decimal[name](a, b)));
    return [...made, decimal.compare(a, b)];
})"""


def test_decimals_are_added_multiplied_and_rounded_as_in_python(held: Held) -> None:
    """Python keeps 28 digits, half to even; a total of long amounts shows it."""
    rng = random.Random(5)
    pairs = [(some_decimal(rng), some_decimal(rng)) for _ in range(5000)]
    _, browser, _ = held["tests/example"]
    found = browser.page.evaluate(SUMS, [[f"{number:f}" for number in pair] for pair in pairs])
    for pair, (*made, order) in zip(pairs, found, strict=True):
        sums = [does(*pair) for does in (operator.add, operator.sub, operator.mul)]
        assert [Decimal(text) for text in made] == sums, pair
        assert order == (pair[0] > pair[1]) - (pair[0] < pair[1]), pair


def some_decimal(rng: Any) -> Decimal:
    """A number of few or many digits, often one that lies half-way where it is rounded."""
    digits = "".join(rng.choices("0123456789", k=rng.choice((1, 3, 15, 27, 28, 29))))
    tail = rng.choice(("", "5", "50", "49", "51", "5" + "0" * 12))
    sign = rng.choice(("", "-"))
    return Decimal(f"{sign}{digits}{tail}e-{rng.choice((0, 1, 2, 15, 30))}")

"""Whether the browser's evaluator says of lines what the Python one says: every finding, word for word.

Run as a script to check more: `PYTHONPATH=tests python tests/browser/check_parity.py --lines 1000000`.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from batch_lines import Pool, pool, random_lines, worlds
from playwright.sync_api import Page, sync_playwright

from h2024kb.claims.check import check_lines, checker
from h2024kb.claims.finding import Finding
from h2024kb.claims.fix import fix
from h2024kb.claims.result import Result
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.line import ServiceLine
from h2024kb.site.parts.script_file import script_data
from h2024kb.site.script_data.check_data import rules, shared, words

ROOT: Final = Path(__file__).parent.parent.parent
SCRIPTS: Final = tuple(f"docs/assets/check-{name}.js" for name in ("numbers", "other-lines", "evaluator", "fixes"))
AT_ONCE: Final = 1000
AMOUNTS: Final = ("units", "minutes", "charge")
LOOKED_AT: Final = tuple(
    name
    for name in ServiceLine.__struct_fields__
    if name not in ("policy", "payer", "payer_id", "jurisdiction", "line_of_business", "member")
)
"""The fields of a line that the evaluator is told; who pays is told by choosing a policy."""

HARNESS: Final = """
    {
    const { Rules, prepared, checkTogether, fix, written } = h2024kb.check;
    const kept = {};
    window.load = (text) => {
      window.given = text ?? window.given;
      for (const data of JSON.parse(window.given)) kept[data.policy] = new Rules(data);
    };
    function numberIn(all, thing) {
      const text = JSON.stringify(thing);
      if (!all.has(text)) all.set(text, all.size);
      return all.get(text);
    }
    window.check = (groups) => {
      const [results, findings] = [new Map(), new Map()];
      const full = (rules, finding) => {
        const { ground, ...said } = { ...finding, ...rules.ground(finding) };
        return numberIn(findings, said);
      };
      const found = groups.map(({ policy, together, lines }) => {
        const rules = kept[policy];
        const told = lines.map(prepared);
        const given = together ? checkTogether(rules, told) : told.map((line) => rules.check(line, null));
        return given.map((result) =>
          numberIn(results, { ...result, findings: result.findings.map((one) => full(rules, one)) }),
        );
      });
      const [made, says] = [results, findings].map((texts) => `[${[...texts.keys()]}]`);
      return `{"found":${JSON.stringify(found)},"results":${made},"findings":${says}}`;
    };
    window.mend = (all) => JSON.stringify(all.map(({ policy, lines: [line, ...others], together }) => {
      const rules = kept[policy];
      const { ways, because } = fix(rules, prepared(line), together ? others.map(prepared) : null);
      const full = ways.map(({ edits, lines }) => ({
        edits: edits.map((edit) => {
          const { citation, entry } = rules.ground(edit);
          return { ...edit, ground: null, citation, entry };
        }),
        lines: lines.map(written),
      }));
      return { ways: full, because };
    }));
    }
"""
"""`check` checks groups of lines and returns the number of each line's result among all different ones, whose findings
are numbers too; `mend` returns the fixes for the first line of each group."""


class Group(msgspec.Struct):
    """Lines of one policy, seen together where they are one member's; `at` are their places among all."""

    policy: str
    together: bool
    lines: list[dict[str, Any]]
    at: list[int]


class Difference(NamedTuple):
    """A line, what Python says of it, and what the browser says."""

    line: ServiceLine
    python: Any
    browser: Any


class Browser:
    """A page that holds the evaluator and the rules of a knowledge base."""

    def __init__(self, page: Page, kb: KnowledgeBase) -> None:
        self.page = page
        scripts = [(ROOT / script).read_text("utf-8") for script in SCRIPTS]
        self.scripts = [script_data("check-words", words(kb)).decode(), *scripts]
        self.slip("", "")
        page.evaluate("(text) => load(text)", all_rules(kb))

    def slip(self, right: str, wrong: str) -> int:
        """Makes one slip in the scripts, to see that it is noticed, and none of those before; returns where it fits."""
        fits = 0
        for text in self.scripts:
            fits += text.count(right) if right else 0
            self.page.add_script_tag(content=text.replace(right, wrong) if right else text)
        self.page.add_script_tag(content=HARNESS)
        self.page.evaluate("() => window.given && load()")
        return fits

    def check(self, groups: Sequence[Group], text: str) -> dict[int, Any]:
        """Returns the result of each line, by its place; equal ones are one object. `text` is the groups as JSON."""
        made = msgspec.json.decode(self.page.evaluate("(text) => check(JSON.parse(text))", text))
        findings = [plain(finding) for finding in made["findings"]]
        full = ({**result, "findings": [findings[n] for n in result["findings"]]} for result in made["results"])
        results = [_without_what_is_empty(result) for result in full]
        pairs = zip(groups, made["found"], strict=True)
        return {at: results[n] for group, found in pairs for at, n in zip(group.at, found, strict=True)}

    def mend(self, groups: Sequence[Group]) -> Any:
        """Returns what mends the first line of each group, beside its others."""
        text = msgspec.json.encode(groups).decode()
        return plain(msgspec.json.decode(self.page.evaluate("(text) => mend(JSON.parse(text))", text)))


_ALL_RULES: dict[str, str] = {}


def all_rules(kb: KnowledgeBase) -> str:
    """The rules of every policy, as the page loads them; made once for each knowledge base."""
    if kb.content_hash not in _ALL_RULES:
        with_all = shared(kb)
        made = [rules(kb, policy.id, with_all) for policy in kb.policies()]
        _ALL_RULES[kb.content_hash] = msgspec.json.encode(made).decode()
    return _ALL_RULES[kb.content_hash]


def told(line: ServiceLine) -> dict[str, Any]:
    """What a line tells, as the browser takes it: amounts as text."""
    given = {name: getattr(line, name) for name in LOOKED_AT if getattr(line, name) is not None}
    return {name: f"{value:f}" if name in AMOUNTS else value for name, value in given.items()}


def plain(value: Any) -> Any:
    """A result without what is empty, and without the numbers of sources on a page."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    on_page = ("policy", "number") if value.keys() >= {"policy", "number"} else ()
    default = {"proposed_by": "h2024kb"}
    return _without_what_is_empty(
        {name: plain(one) for name, one in value.items() if name not in on_page and default.get(name) != one}
    )


@lru_cache(maxsize=100_000)
def _finding(finding: Finding) -> Any:
    return plain(msgspec.to_builtins(finding))


def expected(result: Result) -> Any:
    """What Python says of a line, as the browser says it."""
    findings = [_finding(finding) for finding in result.findings]
    made = {name: getattr(result, name) for name in result.__struct_fields__}
    return _without_what_is_empty({**made, "needs": list(result.needs), "findings": findings})


def _without_what_is_empty(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if value not in (None, [], ())}


Beside = tuple[ServiceLine, Sequence[ServiceLine] | None]
"""A line, and the member's others; None where they are not told."""


def mends(browser: Browser, lines: Sequence[Beside], expected_fixes: Sequence[Any]) -> Iterator[Difference]:
    """Yields each line of which the two say different fixes."""
    groups = [
        Group(line.policy or "", others is not None, [told(one) for one in (line, *(others or ()))], [])
        for line, others in lines
    ]
    for (line, _), expected_fix, found in zip(lines, expected_fixes, browser.mend(groups), strict=True):
        if expected_fix != found:
            yield Difference(line, expected_fix, found)


def fixed(kb: KnowledgeBase, line: ServiceLine, others: Sequence[ServiceLine] | None) -> Any:
    """What mends a line, as the browser says it."""
    found = fix(kb, line, others=others)
    made = [
        {"edits": msgspec.to_builtins(way.edits), "lines": [_short(one) for one in way.lines]} for way in found.ways
    ]
    return plain(msgspec.json.decode(msgspec.json.encode({"ways": made, "because": found.because})))


def _short(line: ServiceLine) -> dict[str, Any]:
    """What a line tells, amounts without zeros at their end."""
    amounts = {name: getattr(line, name) for name in AMOUNTS if getattr(line, name) is not None}
    return {**told(line), **{name: f"{amount.normalize():f}" for name, amount in amounts.items()}}


def grouped(kb: KnowledgeBase, lines: Sequence[ServiceLine]) -> list[Group]:
    """The lines as `check_lines` sees them: those of one member that count together; the page knows one policy."""
    places: dict[tuple[str, str | None, bool], list[int]] = defaultdict(list)
    counts = checker(kb).counts
    for at, line in enumerate(lines):
        places[line.policy or "", line.member, counts(line)].append(at)
    return [
        Group(policy, counts and member is not None, [told(lines[at]) for at in some], some)
        for (policy, member, counts), some in places.items()
    ]


def alone(kb: KnowledgeBase, lines: Sequence[ServiceLine], groups: Sequence[Group]) -> list[Result]:
    """What Python says of the lines, those to each policy by themselves."""
    found: dict[int, Result] = {}
    for group in groups:
        some = [lines[at] for at in group.at]
        some = some if group.together else [msgspec.structs.replace(line, member=None) for line in some]
        found |= zip(group.at, check_lines(kb, some), strict=True)
    return [found[at] for at in range(len(lines))]


class Expected(NamedTuple):
    """Lines as the browser is given them, with what Python says of each."""

    lines: Sequence[ServiceLine]
    results: Sequence[Result]
    groups: Sequence[Group]
    text: str


def checked(kb: KnowledgeBase, lines: Sequence[ServiceLine]) -> Iterator[Expected]:
    """Yields the lines in parts, each checked by Python."""
    for start in range(0, len(lines), AT_ONCE):
        some = lines[start : start + AT_ONCE]
        groups = grouped(kb, some)
        yield Expected(some, alone(kb, some, groups), groups, msgspec.json.encode(groups).decode())


def differences(browser: Browser, parts: Iterable[Expected]) -> Iterator[Difference]:
    """Yields each line of which the two say different things."""
    for part in parts:
        found = browser.check(part.groups, part.text)
        same: set[tuple[int, int]] = set()
        for at, line in enumerate(part.lines):
            pair = (id(part.results[at]), id(found[at]))
            if pair not in same:
                if expected(part.results[at]) != found[at]:
                    yield Difference(line, expected(part.results[at]), found[at])
                else:
                    same.add(pair)


def drawn_lines(seed: int, drawn: Pool, count: int) -> list[ServiceLine]:
    """Random lines, each with a policy that is held: the page has one chosen."""
    rng = random.Random(seed)
    check = checker(drawn.kb)
    lines = random_lines(seed, drawn, count)
    policies = [check.policy(line) for line in lines]
    ids = [policy if isinstance(policy, str) else rng.choice(drawn.policies) for policy in policies]
    return [msgspec.structs.replace(line, policy=id) for line, id in zip(lines, ids, strict=True)]


def main() -> int:
    from chromium import QUIET, chromium_path

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    given = arguments.parse_args()
    started, done, wrong = time.monotonic(), 0, 0
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        held = [(name, pool(kb), Browser(chromium.new_page(), kb)) for name, kb in worlds().items()]
        while done < given.lines:
            for name, drawn, browser in held:
                seed = given.seed + done
                found = list(differences(browser, checked(drawn.kb, drawn_lines(seed, drawn, AT_ONCE))))
                if found:
                    print(f"{name}, seed {seed}: {len(found)} differ, the first {found[0]}")
                wrong, done = wrong + len(found), done + AT_ONCE
        chromium.close()
    print(f"{done} lines, first seed {given.seed}: {wrong} differ; {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

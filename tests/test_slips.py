"""Each slip that a person makes while typing is shown on its own line, in words that say what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml
from answers import EXAMPLE

from h2024kb.editing.document import read_bytes

LINES = (EXAMPLE / "zz" / "medicaid.yaml").read_text("utf-8").split("\n")
SLIPS = {
    "a colon in a sentence": (r"^( +(?:- )?\w+: )([A-Z]\w+ )(\w+)( [^:#\"{\[]+)$", r"\1\2\3:\4", "quotes"),
    "a quote that is not closed": (r'^(.*: ".*)"$', r"\1", "close"),
    "a quote that is not closed before the next": (r"^( +\w+: )([A-Z][^\"]+)$", r'\1"\2', "close"),
    "no space after a colon": (r"^( +\w+): ([a-z].*)$", r"\1:\2", "space after the colon"),
    "a dash for a hyphen": (r"^( +)- ", "\\1\N{EM DASH} ", "plain hyphen"),
    "a no-break space": (r"^( +\w+): (\S.*)$", "\\1:\N{NO-BREAK SPACE}\\2", "plain space"),
    "a bracket that is not closed": (r"^(.*: \[.*)\]$", r"\1", "not closed"),
    "a tab": (r"^ +(\w+: \S.*)$", "\t\\1", "use spaces"),
}
"""The slips with what each says, by what is looked for on a line and what is written there instead."""


def slips() -> Iterator[tuple[str, int]]:
    for name, (old, _, _) in SLIPS.items():
        found = [number for number, line in enumerate(LINES, 1) if re.search(old, line)]
        yield from ((name, number) for number in found[:: max(1, len(found) // 4)])


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="libyaml gives up in other places than the parser here")
@pytest.mark.parametrize(("name", "number"), [*slips()])
def test_a_slip_is_shown_on_its_line(name: str, number: int) -> None:
    old, new, says = SLIPS[name]
    lines = [*LINES]
    lines[number - 1] = re.sub(old, new, lines[number - 1])
    first, *_ = read_bytes("\n".join(lines).encode(), "x.yaml").problems
    assert (first.line, says in first.message) == (number, True), first


def test_every_slip_is_tried() -> None:
    assert {name for name, _ in slips()} == SLIPS.keys()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n b: 2\n", "2:2: this is indented further than line 1, which has its value: begin it in column 1"),
        ("a:\n  b: 1\n c: 2\n", "3:2: this begins in column 2: begin it in column 3, as line 2 does"),
        ("a:\n  title Of it\n  b: 1\n", "2:3: write a colon and a space after the key"),
        ('a:\n  title "Of it"\n  b: 1\n', "2:3: write a colon and a space after the key"),
        (
            "a: 1\n -b\nc: 1\nd\n",
            "4:1: this line has no key: indent it if it goes on with the sentence above, else write",
        ),
        ("a:\n  - b\n  -c\nd: 1\n", "3:3: write a space after the hyphen"),
        ("a: One\n  two three: four\n", "2:12: there is a colon inside this sentence"),
        ("a: \N{LEFT DOUBLE QUOTATION MARK}b: c\n", '1:4: write " for \N{LEFT DOUBLE QUOTATION MARK}'),
        ('a: "b\\d"\n', "1:6: a backslash is not allowed in double quotes"),
        ('a: [b, "c" d]\n', "1:8: the text goes on behind the quote that closes it: put single quotes"),
        ("a: {b: 1 c: 2}\n", "1:11: there is a colon inside this sentence: put the whole sentence in quotes, or write"),
        ("a: [b ] c\n", "1:7: the text goes on behind ']': put all of it in quotes"),
        ("a: 1\n=======\nb: 2\n", "2:1: a merge left two versions here"),
        ("a: `b`\n", "1:4: put a text that begins with ` in quotes"),
    ],
)
@pytest.mark.skipif(not yaml.__with_libyaml__, reason="libyaml gives up in other places than the parser here")
def test_what_is_said_of_a_slip(text: str, message: str) -> None:
    (problem,) = read_bytes(text.encode(), "x.yaml").problems
    assert str(problem).removeprefix("x.yaml:").startswith(message)

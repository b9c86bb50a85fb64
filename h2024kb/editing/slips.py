"""Says what a person did where a file is not YAML: the parser knows only the place at which it gave up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

Place = tuple[int, int]

# A look-alike where YAML needs the plain sign: it would be read as a letter, and the fault shown lines further down.
_SPACE = "[\xa0\u2000-\u200b\u202f\u205f\u3000]"
_STRAY_SPACE = re.compile(f"^[ -]*(?P<at>{_SPACE})|[:,-](?P<behind>{_SPACE})")
_DASH = re.compile("^ *(?P<at>[\u2012-\u2015\u2212])(?= )")
_MERGE = re.compile(r"(?P<at><{7}|\|{7}|={7}|>{7})( |$)")
_FIRST_KEY = re.compile(r"""^[ -]*(?:[^\s:"']+|"[^"]*"|'[^']*')(?P<colon>:)(?: +(?P<value>.*))?$""")
_NO_SPACE = re.compile(r"^ *(?:- )*[A-Za-z0-9_.-]+(?P<colon>:)[^\s:/]")
_SIGN = re.compile(r"(?:^ *|: +|- +|, *|[\[{] *)(?P<sign>[*&!|>%@`\]}])")
_QUOTES, _CURLY, _OPENS = "\"'", "\u201c\u201d\u2018\u2019", {"[": "]", "{": "}"}


def look_alikes(lines: list[str]) -> Iterator[tuple[Place, str, str]]:
    r"""Yields what looks right and is not: a no-break space, a dash that begins a list item, the marks of a merge.

    Each has its place, what to write, and the name of the rule.

    >>> list(look_alikes(["limits:", "  \u2014 Travel"]))
    [((2, 3), 'begin a list item with a plain hyphen: write - for \u2014', 'character')]
    """
    for number, line in enumerate(lines, 1):
        if match := _MERGE.match(line):
            signs = "<<<<<<<, ======= and >>>>>>>"
            yield (number, 1), f"a merge left two versions here: keep one, and take out the lines with {signs}", "yaml"
            return  # one merge leaves three marks
        if match := _DASH.match(line):
            place = number, match.start("at") + 1
            yield place, f"begin a list item with a plain hyphen: write - for {match['at']}", "character"
        for match in _STRAY_SPACE.finditer(line):
            at = match.start("at" if match["at"] else "behind")
            yield (number, at + 1), f"U+{ord(line[at]):04X} only looks like a space: write a plain space", "character"


class _Broken(NamedTuple):
    """Where reading broke off, the bracket, quote or key it was in, and the last text read before."""

    lines: list[str]
    place: Place
    within: Place | None
    last: Any

    @property
    def line(self) -> str:
        return self.at(self.place[0])

    def at(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def sign(self, place: Place | None) -> str:
        return self.at(place[0])[place[1] - 1 : place[1]] if place else ""

    @property
    def above(self) -> int:
        """The number of the nearest line above that says something; 0 if there is none."""
        numbers = range(self.place[0] - 1, 0, -1)
        return next((n for n in numbers if self.at(n).strip() and not self.at(n).lstrip().startswith("#")), 0)


_Said = tuple[Place, str] | None


def slip(lines: list[str], text: str, error: yaml.MarkedYAMLError, loader: Any) -> tuple[Place, str]:
    """Returns the place of the slip behind an error of the parser, and what to write; else the parser's own words."""
    mark = error.problem_mark or error.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    within = (error.context_mark.line + 1, error.context_mark.column + 1) if error.context_mark else None
    broken = _Broken(lines, place, within, _last_text(text, place, loader))
    for explained in (_tab, _quote, _colon, _bracket, _sign, _no_key, _indent):
        if said := explained(broken):
            return said
    return place, f"this is not YAML: {error.problem}"


def _last_text(text: str, place: Place, loader: Any) -> Any:
    """The last text, a key or a value, that ends at or before a place."""
    last = None
    try:
        for token in yaml.scan(text, Loader=loader):
            if isinstance(token, yaml.ScalarToken) and (token.end_mark.line + 1, token.end_mark.column + 1) <= place:
                last = token
    except yaml.YAMLError:
        pass
    return last


def _tab(broken: _Broken) -> _Said:
    return (broken.place, "tabs are not allowed here: use spaces") if broken.sign(broken.place) == "\t" else None


def _quote(broken: _Broken) -> _Said:
    if broken.within and broken.sign(broken.within) in [*_QUOTES]:
        if broken.within[0] == broken.place[0]:
            return broken.place, "a backslash is not allowed in double quotes: put the text in single quotes"
        return broken.within, "this quote is never closed: close it where the text ends"
    last = broken.last
    if last is None or last.style not in [*_QUOTES] or last.end_mark.line + 1 != broken.place[0]:
        return None
    if broken.line[last.end_mark.column : broken.place[1] - 1].strip():
        return None
    start = last.start_mark.line + 1, last.start_mark.column + 1
    if start[0] != broken.place[0]:
        return start, f"this quote is not closed before the next one, on line {broken.place[0]}: close it"
    other = "single" if last.style == '"' else "double"
    return start, f"the text goes on behind the quote that closes it: put {other} quotes around all of it"


def _colon(broken: _Broken) -> _Said:
    """A colon ends a key; a second one on a line, or one in a line that goes on with a sentence, is the sentence's."""
    column = broken.place[1] - 1
    in_brackets = broken.sign(broken.within) in [*_OPENS]
    if broken.sign(broken.place) != ":" or (in_brackets and broken.within and broken.within[0] < broken.place[0]):
        return None
    key = _FIRST_KEY.match(broken.line)
    if not key or key.start("colon") != column:
        value = key["value"] if key else ""
        if value and value[0] in _CURLY:
            return (broken.place[0], key.start("value") + 1) if key else broken.place, f'write " for {value[0]}'
        comma = ", or write the comma that is missing" if in_brackets else ""
        return broken.place, f"there is a colon inside this sentence: put the whole sentence in quotes{comma}"
    above = broken.at(broken.above)
    if match := _NO_SPACE.match(above):
        return (broken.above, match.start("colon") + 1), "write a space after the colon"
    with_key = next((n for n in range(broken.above, 0, -1) if _FIRST_KEY.match(broken.at(n))), broken.above)
    key = _FIRST_KEY.match(broken.at(with_key))
    here, there = _columns(broken.line)[-1], _columns(broken.at(with_key))[-1]
    # The line above may go on with the sentence of a key further up; else it lacks a key of its own.
    goes_on = with_key == broken.above or _columns(above)[-1] > there
    if not (key and key["value"] and goes_on):
        return (broken.above, _columns(above)[-1]), "write a colon and a space after the key"
    message = f"this is indented further than line {with_key}, which has its value: begin it in column {there}"
    return (broken.place[0], here), message


def _bracket(broken: _Broken) -> _Said:
    opens = broken.sign(broken.within)
    before = broken.line[: broken.place[1] - 1].rstrip()
    if before[-1:] in [*_OPENS.values()] and broken.line[broken.place[1] - 1 :].strip():
        return (broken.place[0], len(before)), f"the text goes on behind '{before[-1]}': put all of it in quotes"
    if broken.within is None or opens not in _OPENS:
        return None
    if broken.within[0] != broken.place[0] or broken.sign(broken.place) in _OPENS.values():
        return broken.within, f"'{opens}' is not closed: write '{_OPENS[opens]}' where it ends"
    return broken.place, "put a text with commas, brackets or braces in quotes"


def _sign(broken: _Broken) -> _Said:
    if (match := _SIGN.search(broken.line)) and match.start("sign") < broken.place[1]:
        place = broken.place[0], match.start("sign") + 1
        return place, f"put a text that begins with {match['sign']} in quotes"
    return None


def _no_key(broken: _Broken) -> _Said:
    if broken.within is None or broken.within[0] >= broken.place[0]:
        return None
    line = broken.at(broken.within[0])
    if match := _NO_SPACE.match(line):
        return (broken.within[0], match.start("colon") + 1), "write a space after the colon"
    if line.lstrip().startswith("-") and not line.lstrip().startswith("- "):
        return broken.within, "write a space after the hyphen"
    if _FIRST_KEY.match(line) or ": " in line:
        return None
    return (
        broken.within,
        "this line has no key: indent it if it goes on with the sentence above, else write 'key: value'",
    )


def _indent(broken: _Broken) -> _Said:
    here = broken.place[1]
    if broken.line[: here - 1].strip(" -"):
        return None
    open_columns: dict[int, int] = {}
    least = here + 100
    for number in range(broken.place[0] - 1, 0, -1):
        line = broken.at(number)
        if line.strip() and not line.lstrip().startswith("#"):
            for column in _columns(line):
                if column < least:
                    open_columns.setdefault(column, number)
            least = min(least, _columns(line)[0])
    above = broken.at(broken.above)
    if here in open_columns and not _FIRST_KEY.match(above):
        return (broken.above, _columns(above)[-1]), "write a colon and a space after the key"
    if not open_columns or here in open_columns:
        return None
    nearest = min(open_columns, key=lambda column: (abs(column - here), -column))
    return (
        broken.place,
        f"this begins in column {here}: begin it in column {nearest}, as line {open_columns[nearest]} does",
    )


def _columns(line: str) -> list[int]:
    """The columns in which something begins on a line: its hyphens, and the first text after them."""
    lead = re.match("[ ]*(- +)*", line)
    assert lead
    return [match.start() + 1 for match in re.finditer("-", lead[0])] + [lead.end() + 1]

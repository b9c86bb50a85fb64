"""Reads YAML strictly and remembers the line and column of every key and value.

YAML lets one text mean different things to different readers: `02` may be 2, `NO` may be false, `12:30` may be 750.
A code or a modifier that changes meaning on the way in becomes a denied claim, so this reader takes only what every
reader takes alike, and names the rest as problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from h2024kb.editing.slips import look_alikes, slip
from h2024kb.problem import Problem

Where = tuple[str | int, ...]
STILL_TO_WRITE = "TODO"
"""What a text begins with that is still to be written."""

MAX_BYTES = 1 << 20
MAX_DEPTH = 30
MAX_BAD_CHARACTERS = 20

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
# What a YAML 1.1 or 1.2 reader may take for a boolean, a null or a number although it is text here.
_AMBIGUOUS = re.compile(
    r"~|y|n|yes|no|on|off|true|false|null"
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|[-+]?0x[0-9a-f_]+|[-+]?0o[0-7_]+|[-+]?0b[01_]+"
    r"|[-+]?[0-9][0-9_]*(\.[0-9_]*)?(e[-+]?[0-9]+)?|[-+]?\.[0-9][0-9_]*(e[-+]?[0-9]+)?"
    r"|[-+]?\.(inf|nan)",
    re.IGNORECASE,
)
# YAML takes three of these for line ends, which would shift every line number an editor shows; the rest it refuses.
_BAD_CHARACTER = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Document:
    """One YAML file as plain data, with the place of every key and value.

    `data` is made of dict, list, str, int, Decimal, bool and None only: dates and codes stay text until the schema says
    otherwise. `places` and `key_places` go from a path such as `("rules", "H2024")` to (line, column). `ambiguous`
    names the unquoted texts that another YAML reader may take for something else, and `cut` those that end where a
    comment begins, with the comment.
    """

    path: str
    text: str = ""
    data: object = None
    places: dict[Where, tuple[int, int]] = field(default_factory=dict)
    key_places: dict[Where, tuple[int, int]] = field(default_factory=dict)
    ambiguous: dict[Where, str] = field(default_factory=dict)
    cut: dict[Where, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, where: Where, message: str, rule: str, *, at_key: bool = False) -> Problem:
        """Returns a problem placed at a path of this document, or at the nearest enclosing place that has one."""
        places = self.key_places if at_key and where in self.key_places else self.places
        while where and where not in places:
            where = where[:-1]
        return self.problem_at(places.get(where, (1, 1)), message, rule)

    def problem_at(self, place: tuple[int, int], message: str, rule: str) -> Problem:
        """Returns a problem placed at a (line, column), with the source line for a caret."""
        source_line = self.lines[place[0] - 1] if len(self.lines) >= place[0] else ""
        message = message.replace("\r", "\\r").replace("\n", "\\n")
        return Problem(self.path, *place, message, rule, _BAD_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", source_line))

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, as an editor counts them."""
        return re.split("\r\n|[\r\n]", self.text)


def read_file(path: Path, shown_as: str | None = None) -> Document:
    """Reads one file; whatever is wrong with it is in the document's `problems`, never raised.

    `shown_as` is the name that messages carry, for a path relative to the user's folder.
    """
    name = shown_as or str(path)
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        return _unreadable(name, f"cannot be read: {error.strerror}", "unreadable")
    if size > MAX_BYTES:
        return _unreadable(name, f"is {size} bytes; a policy file has at most {MAX_BYTES}: split it", "too-large")
    return read_bytes(raw, name)


def read_bytes(raw: bytes, name: str) -> Document:
    r"""Reads YAML from bytes, which must be UTF-8 of at most 1 MiB.

    >>> read_bytes(b"code: H2024", "a.yaml").data
    {'code': 'H2024'}
    >>> str(read_bytes(b"code: H2024\ncode: H2025", "a.yaml").problems[0])
    "a.yaml:2:1: 'code' appears twice; the first is on line 1 [duplicate-key]"
    """
    if len(raw) > MAX_BYTES:
        return _unreadable(name, f"is {len(raw)} bytes; a policy file has at most {MAX_BYTES}: split it", "too-large")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raw = error.object  # the bytes after a byte-order mark, from which `start` counts
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{raw[error.start]:02X} is not UTF-8: save the file as UTF-8"
        return Document(name, problems=[Problem(name, line, column, message, "encoding")])
    document = Document(name, text)
    document.problems = _bad_characters(document) or [
        document.problem_at(place, message, rule) for place, message, rule in look_alikes(document.lines)
    ]
    if document.problems:
        return document
    try:
        document.data = _Reader(document).whole()
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        place, message = slip(document.lines, text, error, _LOADER)
        if place not in {(problem.line, problem.column) for problem in document.problems}:
            document.problems.append(document.problem_at(place, message, "yaml"))
    return document


def _unreadable(name: str, message: str, rule: str) -> Document:
    return Document(name, problems=[Problem(name, 1, 1, message, rule)])


def _bad_characters(document: Document) -> list[Problem]:
    found = []
    for match in _BAD_CHARACTER.finditer(document.text):
        before = re.split("\r\n|[\r\n]", document.text[: match.start()])
        place = (len(before), len(before[-1]) + 1)
        message = f"U+{ord(match[0]):04X} is not allowed here: remove it"
        found.append(document.problem_at(place, message, "character"))
        if len(found) == MAX_BAD_CHARACTERS:
            break
    return found


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


class _Stop(Exception):
    """The rest of the file cannot be read in a way that makes sense."""


class _Reader:
    """Builds plain data from YAML events, one method for each kind of node."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.events: Iterator[yaml.Event] = yaml.parse(document.text, Loader=_LOADER)

    def whole(self) -> object:
        self._next(yaml.StreamStartEvent)
        if not isinstance(self._next(), yaml.DocumentStartEvent):
            self.document.problems.append(self.document.problem_at((1, 1), "the file is empty", "empty"))
            raise _Stop
        data = self._node(self._next(), (), 0)
        self._next(yaml.DocumentEndEvent)
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._say(after, "a second document starts here; write one policy per file", "one-document")
            raise _Stop
        return data

    def _next(self, kind: type[yaml.Event] = yaml.Event) -> yaml.Event:
        event = next(self.events)
        assert isinstance(event, kind)
        return event

    def _say(self, event: yaml.Event, message: str, rule: str) -> None:
        self.document.problems.append(self.document.problem_at(_place(event), message, rule))

    def _node(self, event: yaml.Event, path: Where, depth: int) -> object:
        self.document.places[path] = _place(event)
        if depth > MAX_DEPTH:
            self._say(event, f"this is nested more than {MAX_DEPTH} deep", "too-deep")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self._say(event, f"'*{event.anchor}' is an alias: write the value out where it is used", "alias")
            return None
        assert isinstance(event, yaml.NodeEvent)
        self._refuse_anchor_and_tag(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth)
        assert isinstance(event, yaml.ScalarEvent)
        return self._scalar(event, path)

    def _refuse_anchor_and_tag(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._say(event, f"'&{event.anchor}' is an anchor: write the value out where it is used", "alias")
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._say(event, f"'{shown}' is a tag: leave it out, the schema knows the types", "tag")

    def _refuse_characters(self, event: yaml.ScalarEvent) -> None:
        """An escape in double quotes can write what is not allowed in the file itself."""
        if found := _BAD_CHARACTER.search(event.value):
            self._say(event, f"U+{ord(found[0]):04X} is not allowed here: remove it", "character")

    def _mapping(self, path: Where, depth: int) -> dict[str, object]:
        made: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            if key is None:
                self._node(self._next(), (*path, "<<"), depth + 1)
                continue
            place = _place(event)
            where = (*path, key)
            if key in made:
                first = self.document.key_places[where][0]
                message = f"'{key}' appears twice; the first is on line {first}"
                self._say(event, message, "duplicate-key")
                where = (*path, f"{key} (again, line {place[0]})")
                key = str(where[-1])
            self.document.key_places[where] = place
            made[key] = self._node(self._next(), where, depth + 1)
        return made

    def _key(self, event: yaml.Event) -> str | None:
        """The key as text; None for one that merges another mapping in."""
        if not isinstance(event, yaml.ScalarEvent):
            self._say(event, "a key must be text", "key")
            raise _Stop
        self._refuse_anchor_and_tag(event)
        self._refuse_characters(event)
        plain = event.implicit[0]
        if plain and event.value == "<<":
            self._say(event, "'<<' merges another mapping in: write its keys out", "alias")
            return None
        if plain and not event.value:
            self._say(event, "a key must be text", "key")
        elif plain and _AMBIGUOUS.fullmatch(event.value):
            self._say(event, f'write {event.value} in quotes: "{event.value}"', "key")
        return str(event.value)

    def _sequence(self, path: Where, depth: int) -> list[object]:
        made: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            made.append(self._node(event, (*path, len(made)), depth + 1))
        return made

    def _scalar(self, event: yaml.ScalarEvent, path: Where) -> object:
        text = str(event.value)
        self._refuse_characters(event)
        if not event.implicit[0]:
            return text
        end: Any = event.end_mark
        behind = self.document.lines[end.line][end.column :]
        if text and behind.lstrip().startswith("#"):
            self.document.cut[path] = behind.strip()
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if _AMBIGUOUS.fullmatch(text):
            self.document.ambiguous[path] = text
        return text

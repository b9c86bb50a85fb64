"""An invented 837P file, and what tests do with it: change it, read it, compare."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from h2024kb.formats.x12 import x837
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

EXAMPLE = (Path(__file__).parent / "example.837").read_text("ascii")
LINE_COUNT = EXAMPLE.count("SV1*")
GS = EXAMPLE[EXAMPLE.index("GS*") : EXAMPLE.index("IEA*")]
ST = GS[GS.index("ST*") : GS.index("GE*")]
NO_GS = EXAMPLE.replace("GS*HC*", "G*HC*")


def read(content: str | bytes) -> tuple[list[ServiceLine], list[Problem]]:
    return parted(x837.read(io.BytesIO(content.encode() if isinstance(content, str) else content), "f.837"))


def parted(found: Iterable[ServiceLine | Problem]) -> tuple[list[ServiceLine], list[Problem]]:
    lines, problems = [], []
    for one in found:
        assert type(one) in (ServiceLine, Problem)
        (lines if isinstance(one, ServiceLine) else problems).append(one)
    return lines, problems


def places(problems: Iterable[Problem]) -> list[str]:
    return [f"{problem.line}:{problem.column} {problem.rule}" for problem in problems]


def changed(changes: dict[str, str], unterminated: int = 0) -> str:
    """The example with some of its text changed, and the number of its segments in SE01."""
    text = EXAMPLE
    for old, new in changes.items():
        assert old in text, f"the example has no {old!r}"
        text = text.replace(old, new)
    between = text[text.index("ST*") : text.index("SE*")].split("~")
    segments = sum(1 for one in between if one.strip()) + unterminated
    return text.replace("SE*44", f"SE*{segments + 1}")


def written(text: str, delimiters: str, line_break: str) -> str:
    """The text in other delimiters, which it must not hold itself."""
    return text.replace("\n", line_break).translate(str.maketrans("*:~", delimiters)).replace("*^*", "*!*")

"""Prints answers as tables for people; wide text wraps, and color stays out of pipes."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from rich import box
from rich.console import Console
from rich.progress import track, wrap_file
from rich.table import Table
from rich.text import Text

from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.headlines import labeled, next_steps, seen_before
from h2024kb.knowledge.words import answer_lines, fact_name, since, stated_for, when_words

PIPE_WIDTH = 120
WIDEST_COLUMN = 60
LONGEST_WORD = 40


class Footnotes:
    """Numbers the places that answers rest on, in the order they are first cited."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str | None, str], str] = {}

    def number(self, policy: str | None, name: str, text: str) -> str:
        """Returns the number in brackets of a source or search of a policy, giving it one if it is new."""
        self.texts.setdefault((policy, name), text)
        return f"[{list(self.texts).index((policy, name)) + 1}]"

    def grounds(self, answer: Answer[Any]) -> str:
        """Returns what an answer rests on: the source and the place in it, or where somebody looked."""
        if isinstance(answer, Known):
            source = answer.citation.source
            text = _place(f"{source.title}, {source.publisher}", source.retrieved, source.url)
            return f"{self.number(answer.said_by, source.id, text)} {answer.citation.locator}"
        if answer.nearest:
            return self.grounds(answer.nearest)
        looked = [
            self.number(answer.said_by, place.name, _place(place.where, place.date, place.url))
            for place in answer.searched
        ]
        return f"looked in {' '.join(looked)}" if looked else ""

    def print(self) -> None:
        """Prints the numbered places."""
        for number, text in enumerate(self.texts.values(), 1):
            out().print(Text(f"[{number}] {text}"), soft_wrap=True)


def _place(text: str, read_on: dt.date, url: str | None) -> str:
    return f"{text}. Read {read_on}." + (f" {url}" if url else "")


def out() -> Console:
    """Returns the console for answers; in a pipe its lines are of one width wherever it runs."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(width=width, highlight=False, emoji=False, markup=False)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table, or on a narrow terminal one block a row; cells are text as it is, never markup."""
    listed = [list(row) for row in rows]
    console = out()
    widths = column_widths([[name, *(row[at] for row in listed)] for at, name in enumerate(columns)], console.width)
    if widths is None:
        _print_blocks(console, title, columns, listed)
        return
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    for name, width in zip(columns, widths, strict=True):
        table.add_column(name, overflow="fold", width=width)
    for row in listed:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _print_blocks(console: Console, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    console.print(Text(title, style="bold"))
    for row in rows:
        console.print()
        for name, cell in zip(columns, row, strict=True):
            if cell:
                console.print(Text(f"{name}: {cell}"))


def column_widths(columns: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Returns a width for each column: no word is broken, and what room is left goes where the text is longest.

    None where the words alone do not fit. `width` is that of the terminal; a table spends three characters a column on
    its lines and blanks.

    >>> column_widths([["id", "md/brain-injury-waiver"], ["Text", "a long sentence of nine short words in all"]], 56)
    [22, 28]
    """
    room = width - 3 * len(columns)
    words = [max((len(word) for text in column for word in text.split()), default=1) for column in columns]
    lines = [max((len(line) for text in column for line in text.splitlines()), default=1) for column in columns]
    least = [min(word, LONGEST_WORD) for word in words]
    wants = [max(0, min(line, WIDEST_COLUMN) - low) for line, low in zip(lines, least, strict=True)]
    spare = room - sum(least)
    if spare < 0:
        return None
    if sum(wants) <= spare:
        return [low + want for low, want in zip(least, wants, strict=True)]
    return [low + spare * want // sum(wants) for low, want in zip(least, wants, strict=True)]


def print_coverage(title: str, answers: Iterable[Answer[Any]]) -> None:
    """Prints one row a policy: what it says, since when, and what to cite or where one looked."""
    notes = Footnotes()
    rows = [
        (
            answer.question.policy or "",
            "\n".join([labeled(answer), *_detail(answer)]),
            _dates(answer),
            notes.grounds(answer),
        )
        for answer in answers
    ]
    print_table(title, ("Policy", "Coverage", "Dates", "Source, or where we looked"), rows)
    notes.print()


def print_answers(title: str, answers: Iterable[Answer[Any]]) -> None:
    """Prints one row a fact."""
    notes = Footnotes()
    rows = [
        (
            fact_name(answer),
            "\n".join([*answer_lines(answer), *_remarks(answer), *_nearest(answer)]),
            _dates(answer),
            notes.grounds(answer),
        )
        for answer in answers
    ]
    print_table(title, ("Fact", "Answer", "Dates", "Source, or where we looked"), rows)
    notes.print()


def _detail(answer: Answer[Any]) -> list[str]:
    if isinstance(answer, Known):
        return [*([answer.condition] if answer.condition else []), *_remarks(answer)]
    billed = answer.billed_as
    instead = [f"Bill instead, {since(billed)}:", *answer_lines(billed)] if billed else []
    steps = [f"Next: {step}" for step in next_steps(answer)]
    return [answer.because, *_nearest(answer), *instead, *_nearby(answer.nearby), *steps]


def _nearest(answer: Answer[Any]) -> list[str]:
    if isinstance(answer, Known) or answer.nearest is None:
        return []
    return [f"Nearest, {since(answer.nearest)}: {'; '.join(answer_lines(answer.nearest))}"]


def _nearby(nearby: Iterable[Known[Any]]) -> list[str]:
    return [
        f"Known nearby, {near.heading.replace('-', ' ')}, {fact_name(near).lower()}, "
        + ", ".join(part for part in (when_words(near.when), since(near)) if part)
        + ": "
        + "; ".join(answer_lines(near))
        for near in nearby
    ]


def _remarks(answer: Answer[Any]) -> list[str]:
    if not isinstance(answer, Known):
        return []
    service = stated_for(answer, answer.question.code)
    said_by = answer.said_by if answer.said_by != answer.question.policy else ""
    parts = (service and f"({service})", said_by and f"(said by {said_by})", answer.note and f"Note: {answer.note}")
    return [part for part in parts if part]


def _dates(answer: Answer[Any]) -> str:
    if not isinstance(answer, Known):
        return ""
    return "\n".join(part for part in (since(answer), seen_before(answer)) if part)


def watched(file: BinaryIO) -> AbstractContextManager[BinaryIO]:
    """Opens a bar that shows how much of a file is read, on the error stream if that is a terminal."""
    if not sys.stderr.isatty():
        return nullcontext(file)
    total = os.fstat(file.fileno()).st_size
    return wrap_file(file, total, description="Reading", console=Console(stderr=True), transient=True)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Opens a line that shows what is being done, on the error stream if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status("reading") as status:
        yield lambda doing: status.update(doing)


def with_progress(files: Iterable[Path]) -> Iterable[Path]:
    """Yields the files, with a progress bar on the error stream if that is a terminal."""
    if not sys.stderr.isatty():
        return files
    return track(list(files), "Checking", console=Console(stderr=True), transient=True)

"""Prints answers as tables for people; wide text wraps, and colour stays out of pipes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from h2024kb.answer import Answer, Known
from h2024kb.words import answer_lines, cited, fact_name, since, stated_for, status

PIPE_WIDTH = 120


def out() -> Console:
    """Returns the console for answers; in a pipe its lines are of one width wherever it runs."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(width=width, highlight=False, emoji=False, markup=False)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table; cells are text as it is, never markup."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, show_lines=False, title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    out().print(table)


def print_coverage(title: str, answers: Iterable[Answer[Any]]) -> None:
    """Prints one row a policy: what it says, since when, and what to cite or where one looked."""
    rows = []
    for answer in answers:
        said = "\n".join([status(answer), *_detail(answer)])
        rows.append((answer.question.policy or "", said, _dates(answer), _grounds(answer)))
    print_table(title, ("Policy", "Coverage", "In force", "Source, or where we looked"), rows)


def print_answers(title: str, answers: Iterable[Answer[Any]]) -> None:
    """Prints one row a fact."""
    rows = [
        (fact_name(answer), "\n".join([*answer_lines(answer), *_for(answer)]), _dates(answer), _grounds(answer))
        for answer in answers
    ]
    print_table(title, ("Fact", "Answer", "In force", "Source, or where we looked"), rows)


def _detail(answer: Answer[Any]) -> list[str]:
    if isinstance(answer, Known):
        return [text for text in (answer.condition, answer.note, *_for(answer)) if text]
    return [answer.because, *_nearby(answer.nearby)]


def _nearby(nearby: Iterable[Known[Any]]) -> list[str]:
    return [
        f"Nearby, {near.heading.replace('-', ' ')}: {fact_name(near).lower()}: {'; '.join(answer_lines(near))}"
        for near in nearby
    ]


def _for(answer: Answer[Any]) -> list[str]:
    if not isinstance(answer, Known):
        return []
    note = stated_for(answer, answer.question.code)
    said_by = answer.said_by if answer.said_by != answer.question.policy else ""
    return [*([f"({note})"] if note else []), *([f"(said by {said_by})"] if said_by else [])]


def _dates(answer: Answer[Any]) -> str:
    return since(answer) if isinstance(answer, Known) else ""


def _grounds(answer: Answer[Any]) -> str:
    if isinstance(answer, Known):
        return "\n".join(filter(None, (cited(answer), answer.citation.source.url)))
    return "\n".join(f"Looked: {place.where}, {place.date}" for place in answer.searched)


def with_progress(files: Iterable[Path]) -> Iterable[Path]:
    """Yields the files, with a progress bar on the error stream if that is a terminal."""
    if not sys.stderr.isatty():
        return files
    return track(list(files), "Checking", console=Console(stderr=True), transient=True)

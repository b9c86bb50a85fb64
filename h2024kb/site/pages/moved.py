"""Pages that have moved: at the old address stands a page that leads to the new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import yaml

from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.shipped import moved_file
from h2024kb.site.parts.render import link, render


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields a page for every address that a checkout says has moved; an installed package has none."""
    file = moved_file()
    return leading_on(file) if file else iter(())


def leading_on(file: Path) -> Iterator[tuple[str, str]]:
    """Yields a page for every address in a file of moved pages: old to new, both as `policies/x/y.html`.

    Raises ValueError where the new address has itself moved: a reader is led on once only.
    """
    moved: dict[str, str] = (yaml.safe_load(file.read_text("utf-8")) if file.exists() else None) or {}
    for old, new in moved.items():
        if new in moved:
            raise ValueError(f"{file.name}: {old} leads to {new}, which has moved on to {moved[new]}")
        page = _source(old)
        yield page, render("moved.md.j2", page, to=link(page, _source(new)), name=new)


def _source(address: str) -> str:
    return address.removesuffix(".html") + ".md"

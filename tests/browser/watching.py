"""What fails a test whatever it asks: a request that leaves the site, an error of a script, a line on the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request


@contextmanager
def staying(context: BrowserContext) -> Iterator[None]:
    """Fails where a page of the context has asked for anything outside the site."""
    outside: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:", "about:")):
            outside.append(request.url)

    context.on("request", note)
    yield
    context.remove_listener("request", note)
    assert outside == []


@contextmanager
def silent(page: Page) -> Iterator[None]:
    """Fails where a script of the page has raised, or an error was written to its console."""
    errors: list[str] = []

    def note_error(error: Error) -> None:
        errors.append(str(error))

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("pageerror", note_error)
    page.on("console", note_message)
    yield
    page.remove_listener("pageerror", note_error)
    page.remove_listener("console", note_message)
    assert errors == []

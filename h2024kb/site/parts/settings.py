"""What a site's makers may be told from outside: its address, and where to report something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple


class Settings(NamedTuple):
    """The site's own address, empty where it is not known; and a pattern for links to report something, or none.

    The pattern is an address with `{title}` and `{body}` in it, such as a form for a new issue.
    """

    site_url: str = ""
    report_url: str = ""


_SETTINGS: Final[ContextVar[Settings | None]] = ContextVar("settings", default=None)


def settings() -> Settings:
    """Returns the settings that hold where the pages are being made.

    >>> settings()
    Settings(site_url='', report_url='')
    """
    return _SETTINGS.get() or Settings()


@contextmanager
def using(given: Settings) -> Iterator[None]:
    """Makes pages with these settings.

    >>> with using(Settings(site_url="https://kb.example/")):
    ...     settings().site_url
    'https://kb.example/'
    """
    token = _SETTINGS.set(given)
    try:
        yield
    finally:
        _SETTINGS.reset(token)

"""Texts that are data, beside the templates: whoever edits one needs no Python."""

from importlib.resources import files


def text(name: str) -> str:
    """Returns a file of `h2024kb/site/texts`, in a checkout and in an installed package alike.

    >>> text("llms.txt").splitlines()[0]
    '# h2024kb'
    """
    return (files("h2024kb.site") / "texts" / name).read_text("utf-8")

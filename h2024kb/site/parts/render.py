"""Fills templates. Headings are Markdown, so that search and contents see them; all data stands in escaped HTML."""

from __future__ import annotations

import posixpath
import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from h2024kb.knowledge import words
from h2024kb.site.parts.entry_words import about


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("h2024kb.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "about": about,
        "heading": heading,
        "front_matter": front_matter,
        "words": lambda value: value.replace("-", " "),
        "business": lambda value: words.BUSINESS_WORDS[value],
        "long_date": words.long_date,
        "long_dates": words.with_long_dates,
        "start": lambda entry: words.with_long_dates(words.start(entry)),
        "fact_words": lambda fact: "Modifiers" if fact == "modifiers" else words.FACT_WORDS[fact],
        "sentence": lambda text: text[:1].upper() + text[1:],
    }
    return environment


def render(template: str, page: str, **view: object) -> str:
    """Returns a page's Markdown; `page` is its path below the docs folder, from which its links are counted."""
    links = {"link": lambda to: link(page, to), "asset": lambda to: asset(page, to)}
    text = _environment().get_template(template).render(**links, **view)
    return re.sub("\n{3,}", "\n\n", text)


def link(page: str, to: str) -> str:
    """Returns the address of one page as seen from another, both given as Markdown files.

    >>> link("policies/md/x.md", "codes/h2024.md")
    '../../codes/h2024.html'
    """
    return posixpath.relpath(to.removesuffix(".md") + ".html", posixpath.dirname(page) or ".")


def asset(page: str, to: str) -> str:
    """Returns the address of a file that is no page, as seen from a page.

    >>> asset("policies/md/x.md", "assets/finder.js")
    '../../assets/finder.js'
    """
    return posixpath.relpath(to, posixpath.dirname(page) or ".")


def heading(text: str) -> Markup:
    r"""Returns text as it may stand in a Markdown heading.

    >>> print(heading("ID/RD & [CS] *waivers*"))
    ID/RD &amp; \[CS\] \*waivers\*
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    inline = re.sub(r"([\\`*_\[\]{}#|])", r"\\\1", " ".join(safe.split()))
    return Markup(inline)  # noqa: S704 - no tag and no entity of the text's own is left; escaped twice, "&" shows as "&amp;"


def front_matter(text: str) -> Markup:
    r"""Returns text as it may stand in a page's front matter.

    The theme prints what stands there as HTML, in the title of every page for one, so it is escaped here.

    >>> print(front_matter("Brain waiver</title>"))
    "Brain waiver\u0026lt;/title\u0026gt;"
    """
    return htmlsafe_json_dumps(str(escape(text)))

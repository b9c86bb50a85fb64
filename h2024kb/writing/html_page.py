"""The frame of every report: one HTML page that needs nothing else, to read, to print, to hand on."""

from __future__ import annotations

from html import escape
from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; --edge: #8886; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .3rem; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; vertical-align: top; }
th { border-bottom: 1px solid var(--edge); } section { border-top: 1px solid var(--edge); break-inside: avoid; }
ul { padding-left: 1.2rem; margin: .3rem 0; } li { margin: .4rem 0; overflow-wrap: anywhere; }
.cite { display: block; font-size: .875rem; opacity: .85; }
@media print { body { max-width: none; padding: 0; } details { display: block; } }
"""


def html_page(title: str, body: str, style: str = "") -> str:
    """Returns a whole page with the frame's style and its own inside; it loads nothing.

    `title` is text, `body` is HTML: whoever makes it has escaped what came from a file.
    """
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Said before the style is read, so that a dark screen does not flash white.
        '<meta name="color-scheme" content="light dark">\n'
        f"<style>{STYLE}{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )

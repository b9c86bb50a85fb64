"""The page that documents every rule `h2024kb check` may name, from the checks' own docstrings."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Iterator

from h2024kb.editing.checks import CHECKS, rule_name
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.parts.render import render

# What the reader and the schema report, in the order a file meets them.
OTHER_RULES = {
    "unreadable": "The file can be read.",
    "suffix": "The file's name ends in .yaml.",
    "too-large": "A file has at most 1 MiB.",
    "encoding": "The file is UTF-8.",
    "character": "No control character and no unusual line end stands in the file.",
    "yaml": "The file is YAML.",
    "empty": "The file, a list, a mapping or a text is not empty.",
    "one-document": "One file holds one document.",
    "too-deep": "Nothing is nested more than 30 deep.",
    "alias": "No anchor, alias or merge key stands in the file.",
    "tag": "No tag stands in the file.",
    "key": "Keys are text; what looks like a number or a constant is in quotes.",
    "duplicate-key": "No key stands twice in one mapping, and no name in two lists.",
    "type": "Text stands where text belongs, a list where a list belongs, and so on.",
    "enum": "A value is one of those allowed.",
    "required": "Nothing that is required is missing.",
    "unknown-key": "Every key is one the format knows.",
    "pattern": "Codes, modifiers, amounts, names and fingerprints have their form.",
    "format": "A date is a day that exists, written YYYY-MM-DD.",
    "incomplete": "An entry has a value with its source, or an unknown with where one looked; a value has a date.",
    "not-together": "Keys that exclude each other do not stand together.",
    "choice": "A value is one of the forms allowed here.",
    "repeated": "No item stands twice in a list.",
    "minimum": "A number is not below its minimum.",
    "no-code-sets": "A folder code-sets with lists of names stands beside the jurisdictions' folders.",
    "too-long": "A text is not longer than the format allows.",
}


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "rules.md", rules_page()


def rules_page() -> str:
    """Returns the page of all rules."""
    checks = {rule_name(check): inspect.getdoc(check) or "" for check in CHECKS}
    return render("rules.md.j2", "rules.md", other=OTHER_RULES, checks=checks)

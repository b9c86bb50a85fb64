"""The page of the Python API, made from its docstrings."""

from __future__ import annotations

import datetime as dt
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, Literal, NamedTuple, get_args, get_origin

from markupsafe import Markup, escape

import h2024kb
from h2024kb import claims
from h2024kb.knowledge.answer import Asked, Conflict, Looked
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.pages.reference.docstrings import TextBlock, constant_docstring, docstring
from h2024kb.site.pages.reference.signatures import Field, fields, readable, signature
from h2024kb.site.parts.render import render

GROUPS: Final = {
    "Open and ask": ("open", "KnowledgeBase", "Asked"),
    "Answers": ("Answer", "Known", "Unknown", "Question", "Citation", "Looked", "Conflict", "Receipt"),
    "Policies": ("Policy", "Source", "Limit", "FACTS"),
    "Check a claim line": (
        "ServiceLine",
        "check_line",
        "check_lines",
        "Result",
        "Finding",
        "Outcome",
        "Likely",
        "PILES",
        "Pile",
        "RULES",
    ),
    "Mend a line": ("fix", "Fix", "Way", "Edit"),
    "Keep and replay": ("line_receipt", "LineReceipt", "read_receipt", "replay_line"),
    "What is raised": (
        "NameNotFound",
        "SeveralPolicies",
        "NotThisKnowledgeBase",
        "PolicyProblems",
        "BadSnapshot",
        "Problem",
    ),
}
"""The names in the order of the page; a public name that stands in no group comes last, under one of its own."""

BESIDE: Final = {"Asked": Asked, "Looked": Looked, "Conflict": Conflict}
"""What signatures and fields name, and no package exports."""

DEFINED_IN: Final = {
    "Answer": "h2024kb.knowledge.answer",
    "FACTS": "h2024kb.knowledge.model",
    "Outcome": "h2024kb.claims.finding",
    "PILES": "h2024kb.claims.piles",
    "Pile": "h2024kb.claims.piles",
    "RULES": "h2024kb.claims.finding",
}
"""The modules of names that do not know their own."""


class DocumentedName(NamedTuple):
    """One name: what kind of thing it is, how it is written, and what its docstring says."""

    name: str
    anchor: str
    kind: str
    where: str
    signature: str
    first: str
    more: list[TextBlock]
    fields: list[tuple[Field, str]]
    words: dict[str, str]
    members: list[DocumentedName]


def pages(kb: KnowledgeBase, today: dt.date) -> Iterator[tuple[str, str]]:
    """Yields the page."""
    yield "reference.md", reference()


@cache
def reference() -> str:
    """Returns the page; it is the same for every knowledge base."""
    names = public_names()
    groups = {title: [item(name, names[name]) for name in listed] for title, listed in grouped(names).items()}
    return render("reference.md.j2", "reference.md", groups=groups, marked=marked, typed=typed)


def public_names() -> dict[str, Any]:
    """Returns every name on the page with what it names: all that the two packages export, and what goes with it."""
    exported = {name: getattr(package, name) for package in (claims, h2024kb) for name in package.__all__}
    return exported | BESIDE


def grouped(names: dict[str, Any]) -> dict[str, list[str]]:
    """Returns the names by group; what no group holds comes last.

    >>> grouped({"open": None, "new": None})
    {'Open and ask': ['open'], 'More': ['new']}
    """
    groups = {title: [name for name in listed if name in names] for title, listed in GROUPS.items()}
    groups["More"] = [name for name in names if not any(name in listed for listed in GROUPS.values())]
    return {title: listed for title, listed in groups.items() if listed}


def item(name: str, value: Any) -> DocumentedName:
    """Returns what the page says of one public name."""
    if inspect.isclass(value):
        return _class(name, value)
    if inspect.isfunction(value):
        return _function(name, name, value, "function")
    return _constant(name, value)


def _where(name: str, value: Any) -> str:
    package = "h2024kb" if name in h2024kb.__all__ else "h2024kb.claims" if name in claims.__all__ else value.__module__
    return f"{package}.{name}"


def _class(name: str, value: type[Any]) -> DocumentedName:
    kind = "exception" if issubclass(value, BaseException) else "class" if name == "KnowledgeBase" else "record"
    listed = [] if kind == "exception" else fields(value, keep=tuple(public_names()))
    read = docstring(inspect.getdoc(value) or "", [field.name for field in listed])
    shown = f"class {name}({value.__base__.__name__})" if kind == "exception" and value.__base__ else ""
    members = [_member(name, one, member) for one, member in vars(value).items() if _is_public(one, member)]
    of_fields = [(field, read.fields.get(field.name, "")) for field in listed]
    return DocumentedName(
        name, name, _KINDS.get(name, kind), _where(name, value), shown, read.first, read.more, of_fields, {}, members
    )


_KINDS: Final = {"Asked": "keywords"}


def _is_public(name: str, member: Any) -> bool:
    return not name.startswith("_") and isinstance(member, property | classmethod | type(_is_public))


def _member(owner: str, name: str, member: Any) -> DocumentedName:
    anchor = f"{owner}.{name}"
    if isinstance(member, property):
        return _function(name, anchor, member.fget, "property")
    if isinstance(member, classmethod):
        return _function(f"{owner}.{name}", anchor, member.__func__, "class method")
    return _function(name, anchor, member, "method")


def _function(name: str, anchor: str, value: Any, kind: str) -> DocumentedName:
    read = docstring(inspect.getdoc(value) or "")
    back = f"{name}: {readable(value.__annotations__['return'])}" if kind == "property" else ""
    where = _where(name, value) if kind == "function" else ""
    return DocumentedName(name, anchor, kind, where, back or signature(value, name), read.first, read.more, [], {}, [])


def _constant(name: str, value: Any) -> DocumentedName:
    module = sys.modules[DEFINED_IN[name]]
    read = docstring(constant_docstring(module, name))
    words = dict(value) if isinstance(value, dict) else {}
    shown = " | ".join(map(repr, get_args(value))) if get_origin(value) is Literal else ""
    shown = shown or (repr(value) if isinstance(value, tuple) else "" if words else "Known[V] | Unknown")
    kind = "table" if words else "list" if isinstance(value, tuple) else "type"
    return DocumentedName(
        name, name, kind, _where(name, value), f"{name} = {shown}" if shown else "", *read[:2], [], words, []
    )


def marked(text: str) -> Markup:
    """Returns a docstring's text as HTML: what stands in backticks as code, a name of this page as a link to it.

    >>> marked("Is `Known` or <none>.")
    Markup('Is <a href="#Known"><code>Known</code></a> or &lt;none&gt;.')
    """
    parts = re.split(r"`([^`]+)`", text)
    return Markup("").join(_code(part) if place % 2 else _plain(part) for place, part in enumerate(parts))


def _plain(text: str) -> Markup:
    """Text in which the names of what may be raised are links, though no backticks stand around them."""
    parts = re.split(rf"\b({'|'.join(GROUPS['What is raised'][:-1])})\b", text)
    return Markup("").join(_code(part) if place % 2 else escape(part) for place, part in enumerate(parts))


def _code(text: str) -> Markup:
    name = text if text in public_names() else ""
    code = Markup("<code>{}</code>").format(text)
    return Markup('<a href="#{}">{}</a>').format(name, code) if name else code


def typed(text: str) -> Markup:
    """Returns a type as HTML, with links to the names of this page.

    >>> typed("tuple[Known, ...]")
    Markup('<code>tuple[<a href="#Known">Known</a>, ...]</code>')
    """
    parts = re.split(r"(\b[A-Z]\w+\b)", text)
    return Markup("<code>{}</code>").format(Markup("").join(map(_linked, parts)))


def _linked(part: str) -> Markup:
    return Markup('<a href="#{0}">{0}</a>').format(part) if part in public_names() else escape(part)

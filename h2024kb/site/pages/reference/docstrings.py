"""Takes docstrings apart: the first line, the paragraphs, the examples, and what is said of each field."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from collections.abc import Iterable
from types import ModuleType
from typing import NamedTuple


class Text(NamedTuple):
    """A paragraph, or an example that runs."""

    text: str
    example: bool = False


class Docstring(NamedTuple):
    """A docstring in parts; `fields` has what is said of each field, as far as something is."""

    first: str
    more: list[Text]
    fields: dict[str, str]


def docstring(text: str, fields: Iterable[str] = ()) -> Docstring:
    r"""Returns the parts of a docstring.

    A sentence that begins with a field's name belongs to the field, and is left out of `more`.

    >>> docstring("A rate.\n\n`amount` is in dollars. `per` is the unit.", ["amount", "per"])
    Docstring(first='A rate.', more=[], fields={'amount': '`amount` is in dollars.', 'per': '`per` is the unit.'})
    """
    names = list(fields)
    first, *more = [_line(one) for one in re.split(r"\n\s*\n", inspect.cleandoc(text))]
    sentences = [one for paragraph in (first, *more) for one in _sentences(paragraph)]
    said = _once({name: found for name in names if (found := _said_of(name, sentences, names))})
    kept = [" ".join(one for one in _sentences(paragraph) if not _of_a_field(one, names)) for paragraph in more]
    return Docstring(first, [Text(one, one.startswith(">>>")) for one in kept if one], said)


def _line(text: str) -> str:
    return text if text.startswith(">>>") else " ".join(text.split())


def _sentences(paragraph: str) -> list[str]:
    return [paragraph] if paragraph.startswith(">>>") else re.split(r"(?<=\.) (?=[A-Z`])", paragraph)


def _any_of(names: list[str]) -> str:
    return f"`(?:{'|'.join(names)})`" if names else "(?!)"


def _of_a_field(sentence: str, names: list[str]) -> bool:
    """Whether a sentence begins with a field's name, or with a label before one."""
    return re.match(rf"(?:[A-Z][\w ]+: )?{_any_of(names)}", sentence) is not None


def _clauses(sentence: str, names: list[str]) -> list[str]:
    """The parts of a sentence that begin with a field's name."""
    parts = re.split(rf"(?:^|[;:] )(?={_any_of(names)})", sentence)
    return [part for part in parts if re.match(_any_of(names), part)]


def _said_of(name: str, sentences: list[str], names: list[str]) -> str:
    """What begins with the name; else the field whose words hold it, else a sentence that does."""
    clauses = [clause for sentence in sentences for clause in _clauses(sentence, names)]
    own = next((clause for clause in clauses if clause.startswith(f"`{name}`")), None)
    if own is not None:
        text = re.sub(rf"^`{name}`(?:[,:] (?!`)|\.?$)", "", own)
        return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
    others = [text for text in clauses if f"`{name}`" in text]
    if others:
        return f"See `{others[0].split('`')[1]}`."
    return next((text for text in sentences if f"`{name}`" in text and not text.startswith(">>>")), "")


def _once(said: dict[str, str]) -> dict[str, str]:
    """The same with what an earlier field says already told by naming that field."""
    first: dict[str, str] = {}
    for name, text in said.items():
        first.setdefault(text, name)
    named = {name: text.startswith("See ") or first[text] == name for name, text in said.items()}
    return {name: text if named[name] else f"See `{first[text]}`." for name, text in said.items()}


def constant_docstring(module: ModuleType, name: str) -> str:
    """Returns the text that stands under a name's assignment in a module; empty where there is none.

    >>> from h2024kb.knowledge import review
    >>> constant_docstring(review, "REVIEW_EVERY")[:11]
    'Half a year'
    """
    body = ast.parse(inspect.getsource(module)).body
    for one, following in itertools.pairwise(body):
        if name in _assigned(one) and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            return inspect.cleandoc(str(following.value.value))
    return ""


def _assigned(statement: ast.stmt) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
    return [target.id for target in targets if isinstance(target, ast.Name)]

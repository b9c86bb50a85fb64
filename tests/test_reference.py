"""The Python reference: every public name once, its signature and fields as written, its examples as they are run."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

import h2024kb
from h2024kb import claims
from h2024kb.site.pages.reference.docstrings import docstring
from h2024kb.site.pages.reference.reference_page import BESIDE, GROUPS, grouped, item, marked, public_names, reference
from h2024kb.site.pages.reference.signatures import signature

NAMES = tuple(dict.fromkeys((*h2024kb.__all__, *claims.__all__)))


def section(name: str) -> str:
    """What stands on the page between a name's heading and the next name's."""
    text = reference()
    begin = text.index(f"{{: #{name} }}")
    end = re.compile(r"^##?#? ", re.MULTILINE).search(text, begin)
    return text[begin : end.start() if end else len(text)]


@pytest.mark.parametrize("name", [*NAMES, *BESIDE])
def test_every_public_name_has_one_heading_and_one_line_in_the_contents(name: str) -> None:
    assert reference().count(f"{{: #{name} }}\n") == 1
    assert reference().count(f'<th scope="row"><a href="#{name}">') == 1


def test_no_group_names_what_is_not_public() -> None:
    assert {name for names in GROUPS.values() for name in names} == {*NAMES, *BESIDE}


def test_a_public_name_without_a_group_is_not_lost() -> None:
    assert grouped(public_names() | {"brand_new": None})["More"] == ["brand_new"]


def test_every_anchor_is_there_and_none_twice() -> None:
    anchors = re.findall(r"\{: #(\S+) \}", reference())
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', reference())) <= set(anchors)


@pytest.mark.parametrize("name", [name for name in NAMES if inspect.isfunction(public_names()[name])])
def test_a_function_shows_its_parameters_and_its_example(name: str) -> None:
    shown = section(name)
    function: Any = public_names()[name]
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"\b{parameter}: ", shown), parameter
    examples = re.findall(r">>> .*", inspect.getdoc(function) or "")
    assert [example for example in examples if example not in shown] == []


def fields_of(name: str) -> tuple[str, ...]:
    value = public_names()[name]
    return tuple(getattr(value, "__struct_fields__", None) or getattr(value, "_fields", ()))


@pytest.mark.parametrize("name", [name for name in NAMES if fields_of(name)])
def test_a_record_shows_every_field_once(name: str) -> None:
    assert tuple(field.name for field, _ in item(name, public_names()[name]).fields) == fields_of(name)
    for field in fields_of(name):
        assert section(name).count(f'<tr><th scope="row"><code>{field}</code></th>') == 1


def test_every_method_of_a_knowledge_base_is_there() -> None:
    methods = {name for name in vars(h2024kb.KnowledgeBase) if not name.startswith("_")}
    methods -= {"contents", "content_hash", "index"}
    assert {member.anchor for member in item("KnowledgeBase", h2024kb.KnowledgeBase).members} == {
        f"KnowledgeBase.{name}" for name in methods
    }


def test_nothing_is_written_as_python_keeps_it() -> None:
    for ugly in ("ForwardRef", "typing.", "NODEFAULT", "<class", "<function", "Unpack[", "Required[", "_Path"):
        assert ugly not in reference()


def function(a: int, b: str = "x", *, c: bool = False, **more: object) -> None:
    """Has one of each kind of parameter."""


def test_a_signature_reads_as_in_the_source() -> None:
    said = "function(a: int, b: str = 'x', *, c: bool = False, **more: object) -> None"
    assert signature(function, "function") == said


def test_a_long_signature_has_a_line_for_each_parameter() -> None:
    shown = signature(function, "a_name_so_long_that_the_whole_does_not_fit")
    parameters = ["a: int", "b: str = 'x'", "*", "c: bool = False", "**more: object"]
    assert shown.splitlines()[1:-1] == [f"    {parameter}," for parameter in parameters]


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("`a` is one. `b` is two.", "b", "`b` is two."),
        ("`a`, in order; `b`: the second", "a", "In order."),
        ("`a`; `b` too.", "a", ""),
        ("`a` is one; where there is none, `b` is.", "b", "See `a`."),
        ("Give both `a` and `b`.", "a", "Give both `a` and `b`."),
        ("Give both `a` and `b`.", "b", "See `a`."),
        ("Nothing is said.", "a", ""),
    ],
)
def test_what_a_docstring_says_of_a_field(text: str, field: str, said: str) -> None:
    assert docstring(f"A record.\n\n{text}", ["a", "b"]).fields.get(field, "") == said


def test_what_is_said_of_no_field_stays() -> None:
    told = docstring("First.\n\n`a` is one. It is rare.\n\nOn the whole: `a` matters.\n\n>>> 1\n1", ["a"])
    assert [one.text for one in told.more] == ["It is rare.", ">>> 1\n1"]
    assert [one.example for one in told.more] == [False, True]


def test_markup_in_a_docstring_stays_text() -> None:
    assert str(marked("`<b>` and <script>")) == "<code>&lt;b&gt;</code> and &lt;script&gt;"

"""Reads JSON objects of FHIR resources tolerantly: a value of the wrong type is left out, and a fault says where."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, TypeVar

from h2024kb.formats import fields
from h2024kb.formats.fields import Unreadable

S = TypeVar("S")
T = TypeVar("T")
_DAY = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.*)?")


class Fault(NamedTuple):
    """What is wrong at one place of a resource; the place is a path such as `item[0].quantity`, never a value."""

    place: str
    message: str
    rule: str


class Found(NamedTuple):
    """A resource of a file: its path there, its address if the Bundle gives one, and what it holds."""

    place: str
    url: str
    values: Mapping[str, object]

    @property
    def kind(self) -> str:
        """Its resourceType, or an empty text."""
        kind = self.values.get("resourceType")
        return kind if isinstance(kind, str) else ""

    @property
    def key(self) -> str:
        """What a relative reference calls it, as `Patient/1`; empty where it has no type or no id."""
        id = self.values.get("id")
        return f"{self.kind}/{id}" if self.kind and isinstance(id, str) else ""


class Coding(NamedTuple):
    """A code and the system it is of, that in lower case; empty where it is not given."""

    system: str
    code: str


def index(resources: Iterable[Found]) -> dict[str, Found | None]:
    """Returns the resources of a Bundle by address and by `Type/id`; None where two that differ share one."""
    found: dict[str, Found | None] = {}
    for resource in resources:
        for key in {resource.url, resource.key} - {""}:
            other = found.setdefault(key, resource)
            if other is not resource and (other is None or other.values != resource.values):
                found[key] = None
    return found


class Home:
    """The resource that elements stand in, with what its references may point to and the faults found so far."""

    def __init__(self, resource: Found, bundle: Mapping[str, Found | None], faults: list[Fault]) -> None:
        self.resource = resource
        self.bundle = bundle
        self.faults = faults

    @property
    def root(self) -> Element:
        """The resource itself."""
        return Element(self.resource.values, self.resource.place, self)

    @cached_property
    def contained(self) -> dict[str | None, Element]:
        """The resources inside this one, by the ids that references after a hash name."""
        return {one.text("id"): one for one in self.root.elements("contained")}

    def find(self, reference: str) -> Element:
        """Returns what a reference points to, or an empty element where that is not in the file.

        A relative reference is looked for on the server of the resource that makes it first, then by type and id.
        """
        if reference.startswith("#"):
            return self.contained.get(reference[1:]) or self.root.nothing
        reference = reference.split("/_history/")[0]
        # Two servers in one Bundle may both have a Patient/1.
        server = self.resource.url.removesuffix(self.resource.key)
        found = self.bundle.get(server + reference) or self.bundle.get(reference)
        return Home(found, self.bundle, self.faults).root if found else self.root.nothing


class Element:
    """One JSON object; absent, wrong and present are kept apart, and nothing raises.

    What is absent is None, an empty list or an empty element, which is false. What has the wrong type reads as absent
    and adds a fault. `all_or_none` reads a fact that must be given up when any part of it is wrong.
    """

    __slots__ = ("_home", "place", "values")

    def __init__(self, values: Mapping[str, object], place: str, home: Home) -> None:
        self.values = values
        self._home = home
        self.place = place

    def __bool__(self) -> bool:
        return bool(self.values)

    def __contains__(self, name: object) -> bool:
        return name in self.values

    @property
    def nothing(self) -> Element:
        """An empty element."""
        return Element({}, "", self._home)

    def fault(self, name: str, message: str, rule: str = "fhir-value") -> None:
        """Notes what is wrong with a member of this object."""
        self._home.faults.append(Fault(self._path(name), message, rule))

    def all_or_none(self, read: Callable[[], T]) -> T | None:
        """Returns what `read` returns, or None where it met a fault: half a fact would be a wrong one."""
        # Faults are counted, not caught: all of them are reported, and reading goes on behind the first.
        before = len(self._home.faults)
        value = read()
        return value if len(self._home.faults) == before else None

    def valid(self, name: str, written: S | None, reader: Callable[[S], T]) -> T | None:
        """Returns what a reader makes of a value; None where it is absent, or where it is not valid: a fault."""
        try:
            return None if written is None else reader(written)
        except Unreadable as why:
            self.fault(name, why.message, why.rule)
            return None

    def text(self, name: str) -> str | None:
        """Returns a text with its spaces tidied; None where it is absent or empty."""
        return self._text(name, self.values[name]) if name in self.values else None

    def texts(self, name: str) -> list[str]:
        """Returns the texts of a list."""
        return [text for place, value in self._list(name) if (text := self._text(place, value)) is not None]

    def number(self, name: str) -> Decimal | None:
        """Returns a number exactly as it is written."""
        return self._number(name, self.values[name]) if name in self.values else None

    def numbers(self, name: str) -> list[Decimal]:
        """Returns the numbers of a list."""
        return [number for place, value in self._list(name) if (number := self._number(place, value)) is not None]

    def flag(self, name: str) -> bool:
        """Whether a member is true."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.fault(name, "write true or false, without quotes", "fhir-type")
        return value is True

    def day(self, name: str) -> dt.date | None:
        """Returns the day of a date, or of a date with a time of day as its place of writing counted it."""
        text = self.text(name)
        if text is None:
            return None
        found = _DAY.fullmatch(text)
        if found is None:
            self.fault(name, "write the date as YYYY-MM-DD", "date")
            return None
        return self.valid(name, text, lambda _: fields.real_date(*found.groups()))

    def element(self, name: str) -> Element:
        """Returns an object."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            self.fault(name, "write one object, in braces", "fhir-type")
        return Element(value if isinstance(value, dict) else {}, self._path(name), self._home)

    def elements(self, name: str) -> list[Element]:
        """Returns the objects of a list; one object is read as a list of one, as STU3 writes `insurance`."""
        if name not in self.values:
            return []
        if isinstance(self.values[name], dict):
            return [self.element(name)]
        found = []
        for place, value in self._list(name):
            if isinstance(value, dict):
                found.append(Element(value, self._path(place), self._home))
            else:
                self.fault(place, "write an object, in braces", "fhir-type")
        return found

    def target(self, kind: str) -> Element:
        """Returns what this reference points to, if the file holds it and it is of that kind; else an empty element."""
        reference = self.text("reference")
        found = self._home.find(reference) if reference else self
        return found if found.text("resourceType") == kind else self.nothing

    def codings(self) -> list[Coding]:
        """Returns the codes of a CodeableConcept with their systems; a code that says why there is none is left out."""
        found = []
        for coding in self.elements("coding"):
            system, code = (coding.text("system") or "").lower(), coding.text("code")
            if code and not system.endswith(("data-absent-reason", "v3-nullflavor")):
                found.append(Coding(system, code))
        return found

    def code(self, *systems: str) -> str | None:
        """Returns the code of a CodeableConcept whose system holds one of some texts, else its first one."""
        codings = self.codings()
        wanted = [one for one in codings if any(text in one.system for text in systems)]
        return next((one.code for one in wanted + codings), None)

    def _list(self, name: str) -> list[tuple[str, object]]:
        values = self.values.get(name, [])
        if not isinstance(values, list):
            self.fault(name, "write a list, in square brackets", "fhir-type")
            return []
        return [(f"{name}[{number}]", value) for number, value in enumerate(values)]

    def _text(self, place: str, value: object) -> str | None:
        if not isinstance(value, str):
            self.fault(place, "write a text, in quotes", "fhir-type")
            return None
        text = " ".join(fields.bare(value).split())
        if not text.isprintable():
            self.fault(place, "leave out the characters that cannot be printed")
            return None
        return text or None

    def _number(self, place: str, value: object) -> Decimal | None:
        if not isinstance(value, Decimal):
            self.fault(place, "write a number, without quotes", "fhir-type")
            return None
        return self.valid(place, value, fields.exact)

    def _path(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

"""The envelopes of an X12 file, interchange, functional group and transaction set: which are open, and their counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from h2024kb.formats.x12.decoded_text import readable

Report = Callable[[str, str], None]
"""Takes the message and the rule of a problem with the segment that is read."""


class _Kind(NamedTuple):
    header: str
    control_number: str
    counted: str
    inside: tuple[str, ...]


_KINDS = {
    "SE": _Kind("ST", "ST02", "segments", ()),
    "GE": _Kind("GS", "GS06", "transaction sets", ("SE",)),
    "IEA": _Kind("ISA", "ISA13", "groups", ("SE", "GE")),
}


class _Open:
    """An envelope that was opened: its control number, None where its header is missing, and what it holds so far."""

    def __init__(self, control_number: str | None, count: int = 0) -> None:
        self.control_number, self.count = control_number, count


class Envelopes:
    """Which envelopes are open, by the names of their trailers; what is missing or disagrees is reported, never raised.

    `guide` is the implementation guide that the open group names in GS08, or an empty text.
    """

    def __init__(self, report: Report) -> None:
        self.guide = ""
        self._report = report
        self._open: dict[str, _Open] = {}

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction set is open."""
        return "SE" in self._open

    def interchange(self, elements: Sequence[str]) -> None:
        """Opens an interchange (ISA)."""
        self._begin("IEA", elements[13])
        self.guide = ""

    def group(self, elements: Sequence[str]) -> None:
        """Opens a functional group (GS)."""
        self._begin("GE", elements[6], within="IEA")
        self.guide = readable(elements[8]).upper()

    def transaction(self, control_number: str | None, segments_before: int) -> None:
        """Opens a transaction set (ST); None for one whose ST segment is missing."""
        self._begin("SE", control_number, within="GE")
        self._open["SE"].count = -segments_before

    def trailer(self, name: str, elements: Sequence[str], segments: int = 0) -> None:
        """Closes an envelope (SE, GE, IEA), and says where its count or number is not that of its header."""
        self.close(*_KINDS[name].inside)
        opened = self._open.pop(name, None)
        if opened is None:
            self._report(f"this {name} closes nothing: the {_KINDS[name].header} segment is missing", "x12-envelope")
        elif opened.control_number is not None:
            self._compare(name, elements, opened, opened.count + segments)

    def close(self, *names: str, where: str = "before this segment") -> None:
        """Closes envelopes that are open and have no trailer, and reports that."""
        missing = [name for name in names if self._open.pop(name, None)]
        if missing:
            self._report(f"{', '.join(missing)} missing {where}; what was read is kept", "truncated")

    def _begin(self, name: str, control_number: str | None, within: str = "") -> None:
        self.close(*_KINDS[name].inside, name)
        if within in self._open:
            self._open[within].count += 1
        self._open[name] = _Open(control_number)

    def _compare(self, name: str, elements: Sequence[str], opened: _Open, count: int) -> None:
        kind = _KINDS[name]
        written = elements[1].strip()
        if not written.isdecimal() or int(written[:18]) != count:
            self._report(f"{name}01 is not the number of {kind.counted} that were read, {count}", "x12-envelope")
        if readable(elements[2]) != readable(opened.control_number or ""):
            self._report(f"{name}02 is not the control number in {kind.control_number}", "x12-envelope")

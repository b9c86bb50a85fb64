"""Which lines of a member still stand: what a later claim surely takes back or replaces, may do so, or repeats.

A claim number is the provider's own. Many use one for every claim of an account, and others give each correction a new
one. So a later claim strikes out only what it surely means: lines of the number it names, or of its own, that share a
day with it and were sent before it. Where that cannot be known the line is left open, and is never counted for sure.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from h2024kb.line import ServiceLine

LATER: Final = ("7", "8")
"""The frequencies of a claim that replaces an earlier one, or takes it back, whatever it bills now."""

MOST_DAYS_COVERED: Final = 366
"""A line that covers more days has a slip in its dates, and is treated as one that does not give them."""

Standing: TypeAlias = Literal["stands", "gone", "perhaps", "again"]
"""`gone`: a later claim takes it back or replaces it; `perhaps`: one may; `again`: it was read before."""

Overlap: TypeAlias = Literal["shares", "may share", "apart"]


def days_of(line: ServiceLine) -> tuple[dt.date, ...]:
    """Returns every day a line covers; none where its dates are not given, or cannot be right."""
    if line.date_of_service is None or line.days is None or line.days > MOST_DAYS_COVERED:
        return ()
    return tuple(line.date_of_service + dt.timedelta(days=n) for n in range(line.days))


def standings(lines: Sequence[ServiceLine]) -> list[Standing]:
    """Returns for each line of one member to one payer, in the order sent, whether it still stands.

    A line that takes others back stands for itself; it is never counted.

    >>> day = dt.date(2026, 3, 2)
    >>> first = ServiceLine(claim="A", line="1", date_of_service=day)
    >>> again = ServiceLine(claim="A", line="1", date_of_service=day, frequency="7")
    >>> new = ServiceLine(claim="B", line="1", date_of_service=day, frequency="7", replaces="payer's own number")
    >>> standings([first, again]), standings([first, new])
    (['gone', 'stands'], ['perhaps', 'stands'])
    """
    found: list[Standing] = ["stands"] * len(lines)
    for at in _read_before(lines):
        found[at] = "again"
    if any(line.frequency in LATER for line in lines):
        for at, standing in _struck(lines, [at for at, one in enumerate(found) if one == "stands"]):
            if found[at] != "gone":
                found[at] = standing
    return found


def _read_before(lines: Sequence[ServiceLine]) -> Iterator[int]:
    """The places of lines whose claim, number and service were read before: two files may overlap."""
    read: dict[object, int] = {}
    taken_back: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        if line.frequency == "8":
            for name in {line.claim, line.replaces} - {None}:
                taken_back[str(name)].append(at)
        elif line.claim is not None and line.line is not None and line.frequency != "7":
            days = days_of(line)
            before = read.get(one := (line.claim, line.line, line.code, line.units, days))
            # What was taken back in between may be sent anew under its number: that is no repetition.
            if before is not None and not any(
                before < void and _overlap(days, lines[void]) != "apart" for void in taken_back[line.claim]
            ):
                yield at
            else:
                read[one] = at


def _overlap(days: Sequence[dt.date], other: ServiceLine) -> Overlap:
    others = days_of(other)
    if not days or not others:
        return "may share"
    return "shares" if not set(days).isdisjoint(others) else "apart"


class _Sent:
    """The lines of one claim as it was sent once: one number, one kind of frequency, no line number twice."""

    def __init__(self, line: ServiceLine) -> None:
        self.kind = _kind(line)
        self.claim = line.claim
        self.replaces = line.replaces
        self.places: dict[Hashable, int] = {}
        self.days: set[dt.date] = set()
        self.undated = False

    def add(self, at: int, line: ServiceLine, days: Sequence[dt.date]) -> None:
        self.places[_name(line)] = at
        self.days |= set(days)
        self.undated = self.undated or not days

    def after(self, at: int, line: ServiceLine) -> bool:
        """Whether it was sent after a line."""
        # In a table sorted by line number, all lines of number 1 stand before those of number 2.
        return at < self.places.get(_name(line), max(self.places.values()))

    def overlap(self, days: Sequence[dt.date]) -> Overlap:
        if days and not self.days.isdisjoint(days):
            return "shares"
        return "may share" if self.undated or not days else "apart"


def _kind(line: ServiceLine) -> str:
    return line.frequency if line.frequency in LATER else "1"


def _name(line: ServiceLine) -> Hashable:
    return line.line or (None, line.code)


def _struck(lines: Sequence[ServiceLine], places: Sequence[int]) -> Iterator[tuple[int, Standing]]:
    """The places of lines that a later claim takes back or replaces, or may."""
    days = {at: days_of(lines[at]) for at in places}
    of_line, later = _sent(lines, days)
    by_claim: dict[str | None, list[int]] = defaultdict(list)
    by_day: dict[dt.date | None, list[int]] = defaultdict(list)
    for at in places:
        if lines[at].frequency != "8":
            by_claim[lines[at].claim].append(at)
            for day in days[at] or (None,):
                by_day[day].append(at)
    for sent in later:
        # The number it names is mostly the payer's own, which no line shows; then its own number says what it means.
        named = sent.replaces if sent.replaces in by_claim and sent.replaces is not None else sent.claim
        of_number = [at for at in by_claim[named] if of_line[at] is not sent] if named is not None else []
        met = {at: sent.overlap(days[at]) for at in of_number if _may_be_meant(sent, at, lines[at])}
        before = [at for at in met if sent.after(at, lines[at]) and met[at] != "apart"]
        if any(overlap != "apart" for overlap in met.values()):
            yield from _by_number(sent, lines, met, before, of_line)
        else:
            dates = (*sent.days, None) if not sent.undated else tuple(by_day)
            near = dict.fromkeys(at for day in dates for at in by_day.get(day, ()) if of_line[at] is not sent)
            yield from ((at, "perhaps") for at in near if _may_be_meant(sent, at, lines[at], by_number=False))


def _sent(lines: Sequence[ServiceLine], days: Mapping[int, Sequence[dt.date]]) -> tuple[dict[int, _Sent], list[_Sent]]:
    """The claim that each line was sent with, and the claims among them that replace or take back others."""
    of_line: dict[int, _Sent] = {}
    later: list[_Sent] = []
    current: dict[tuple[str | None, str], _Sent] = {}
    for at, own in days.items():
        line = lines[at]
        key = line.claim, _kind(line)
        sent = current.get(key)
        if sent is None or line.claim is None or _name(line) in sent.places or sent.replaces != line.replaces:
            sent = current[key] = _Sent(line)
            if sent.kind in LATER:
                later.append(sent)
        sent.add(at, line, own)
        of_line[at] = sent
        if sent.kind == "8":
            # What comes after a claim was taken back is another claim.
            current.pop((line.claim, "1"), None)
            current.pop((line.claim, "7"), None)
    return of_line, later


def _may_be_meant(sent: _Sent, at: int, line: ServiceLine, *, by_number: bool = True) -> bool:
    """Whether a claim may take back or replace a line, if their numbers and days say so."""
    if sent.after(at, line):
        return True
    # A replacement is not replaced by an earlier one. Files may be out of order, so a void may come before what it
    # takes back; but one without a claim of its number takes back nothing that is sent later.
    return _kind(line) == "1" if sent.kind == "7" else by_number


def _by_number(
    sent: _Sent,
    lines: Sequence[ServiceLine],
    met: Mapping[int, Overlap],
    before: Sequence[int],
    of_line: Mapping[int, _Sent],
) -> Iterator[tuple[int, Standing]]:
    sure = [at for at in before if met[at] == "shares" and _surely(sent, lines[at])]
    whole = {id(of_line[at]) for at in sure if lines[at].line is not None}
    for at, overlap in met.items():
        if at in sure:
            yield at, "gone"
        elif overlap == "apart":
            # Of another day, but sent in one claim with what is replaced: it may have been left out on purpose.
            if id(of_line[at]) in whole and sent.after(at, lines[at]):
                yield at, "perhaps"
        # After a void with the claim that it takes back before it, a claim of this number is a new one.
        elif at in before or not (sent.kind == "8" and before):
            yield at, "perhaps"


def _surely(sent: _Sent, line: ServiceLine) -> bool:
    # Two lines of replacements without line numbers may be of one claim, or one may replace the other.
    return line.line is not None or not (sent.kind == _kind(line) == "7")

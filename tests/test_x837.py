"""837P files are read as they are written; what cannot be read has a problem, shows no value and raises nothing."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import tracemalloc
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from h2024kb.formats import x12_file, x12_text, x837
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

HERE = Path(__file__).parent / "x837"
EXAMPLE = (HERE / "example.837").read_text("ascii")
CHANGES = yaml.safe_load((HERE / "changes.yaml").read_text("utf-8"))
SECRETS = ("INVENTEDNAME", "PARENT", "CHILD", "OTHERNAME", "4711", "0815", "CLAIM1", "CLAIM2", "AUTH", "1970", "2008")
LINE_COUNT = EXAMPLE.count("SV1*")


def read(content: str | bytes) -> tuple[list[ServiceLine], list[Problem]]:
    return parted(x837.read(io.BytesIO(content.encode() if isinstance(content, str) else content), "f.837"))


def parted(found: Iterable[ServiceLine | Problem]) -> tuple[list[ServiceLine], list[Problem]]:
    lines, problems = [], []
    for one in found:
        assert type(one) in (ServiceLine, Problem)
        (lines if isinstance(one, ServiceLine) else problems).append(one)
    return lines, problems


def places(problems: Iterable[Problem]) -> list[str]:
    return [f"{problem.line}:{problem.column} {problem.rule}" for problem in problems]


def changed(changes: dict[str, str], unterminated: int = 0) -> str:
    """The example with some of its text changed, and the number of its segments in SE01."""
    text = EXAMPLE
    for old, new in changes.items():
        assert old in text, f"the example has no {old!r}"
        text = text.replace(old, new)
    between = text[text.index("ST*") : text.index("SE*")].split("~")
    segments = sum(1 for one in between if one.strip()) + unterminated
    return text.replace("SE*44", f"SE*{segments + 1}")


def test_every_field_of_the_example() -> None:
    lines, problems = read(EXAMPLE)
    assert problems == []
    first, second, child = lines
    assert first == ServiceLine(
        code="H2024",
        modifiers=("U4",),
        date_of_service=dt.date(2026, 1, 5),
        units=Decimal(1),
        place_of_service="99",
        prior_authorization_number="AUTH1",
        diagnoses=("F70",),
        charge=Decimal(120),
        age=55,
        payer="EXAMPLE MEDICAID",
        payer_id="ZZMCD",
        jurisdiction="ZZ",
        submitted=dt.date(2026, 1, 10),
        claim="CLAIM1",
        line="1",
        member=first.member,
        frequency="1",
    )
    assert second == msgspec.structs.replace(
        first,
        modifiers=("U4", "HQ"),
        date_of_service=dt.date(2026, 1, 6),
        last_date_of_service=dt.date(2026, 1, 7),
        units=None,
        minutes=Decimal(240),
        place_of_service="12",
        prior_authorization_number="AUTH2",
        diagnoses=("Z560", "F70"),
        charge=Decimal("60.50"),
        line="2",
    )
    assert child == msgspec.structs.replace(
        first,
        modifiers=(),
        place_of_service="12",
        prior_authorization_number="",
        diagnoses=("F71",),
        age=17,
        claim="CLAIM2",
        member=child.member,
        frequency="7",
    )


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: case["name"])
def test_a_changed_example(case: dict[str, Any]) -> None:
    lines, problems = read(changed(case["change"], case.get("unterminated", 0)))
    told = msgspec.json.decode(msgspec.json.encode(lines[case.get("line", 0)]))
    assert {name: told.get(name) for name in case["expect"]} == case["expect"]
    assert places(problems) == case.get("problems", [])


def test_a_member_is_one_patient_and_shows_nothing() -> None:
    def members(changes: dict[str, str]) -> list[str | None]:
        return [line.member for line in read(changed(changes))[0]]

    parent, again, child = members({})
    assert parent == again != child
    assert all(re.fullmatch("[0-9a-f]{32}", member or "") for member in (parent, child))
    assert members({"CLAIM1": "CLAIM9", "ZZMCD": "ZZNEW"}) == [parent, parent, child]
    for other in ({"MEMBER4711": "MEMBER4712"}, {"20080106": "20080107"}, {"*CHILD": "*SIBLING"}):
        assert members(other)[2] not in (parent, child, None)
    assert members({"MI*MEMBER4711": "MI"}) == [None, None, None]
    assert members({"*INVENTEDNAME*CHILD": ""}) == [parent, parent, None]


@pytest.mark.parametrize("guide", ["004010X098", "004010X098A1", "005010X222", "005010X222A1", "005010X222A2"])
def test_the_guides_that_are_read(guide: str) -> None:
    before, after = EXAMPLE.replace("*005010X222A1", "", 1), EXAMPLE.replace("ST*837*0001*005010X222A1", "ST*837*0001")
    for text in (before, after):
        assert read(text.replace("005010X222A1", guide)) == read(EXAMPLE)


NOT_837P = {
    "institutional by its guide": {"005010X222A1": "005010X223A2"},
    "institutional, 4010": {"005010X222A1": "004010X096A1"},
    "dental by its guide": {"005010X222A1": "005010X224A2"},
    "a report of claims": {"005010X222A1": "005010X225A2"},
    "institutional by ST03": {"ST*837*0001*005010X222A1": "ST*837*0001*005010X223A2"},
    "an acknowledgement": {"ST*837": "ST*999"},
    "an eligibility inquiry": {"ST*837": "ST*270"},
    "of no known kind": {"ST*837": "ST*8E7"},
}


@pytest.mark.parametrize("changes", NOT_837P.values(), ids=NOT_837P)
def test_what_is_no_837p_is_reported_once(changes: dict[str, str]) -> None:
    lines, problems = read(changed(changes))
    assert lines == []
    assert places(problems) == ["3:1 not-837p"]


def test_without_a_guide_the_service_lines_tell() -> None:
    text = EXAMPLE.replace("*005010X222A1", "")
    assert read(text) == read(EXAMPLE)
    for name in ("SV2", "SV3"):
        lines, problems = read(text.replace("SV1", name))
        assert lines == []
        assert places(problems) == ["22:1 not-837p"]


def test_a_transaction_of_another_kind_stops_none_beside_it() -> None:
    claims = EXAMPLE[EXAMPLE.index("ST*") : EXAMPLE.index("GE*")]
    other = claims.replace("X222A1", "X223A2")
    lines, problems = read(EXAMPLE.replace(claims, other + claims + other).replace("GE*1", "GE*3"))
    assert len(lines) == LINE_COUNT
    assert places(problems) == ["3:1 not-837p", "91:1 not-837p"]


NO_GS = EXAMPLE.replace("GS*HC*", "G*HC*")
NO_TERMINATORS = EXAMPLE.replace("~", "").replace("\n", "~\n", 1)
CUT = EXAMPLE[: EXAMPLE.index("REF*6R") + 4]
BROKEN = {
    # what: (the file, how many lines are read, the problems)
    "nothing": ("", 0, ["1:1 empty"]),
    "only blanks": ("\r\n  \n\x1a", 0, ["1:1 empty"]),
    "no X12": ("code,units\nH2024,1\n", 0, ["1:1 x12-envelope"]),
    "the word VISA": ("VISA*1~", 0, ["1:1 x12-envelope"]),
    "binary": (b"\n\0\1\2\3" * 9, 0, ["2:1 encoding", "2:1 x12-envelope"]),
    "UTF-8 with a mark": (b"\xef\xbb\xbf" + EXAMPLE.encode(), LINE_COUNT, ["1:1 encoding"]),
    "UTF-16": (EXAMPLE.encode("utf-16"), LINE_COUNT, ["1:1 encoding"]),
    "UTF-16, no mark": (EXAMPLE.encode("utf-16-be"), LINE_COUNT, ["1:1 encoding"]),
    "Latin-1": (EXAMPLE.replace("PARENT", "P\xc9RE").encode("latin-1"), LINE_COUNT, ["14:24 encoding"]),
    "a zero byte": (EXAMPLE.replace("PARENT", "PAR\0NT"), LINE_COUNT, ["14:26 encoding"]),
    "a control-Z at the end": (EXAMPLE + "\x1a", LINE_COUNT, []),
    "junk before": ("To: a payer\n\n" + EXAMPLE, LINE_COUNT, ["1:1 x12-envelope"]),
    "junk after": (EXAMPLE + "\n  The end.\n", LINE_COUNT, ["50:3 x12-envelope"]),
    "junk between": (EXAMPLE + "\n++\n" + EXAMPLE, 2 * LINE_COUNT, ["50:1 x12-envelope"]),
    "ISA too short": (EXAMPLE.replace("*00*  ", "*00*", 1), LINE_COUNT, ["1:1 x12-delimiter"]),
    "ISA too long": (EXAMPLE.replace("SENDER  ", "SENDER          ", 1), LINE_COUNT, ["1:1 x12-delimiter"]),
    "ISA without ISA16": (EXAMPLE.replace("*0*T*:", "*0*T", 1), LINE_COUNT, ["1:1 x12-delimiter"]),
    "ISA with 15 elements": (EXAMPLE.replace("*^*", "*", 1), LINE_COUNT, ["1:1 x12-delimiter", "48:1 x12-envelope"]),
    "no terminators but in ISA": (NO_TERMINATORS, LINE_COUNT, ["1:1 x12-delimiter"]),
    "no terminators but in ISA, CRLF": (NO_TERMINATORS.replace("\n", "\r\n"), LINE_COUNT, ["1:1 x12-delimiter"]),
    "glued to a word": ("AB" + EXAMPLE, LINE_COUNT, ["1:1 x12-envelope"]),
    "ISA cut off": (EXAMPLE[:90], 0, ["1:1 x12-delimiter", "1:1 x12-envelope"]),
    "delimiters that are letters": (EXAMPLE.replace("*", "A"), 0, ["1:1 x12-envelope"]),
    "ISA missing": (EXAMPLE[107:], 0, ["1:1 x12-envelope"]),
    "GS missing": (NO_GS, LINE_COUNT, ["2:1 x12-segment", "47:1 x12-envelope", "48:1 x12-envelope"]),
    "ST missing": (EXAMPLE.replace("ST*837*", "S*837*"), LINE_COUNT, ["3:1 x12-segment", "4:1 x12-envelope"]),
    "SE missing": (EXAMPLE.replace("SE*44*0001~\n", ""), LINE_COUNT, ["46:1 truncated"]),
    "SE of another": (EXAMPLE.replace("*0001~\nGE", "*0002~\nGE"), LINE_COUNT, ["46:1 x12-envelope"]),
    "SE01 wrong": (EXAMPLE.replace("SE*44", "SE*43"), LINE_COUNT, ["46:1 x12-envelope"]),
    "SE01 no number": (EXAMPLE.replace("SE*44", "SE*\xb2"), LINE_COUNT, ["46:1 x12-envelope"]),
    "GE01 wrong": (EXAMPLE.replace("GE*1*", "GE*2*"), LINE_COUNT, ["47:1 x12-envelope"]),
    "IEA02 wrong": (EXAMPLE.replace("IEA*1*000000001", "IEA*1*000000002"), LINE_COUNT, ["48:1 x12-envelope"]),
    "IEA without terminator": (EXAMPLE.rstrip("~\n"), LINE_COUNT, []),
    "cut off after SE": (EXAMPLE[: EXAMPLE.index("GE*")], LINE_COUNT, ["46:1 truncated"]),
    "cut off before SV1": (EXAMPLE[: EXAMPLE.index("SV1*")], 0, ["21:1 x12-segment", "21:1 truncated"]),
    "cut off in a segment": (CUT, 1, ["24:1 truncated", "23:1 truncated"]),
    "cut off, then another": (CUT + EXAMPLE, 1 + LINE_COUNT, ["24:1 truncated", "24:5 truncated"]),
    "an unknown segment": (changed({"PAT*19": "PAZ*19"}), LINE_COUNT, ["30:1 x12-segment"]),
    "a segment without name": (changed({"PAT*19": "*19"}), LINE_COUNT, ["30:1 x12-segment"]),
}  # fmt: skip


@pytest.mark.parametrize(("content", "count", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file(content: str | bytes, count: int, expected: list[str]) -> None:
    lines, problems = read(content)
    assert len(lines) == count
    assert places(problems) == expected


def test_junk_is_counted_in_bytes() -> None:
    assert "11 bytes before an ISA segment" in read("\nÜber uns\n" + EXAMPLE)[1][0].message


def test_bytes_that_are_no_utf_8_are_letters_of_latin_1() -> None:
    (line, *_), _ = read(EXAMPLE.replace("PR*2*EXAMPLE", "PR*2*\xc9XEMPLE").encode("latin-1"))
    assert line.payer == "ÉXEMPLE MEDICAID"


@pytest.mark.parametrize("line_break", ["", "\n", "\r\n", "\n\n"], ids=repr)
@pytest.mark.parametrize(
    "delimiters", ["*:~", "|^~", "~^_", "\x1d\x1f\x1c", "*:\n", "*:\r", "*>'", "\xa6:\xac"], ids=repr
)
def test_delimiters_and_line_breaks(delimiters: str, line_break: str) -> None:
    content = written(EXAMPLE, delimiters, line_break).encode("latin-1")
    lines, problems = read(content)
    assert lines == read(EXAMPLE)[0]
    assert {problem.rule for problem in problems} <= {"encoding"}


def written(text: str, delimiters: str, line_break: str) -> str:
    """The text in other delimiters, which it must not hold itself."""
    return text.replace("\n", line_break).translate(str.maketrans("*:~", delimiters)).replace("*^*", "*!*")


def test_lines_of_eighty_characters() -> None:
    text = EXAMPLE.replace("\n", "")
    assert read("\n".join(text[at : at + 80] for at in range(0, len(text), 80))) == read(EXAMPLE)


def test_many_interchanges_groups_and_transactions_in_one_file() -> None:
    group = EXAMPLE[EXAMPLE.index("GS*") : EXAMPLE.index("IEA*")]
    claims = group[group.index("ST*") : group.index("GE*")]
    two = EXAMPLE.replace(group, 2 * group.replace(claims, 3 * claims).replace("GE*1", "GE*3")).replace(
        "IEA*1", "IEA*2"
    )
    file = two + written(EXAMPLE, "|!$", "") + written(EXAMPLE, "*>\n", "") + EXAMPLE
    lines, problems = read(file)
    assert lines == 9 * read(EXAMPLE)[0]
    assert problems == []


def test_a_problem_is_where_its_segment_begins() -> None:
    text = written(changed({"PAT*19": "PAZ*19", "DMG*D8*19700303": "DMG*D8*1970"}), "*:~", "")
    _, problems = read("\r\n\r\n" + text)
    assert [(problem.line, text[problem.column - 1 :][:3]) for problem in problems] == [(3, "DMG"), (3, "PAZ")]


def test_a_cut_line_leaves_open_what_the_rest_may_have_told() -> None:
    before, line = EXAMPLE[: EXAMPLE.index("REF*G1")], "LX*1~SV1*HC:H2024*120*UN*1~"
    for end in ("", "DTP*472*D8*2026", EXAMPLE):
        (cut, *_), problems = read(before + line + end)
        assert (cut.code, cut.prior_authorization_number, cut.diagnoses) == ("H2024", None, ())
        assert "truncated" in [problem.rule for problem in problems]


class Slow(io.RawIOBase):
    """A stream that gives few bytes at a time."""

    def __init__(self, content: bytes, sizes: Iterable[int]) -> None:
        self._content, self._sizes = io.BytesIO(content), itertools.cycle(sizes)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(next(self._sizes))


class Endless(io.RawIOBase):
    """A stream that begins, goes on with as many bytes as are wanted, and ends."""

    def __init__(self, begin: bytes, more: bytes, count: int, end: bytes) -> None:
        self._pieces = itertools.chain([begin], itertools.repeat(more, count // len(more)), [end])

    def read(self, size: int = -1) -> bytes:
        return next(self._pieces, b"")


BEFORE, AFTER = EXAMPLE[: EXAMPLE.index("CLM*")], EXAMPLE[EXAMPLE.index("CLM*") :]
LONG = {
    # what: (before, over and over, after, how many lines are read, the problems)
    "junk": ("", "A", EXAMPLE, LINE_COUNT, ["1:1 x12-envelope"]),
    "a segment": (BEFORE + "NTE*", "A", "~\n" + AFTER, LINE_COUNT, ["18:1 too-long"]),
    "a segment, then an ISA": (BEFORE + "NTE*", "A", EXAMPLE, LINE_COUNT, ["18:1 too-long", "18:67108869 truncated"]),
    "a segment without end": (BEFORE + "NTE*", "\n", "", 0, ["18:1 too-long", "17:1 truncated"]),
}


@pytest.mark.parametrize(("before", "more", "after", "count", "expected"), LONG.values(), ids=LONG)
def test_memory_does_not_grow(before: str, more: str, after: str, count: int, expected: list[str]) -> None:
    stream = Endless(before.encode(), more.encode() * x12_text.CHUNK, 1 << 26, after.encode())
    tracemalloc.start()
    lines, problems = parted(x837.read(stream, "f.837"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * x12_file.LONGEST
    assert (len(lines), places(problems)) == (count, expected)


@given(st.lists(st.integers(1, 200), min_size=1), st.sampled_from(sorted(BROKEN)))
def test_in_whatever_pieces_a_stream_gives_them(sizes: list[int], name: str) -> None:
    content = BROKEN[name][0]
    raw = content if isinstance(content, bytes) else content.encode()
    assert parted(x837.read(Slow(raw, sizes), "f.837")) == read(raw)


CUTS = st.tuples(
    st.floats(0, 1),
    st.integers(0, 60),
    st.binary(max_size=8) | st.sampled_from([b"~", b"*", b"\n", b"ISA*", b"IEA*", b"LX*1~"]),
)


@given(st.lists(CUTS, max_size=8), st.booleans())
def test_a_damaged_file_raises_nothing_and_shows_nothing(cuts: list[tuple[float, int, bytes]], twice: bool) -> None:
    raw = EXAMPLE.encode() * (1 + twice)
    for place, length, inserted in cuts:
        at = int(place * len(raw))
        raw = raw[:at] + inserted + raw[at + length :]
    lines, problems = read(raw)
    said = " ".join(f"{problem.message} {problem.rule}" for problem in problems)
    assert not [secret for secret in SECRETS if secret in said]
    assert all(problem.line >= 1 and problem.column >= 1 and not problem.source_line for problem in problems)
    assert len(problems) <= 4 * len(raw.split(b"~")) + 4
    msgspec.json.encode(lines)

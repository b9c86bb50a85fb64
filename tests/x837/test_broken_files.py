"""Of a broken 837P file all is read that can be; the rest has a problem, shows no value and raises nothing."""

from __future__ import annotations

import io
import itertools
import tracemalloc
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from x837.invented import EXAMPLE, GS, LINE_COUNT, NO_GS, ST, changed, parted, places, read, written

from h2024kb.formats.x12 import decoded_text, interchanges, x837
from h2024kb.line import ServiceLine
from h2024kb.problem import Problem

SECRETS = ("INVENTEDNAME", "PARENT", "CHILD", "OTHERNAME", "MEMBER4711", "OTHER0815", "CLAIM1", "AUTH", "19700303")
NO_TERMINATORS = EXAMPLE.replace("~", "").replace("\n", "~\n", 1)
LINES = EXAMPLE.replace("~", "")
NO_TRAILER = EXAMPLE[: EXAMPLE.index("SE*")]
NO_GE_END = EXAMPLE.replace("GE*1*1~", "GE*1*1")
SHORT_ISA = EXAMPLE.replace("*00*  ", "*00*", 1)
CUT = EXAMPLE[: EXAMPLE.index("REF*6R") + 4]
BROKEN = {
    # what: (the file, how many lines are read, the problems)
    "nothing": ("", 0, ["1:1 empty"]),
    "only blanks": ("\r\n  \n\x1a", 0, ["1:1 empty"]),
    "not X12": ("code,units\nH2024,1\n", 0, ["1:1 x12-envelope"]),
    "the word VISA": ("VISA*1~", 0, ["1:1 x12-envelope"]),
    "binary": (b"\n\0\1\2\3" * 9, 0, ["2:1 encoding", "2:1 x12-envelope"]),
    "UTF-8 with a mark": (b"\xef\xbb\xbf" + EXAMPLE.encode(), LINE_COUNT, ["1:1 byte-order-mark"]),
    "UTF-16": (EXAMPLE.encode("utf-16"), LINE_COUNT, ["1:1 encoding"]),
    "UTF-16, no mark": (EXAMPLE.encode("utf-16-be"), LINE_COUNT, ["1:1 encoding"]),
    "Latin-1": (EXAMPLE.replace("PARENT", "P\xc9R\xc9").encode("latin-1"), LINE_COUNT, ["14:24 encoding"]),
    "a zero byte": (EXAMPLE.replace("PARENT", "PAR\0NT"), LINE_COUNT, ["14:26 encoding"]),
    "a control-Z at the end": (EXAMPLE + "\x1a", LINE_COUNT, []),
    "junk before": ("To: a payer\n\n" + EXAMPLE, LINE_COUNT, ["1:1 x12-envelope"]),
    "junk after": (EXAMPLE + "\n  The end.\n", LINE_COUNT, ["50:3 x12-envelope"]),
    "junk between": (EXAMPLE + "\n++\n" + EXAMPLE, 2 * LINE_COUNT, ["50:1 x12-envelope"]),
    "ISA too short": (SHORT_ISA, LINE_COUNT, ["1:1 x12-delimiter"]),
    "ISA too long": (EXAMPLE.replace("SENDER  ", "SENDER          ", 1), LINE_COUNT, ["1:1 x12-delimiter"]),
    "ISA without ISA16": (EXAMPLE.replace("*0*T*:", "*0*T", 1), LINE_COUNT, ["1:1 x12-delimiter"]),
    "ISA with 15 elements": (EXAMPLE.replace("*^*", "*", 1), LINE_COUNT, ["1:1 x12-delimiter", "48:1 x12-envelope"]),
    "no terminators but in ISA": (NO_TERMINATORS, LINE_COUNT, ["1:1 x12-delimiter"]),
    "no terminators but in ISA, CRLF": (NO_TERMINATORS.replace("\n", "\r\n"), LINE_COUNT, ["1:1 x12-delimiter"]),
    "glued to a word": ("AB" + EXAMPLE, LINE_COUNT, ["1:1 x12-envelope"]),
    "ISA16 left out": (EXAMPLE.replace("*T*:", "*T*", 1), LINE_COUNT, ["1:1 x12-delimiter"]),
    "lines, ISA16 left out": (LINES.replace("*T*:", "*T*", 1), LINE_COUNT, ["1:1 x12-delimiter"]),
    "lines, ISA without ISA16": (LINES.replace("*T*:", "*T", 1), LINE_COUNT, ["1:1 x12-delimiter"]),
    "lines, 15 elements": (LINES.replace("*^*", "*", 1), LINE_COUNT, ["1:1 x12-delimiter", "48:1 x12-envelope"]),
    "a guide that cannot be read": (EXAMPLE.replace("005010X", "OO5010X"), LINE_COUNT, []),
    "a guide that nobody can read": (EXAMPLE.replace("5010X222A1", "5O1OXZZZA1"), LINE_COUNT, ["3:1 x12-envelope"]),
    "ISA cut off": (EXAMPLE[:90], 0, ["1:1 x12-delimiter", "1:1 x12-envelope"]),
    "delimiters that are letters": (EXAMPLE.replace("*", "A"), 0, ["1:1 x12-envelope"]),
    "ISA missing": (EXAMPLE[107:], 0, ["1:1 x12-envelope"]),
    "GS missing": (NO_GS, LINE_COUNT, ["2:1 x12-segment", "47:1 x12-envelope", "48:1 x12-envelope"]),
    "ST missing": (EXAMPLE.replace("ST*837*", "S*837*"), LINE_COUNT, ["3:1 x12-segment", "4:1 x12-envelope"]),
    "SE missing": (EXAMPLE.replace("SE*44*0001~\n", ""), LINE_COUNT, ["46:1 truncated"]),
    "SE missing before ST": (NO_TRAILER + ST + "GE*2*1~\nIEA*1*000000001~", 2 * LINE_COUNT, ["46:1 truncated"]),
    "SE, GE missing before GS": (NO_TRAILER + GS + "IEA*2*000000001~", 2 * LINE_COUNT, ["46:1 truncated"]),
    "SE, GE, IEA missing before ISA": (NO_TRAILER + EXAMPLE, 2 * LINE_COUNT, ["46:1 truncated"]),
    "SE, GE missing before IEA": (NO_TRAILER + "IEA*1*000000001~", LINE_COUNT, ["46:1 truncated"]),
    "segments after SE": (EXAMPLE.replace("GE*1*", "XY*1~~XY*2~GE*1*"), LINE_COUNT, ["47:1 x12-segment"]),
    "claims after SE": (EXAMPLE.replace("GE*1*", "REF*1~GE*2*"), LINE_COUNT, ["47:1 x12-envelope", "47:7 truncated"]),
    "no trailers, a short ISA": (NO_TRAILER + SHORT_ISA, 2 * LINE_COUNT, ["46:1 x12-delimiter", "46:1 truncated"]),
    "GE without terminator": (NO_GE_END + written(EXAMPLE, "|!$", ""), 2 * LINE_COUNT, ["47:1 x12-segment"]),
    "an ISA in a name": (EXAMPLE.replace("41*2*EXAMPLE", "41*2*ISA*ISA*"), LINE_COUNT, []),
    "an IEA in a name": (EXAMPLE.replace("41*2*EXAMPLE", "41*2*IEA*"), LINE_COUNT, []),
    "an IEA in a name in short lines": (EXAMPLE.replace("41*2*EXAMPLE", "41*2*\nIEA*"), LINE_COUNT, []),
    "SE of another": (EXAMPLE.replace("*0001~\nGE", "*0002~\nGE"), LINE_COUNT, ["46:1 x12-envelope"]),
    "SE01 wrong": (EXAMPLE.replace("SE*44", "SE*43"), LINE_COUNT, ["46:1 x12-envelope"]),
    "SE01 not a number": (EXAMPLE.replace("SE*44", "SE*\xb2"), LINE_COUNT, ["46:1 x12-envelope"]),
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
    if "truncated" not in " ".join(expected):
        assert lines == read(EXAMPLE)[0] * (count // LINE_COUNT)


def test_a_line_whose_transaction_has_no_end_may_not_be_whole() -> None:
    for after in (ST + "GE*2*1~", GS, EXAMPLE, "GE*1*1~", "IEA*1*000000001~", ""):
        line = read(NO_TRAILER + after)[0][LINE_COUNT - 1]
        assert (line.claim, line.prior_authorization_number) == ("CLAIM2", None)


def test_what_stands_before_the_cut_comes_first() -> None:
    found = list(x837.read(io.BytesIO(CUT.encode()), "f.837"))
    assert [type(one) for one in found] == [ServiceLine, Problem, Problem]


def test_a_long_segment_may_have_been_the_prior_authorization() -> None:
    text = EXAMPLE.replace("REF*G1*AUTH1", "NTE*ADD*" + "A" * interchanges.LONGEST)
    (line, second, _), problems = read(text)
    assert (line.prior_authorization_number, second.prior_authorization_number) == (None, "AUTH2")
    assert places(problems) == ["19:1 too-long", "46:1 x12-envelope"]


def test_problems_with_the_encoding_say_what_to_do() -> None:
    for name, said in {"Latin-1": "save the file as UTF-8", "a zero byte": "zero byte", "UTF-16": "as UTF-8"}.items():
        assert said in read(BROKEN[name][0])[1][0].message


def test_junk_is_counted_in_bytes() -> None:
    assert "11 bytes before an ISA segment" in read("\nÜber uns\n" + EXAMPLE)[1][0].message


def test_bytes_that_are_not_utf_8_are_letters_of_latin_1() -> None:
    (line, *_), _ = read(EXAMPLE.replace("PR*2*EXAMPLE", "PR*2*\xc9XEMPL\xff").encode("latin-1"))
    assert line.payer == "ÉXEMPLÿ MEDICAID"


def test_a_text_holds_no_control_characters() -> None:
    (line, *_), _ = read(EXAMPLE.replace("PR*2*EXAMPLE", "PR*2*EX\x1b[1mAMPLE"))
    assert line.payer == "EX[1mAMPLE MEDICAID"


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
    stream = Endless(before.encode(), more.encode() * decoded_text.CHUNK, 1 << 26, after.encode())
    tracemalloc.start()
    lines, problems = parted(x837.read(stream, "f.837"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * interchanges.LONGEST
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

"""What kind of file begins with some bytes, where no format can be read from it, and what to do then."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Refusal(NamedTuple):
    """Why a file cannot be read, with what to do, and the name of the rule."""

    message: str
    rule: str


UTF_16: Final = Refusal("this is UTF-16: save the file as UTF-8", "encoding")
PARQUET: Final = b"PAR1"

_BINARY = Refusal("this is not a text file: save a table as CSV, and claims as X12 or FHIR JSON", "binary")
_PHARMACY = Refusal("this is a pharmacy claim (NCPDP), which bills no HCPCS code: give an 837P", "file-kind")
_WORKBOOK = Refusal("this is a workbook: save the table as CSV", "file-kind")


def _packed_with(name: str) -> Refusal:
    return Refusal(f"this is packed with {name}: unpack it first", "packed")


# A header of CSV may begin with PK or BZ too, so as much is looked at as no header has. A workbook is a zip file whose
# first member is one of these, or the name of its kind.
_PACKED = (
    (re.compile(rb"PK\x03\x04.{0,60}(?:\[Content_Types\]|_rels/|docProps/|xl/|mimetypeapplication/)", re.S), _WORKBOOK),
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), _packed_with("zip")),
    (re.compile(rb"\x1f\x8b"), _packed_with("gzip")),
    (re.compile(rb"BZh[1-9]1AY"), _packed_with("bzip2")),
    (re.compile(rb"7z\xbc\xaf"), _packed_with("7z")),
    (re.compile(rb"\xfd7zXZ"), _packed_with("xz")),
    (re.compile(rb"\x28\xb5\x2f\xfd"), _packed_with("zstd")),
    (re.compile(rb"\xd0\xcf\x11\xe0"), _WORKBOOK),
    (re.compile(rb"%PDF-"), Refusal("this is a PDF: save the table as CSV", "file-kind")),
)
_NOT_TEXT = (
    (re.compile(rb"[\x02\x1c-\x1e\s]*AM[0-9]{2}[A-Z0-9]{3}"), _PHARMACY),
    (re.compile(rb"\s*<"), Refusal("this is XML or HTML: save a table as CSV, and write FHIR as JSON", "file-kind")),
    (re.compile(rb"\xff\xfe|\xfe\xff"), UTF_16),
)


def packed(head: bytes) -> Refusal | None:
    r"""Returns why nobody can read claims from a file that begins so; None where somebody may.

    >>> packed(b"\x1f\x8b\x08")
    Refusal(message='this is packed with gzip: unpack it first', rule='packed')
    """
    return next((refusal for begins, refusal in _PACKED if begins.match(head)), None)


def not_text(head: bytes) -> Refusal | None:
    """Returns why a file that is not X12 is not CSV or JSON either; None where it may be.

    Only the first line is searched for zero bytes: one further down costs its own line and not the file. Where nearly
    every other byte is zero, the text is UTF-16 without the mark that says so.
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    if found := next((refusal for begins, refusal in _NOT_TEXT if begins.match(head)), None):
        return found
    first = head.partition(b"\n")[0]
    if b"\0" not in first:
        return None
    half = len(first) // 2
    return UTF_16 if max(first[::2].count(0), first[1::2].count(0)) > half * 0.9 else _BINARY

"""A knowledge base compiled to one file, so that opening it parses no YAML.

The file has two lines of JSON: a header with the format, the package version and the content hash, and the contents.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from h2024kb.knowledge.code_sets import Contents
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.knowledge.model import Record

FORMAT = 1


class Header(Record, frozen=True):
    """What a snapshot's first line says."""

    format: int
    content_hash: str
    version: str


class BadSnapshot(ValueError):
    """Raised for a file that is not a snapshot, is of another format, or is not whole."""


def to_bytes(kb: KnowledgeBase, version: str) -> bytes:
    """Returns a knowledge base as a snapshot; equal contents and versions give equal bytes."""
    header = Header(format=FORMAT, content_hash=kb.content_hash, version=version)
    return msgspec.json.encode(header) + b"\n" + msgspec.json.encode(kb.contents) + b"\n"


def read(path: Path) -> KnowledgeBase:
    """Returns the knowledge base in a snapshot file; raises BadSnapshot where its hash or format does not fit."""
    return from_bytes(path.read_bytes(), str(path))


def from_bytes(content: bytes, name: str = "the snapshot") -> KnowledgeBase:
    """Returns the knowledge base in a snapshot's bytes; `name` stands in the messages of BadSnapshot."""
    head, _, body = content.partition(b"\n")
    try:
        header = msgspec.json.decode(head, type=Header)
    except msgspec.DecodeError as error:
        raise BadSnapshot(f"{name} is not a snapshot: {error}") from None
    if header.format != FORMAT:
        raise BadSnapshot(f"{name} has format {header.format}; this version reads format {FORMAT}")
    body = body.removesuffix(b"\n")
    if hashlib.sha256(body).hexdigest() != header.content_hash:
        raise BadSnapshot(f"{name} is not whole: its contents do not have the hash it states")
    return KnowledgeBase(msgspec.json.decode(body, type=Contents), header.content_hash)

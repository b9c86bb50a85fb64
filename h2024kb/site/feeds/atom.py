"""Writes Atom feeds (RFC 4287)."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

ATOM: Final = "http://www.w3.org/2005/Atom"
NAMES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "tag:h2024kb,2026:changes")
NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Item(NamedTuple):
    """One entry of a feed; `html` is its content, in which all data must be escaped already."""

    id: str
    title: str
    published: dt.date
    updated: dt.date
    link: str
    html: str
    categories: Sequence[str] = ()


class Feed(NamedTuple):
    """A feed; `own` is its own address, `page` that of the page it belongs to. Both may be relative."""

    id: str
    title: str
    own: str
    page: str
    updated: dt.date
    items: Sequence[Item]


def urn(name: str) -> str:
    """Returns an id that a name always has, wherever the site lives.

    >>> urn("feeds/all") == urn("feeds/all"), urn("feeds/all").startswith("urn:uuid:")
    (True, True)
    """
    return f"urn:uuid:{uuid.uuid5(NAMES, name)}"


def atom(feed: Feed) -> bytes:
    """Returns a feed as a file."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.own})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.page})
    _text(ET.SubElement(root, "author"), "name", "h2024kb")
    for item in feed.items:
        _entry(root, item)
    ET.indent(root, "")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _entry(root: ET.Element, item: Item) -> None:
    entry = ET.SubElement(root, "entry")
    _text(entry, "id", item.id)
    _text(entry, "title", item.title)
    _text(entry, "published", _moment(item.published))
    _text(entry, "updated", _moment(item.updated))
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": item.link})
    for category in item.categories:
        ET.SubElement(entry, "category", {"term": _clean(category)})
    _text(entry, "content", item.html).set("type", "html")


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(parent, name)
    made.text = _clean(text)
    return made


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"

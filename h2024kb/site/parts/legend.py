"""The headlines of an answer on coverage with what they mean, for the legend of the home page and the glossary."""

from __future__ import annotations

from functools import cache

import msgspec
import yaml

from h2024kb.site.parts.texts import text


class Headline(msgspec.Struct, frozen=True):
    """A headline with what it means."""

    says: str
    means: str


@cache
def headlines() -> dict[str, Headline]:
    """Returns every headline of an answer on coverage by its kind: what `texts/headlines.yaml` says."""
    return msgspec.convert(yaml.safe_load(text("headlines.yaml")), dict[str, Headline])

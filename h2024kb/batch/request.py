"""What a caller asks to be checked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from h2024kb.formats.table.columns import Columns
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.validation.validate import Defaults


class Request(NamedTuple):
    """Files to be checked, what their columns mean, the defaults for all their lines, and as known on which day."""

    kb: KnowledgeBase
    paths: tuple[Path, ...]
    columns: Columns | None
    defaults: Defaults
    as_known_on: dt.date | None

"""The file to start from."""

from __future__ import annotations

from typing import Final

from h2024kb.site.api.making import Making, address, path
from h2024kb.site.api.resources import FileRow, Index
from h2024kb.site.api.written import Written

STARTS: Final = {
    "policies": (path("policies", "index.json"), "Every policy, with its answer on coverage of H2024 in short"),
    "codes": (path("codes", "index.json"), "Every code"),
    "payers": (path("payers", "index.json"), "Every payer, with the other names people type for it"),
    "changes": (path("changes", "index.json"), "Every day on which something was posted"),
    "openapi": (path("openapi.json"), "OpenAPI 3.1: every path, its schema and an example"),
    "facts_csv": ("data/facts.csv", "Every dated entry of every policy, one a row"),
    "facts_parquet": ("data/facts.parquet", "The same as Parquet"),
}
"""The files to start from, by name, each with what it holds."""

SUMS: Final = path("SHA256SUMS")
HERE: Final = path("index.json")

UNKNOWN: Final = (
    "Where the key answer is unknown, nobody here knows. That is never a no: not 'not covered', not 'not required', "
    "not 'not allowed'. Only where it is known is there a value."
)


def index(making: Making, files: dict[str, Written], **counts: int) -> Index:
    """Returns what the file holds; `files` are the others by path, as far as made, `counts` how many of each kind."""
    return Index(
        **counts,
        made=making.made,
        api="v1",
        title="What each payer says about HCPCS H2024, supported employment per diem",
        unknown_means=UNKNOWN,
        files=tuple(_row(name, files[there], says) for name, (there, says) in STARTS.items() if there in files),
        sums=address(HERE, SUMS),
        llms=address(HERE, "llms.txt"),
        documentation=address(HERE, "json-api.html"),
        license="CC0-1.0",
    )


def _row(name: str, file: Written, says: str) -> FileRow:
    return FileRow(name=name, says=says, file=address(HERE, file.path), bytes=len(file.content), sha256=file.sha256)

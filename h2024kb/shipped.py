"""Finds the files that come with the package: in a wheel inside it, in a source checkout beside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


def schema_text(kind: str) -> str:
    """Returns the JSON Schema for one kind of file, as text."""
    name = f"{kind}.schema.json"
    packed = _PACKAGE / "schema" / name
    return (packed if packed.exists() else _CHECKOUT / "schema" / name).read_text("utf-8")


def policies_folder() -> Path | None:
    """Returns the folder of policies of a source checkout, or None in an installed wheel."""
    folder = _CHECKOUT / "policies"
    return folder if folder.is_dir() and (_CHECKOUT / "pyproject.toml").exists() else None


def checked_folders() -> list[Path]:
    """Returns what is checked where nothing is named: the policies of a checkout, their cases, and the example."""
    folder = policies_folder() or Path("policies")
    beside = [folder.parent / "tests" / "cases", folder.parent / "tests" / "example"]
    return [folder, *(path for path in beside if path.is_dir())]


def moved_file() -> Path | None:
    """Returns the file of pages that have moved in a source checkout, or None in an installed wheel."""
    file = _CHECKOUT / "docs" / "moved.yaml"
    return file if policies_folder() and file.exists() else None


def snapshot_file() -> Path | None:
    """Returns the snapshot inside an installed wheel, or None in a source checkout."""
    snapshot = _PACKAGE / "snapshot.json"
    return snapshot if snapshot.exists() else None

"""Compiles the policies into the wheel, so that an installed package opens without parsing YAML."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SnapshotHook(BuildHookInterface[BuilderConfig]):
    """Adds h2024kb/snapshot.json to a wheel; an editable install reads the policies folder instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Loads every policy, which fails the build on any problem, and adds the snapshot of them."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        import h2024kb
        from h2024kb.knowledge import snapshot
        from h2024kb.load import load_folder

        kb = load_folder(Path(self.root) / "policies")
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "snapshot.json"
        file.write_bytes(snapshot.to_bytes(kb, h2024kb.__version__))
        build_data["force_include"][str(file)] = "h2024kb/snapshot.json"

"""Gives the generated pages and files to mkdocs; they are made by `h2024kb.site`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

import h2024kb
from h2024kb import site
from h2024kb.shipped import policies_folder
from h2024kb.site.build.after_build import finish
from h2024kb.site.parts.settings import Settings, using


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds every generated page and file to the site's files."""
    kb, today = h2024kb.open(), dt.date.today()
    given = Settings(site_url=config.site_url or "", report_url=config.extra.get("report_url") or "")
    with using(given):
        made: dict[str, str | bytes] = {**site.pages(kb, today), **site.files(kb, today)}
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


@event_priority(-100)  # after the search plugins, which write the index here
def on_post_build(config: MkDocsConfig) -> None:
    """Packs the built site, and writes the header it may be served with."""
    finish(Path(config.site_dir), Path(config.config_file_path))


def on_serve(server: Any, config: MkDocsConfig, builder: Any) -> Any:
    """Rebuilds while serving when a policy changes."""
    if folder := policies_folder():
        server.watch(str(folder))
    return server

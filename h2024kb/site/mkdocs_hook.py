"""Gives the generated pages to mkdocs; the pages themselves are made by `h2024kb.site.pages`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import h2024kb
from h2024kb.shipped import policies_folder
from h2024kb.site import pages


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds every generated page to the site's files."""
    for name, text in pages(h2024kb.open(), dt.date.today()).items():
        files.append(File.generated(config, name, content=text))
    return files


def on_serve(server: Any, config: MkDocsConfig, builder: Any) -> Any:
    """Rebuilds while serving when a policy changes."""
    if folder := policies_folder():
        server.watch(str(folder))
    return server

"""Builds the site at several sizes, to see that time grows with the policies and how large the search index becomes.

The policies are those shipped, copied under new ids. `python benchmarks/site_scale.py 250 500 1000` prints, for each
number of policies, the seconds of the processor that making the pages and files took, and building them with mkdocs,
then the size of the search index and of the site.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

import h2024kb
from h2024kb import site
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site.build.after_build import finish

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2026, 11, 28)


def copied(kb: KnowledgeBase, count: int) -> KnowledgeBase:
    """A knowledge base of so many policies: those held, and copies of them under new ids."""
    rounds = itertools.count(1)
    made = list(kb.policies())
    while len(made) < count:
        number = next(rounds)
        made += [
            msgspec.structs.replace(p, id=f"{p.id}-{number}", program=f"{p.program or 'Program'} {number}")
            for p in kb.policies()
        ]
    return KnowledgeBase.of(msgspec.structs.replace(kb.contents, policies=tuple(made[:count])))


def written(kb: KnowledgeBase, folder: Path) -> float:
    """Writes all pages and files beside the hand-written ones; returns the seconds that making them took."""
    for name in ("docs", "policies", "schema", "theme"):
        shutil.copytree(ROOT / name, folder / name)
    config = (ROOT / "mkdocs.yml").read_text("utf-8").replace("hooks: [h2024kb/site/build/mkdocs_hook.py]\n", "")
    (folder / "mkdocs.yml").write_text(config, "utf-8")
    started = time.process_time()
    made = {name: text.encode() for name, text in site.pages(kb, TODAY).items()} | site.files(kb, TODAY)
    took = time.process_time() - started
    for name, content in made.items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return took


def built(folder: Path) -> float:
    """Builds the site with mkdocs; returns the seconds of the processor."""
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=folder, env=environment, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - started


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("policies", type=int, nargs="*", default=[81, 162, 324])
    given = arguments.parse_args()
    kb = h2024kb.open()
    print(f"{'policies':>8} {'made':>8} {'mkdocs':>8} {'ms each':>8} {'search MB':>10} {'site MB':>8}")
    for count in given.policies:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made = written(copied(kb, count), folder)
            took = built(folder)
            finish(folder / "site", folder / "mkdocs.yml")
            index = (folder / "site" / "search" / "search_index.json").stat().st_size / 1e6
            whole = sum(path.stat().st_size for path in (folder / "site").rglob("*") if path.is_file()) / 1e6
        each = (made + took) / count * 1000
        print(f"{count:>8} {made:>7.1f}s {took:>7.1f}s {each:>8.0f} {index:>10.2f} {whole:>8.1f}")


if __name__ == "__main__":
    main()

"""What several tests need: the invented knowledge base, the shipped one, and all that the shipped one knows."""

from __future__ import annotations

import fcntl
import functools
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from answers import EXAMPLE, EXAMPLE_DAY, ROOT, TODAY, every_answer
from hypothesis import settings

from h2024kb import load
from h2024kb.knowledge.answer import Answer, Known
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.site import files, pages

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure() -> None:
    """Reads the shipped policies once for all tests and examples, since what is loaded cannot be changed."""
    read, folder = load.load_folder, ROOT / "policies"
    once = functools.cache(read)
    load.load_folder = lambda path, today=None: (once if path == folder else read)(path, today)


@pytest.fixture(scope="session")
def example() -> KnowledgeBase:
    return load.load_folder(EXAMPLE, EXAMPLE_DAY)


@pytest.fixture(scope="session")
def shipped() -> KnowledgeBase:
    return load.load_folder(ROOT / "policies", TODAY)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site: the one in SITE, which `make` has built just before, or one built for all workers.

    Workers of one run have one folder above their own; the first of them builds there while the others wait.
    """
    if "SITE" in os.environ:
        return ROOT / os.environ["SITE"]
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "site"
    with (folder.parent / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", f"{folder}.half"]
            environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, "")
            Path(f"{folder}.half").rename(folder)
    return folder


@pytest.fixture(scope="session")
def shipped_pages(shipped: KnowledgeBase) -> dict[str, str]:
    return pages(shipped, TODAY)


@pytest.fixture(scope="session")
def shipped_files(shipped: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All files of the site that are no pages, made by one of the workers for all of them."""
    own = tmp_path_factory.getbasetemp()
    kept = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shipped-files.pickle"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(files(shipped, TODAY)))
        made: dict[str, bytes] = pickle.loads(kept.read_bytes())
    return made


@pytest.fixture(scope="session")
def shipped_answers(shipped: KnowledgeBase) -> tuple[Answer[Any], ...]:
    return tuple(every_answer(shipped))


@pytest.fixture(scope="session")
def known_answers(shipped_answers: tuple[Answer[Any], ...]) -> tuple[Known[Any], ...]:
    return tuple(answer for answer in shipped_answers if isinstance(answer, Known))

"""The wheel answers by itself: fresh environment, source tree out of reach, no YAML parsed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import h2024kb

ROOT = Path(__file__).parent.parent
ASK = """
import sys
sys.modules["yaml"] = sys.modules["jsonschema"] = None
import datetime, json, h2024kb
kb = h2024kb.open()
day = datetime.date(2026, 11, 23)
answers = {p.id: type(kb.coverage(p.id, code="H2024", date_of_service=day)).__name__ for p in kb.policies()}
print(json.dumps({"file": h2024kb.__file__, "hash": kb.content_hash, "answers": answers}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of a fresh environment with the wheel; dependencies come from this environment's folder."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)], ROOT)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    install = ["install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    _run([sys.executable, "-m", "pip", "--python", str(python), *install], folder)
    packages = next((folder / "env" / "lib").glob("python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


def _run(command: list[str], folder: Path, expect: int = 0) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_answers_without_the_source_tree_and_without_yaml(installed: Path, tmp_path: Path) -> None:
    said = json.loads(_run([str(installed / "python"), "-I", "-c", ASK], tmp_path))
    kb = h2024kb.open(ROOT / "policies")
    assert Path(said["file"]).is_relative_to(installed.parent)
    assert said["hash"] == kb.content_hash
    assert said["answers"].keys() == {policy.id for policy in kb.policies()}
    assert set(said["answers"].values()) == {"Known", "Unknown"}


def test_the_command_of_the_wheel_answers(installed: Path, tmp_path: Path) -> None:
    said = json.loads(_run([str(installed / "h2024kb"), "coverage", "us/medicare", "--json"], tmp_path))
    assert (said["answer"], said["value"]) == ("known", "not-covered")


def test_the_wheel_checks_policy_files_with_its_own_schema(installed: Path, tmp_path: Path) -> None:
    assert _run([str(installed / "h2024kb"), "check", str(ROOT / "tests" / "example")], tmp_path) == ""
    (tmp_path / "zz").mkdir()
    (tmp_path / "zz" / "x.yaml").write_text("payer: X\n")
    assert "'rules' is missing [required]" in _run([str(installed / "h2024kb"), "check", "zz"], tmp_path, expect=1)


def test_the_wheel_carries_the_texts_of_its_site(installed: Path, tmp_path: Path) -> None:
    ask = "from h2024kb.site.pages import glossary, rules; print(bool(glossary.glossary()), bool(rules.other_rules()))"
    assert _run([str(installed / "python"), "-I", "-c", ask], tmp_path) == "True True\n"


def test_the_wheel_reads_mapping_files_with_its_own_schema(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("colums: {}\n")
    ask = "import pathlib; from h2024kb.formats.table import mapping_file as m; print(m.read(pathlib.Path('m.yaml')))"
    assert "did you mean 'columns'?" in _run([str(installed / "python"), "-I", "-c", ask], tmp_path)


def test_the_wheel_carries_its_licenses_and_types(installed: Path) -> None:
    packages = next((installed.parent / "lib").glob("python*/site-packages"))
    assert (packages / "h2024kb" / "py.typed").exists()
    licenses = {path.name for path in packages.glob("h2024kb-*.dist-info/licenses/**/LICENSE")}
    assert licenses == {"LICENSE"}

"""Spark, in local mode, says of every line what `check_lines` says."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'h2024kb[spark]'")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java: apt-get install openjdk-17-jre-headless", allow_module_level=True)

import pyarrow.parquet as pq
from answers import EXAMPLE_DAY
from batch_lines import as_table, pool, random_lines
from fix_cases import CLAIMS_EXAMPLE
from pyspark.sql import SparkSession

from h2024kb import check_lines
from h2024kb.batch import check_batches, check_table
from h2024kb.knowledge.knowledge_base import KnowledgeBase
from h2024kb.load import load_folder
from h2024kb.spark import check_frame

LINES = 2_000


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        builder = SparkSession.builder.master("local[2]").appName("h2024kb").config("spark.ui.enabled", "false")
        builder = builder.config("spark.sql.shuffle.partitions", "3").config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        made = builder.config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark"))).getOrCreate()
        yield made
        made.stop()


@pytest.fixture(scope="module")
def world() -> KnowledgeBase:
    """The invented world of lines, which has every kind of rule."""
    return load_folder(CLAIMS_EXAMPLE, EXAMPLE_DAY)


@pytest.fixture(scope="module")
def lines(world: KnowledgeBase) -> list[Any]:
    """Random lines, each with a claim and line number that no other has, so that findings name their line."""
    drawn = random_lines(7, pool(world), LINES)
    return [msgspec.structs.replace(line, line=str(number)) for number, line in enumerate(drawn)]


def expected(kb: KnowledgeBase, lines: list[Any]) -> set[tuple[str, str, str, str]]:
    held = kb.codes()
    return {
        (line.line, result.outcome, finding.rule, finding.message)
        for line, result in zip(lines, check_lines(kb, lines), strict=True)
        if line.code is None or line.code in held
        for finding in result.findings
        if finding.outcome != "pass"
    }


def found(rows: list[Any]) -> set[tuple[str, str, str, str]]:
    return {(row["line"], row["outcome"], row["rule"], row["message"]) for row in rows}


def test_a_stream_cut_anywhere_says_the_same(world: KnowledgeBase, lines: list[Any]) -> None:
    table = as_table(lines).sort_by("member")
    for at_once in (1_000, 10**6):
        batches = check_batches(world, table.to_batches(max_chunksize=37), at_once=at_once)
        assert found([row for batch in batches for row in batch.to_pylist()]) == expected(world, lines)


def test_spark_says_the_same_of_every_line(
    session: SparkSession, world: KnowledgeBase, lines: list[Any], tmp_path: Path
) -> None:
    pq.write_table(as_table(lines), tmp_path / "lines.parquet", row_group_size=500)
    frame = session.read.parquet(str(tmp_path / "lines.parquet"))
    checked = check_frame(world, frame)
    assert found(checked.collect()) == expected(world, lines)
    dense = check_frame(world, frame, dense=True)
    assert dense.count() == check_table(world, as_table(lines), dense=True).num_rows


def test_codes_nobody_holds_are_left_out_where_the_file_is_scanned(
    session: SparkSession, world: KnowledgeBase, lines: list[Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pq.write_table(as_table(lines), tmp_path / "lines.parquet")
    check_frame(world, session.read.parquet(str(tmp_path / "lines.parquet"))).explain()
    plan = capfd.readouterr().out
    assert "PushedFilters: [Or(Or(In(code, [" in plan
    assert plan.index("MapInArrow") < plan.index("Filter") < plan.index("FileScan parquet")

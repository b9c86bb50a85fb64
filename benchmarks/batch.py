"""How fast a large Parquet file is checked, beside DuckDB's bare scan of the same columns of the same file.

`python benchmarks/batch.py` writes files of ten million invented lines once, into a temporary folder, in which 2 %,
20 % and all lines bear codes that are held. Each is scanned and checked in turn, several times over, by a process of
its own each time.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

import h2024kb
from h2024kb.batch import check_file
from h2024kb.validation.validate import Defaults

SHARES = (0.02, 0.2, 1.0)
PAYERS = {
    "Payer A": "md/brain-injury-waiver",
    "Payer B": "nc/b3-services",
    "Payer C": "wa/foundational-community-supports",
    "Payer D": "us/medicare",
    "Payer E": "md/dda-day-services",
}
READ = (
    "hcpcs_code",
    *(f"hcpcs_modifier_{n}" for n in range(1, 6)),
    "claim_line_start_date",
    "claim_line_end_date",
    "service_unit_quantity",
    "charge_amount",
    "place_of_service_code",
    "payer",
    "claim_id",
    "claim_line_number",
    "person_id",
)
"""The columns that checking reads of a Tuva `medical_claim`; no rule of these payers looks at diagnoses."""

LINES = """
    WITH claims AS (
        SELECT i, i // 4 AS claim, hash(i // 4) % {members} AS person, hash(i) AS a, hash(i + 1000000000) AS b
        FROM range({lines}) AS numbers(i)
    ),
    lines AS (
        SELECT *, hash(person + 7) % 100000 < {share} * 125000 AS served,
            DATE '2022-01-01' + CAST(claim * 1400 // ({lines} // 4 + 1) + a % 3 AS INTEGER) AS day
        FROM claims
    )
    SELECT
        'C' || lpad(claim::VARCHAR, 10, '0') AS claim_id,
        (i % 4 + 1)::INTEGER AS claim_line_number,
        'professional' AS claim_type,
        'P' || lpad(person::VARCHAR, 8, '0') AS person_id,
        'M' || lpad(person::VARCHAR, 8, '0') AS member_id,
        'Payer ' || chr(65 + (person % 5)::INTEGER) AS payer,
        'Plan ' || (person % 17) AS plan,
        day AS claim_start_date,
        day AS claim_end_date,
        day AS claim_line_start_date,
        day + CASE WHEN b % 25 = 0 THEN (b % 6)::INTEGER ELSE 0 END AS claim_line_end_date,
        ['11', '12', '18', '99'][(person % 4)::INTEGER + 1] AS place_of_service_code,
        CASE WHEN served AND (a % 10 < 8 OR {share} = 1)
            THEN ['H2024', 'H2024', 'H2023', 'H2025', 'T2019'][(a % 5)::INTEGER + 1]
            ELSE (10000 + b % 400)::VARCHAR END AS hcpcs_code,
        ['U4', 'HQ', 'U1', NULL, NULL][(person % 5)::INTEGER + 1] AS hcpcs_modifier_1,
        CASE b % 8 WHEN 0 THEN 'HQ' WHEN 1 THEN 'TS' END AS hcpcs_modifier_2,
        CASE b % 90 WHEN 0 THEN '22' END AS hcpcs_modifier_3,
        NULL::VARCHAR AS hcpcs_modifier_4,
        NULL::VARCHAR AS hcpcs_modifier_5,
        (1 + a % 7 * (a % 3))::DOUBLE AS service_unit_quantity,
        (a % 40000 / 100.0)::DOUBLE AS charge_amount,
        (b % 40000 / 100.0)::DOUBLE AS paid_amount,
        (b % 40000 / 100.0)::DOUBLE AS allowed_amount,
        {diagnoses},
        lpad((person % 90000)::VARCHAR, 10, '1') AS rendering_npi,
        lpad((person % 900)::VARCHAR, 10, '1') AS billing_npi,
        'extract' AS data_source
    FROM lines"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=10_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--shares", type=float, nargs="*", default=SHARES)
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "h2024kb-benchmark")
    arguments.add_argument("--alone", nargs=2, metavar=("scan|check", "FILE"))
    given = arguments.parse_args()
    if given.alone:
        print(json.dumps(scan(Path(given.alone[1])) if given.alone[0] == "scan" else check(Path(given.alone[1]))))
        return
    given.folder.mkdir(exist_ok=True)
    for share in given.shares:
        path = given.folder / f"{given.lines}-{share:g}.parquet"
        if not path.exists():
            write(path, given.lines, share)
        report(path, given.lines, given.rounds)


def write(path: Path, lines: int, share: float) -> None:
    diagnoses = ", ".join(
        f"CASE WHEN b % {n} = 0 THEN 'F' || (b % {20 * n})::VARCHAR END AS diagnosis_code_{n}" for n in range(1, 26)
    )
    query = LINES.format(lines=lines, members=max(1, lines // 100), share=share, diagnoses=diagnoses)
    half = path.with_suffix(".half")
    duckdb.sql(f"COPY ({query}) TO '{half}' (FORMAT parquet)")
    half.rename(path)


def report(path: Path, lines: int, rounds: int) -> None:
    found: dict[str, list[dict[str, Any]]] = {"scan": [], "check": []}
    for _ in range(rounds):
        for what, runs in found.items():
            command = [sys.executable, __file__, "--alone", what, str(path)]
            runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    bare, checked = (min(runs, key=lambda run: run["seconds"]) for runs in found.values())
    peak = max(run["peak_mb"] for run in found["check"])
    print(f"{path.name}: {checked['held']} of {lines} lines held, {checked['rows']} rows written")
    print(f"  bare scan of {len(READ)} columns: {speed(lines, bare)}")
    print(f"  checked: {speed(lines, checked)}, peak {peak:.0f} MB")
    cpu = bare["cpu"] / checked["cpu"]
    print(f"  of the bare scan's rate: {bare['seconds'] / checked['seconds']:.2f} (by processor time {cpu:.2f})")


def speed(lines: int, run: dict[str, Any]) -> str:
    return f"{run['seconds']:.2f} s, {lines / run['seconds'] / 1e6:.1f} million lines/s"


def scan(path: Path) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    duckdb.execute(f"SELECT sum(hash({', '.join(READ)})) FROM '{path}'").fetchall()
    return {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}


def check(path: Path) -> dict[str, float]:
    kb = h2024kb.open()
    started, cpu = time.perf_counter(), time.process_time()
    counts = check_file(kb, path, path.with_name(f"{path.stem}.findings.parquet"), defaults=Defaults(payers=PAYERS))
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "held": counts.lines - counts.not_in_knowledge_base,
        "rows": counts.rows,
    }


if __name__ == "__main__":
    main()

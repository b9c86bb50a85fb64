"""Times the 837P reader against pyx12 on invented claims, and shows that its memory does not grow with the file.

    python benchmarks/read_837.py [--claims 20000] [--pyx12-claims 400]

pyx12 validates as it reads, so it is given fewer claims; the ratio is of the time both take for the same file.
"""

from __future__ import annotations

import argparse
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from h2024kb.formats.x12.x837 import read
from h2024kb.line import ServiceLine

HEAD = """\
ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000001*0*T*:~
GS*HC*SENDER*RECEIVER*20260105*1200*1*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*1*20260105*1200*CH~
NM1*41*2*EXAMPLE SERVICES*****46*1~
PER*IC*EXAMPLE*TE*5555550100~
NM1*40*2*EXAMPLE MEDICAID*****46*2~
HL*1**20*1~
NM1*85*2*EXAMPLE SERVICES*****XX*1234567893~
N3*1 EXAMPLE STREET~
N4*EXAMPLE*ZZ*000000000~
REF*EI*000000000~
"""
CLAIM = """\
HL*{level}*1*22*0~
SBR*P*18*******MC~
NM1*IL*1*EXAMPLE*MEMBER****MI*{member:09}~
N3*2 EXAMPLE STREET~
N4*EXAMPLE*ZZ*000000000~
DMG*D8*19800229*U~
NM1*PR*2*EXAMPLE MEDICAID*****PI*ZZ001~
CLM*C{number}*240***11:B:1*Y*A*Y*Y~
REF*G1*A{number}~
HI*ABK:F70*ABF:Z560~
LX*1~
SV1*HC:H2024:U4*120*UN*1***1~
DTP*472*D8*202601{day:02}~
REF*6R*{number}A~
LX*2~
SV1*HC:H2024:U4:HQ*120*UN*1*12**1:2~
DTP*472*RD8*202601{day:02}-202601{day:02}~
REF*6R*{number}B~
"""
SEGMENTS_BEFORE = HEAD.count("~") - 2


def write(path: Path, claims: int) -> Path:
    """Writes a file of invented claims, each with two service lines."""
    with path.open("w", encoding="ascii") as file:
        file.write(HEAD)
        for number in range(claims):
            file.write(CLAIM.format(level=number + 2, member=number // 4, number=number, day=number % 28 + 1))
        file.write(f"SE*{SEGMENTS_BEFORE + claims * CLAIM.count('~') + 1}*0001~\nGE*1*1~\nIEA*1*000000001~\n")
    return path


def ours(path: Path) -> int:
    lines = 0
    with path.open("rb") as file:
        for found in read(file, path.name):
            if not isinstance(found, ServiceLine):
                raise SystemExit(f"the invented file is not read without problems: {found}")
            lines += 1
    return lines


def pyx12(path: Path) -> int:
    from pyx12 import error_handler, params, x12context

    logging.disable(logging.CRITICAL)
    with path.open(encoding="ascii") as file:
        source = x12context.X12ContextReader(params.params(), error_handler.errh_null(), file)
        return sum(node.id == "2400" for node in source.iter_segments("2400"))


def lines_per_second(reader: Callable[[Path], int], path: Path, repeats: int) -> float:
    """The best of some runs, in processor time: what else the machine does matters less."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        lines = reader(path)
        best = min(best, time.process_time() - start)
    return lines / best


def peak_memory(path: Path) -> float:
    """Megabytes that a process of its own needs at most, the interpreter included."""
    done = subprocess.run([sys.executable, __file__, "--memory-of", path], capture_output=True, text=True, check=True)
    return float(done.stdout)


def compare(folder: Path, claims: int, pyx12_claims: int) -> None:
    whole = write(folder / "whole.837", claims)
    rate = lines_per_second(ours, whole, repeats=3)
    print(f"{claims:,} claims, {whole.stat().st_size / 1e6:.1f} MB: {rate:,.0f} service lines a second")

    part = write(folder / "part.837", pyx12_claims)
    fast, slow = lines_per_second(ours, part, repeats=5), lines_per_second(pyx12, part, repeats=1)
    print(f"{pyx12_claims:,} claims: {fast:,.0f} service lines a second, pyx12 {slow:,.0f}: {fast / slow:,.0f} times")

    for count in (claims, 10 * claims):
        path = write(folder / f"{count}.837", count)
        print(f"{path.stat().st_size / 1e6:.1f} MB file: {peak_memory(path):.1f} MB of memory at most")


def main() -> None:
    parser = argparse.ArgumentParser(description="Times the 837P reader against pyx12, and measures its memory.")
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--pyx12-claims", type=int, default=400)
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        ours(arguments.memory_of)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), arguments.claims, arguments.pyx12_claims)


if __name__ == "__main__":
    main()

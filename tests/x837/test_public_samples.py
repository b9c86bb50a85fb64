"""Public sample files have as many service lines as they show, and say what pyx12 reads in them."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from answers import ROOT

from h2024kb.formats.x12 import x837
from h2024kb.line import ServiceLine

SAMPLES = ROOT.parent / "shared" / "samples" / "837p"
COUNTS = yaml.safe_load((Path(__file__).parent / "samples.yaml").read_text("utf-8"))
# The same two claims over and over: pyx12 needs some seconds for them and would show nothing more.
REPEATED = ("x12_many_claims.txt", "x12_multiple_transactions.txt")
# pyx12 cannot read an ISA segment that lacks a character, and stops at a service line without LX.
NOT_BY_PYX12 = ("x12_bad_first_line.txt", "x12_missing_required_loops_mult_repeats.txt")
COMPARED = [name for name, count in COUNTS.items() if count and Path(name).name not in REPEATED + NOT_BY_PYX12]


def service_lines(name: str) -> list[ServiceLine]:
    if not SAMPLES.exists():
        pytest.skip("the public samples are not beside this checkout")
    with (SAMPLES / name).open("rb") as file:
        return [found for found in x837.read(file, name) if isinstance(found, ServiceLine)]


@pytest.mark.parametrize(("name", "count"), COUNTS.items(), ids=COUNTS)
def test_service_lines_of_public_samples(name: str, count: int) -> None:
    lines = service_lines(name)
    assert len(lines) == count
    assert all(line.code and line.charge and (line.units or line.minutes) and line.claim for line in lines)


def test_every_public_sample_is_counted() -> None:
    if not SAMPLES.exists():
        pytest.skip("the public samples are not beside this checkout")
    files = (path.relative_to(SAMPLES).as_posix() for path in SAMPLES.glob("*/*.*"))
    assert {name for name in files if not name.endswith(".upstream")} == set(COUNTS)


def test_pyx12_reads_the_same() -> None:
    pytest.importorskip("pyx12")
    shown = ("code", "modifiers", "charge", "units", "minutes", "date_of_service", "last_day", "line")
    together: dict[str, list[str]] = defaultdict(list)
    for name in COMPARED:
        together[envelope(text_of(name))].append(name)
    for names in together.values():
        ours = [tuple(getattr(line, field) for field in shown) for name in names for line in service_lines(name)]
        assert list(by_pyx12("\n".join(map(text_of, names)))) == ours, f"in one of {names}"


def text_of(name: str) -> str:
    if not SAMPLES.exists():
        pytest.skip("the public samples are not beside this checkout")
    return in_a_fitting_envelope((SAMPLES / name).read_text("utf-8").strip())


def envelope(text: str) -> str:
    """Delimiters and version. pyx12 loads its tables anew for every file, so files that share these are read as one."""
    return text[3] + text[84:89] + text[104:106]


def by_pyx12(text: str) -> Iterator[tuple[Any, ...]]:
    from pyx12 import error_handler, params, x12context

    source = x12context.X12ContextReader(params.params(), error_handler.errh_null(), io.StringIO(text))
    for node in source.iter_segments("2400"):
        if node.id == "2400":
            yield told_by(node.get_value)


def in_a_fitting_envelope(text: str) -> str:
    """Some samples put claims into an envelope of others: pyx12 trusts ISA12, ISA16 and GS08, and knows A1 only."""
    text = text.replace("005010X222A2", "005010X222A1")
    if "004010X098A1" in text:
        text = text.replace("*00501*", "*00401*", 1)
    return text.replace("*:~", "*>~", 1) if "*HC>" in text else text


def told_by(value: Callable[[str], str | None]) -> tuple[Any, ...]:
    modifiers = tuple(modifier for place in range(3, 7) if (modifier := value(f"SV101-0{place}")))
    quantity = Decimal(value("SV104") or "")
    units, minutes = (quantity, None) if value("SV103") == "UN" else (None, quantity)
    first, _, last = (value("DTP[472]03") or "").partition("-")
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
    return value("SV101-02"), modifiers, Decimal(value("SV102") or ""), units, minutes, *days, value("LX01")

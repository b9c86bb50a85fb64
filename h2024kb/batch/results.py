"""Results as Arrow columns, in which a text of many rows is stored once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from h2024kb.claims.finding import Outcome
from h2024kb.claims.piles import Pile
from h2024kb.claims.result import Result
from h2024kb.line import ServiceLine
from h2024kb.validation.findings import COLUMNS, rows
from h2024kb.validation.validate import Checked

OF_LINE: Final = ("file", "row", "claim", "line", "code")
OF_RESULT: Final = ("policy", "outcome", "pile", "needs")
OF_FINDING: Final = tuple(name for name in COLUMNS if name not in (*OF_LINE, "policy", "outcome", "pile"))


class Table:
    """Makes rows of a table of findings from the numbers of results; `files` and `starts` say which file a row is of.

    A row a finding that is not met, or where `dense` a row a line, with all its findings; where `flat`, in one text.
    """

    def __init__(
        self, results: Sequence[Result], files: Sequence[str], starts: Sequence[int], *, dense: bool, flat: bool = False
    ) -> None:
        self.dense = dense
        self.flat = flat
        self.counts: Counter[Outcome] = Counter()
        self.piles: Counter[Pile] = Counter()
        self.rows = 0
        self._results = results
        self._files = pa.array(files, pa.string())
        self._starts = pa.array(starts, pa.int64())
        # There are as many results as rules can tell apart, and a line's rows are those of its result: so all texts are
        # made here, and a batch only picks them by number.
        listed = [list(rows([Checked("", ServiceLine(), one)], every=dense)) for one in results]
        found = [row for some in listed for row in some]
        numbers = iter(range(len(found)))
        self._of_result = pa.array([[next(numbers) for _ in some] for some in listed], pa.list_(pa.int32()))
        names = ("policy", "outcome", "pile", *OF_FINDING)
        self._findings = {name: _once([getattr(row, name) for row in found]) for name in names}
        self._per_result = {
            "policy": _once([one.policy for one in results]),
            "outcome": _once([one.outcome for one in results]),
            "pile": _once([one.pile for one in results]),
            "needs": _once([" ".join(one.needs) for one in results]),
            "findings": _once([" ".join(f"{row.rule}={row.finding}" for row in some) for some in listed]),
        }

    def batch(self, lines: Any) -> Any:
        """Returns the rows for an Arrow batch of lines with the numbers of their results."""
        results = lines.column("result")
        for one in pc.value_counts(results).to_pylist():
            result = self._results[one["values"]]
            self.counts[result.outcome] += one["counts"]
            self.piles[result.pile] += one["counts"]
        findings = pc.take(self._of_result, results)
        made = self._lines(lines, findings) if self.dense else self._by_finding(lines, findings)
        self.rows += made.num_rows
        return made

    def _lines(self, lines: Any, findings: Any) -> Any:
        made = self._named(lines) | {name: _taken(self._per_result[name], lines.column("result")) for name in OF_RESULT}
        if self.flat:
            return pa.record_batch({**made, "findings": _taken(self._per_result["findings"], lines.column("result"))})
        found = [_taken(self._findings[name], findings.flatten()) for name in OF_FINDING]
        struct = pa.StructArray.from_arrays(found, OF_FINDING)
        return pa.record_batch({**made, "findings": pa.ListArray.from_arrays(findings.offsets, struct)})

    def _by_finding(self, lines: Any, findings: Any) -> Any:
        parents, found = pc.list_parent_indices(findings), findings.flatten()
        named = {name: _spread(column, parents) for name, column in self._named(lines).items()}
        said = {name: _taken(self._findings[name], found) for name in ("policy", "outcome", "pile", *OF_FINDING)}
        return pa.record_batch(named | said)

    def _named(self, lines: Any) -> dict[str, Any]:
        """The columns that name lines, with repeated texts stored once."""
        file = lines.column("file")
        # Rows are numbered on from file to file; within its file each starts from 0.
        row = pc.subtract(lines.column("row"), pc.take(self._starts, file))
        named = {"file": pa.DictionaryArray.from_arrays(file, self._files), "row": row}
        return named | {name: lines.column(name).dictionary_encode() for name in ("claim", "line", "code")}


def _once(values: Sequence[str | None]) -> Any:
    return pa.array(values, pa.string()).dictionary_encode()


def _spread(column: Any, parents: Any) -> Any:
    return _taken(column, parents) if pa.types.is_dictionary(column.type) else pc.take(column, parents)


def _taken(values: Any, numbers: Any) -> Any:
    return pa.DictionaryArray.from_arrays(pc.take(values.indices, numbers), values.dictionary)

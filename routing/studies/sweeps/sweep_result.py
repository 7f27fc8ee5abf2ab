"""The answer of a sweep: its rows with what came of them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.networks.meta import plain
from landbridge.networks.words import counted
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.studies.sweeps.rows import STATUS, Scalar, SweepRow, columns_of
from landbridge.routing.studies.sweeps.store import Store
from landbridge.routing.studies.sweeps.work import Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MISSING = "missing"


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Result):
    """The rows of a sweep with their outputs.

    Attributes
    ----------
    inputs
        The rows of the table, in its order.
    outcomes
        What came of each: status, outputs, error and seconds; None if it is not done yet.
    """

    inputs: tuple[SweepRow, ...]
    outcomes: tuple[Outcome | None, ...]

    @classmethod
    def read(cls, store: str | Path) -> "Sweep":
        """Read what a store holds, of all shards together; rows that are not done are `missing`.

        Raises
        ------
        DataError
            If the folder holds no sweep, or its table is damaged.

        Examples
        --------
        >>> import landbridge as lb
        >>> from landbridge.routing.studies.sweeps.measures import sizes
        >>> half = lb.sweep(sizes, [{"table": "places"}, {"table": "links"}], store="study", shard="1/2", workers=0)
        >>> lb.Sweep.read("study").counts
        {'ok': 1, 'failed': 0, 'missing': 1}
        """
        held = Store(store)
        meta = held.manifest()["meta"]
        keys, rows = held.table()
        outcomes = held.outcomes()
        return cls(tuple(rows), tuple(outcomes.get(key) for key in keys), meta=meta)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.inputs)

    def __repr__(self) -> str:
        """Return the numbers of rows by status."""
        return (
            f"<Sweep of {counted(len(self), 'row')}: {', '.join(f'{n:,} {name}' for name, n in self.counts.items())}>"
        )

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by status: `ok`, `failed`, and `missing` for those that are not done."""
        found = {"ok": 0, "failed": 0, _MISSING: 0}
        for outcome in self.outcomes:
            found[outcome.status if outcome else _MISSING] += 1
        return found

    @property
    def seconds(self) -> float:
        """Time of all runs together."""
        return sum(outcome.seconds for outcome in self.outcomes if outcome)

    @cached_property
    def input_columns(self) -> tuple[str, ...]:
        """Columns of the table."""
        return columns_of(self.inputs)

    @cached_property
    def output_columns(self) -> tuple[str, ...]:
        """Names of the outputs, in the order of their first appearance in the table."""
        return columns_of(outcome.outputs for outcome in self.outcomes if outcome)

    def tables(self) -> tuple[RecordTable, ...]:
        """Return the rows, and their number by status."""
        columns = (*self.input_columns, *self.output_columns, *STATUS)
        counts = [{"status": name, "rows": number} for name, number in self.counts.items()]
        return (
            RecordTable("rows", lambda: self._records(columns), columns),
            RecordTable("counts", lambda: counts, ("status", "rows")),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers of rows by status, and the rows with their outputs and errors."""
        rows = [
            {
                "inputs": plain(dict(row)),
                "outputs": plain(dict(outcome.outputs)) if outcome else {},
                "status": outcome.status if outcome else _MISSING,
                "error_type": outcome.error_type if outcome else "",
                "error": outcome.error if outcome else "",
            }
            for row, outcome in zip(self.inputs, self.outcomes, strict=True)
        ]
        return {"counts": self.counts, "rows": rows}

    def plot(self) -> "Figure":
        """Return the distribution of each numeric output as a matplotlib figure (needs the extra `plot`).

        Raises
        ------
        PlotError
            If matplotlib is not installed.
        """
        from landbridge.routing.studies.sweeps.sweep_chart import sweep_chart

        numbers = {name: self.numbers(name) for name in self.output_columns}
        return sweep_chart({name: found for name, found in numbers.items() if found}, repr(self).strip("<>"), self.meta)

    def numbers(self, output: str) -> list[float]:
        """Return the finite numbers of an output, in the order of the table."""
        found = (outcome.outputs.get(output) for outcome in self.outcomes if outcome)
        return [float(value) for value in found if isinstance(value, int | float) and _is_finite(value)]

    def _records(self, columns: tuple[str, ...]) -> Iterator[dict[str, Scalar]]:
        blank = dict.fromkeys(columns)
        for row, outcome in zip(self.inputs, self.outcomes, strict=True):
            status = outcome.status if outcome else _MISSING
            error = {"error_type": outcome.error_type, "error": outcome.error} if outcome else {}
            yield {**blank, **row, **(outcome.outputs if outcome else {}), "status": status, **error}


def _is_finite(value: float) -> bool:
    return not isinstance(value, bool) and math.isfinite(value)

"""The answer of a study: its rows, a summary of the answers, and how the parameters move them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landbridge.networks.words import counted
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.studies.sweeps.sensitivity import Sensitivity, sensitivity
from landbridge.routing.studies.sweeps.spreads import is_number
from landbridge.routing.studies.sweeps.sweep_result import Sweep

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAIN_OUTPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    "route": ("time_p50_h", "cost_usd", "co2e_kg"),
    "simulate": ("time_p50_h", "time_p90_h", "on_time"),
    "pairs": ("time_p50_h", "cost_usd", "co2e_kg"),
    "assign": ("total_usd_day", "served_teu_day"),
}
"""The answers of each measure whose sensitivity is shown if the study names none."""

_QUANTILES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
_SUMMARY: Final = ("output", "group", "rows", "mean", "sd", "p10", "p50", "p90", "least", "most")


@dataclass(frozen=True, eq=False, repr=False)
class StudyAnswer(Result):
    """The answer of a study.

    Attributes
    ----------
    title
        The title of the study.
    sweep
        The rows with their answers.
    parameters, outputs
        What was varied, and the answers that are summed up.
    by
        Columns whose values are told apart: `scenario`, `demand`.
    """

    title: str
    sweep: Sweep
    parameters: tuple[str, ...]
    outputs: tuple[str, ...]
    by: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the title and the number of rows."""
        done = ", ".join(f"{count:,} {status}" for status, count in self.sweep.counts.items())
        return f"<StudyAnswer {self.title}: {counted(len(self.sweep), 'row')}, {done}>"

    @cached_property
    def _records(self) -> list[dict[str, Any]]:
        """The rows with an answer."""
        return [dict(row) for row in self.sweep.tables()[0].rows() if row["status"] == "ok"]

    @cached_property
    def _numeric(self) -> tuple[str, ...]:
        """The answers that are numbers in some row."""
        return tuple(name for name in self.outputs if any(is_number(row.get(name)) for row in self._records))

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """How the parameters move the answers; empty without parameters or answers."""
        if not self.parameters or not self._numeric:
            return Sensitivity((), meta=self.meta)
        return sensitivity(self._records, self.parameters, self._numeric, by=self.by, meta=self.meta)

    def summary(self) -> list[dict[str, Any]]:
        """Return the mean, standard deviation and quantiles of each answer over the rows, by scenario and demand."""
        return list(self._summary())

    def _summary(self) -> Iterator[dict[str, Any]]:
        for name in self._numeric:
            groups: dict[str, list[float]] = {}
            for row in self._records:
                if is_number(row.get(name)):
                    groups.setdefault(", ".join(str(row[column] or "none") for column in self.by), []).append(row[name])
            for group, values in groups.items():
                quantiles = {key: float(np.quantile(values, level)) for key, level in _QUANTILES.items()}
                cells = {"mean": float(np.mean(values)), "sd": float(np.std(values)), **quantiles}
                ends = {"least": min(values), "most": max(values)}
                yield {"output": name, "group": group, "rows": len(values), **cells, **ends}

    def to_dict(self) -> dict[str, Any]:
        """Return the answer with the names of the JSON output."""
        return {
            "title": self.title,
            **self.sweep.to_dict(),
            "summary": self.summary(),
            "sensitivity": self.sensitivity.to_dict()["effects"],
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the rows, the summary, the sensitivity, and what else the sweep has."""
        rows, *others = self.sweep.tables()
        return (rows, RecordTable("summary", self.summary, _SUMMARY), *self.sensitivity.tables(), *others)

    def plot(self, output: str | None = None, group: str | None = None) -> "Figure":
        """Return the chart of an answer where each parameter is low and high, as `Sensitivity.plot`.

        Raises
        ------
        QueryError
            If there is no such answer or group, or (`PlotError`) matplotlib is not installed.
        """
        return self.sensitivity.plot(output, group)

"""The result of planning sailings: the schedule and its proven quality, or the reason why there is none."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from landbridge.networks.words import counted
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable, flat
from landbridge.routing.sailings.check import Waits
from landbridge.routing.sailings.plan_chart import draw
from landbridge.routing.sailings.schedule import BerthStay, Sailing
from landbridge.routing.sailings.solve import PlanStatus
from landbridge.routing.sailings.task import Task

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class PlanLevel:
    """One objective of a plan: its value, the proven lower bound, and the termination status."""

    objective: str
    value: int | None
    bound: int | None
    status: PlanStatus

    @property
    def gap(self) -> float | None:
        """Relative gap to the bound; 0 if the value is proven optimal, None without a value."""
        if self.value is None or self.bound is None:
            return None
        return (self.value - self.bound) / self.value if self.value else 0.0


@dataclass(frozen=True, repr=False)
class SailingPlan(Result):
    """A cyclic schedule and its proven quality.

    Attributes
    ----------
    status
        Overall status: `optimal` only if each objective is.
    levels
        The objectives in order: ships, sailings, hours of the longest wait.
    ships
        Ships of each fleet.
    sailings, stays
        The schedule of one period, ordered by time. Numbers of ships and berths are those of this period: in the next
        one, ships may swap roles.
    waits_h
        Mean and longest wait of cargo by link and port of departure.
    reason
        Reason why there is no schedule, blank if there is one.
    year
        Year of the closure days, None if the network has none.
    """

    task: Task
    status: PlanStatus
    levels: tuple[PlanLevel, ...]
    ships: dict[str, int]
    sailings: tuple[Sailing, ...]
    stays: tuple[BerthStay, ...]
    waits_h: dict[tuple[str, str], Waits]
    seed: int
    reason: str = ""
    year: int | None = None

    def __repr__(self) -> str:
        """Return the status and the numbers of ships and sailings."""
        ships, sailings = counted(sum(self.ships.values()), "ship"), counted(len(self.sailings), "sailing")
        return f"<SailingPlan {self.status}: {ships}, {sailings}>"

    @property
    def closed_days(self) -> tuple[int, ...]:
        """Days of the period, from 1, on which storms close the ports."""
        return tuple(day + 1 for day in self.task.closed_days)

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources of the lines."""
        return tuple(dict.fromkeys(source for line in self.task.lines for source in line.sources))

    def to_dict(self) -> dict[str, Any]:
        """Return the plan with the names of the JSON output."""
        return {
            "year": self.year,
            "status": str(self.status),
            "reason": self.reason,
            "ships": dict(self.ships),
            "levels": [{**asdict(level), "status": str(level.status), "gap": level.gap} for level in self.levels],
            "period_days": self.task.period_days,
            "closed_days": list(self.closed_days),
            "max_wait_h": self.task.max_wait_h,
            "seed": self.seed,
            "lines": [asdict(line) for line in self.task.lines],
            "waits_h": [
                {"line": line, "from": place, "mean": found.mean_h, "longest": found.longest_h}
                for (line, place), found in self.waits_h.items()
            ],
            "sailings": [asdict(item) for item in self.sailings],
            "stays": [asdict(item) for item in self.stays],
            "sources": list(self.sources),
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the sailings, the stays at berths, the waits of cargo, the lines, and the objectives."""
        return (
            RecordTable("sailings", lambda: map(asdict, self.sailings), _names(Sailing)),
            RecordTable("stays", lambda: map(asdict, self.stays), _names(BerthStay)),
            RecordTable("waits", self._wait_rows, ("line", "from", "mean_h", "longest_h")),
            RecordTable("lines", lambda: [flat(line) for line in self.to_dict()["lines"]]),
            RecordTable("levels", lambda: self.to_dict()["levels"]),
        )

    def plot(self) -> "Figure":
        """Return the chart of the sailings and stays of each ship.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        return draw(
            self.sailings,
            self.stays,
            period_days=self.task.period_days,
            closed_days=self.task.closed_days,
            title=f"Plan of {counted(len(self.sailings), 'sailing')} by {counted(sum(self.ships.values()), 'ship')}",
            meta=self.meta,
        )

    def _wait_rows(self) -> list[dict[str, Any]]:
        return [{"line": line, "from": place} | found._asdict() for (line, place), found in self.waits_h.items()]


def _names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))

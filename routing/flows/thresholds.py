"""The multiple of a demand at which each resource first binds, found by assigning the demand at several factors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from landbridge.networks.arguments import instance, real_number
from landbridge.networks.arrays import Bools
from landbridge.networks.errors import QueryError
from landbridge.networks.meta import with_options
from landbridge.networks.units import FULL
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.bottlenecks import LEAST_USD
from landbridge.routing.flows.charts import draw_thresholds
from landbridge.routing.flows.solvers.column_generation import least_cost_flow
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.output.result import ResultList
from landbridge.routing.output.tables import RecordTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAST_FACTOR, _MOST_FACTOR, _MOST_STEPS = 1e-3, 1e3, 400


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A constraint and the factors of demand at which it was found slack and found to bind.

    `slack_factor` is 0 if it binds at the smallest factor tried.
    """

    constraint: int
    resource: str
    name: str
    direction: str
    section: str | None
    slack_factor: float
    factor: float

    def to_dict(self) -> dict[str, Any]:
        """Return the threshold with the names of the JSON output."""
        return {"row" if name == "constraint" else name: value for name, value in vars(self).items()}


@dataclass(frozen=True, eq=False, repr=False)
class Thresholds(ResultList[Threshold]):
    """Factors of a demand at which constraints first bind, the smallest first; behaves as a list."""

    demand_teu_day: float = 0.0
    year: int | None = None

    def __repr__(self) -> str:
        """Return the number of thresholds, and the first."""
        first = f", first {self[0].resource} at {self[0].factor:g} times the demand" if len(self) else ""
        return f"<Thresholds: {len(self)} bind{first}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the thresholds with the names of the JSON output."""
        found = [item.to_dict() for item in self]
        return {"year": self.year, "demand_teu_day": self.demand_teu_day, "thresholds": found}

    def tables(self) -> Sequence[RecordTable]:
        """Return the thresholds."""
        names = ("row", "resource", "name", "direction", "section", "slack_factor", "factor")
        return (RecordTable("thresholds", lambda: [item.to_dict() for item in self], names),)

    def plot(self) -> "Figure":
        """Return the chart of the factors at which resources first bind.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        title = f"{self.demand_teu_day:,.0f} TEU a day: when each resource binds"
        return draw_thresholds([vars(item) for item in self], title, self.meta)


def thresholds(
    assignment: Assignment, *, least: float = 0.25, most: float = 3.0, step: float = 0.25, tolerance: float = 0.02
) -> Thresholds:
    """Return the factor of the demand of an assignment at which each row first binds, the smallest first.

    A row binds if it is full and one more TEU per day would save cost. Factors are tried from `least` to `most` in
    steps, and by bisection between two steps if a row begins to bind there, until both ends are within `tolerance`. A
    row that binds only between two steps and is slack at both is not found: flows may leave a row again as demand
    grows.

    Parameters
    ----------
    assignment
        An assignment with hard capacities.
    least, most, step
        Factors to try.
    tolerance
        Width of the interval of factors that contains the result.

    Raises
    ------
    QueryError
        If a factor is out of range, or the assignment has no capacities.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import DemandFlow, assign, thresholds
    >>> demand = [DemandFlow(origin="Aktau", destination="Poti", teu_per_year=120_000, modes=("rail", "sea", "ferry"))]
    >>> thresholds(assign(load_network(), demand), most=1.0)[0].name
    'Container feeders Aktau-Alat'
    """
    instance(assignment, Assignment, "assignment", "make it with assign(network, demand)")
    least, most = real_number(least, "least"), real_number(most, "most")
    step, tolerance = real_number(step, "step"), real_number(tolerance, "tolerance")
    if most > _MOST_FACTOR:
        raise QueryError(f"most is {most:g} and must be up to {_MOST_FACTOR:g} times the demand")
    if not _LEAST_FACTOR <= least < most or not step > 0:
        raise QueryError(f"factors from {least:g} to {most:g} by {step:g}: give ascending values above 0")
    if not 0 < tolerance <= step:
        raise QueryError(f"tolerance is {tolerance:g} and must be above 0 and at most the step, {step:g}")
    if not np.isfinite(assignment.problem.capacity).any():
        raise QueryError("without capacities nothing binds; assign with hard capacities")
    count = int(np.ceil((most - least) / step - 1e-9))
    if count > _MOST_STEPS:
        raise QueryError(
            f"most is {most:g}, which takes {count:,} steps of {step:g}, each an assignment; give up to"
            f" {least + _MOST_STEPS * step:g}, or scale the demand"
        )
    tried = _Tried(assignment)
    grid = [min(least + number * step, most) for number in range(count + 1)]
    seen = np.zeros(len(assignment.rows), dtype=np.bool_)
    found: list[Threshold] = []
    for low, high in zip([0.0, *grid], grid, strict=False):
        new = tried.binding(high) & ~seen
        if low > 0:
            found += tried.close_in(low, high, new, tolerance)
        else:
            found += [tried.threshold(row, 0.0, high) for row in np.flatnonzero(new).tolist()]
        seen |= new
    ordered = sorted(found, key=lambda item: (item.factor, item.resource, item.direction, item.section or ""))
    meta = with_options(assignment.meta, least=least, most=most, step=step, tolerance=tolerance)
    return Thresholds(tuple(ordered), float(assignment.demand_teu_day.sum()), assignment.year, meta=meta)


class _Tried:
    """The binding rows at each factor tried."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment, self._known = assignment, dict[float, Bools]()
        # Where all demand may stay behind, the search begins at the flow of the nearest factor.
        self._flows = dict[float, Flow]()
        if assignment.status is FlowStatus.OPTIMAL and np.isfinite(assignment.problem.unserved_cost).all():
            self._flows[1.0] = assignment.flow

    def binding(self, factor: float) -> Bools:
        if factor not in self._known:
            problem = self.assignment.problem
            nearest = min(self._flows, key=lambda known: abs(known - factor), default=None)
            start = None if nearest is None else self._flows[nearest]
            flow = least_cost_flow(replace(problem, amount=problem.amount * factor), start=start)
            self._known[factor] = self._binds(flow, factor)
            if start is not None:
                self._flows[factor] = flow
        return self._known[factor]

    def _binds(self, flow: Flow, factor: float) -> Bools:
        if flow.status is FlowStatus.INTERRUPTED:
            raise KeyboardInterrupt
        if flow.status is not FlowStatus.OPTIMAL:
            raise QueryError(f"at {factor:g} times the demand the assignment failed: {flow.message}")
        full = flow.row_flow >= FULL * self.assignment.problem.capacity
        return np.asarray(full & (flow.shadow_price > LEAST_USD), dtype=np.bool_)

    def close_in(self, low: float, high: float, new: Bools, tolerance: float) -> list[Threshold]:
        """Return the thresholds of rows that are slack at `low` and bind at `high`."""
        if not new.any():
            return []
        if high - low <= tolerance:
            return [self.threshold(row, low, high) for row in np.flatnonzero(new).tolist()]
        middle = (low + high) / 2
        early = new & self.binding(middle)
        return self.close_in(low, middle, early, tolerance) + self.close_in(middle, high, new & ~early, tolerance)

    def threshold(self, row: int, low: float, high: float) -> Threshold:
        rows = self.assignment.rows
        return Threshold(
            constraint=row,
            resource=rows.resource[row],
            name=rows.name[row],
            direction=rows.direction[row],
            section=rows.section[row] or None,
            slack_factor=low,
            factor=high,
        )

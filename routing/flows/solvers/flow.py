"""The result of a flow solver: status, cost, bound and paths."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.flows.solvers.problem import PathPool, Problem


class FlowStatus(Enum):
    """Termination status of a flow solver; all but the first three return the best solution found."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    TIME_LIMIT = "time_limit"
    INTERRUPTED = "interrupted"
    NUMERICAL = "numerical"
    MEMORY_LIMIT = "memory_limit"


@dataclass(frozen=True, eq=False)
class Flow:
    """Flows on paths, and the resulting values of the constraints.

    Attributes
    ----------
    status, message
        Termination status, and an explanation.
    pool
        The paths; `flow` is the flow on each, shape (paths,).
    unserved
        Amount of each commodity that is not carried, shape (commodities,).
    row_flow
        Use of each constraint by all flows, shape (rows,).
    shadow_price
        Decrease of the total cost per unit of each constraint's capacity, shape (rows,); NaN in equilibria.
    row_delay_h
        Hours of wait per unit at each constraint caused by the flows; None if waits do not depend on flows.
    cost, bound, gap
        Total cost including unserved demand, lower bound, relative gap.
    """

    problem: Problem
    status: FlowStatus
    message: str
    pool: PathPool
    flow: Floats
    unserved: Floats
    row_flow: Floats
    shadow_price: Floats
    cost: float
    bound: float
    rounds: int
    time_s: float
    row_delay_h: Floats | None = None

    @property
    def gap(self) -> float:
        """Relative gap of cost and bound; 0 if both are 0."""
        return relative_gap(self.cost, self.bound)

    @property
    def carried_cost(self) -> float:
        """Total cost of the demand carried, including waits, without the cost of unserved demand."""
        lost = self.unserved > 0
        if not np.isfinite(self.cost):
            return float(self.flow @ self.pool.cost)
        return self.cost - float(self.unserved[lost] @ self.problem.unserved_cost[lost])

    @property
    def edge_flow(self) -> Floats:
        """Flow on each edge, shape (edges,)."""
        return np.asarray(self.flow @ self.pool.edges, dtype=np.float64)


def relative_gap(cost: float, bound: float) -> float:
    """Return the gap between a cost and its bound, relative to the cost."""
    if cost == bound:
        return 0.0
    size = max(abs(cost), abs(bound))
    return float(max(0.0, cost - bound) / size) if np.isfinite(size) and size else float("inf")

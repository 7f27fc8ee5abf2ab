"""The flow of a solver: its status, cost, bound and paths."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.routing.flows.solvers.problem import PathPool, Problem


class FlowStatus(Enum):
    """How the search for flows ended; all but the first three come with the best that was found."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    TIME_LIMIT = "time_limit"
    INTERRUPTED = "interrupted"
    NUMERICAL = "numerical"


@dataclass(frozen=True, eq=False)
class Flow:
    """Flows on paths, and what they say of the rows.

    Attributes
    ----------
    status, message
        How the search ended, and in words what that means here.
    pool
        The paths; `flow` is the flow on each, shape (paths,).
    unserved
        Amount of each commodity that is not carried, shape (commodities,).
    row_flow
        What all flows take of each row, shape (rows,).
    shadow_price
        By how much the total cost falls with one more unit of each row's capacity, shape (rows,); NaN in equilibria.
    row_delay_h
        Hours that the flows make a unit wait at each row; None where waits do not depend on flows.
    cost, bound, gap
        Total cost with that of unserved demand, what it cannot be under, and their distance in parts of the cost.
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
        """Distance of cost and bound in parts of the cost; 0 if both are 0."""
        return relative_gap(self.cost, self.bound)

    @property
    def carried_cost(self) -> float:
        """Total cost of what is carried, with its waits and without what unserved demand costs."""
        lost = self.unserved > 0
        if not np.isfinite(self.cost):
            return float(self.flow @ self.pool.cost)
        return self.cost - float(self.unserved[lost] @ self.problem.unserved_cost[lost])

    @property
    def edge_flow(self) -> Floats:
        """Flow on each edge, shape (edges,)."""
        return np.asarray(self.flow @ self.pool.edges, dtype=np.float64)


def relative_gap(cost: float, bound: float) -> float:
    """Return the distance of a cost and its bound in parts of the cost."""
    if cost == bound:
        return 0.0
    size = max(abs(cost), abs(bound))
    return float(max(0.0, cost - bound) / size) if np.isfinite(size) and size else float("inf")

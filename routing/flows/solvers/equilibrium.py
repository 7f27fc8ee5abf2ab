"""Traffic equilibria on plain arrays: flows with flow-dependent waits, by gradient projection on paths.

User equilibrium (Wardrop's first principle): no shipper can use a cheaper path, given the waits. System optimum (his
second): the total cost is least, so the price of each path includes the waits that it imposes on others. Origin by
origin a tree of least prices supplies paths that are cheaper than those known, and flow is shifted to them until the
prices of used paths are equal (Jayakrishnan, Tsai, Prashker and Rajadhyaksha 1994), until the relative gap is small
enough:

    gap = (sum of flow x price - sum of amount x least price) / sum of flow x price

All commodities wait the same hours at a constraint and value them differently, so the equilibrium is that of Beckmann's
(1956) program with the costs of each commodity in hours. In a system optimum an hour of wait has the same value for
all, the mean over the demand: with individual values the program is not convex, and an apparent optimum may be far from
the true one. Leaving demand unserved is an additional path, at its cost.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.routing.flows.solvers.flow import Flow
from landbridge.routing.flows.solvers.problem import PathPool, Problem
from landbridge.routing.resources.delays import DelayFunctions

if TYPE_CHECKING:
    from landbridge.routing.flows.solvers.path_equilibrium import Ended, PathEquilibrium

EQUILIBRIUM_GAP: Final = 1e-4
"""Relative gap at which an equilibrium counts as converged."""

MAX_MEMORY_MB: Final = 2048.0
"""Megabytes that the arrays of a search may need unless another limit is given."""


def equilibrium(
    problem: Problem,
    delays: DelayFunctions,
    *,
    system: bool = False,
    gap: float = EQUILIBRIUM_GAP,
    time_limit_s: float | None = None,
    max_memory_mb: float | None = MAX_MEMORY_MB,
    start: Flow | None = None,
) -> Flow:
    """Return the user equilibrium, or the system optimum, of a problem with flow-dependent waits.

    Parameters
    ----------
    problem
        Commodities and edges; `TrafficClass.hours` is the cost of an hour. Its capacities are ignored.
    delays
        Wait of each row as a function of its flow.
    system
        Find the least total cost instead of the user equilibrium. Waits then have the same value for all.
    gap
        Relative gap at which the search ends.
    time_limit_s
        Seconds after which the best solution so far is returned.
    max_memory_mb
        Megabytes that the arrays of the search may need, after which the flows so far are returned with the status
        `MEMORY_LIMIT`; None: no limit. The flows of `start` are kept whatever they need.
    start
        Flows of a problem with the same commodities and edges, from which the search begins. Amounts, costs and
        delays may differ; paths that are closed now are left out.

    Returns
    -------
    Flow
        Its `row_delay_h` contains the waits; shadow prices are undefined (NaN). `cost` is the total including waits,
        `bound` the cost minus the gap.

    Raises
    ------
    QueryError
        If `start` has other commodities or edges.

    Examples
    --------
    Pigou's network, for one unit of demand: an edge that takes 1 h, and one whose hours equal its flow. All users take
    the second; the total would be least if half of them did.

    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> from landbridge.routing.resources.delays import DelayFunctions
    >>> from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
    >>> ends = np.zeros(2, int), np.ones(2, int)
    >>> one = TrafficClass(2, *ends, np.arange(2), np.array([1.0, 0.0]))
    >>> zero, unit = np.zeros(1, int), np.ones(1, int)
    >>> problem = Problem((one,), csr_array([[0.0, 1.0]]), np.ones(1), zero, unit, np.ones(1), zero, 9.0 * unit)
    >>> linear = DelayFunctions.bpr(np.ones(1), np.ones(1), np.ones(1))
    >>> [equilibrium(problem, linear, system=system).edge_flow.round(3).tolist() for system in (False, True)]
    [[0.0, 1.0], [0.5, 0.5]]
    """
    from landbridge.routing.flows.solvers.path_equilibrium import KnownPaths, PathEquilibrium

    known = None if start is None else KnownPaths.of_flow(start)
    search = PathEquilibrium(
        problem, delays, system=system, gap=gap, time_limit_s=time_limit_s, max_memory_mb=max_memory_mb, start=known
    )
    return _as_flow(search, search.run(), delays)


def _as_flow(search: "PathEquilibrium", ended: "Ended", delays: DelayFunctions) -> Flow:
    """Return the flows on paths with their rows and costs."""
    problem, found = search.problem, search.found()
    pool = PathPool.of(problem, found.commodity, found.start, found.edges.astype(np.int64), found.cost)
    row_flow = np.asarray(found.flow @ pool.loads, dtype=np.float64)
    hours = delays.hours(row_flow)
    value_of_time = search.value_of_time[found.commodity]
    lost = found.unserved > 0
    unserved_cost = float(found.unserved[lost] @ problem.unserved_cost[lost])
    cost = float(found.flow @ (found.cost + value_of_time * (pool.loads @ hours))) + unserved_cost
    return Flow(
        problem=problem,
        status=ended.status,
        message=ended.message,
        pool=pool,
        flow=found.flow,
        unserved=found.unserved,
        row_flow=row_flow,
        shadow_price=np.full(len(row_flow), np.nan),
        cost=cost,
        bound=cost * (1 - ended.gap) if np.isfinite(ended.gap) else -np.inf,
        rounds=ended.rounds,
        time_s=ended.time_s,
        row_delay_h=hours,
    )

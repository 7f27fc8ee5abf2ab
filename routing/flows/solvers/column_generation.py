"""Least-cost multicommodity flow on plain arrays, by column generation over paths.

The restricted master problem contains the paths found so far (`master.py`); its duals price the capacity constraints,
and shortest path trees on cost plus price find better paths for each commodity. Constraints are added to the master
when flows first exceed them. If no path is cheaper than its commodity's price and no constraint is exceeded, the flow
is optimal (Dantzig and Wolfe 1960; Ahuja, Magnanti and Orlin 1993, Network Flows, section 17.5).

The lower bound is Lagrangian: the cost of the commodities on their cheapest paths at the prices of the constraints,
minus the prices times the capacities. It is valid for any prices, so that the gap is known at any time.
"""

import time
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus, relative_gap
from landbridge.routing.flows.solvers.master import Master, MasterSolution, MasterStatus
from landbridge.routing.flows.solvers.problem import PathPool, Problem

OPTIMAL_GAP: Final = 1e-9
"""Relative gap below which a flow of least cost counts as optimal."""

_FEASIBLE = 1e-7
"""Relative tolerance by which rounding may exceed a capacity."""
_VERIFIED_GAP = 1e-6
_MAX_ROUNDS = 500


def least_cost_flow(
    problem: Problem,
    *,
    gap: float = OPTIMAL_GAP,
    time_limit_s: float | None = None,
    start: Flow | None = None,
) -> Flow:
    """Return the multicommodity flow of least cost within the capacities.

    Parameters
    ----------
    problem
        Commodities, edges and capacity constraints.
    gap
        Relative gap at which the search ends.
    time_limit_s
        Seconds after which the best flow so far is returned.
    start
        Where the search begins: the flow of a problem that differs in amounts, capacities and closed edges alone, of
        which it takes the paths that are open and the prices. All unserved demand must have a finite cost then.

    Returns
    -------
    Flow
        With status `OPTIMAL`, or `INFEASIBLE` (mandatory demand cannot be served), `UNBOUNDED` (a cycle of edges has a
        negative cost), `TIME_LIMIT`, `INTERRUPTED` (Ctrl-C), `NUMERICAL` (the solver failed, or its result did not pass
        the check).

    Examples
    --------
    Two parallel edges of cost 1 and 3, the first with a capacity of 4 units for a demand of 6:

    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
    >>> ends = np.zeros(2, int), np.ones(2, int)
    >>> one = TrafficClass(2, *ends, np.arange(2), np.array([1.0, 3.0]))
    >>> zero, unit = np.zeros(1, int), np.ones(1, int)
    >>> room, wanted = csr_array([[1.0, 0.0]]), np.array([6.0])
    >>> found = least_cost_flow(Problem((one,), room, np.array([4.0]), zero, unit, wanted, zero, 9.0 * unit))
    >>> found.status.name, found.cost, found.edge_flow.tolist(), found.shadow_price.tolist()
    ('OPTIMAL', 10.0, [4.0, 2.0], [2.0])
    """
    return _Generation(problem, gap, time_limit_s, start).run()


def open_pool(pool: PathPool, problem: Problem) -> PathPool:
    """Return the paths of a pool that a problem needs and has open, which differs as one may to start a search."""
    usable = problem.amount[pool.commodity] > 0
    if problem.closed is not None:
        usable &= ~pool.using(problem.closed)
    return pool.kept(problem, np.flatnonzero(usable))


class _Stop(Exception):  # noqa: N818 - not an error, but the end of a search that keeps its result
    def __init__(self, status: FlowStatus, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


class _Generation:
    """The state of a column generation."""

    def __init__(self, problem: Problem, gap: float, time_limit_s: float | None, start: Flow | None = None) -> None:
        self.problem, self.gap_wanted, self.time_limit_s = problem, gap, time_limit_s
        self.started = time.perf_counter()
        self.pool = PathPool(problem) if start is None else open_pool(start.pool, problem)
        self.rounds = 0
        self.bound = -np.inf
        self.row_price = np.zeros(len(problem.capacity))
        self.start = start
        self.wanted = problem.amount > 0
        self.flow, self.unserved, self.cost = np.empty(0), problem.amount.copy(), 0.0
        """The best solution so far; initially all demand is unserved."""
        if self.wanted.any():
            self.cost = float(problem.amount[self.wanted] @ problem.unserved_cost[self.wanted])

    def run(self) -> Flow:
        try:
            self._check_bounded()
            if np.any(np.isinf(self.problem.unserved_cost[self.wanted])):
                self._find_feasible()
            status, message = self._generate(free=False)
        except _Stop as stop:
            status, message = stop.status, stop.message
        except KeyboardInterrupt:
            status, message = FlowStatus.INTERRUPTED, "interrupted; the flows are the best found"
        return self._result(status, message)

    def _check_bounded(self) -> None:
        for number, profile in enumerate(self.problem.profiles):
            if profile.potential is None:
                raise _Stop(
                    FlowStatus.UNBOUNDED,
                    f"the costs of traffic class {number} have a cycle of negative cost, on which flow could circulate"
                    " without end; give costs of 0 or more",
                )

    def _find_feasible(self) -> None:
        """Phase 1: find a feasible flow for mandatory demand, whose paths then start the search for the least cost."""
        must = np.isinf(self.problem.unserved_cost) & self.wanted
        self.cost = np.inf
        self._generate(free=True)
        # It is a flow within the capacities, and the best known until the least cost is computed.
        lost = self.unserved > _FEASIBLE * self.problem.amount
        self.unserved[~lost] = 0.0
        self.cost = float(self.flow @ self.pool.cost[: len(self.flow)])
        self.cost += float(self.unserved[lost] @ self.problem.unserved_cost[lost])
        self.bound = -np.inf
        left = must & (self.unserved > _FEASIBLE * self.problem.amount)
        if left.any():
            binding = np.flatnonzero(self.row_price > 0)
            # In phase 1 the duals are amounts of demand and not money.
            self.row_price = np.zeros(len(self.row_price))
            raise _Stop(
                FlowStatus.INFEASIBLE,
                f"{self.unserved[left].sum():g} of {self.problem.amount[must].sum():g} cannot be carried, of"
                f" {left.sum()} commodities (the first is number {np.flatnonzero(left)[0]}): "
                + (
                    f"capacity is too small at {len(binding)} of the constraints (the first is number {binding[0]})"
                    if len(binding)
                    else "there is no path"
                )
                + "; allow unserved demand at a cost",
            )

    def _generate(self, *, free: bool) -> tuple[FlowStatus, str]:
        """Add paths and constraints until no better path exists, and return the status.

        With `free` edges have zero cost, and only unserved mandatory demand has a cost.
        """
        problem = self.problem
        missing_cost = problem.unserved_cost
        if free:
            missing_cost = np.isinf(missing_cost).astype(np.float64)
        per_commodity = np.where(self.wanted, missing_cost, 0.0)
        amounts = np.where(self.wanted, problem.amount, 1.0)
        master = self._begun(
            np.where(np.isinf(per_commodity), np.inf, per_commodity * amounts), per_commodity, free=free
        )
        among: Bools | None = None
        for _ in range(_MAX_ROUNDS):
            self.rounds += 1
            solution = master.solve(len(problem.capacity), self._time_left())
            if solution.status is not MasterStatus.OPTIMAL:
                self._fail(solution)
            self._keep_best(solution, per_commodity, free=free)
            exceeded = self._exceeded(solution)
            least, batch = self.pool.priced(solution.row_price, free=free, among=among)
            if among is None:
                self._improve_bound(solution, least, per_commodity)
                if not len(exceeded) and self._gap() <= self.gap_wanted:
                    return FlowStatus.OPTIMAL, "optimal"
            price = np.minimum(solution.commodity_price / amounts, per_commodity)
            better = self.wanted & (least < price - 1e-11 * np.maximum(np.abs(price), np.abs(least)))
            fresh = self.pool.add(batch, better)
            if not len(fresh) and not len(exceeded) and among is None:
                return self._settled()
            if self.start is not None:
                # Near the optimum few commodities change: those are priced alone until they find no better path.
                among = np.isin(np.arange(problem.commodities), self.pool.commodity[fresh]) if len(fresh) else None
            self._add(master, fresh, free=free)
            if len(exceeded):
                master.add_rows(exceeded.tolist(), problem.capacity, self._row_loads())
        return FlowStatus.NUMERICAL, f"not converged after {_MAX_ROUNDS} rounds; the gap is {self._gap():.1e}"

    def _begun(self, unserved_cost: Floats, per_commodity: Floats, *, free: bool) -> Master:
        """Return the master with the paths known, and those that are cheapest without a start."""
        if self.start is not None:
            begun = Master(unserved_cost, abs(self.start.cost) or 1.0)
            tight = (self.start.shadow_price > 0) | (self.start.row_flow >= self.problem.capacity)
            self._add(begun, np.arange(len(self.pool)), free=free)
            begun.add_rows(np.flatnonzero(tight).tolist(), self.problem.capacity, self._row_loads())
            return begun
        least, batch = self.pool.priced(np.zeros(len(self.problem.capacity)), free=free)
        master = Master(unserved_cost, self._scale(least, per_commodity))
        self._add(master, np.arange(len(self.pool)), free=free)
        self._add(master, self.pool.add(batch, self.wanted & (least < per_commodity)), free=free)
        return master

    def _scale(self, least: Floats, per_commodity: Floats) -> float:
        """Return the scale of costs: the geometric mean of all demand on cheapest paths and all demand unserved."""
        sizes = []
        for each in (least, per_commodity):
            chosen = self.wanted & np.isfinite(each)
            sizes.append(float(np.abs(each[chosen]) @ self.problem.amount[chosen]))
        low, high = sizes
        # The product of small sizes would be 0.
        return low**0.5 * high**0.5 if low and high else low or high or 1.0

    def _add(self, master: Master, columns: Ints, *, free: bool) -> None:
        if not len(columns):
            return
        commodity = self.pool.commodity[columns]
        amount = self.problem.amount[commodity]
        loads = self.pool.loads[columns]
        loads = csr_array(loads.multiply(amount[:, None]))
        cost = np.zeros(len(columns)) if free else self.pool.cost[columns] * amount
        master.add_columns(commodity, cost, loads)

    def _row_loads(self) -> csr_array:
        loads = self.pool.loads.multiply(self.problem.amount[self.pool.commodity][:, None])
        return csr_array(loads.T)

    def _exceeded(self, solution: MasterSolution) -> Ints:
        flow = solution.share * self.problem.amount[self.pool.commodity[: len(solution.share)]]
        load = flow @ self.pool.loads[: len(flow)]
        return np.flatnonzero(load > self.problem.capacity + _FEASIBLE * self._size_of_rows())

    def _size_of_rows(self) -> Floats:
        """Return the reference size for tolerances: the capacity, or the largest amount if a constraint has none."""
        capacity = self.problem.capacity
        return np.where(capacity > 0, capacity, self.problem.amount.max(initial=0.0))

    def _keep_best(self, solution: MasterSolution, per_commodity: Floats, *, free: bool) -> None:
        """Keep the master's flows, scaled to the capacities, if they beat the incumbent."""
        problem = self.problem
        owner = self.pool.commodity[: len(solution.share)]
        share = np.maximum(solution.share, 0.0)
        total = np.bincount(owner, share, problem.commodities) + np.maximum(solution.unserved, 0.0)
        flow = share / np.where(total > 0, total, 1.0)[owner] * problem.amount[owner]
        flow *= self._factor(flow)
        served = np.bincount(owner, flow, problem.commodities)
        unserved = np.maximum(problem.amount - served, 0.0)
        unserved[unserved < 1e-12 * problem.amount] = 0.0
        lost = unserved > 0
        cost = 0.0 if free else float(flow @ self.pool.cost[: len(flow)])
        cost += float(unserved[lost] @ per_commodity[lost])
        if cost <= self.cost:
            self.flow, self.unserved, self.cost = flow, unserved, cost

    def _factor(self, flow: Floats) -> Floats:
        """Return the factor for the flow of each path that keeps all constraints within their capacity."""
        loads = self.pool.loads[: len(flow)]
        if not loads.shape[1]:
            return np.ones(len(flow))
        load = flow @ loads
        within = np.where(load > self.problem.capacity, self.problem.capacity / np.where(load > 0, load, 1.0), 1.0)
        cut = loads.copy()
        cut.data = np.where(cut.data > 0, 1.0 - within[cut.indices], 0.0)
        most: Floats = cut.max(axis=1).toarray().ravel()
        return np.asarray(1.0 - most, dtype=np.float64)

    def _improve_bound(self, solution: MasterSolution, least: Floats, per_commodity: Floats) -> None:
        problem = self.problem
        value_of_time = np.minimum(least, per_commodity)[self.wanted]
        priced = solution.row_price > 0
        bound = float(problem.amount[self.wanted] @ value_of_time) - float(
            solution.row_price[priced] @ problem.capacity[priced]
        )
        # The prices prove the bound: equally cheap flows may have been found before a constraint had its price.
        if bound >= self.bound:
            self.bound, self.row_price = bound, solution.row_price

    def _gap(self) -> float:
        return relative_gap(self.cost, self.bound)

    def _settled(self) -> tuple[FlowStatus, str]:
        """Return the status of a search without any missing path or constraint."""
        if self._gap() <= _VERIFIED_GAP:
            return FlowStatus.OPTIMAL, "optimal"
        return FlowStatus.NUMERICAL, (
            f"the solver finds no improvement, but cost and bound differ by {self._gap():.1e} of the cost: the"
            " magnitudes of the numbers differ too much; bring costs and capacities closer together"
        )

    def _fail(self, solution: MasterSolution) -> None:
        if solution.status is MasterStatus.LIMIT:
            raise _Stop(FlowStatus.TIME_LIMIT, self._late())
        raise _Stop(FlowStatus.NUMERICAL, f"the solver failed ({solution.detail}); the flows are the best found before")

    def _time_left(self) -> float | None:
        if self.time_limit_s is None:
            return None
        left = self.time_limit_s - (time.perf_counter() - self.started)
        if left <= 0:
            raise _Stop(FlowStatus.TIME_LIMIT, self._late())
        return left

    def _late(self) -> str:
        return (
            f"stopped after {self.time_limit_s:g} s; the best flows found are within {self._gap():.1e} of the optimum"
        )

    def _result(self, status: FlowStatus, message: str) -> Flow:
        flow = np.zeros(len(self.pool))
        flow[: len(self.flow)] = self.flow
        return Flow(
            problem=self.problem,
            status=status,
            message=message,
            pool=self.pool,
            flow=flow,
            unserved=self.unserved,
            row_flow=np.asarray(flow @ self.pool.loads, dtype=np.float64),
            # Avoid showing a price of -0.0.
            shadow_price=self.row_price + 0.0,
            cost=self.cost,
            bound=self.bound,
            rounds=self.rounds,
            time_s=time.perf_counter() - self.started,
        )

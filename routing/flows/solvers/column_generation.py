"""Least-cost multicommodity flow on plain arrays, by column generation over paths.

The restricted master problem contains the paths found so far (`master.py`); its duals price the capacity constraints,
and shortest path trees on cost plus price find better paths for each commodity. Constraints are added to the master
when flows first exceed them. If no path is cheaper than its commodity's price and no constraint is exceeded, the flow
is optimal (Dantzig and Wolfe 1960; Ahuja, Magnanti and Orlin 1993, Network Flows, section 17.5). Where many constraints
bind, the first prices and paths are those of an ascent on the Lagrangian dual (`dual_prices.py`), which leaves few
rounds.

Constraints may be exceeded at a price. It rises until none is exceeded, or until the prices prove that what must be
carried does not fit: on paths that cost nothing but the prices it would pay more than all capacity is worth (Farkas).

The lower bound is Lagrangian: the cost of the commodities on their cheapest paths at the prices of the constraints,
minus the prices times the capacities. It is valid for any prices, so that the gap is known at any time.
"""

import time
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.words import counted
from landbridge.routing.flows.solvers.dual_prices import dual_prices
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus, relative_gap
from landbridge.routing.flows.solvers.master import Master, MasterSolution, MasterStatus
from landbridge.routing.flows.solvers.problem import PathPool, PricedPaths, Problem

OPTIMAL_GAP: Final = 1e-9
"""Relative gap below which a flow of least cost counts as optimal."""

_FEASIBLE = 1e-7
"""Relative tolerance by which rounding may exceed a capacity."""
_ROUNDING = 1e-9
"""The same for flows that are not cut to fit, where all demand must be carried."""
_NOTHING = 1e-12
"""Share of the largest amount up to which a capacity is none."""
_VERIFIED_GAP = 1e-6
_OVERFLOW = 1.1, 0.1
"""Price of exceeding a constraint: share of its first price, and of the mean cost of a unit."""
_RAISED = 4.0
"""Factor by which that price rises while constraints are exceeded."""
_RAISED_AT_ONCE = 1e6
"""Rise after which all paths at a price are found before it rises further, which ends in a proof or a flow."""
_MANY_ROWS = 12
"""Constraints exceeded by the cheapest paths from which the prices are found by ascent first: fewer take a few rounds
of column generation, which are fewer trees."""
_NAMED = 10
"""Constraints listed in a message."""
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
        With status `OPTIMAL`, or `INFEASIBLE` (mandatory demand cannot be served; the flow carries as much as can be),
        `UNBOUNDED` (a cycle of edges has a negative cost), `TIME_LIMIT`, `INTERRUPTED` (Ctrl-C), `NUMERICAL` (the
        solver failed, or its result did not pass the check).

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
    >>> found.status.name, round(found.cost, 9), found.edge_flow.round(9).tolist(), found.shadow_price.round(9).tolist()
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
    """The state of a column generation.

    Parameters
    ----------
    free
        Whether edges cost nothing, so that only unserved demand has a cost.
    """

    def __init__(
        self,
        problem: Problem,
        gap: float,
        time_limit_s: float | None,
        start: Flow | None = None,
        *,
        free: bool = False,
    ) -> None:
        self.problem, self.gap_wanted, self.time_limit_s, self.free = _rounded(problem), gap, time_limit_s, free
        self.started = time.perf_counter()
        problem = self.problem
        self.pool = PathPool(problem) if start is None else open_pool(start.pool, problem)
        self.rounds = 0
        self.bound = -np.inf
        self.row_price = np.zeros(len(problem.capacity))
        self.start = start
        self.raised = 1.0
        self.wanted = problem.amount > 0
        self.must = self.wanted & np.isinf(problem.unserved_cost)
        self.flow, self.unserved, self.cost = np.empty(0), problem.amount.copy(), 0.0
        """The best solution so far; initially all demand is unserved."""
        if self.wanted.any():
            self.cost = float(problem.amount[self.wanted] @ problem.unserved_cost[self.wanted])

    def run(self) -> Flow:
        try:
            self._check_bounded()
            status, message = self._generate()
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

    def _generate(self) -> tuple[FlowStatus, str]:
        """Add paths and constraints until no better path exists, and return the status."""
        problem = self.problem
        amounts = np.where(self.wanted, problem.amount, 1.0)
        master = self._begun()
        among: Bools | None = None
        for _ in range(_MAX_ROUNDS):
            self.rounds += 1
            solution = master.solve(len(problem.capacity), self._time_left())
            if solution.status is not MasterStatus.OPTIMAL:
                self._fail(solution)
            self._keep_best(solution)
            exceeded = self._exceeded(solution, master.rows)
            spilt = solution.overflow > _FEASIBLE * self._size_of_rows()
            least, batch = self.pool.priced(solution.row_price, free=self.free, among=among)
            if among is None:
                self._improve_bound(solution.row_price, least)
                if self._gap() <= self.gap_wanted:
                    return FlowStatus.OPTIMAL, "optimal"
            price = np.minimum(solution.commodity_price / amounts, problem.unserved_cost)
            better = self.wanted & (least < price - 1e-11 * np.maximum(np.abs(price), np.abs(least)))
            fresh = self.pool.add(batch, better)
            if not len(fresh) and not len(exceeded) and not spilt.any() and among is None:
                return self._settled()
            if self.start is not None:
                # Near the optimum few commodities change: those are priced alone until they find no better path.
                among = np.isin(np.arange(problem.commodities), self.pool.commodity[fresh]) if len(fresh) else None
            self._add(master, fresh)
            if len(exceeded):
                master.add_rows(exceeded.tolist(), problem.capacity, self._row_loads(), self.overflow)
            if spilt.any():
                self._check_feasible(solution.row_price)
                if self.raised < _RAISED_AT_ONCE or not len(fresh):
                    self._raise_overflow(master, spilt)
        return FlowStatus.NUMERICAL, f"not converged after {_MAX_ROUNDS} rounds; the gap is {self._gap():.1e}"

    def _begun(self) -> Master:
        """Return the master with the paths known and the constraints that probably bind."""
        if self.start is not None:
            price, load = self.start.shadow_price, self.start.row_flow
            size = abs(self.start.cost) or 1.0
            self.unit = size / float(self.problem.amount.sum() or 1.0) / self._mean_use()
            return self._master(price, (price > 0) | (load >= self.problem.capacity), size)
        price = np.zeros(len(self.problem.capacity))
        least, batch = self._priced(price)
        if np.any(self.must & ~np.isfinite(least)):
            self._stop_infeasible()
        mean = self._mean_cost(least)
        self.unit = mean / self._mean_use()
        load = self.problem.amount[batch.commodity] @ batch.loads(self.problem)
        if np.count_nonzero(load > self.problem.capacity) >= _MANY_ROWS:
            found = dual_prices(self.problem, self.unit, free=self.free, check=self._time_left)
            price = found.row_price
            self.pool.add(found.paths, self.wanted)
            least, batch = self._priced(price)
            self._check_feasible(price)
        self.pool.add(batch, self.wanted & (least < self.problem.unserved_cost))
        return self._master(price, price > 0, mean * float(self.problem.amount.sum()))

    def _priced(self, row_price: Floats) -> tuple[Floats, PricedPaths]:
        """Return the price and path of each commodity at some prices, which may improve the bound."""
        least, batch = self.pool.priced(row_price, free=self.free)
        self._improve_bound(row_price, least)
        return least, batch

    def _master(self, price: Floats, tight: Bools, size: float) -> Master:
        """Return the master with all paths and some constraints, which begins with the best paths at some prices."""
        problem = self.problem
        self.overflow = _OVERFLOW[0] * price + _OVERFLOW[1] * self.unit
        unserved_cost = np.zeros(problem.commodities)
        unserved_cost[self.wanted] = problem.unserved_cost[self.wanted] * problem.amount[self.wanted]
        # A mean cost of 1 for each commodity suits the tolerances of the solver.
        wanted = int(np.count_nonzero(self.wanted))
        master = Master(unserved_cost, (size or 1.0) / max(1, wanted))
        self._add(master, np.arange(len(self.pool)))
        master.add_rows(np.flatnonzero(tight).tolist(), problem.capacity, self._row_loads(), self.overflow)
        best = self._best_columns(price)
        carried = best[best >= 0]
        load = problem.amount[self.pool.commodity[carried]] @ self.pool.loads[carried]
        master.begin_at(best, np.flatnonzero(load > problem.capacity))
        return master

    def _mean_cost(self, least: Floats) -> float:
        """Return the mean cost of a unit of demand on its cheapest path, or unserved where paths cost nothing."""
        amount = self.problem.amount
        for cost in (np.minimum(least, self.problem.unserved_cost), self.problem.unserved_cost):
            chosen = self.wanted & np.isfinite(cost) & (cost != 0)
            if chosen.any():
                return float(np.average(np.abs(cost[chosen]), weights=amount[chosen] / amount[chosen].max()))
        return 1.0

    def _mean_use(self) -> Floats:
        """Return the mean use of each constraint by the edges that use it, 1 if none does; shape (rows,)."""
        uses = self.problem.uses
        count = np.diff(uses.indptr)
        total = np.asarray(uses.sum(axis=1)).ravel()
        return np.where(total > 0, total / np.maximum(count, 1), 1.0)

    def _best_columns(self, row_price: Floats) -> Ints:
        """Return the path of least price of each commodity, -1 if it costs less to leave it; shape (commodities,)."""
        pool = self.pool
        price = pool.loads @ row_price
        if not self.free:
            price += pool.cost
        order = np.lexsort((price, pool.commodity))
        first = order[np.flatnonzero(np.diff(pool.commodity[order], prepend=-1))]
        first = first[price[first] < self.problem.unserved_cost[pool.commodity[first]]]
        best = np.full(self.problem.commodities, -1)
        best[pool.commodity[first]] = first
        return best

    def _raise_overflow(self, master: Master, spilt: Bools) -> None:
        """Raise the price of exceeding constraints, most of those that are exceeded."""
        self.raised *= _RAISED
        self.overflow = np.where(spilt, _RAISED * self.overflow, self.overflow)
        self.overflow = np.maximum(self.overflow, self.raised * _OVERFLOW[1] * self.unit)
        master.price_overflow(self.overflow)

    def _check_feasible(self, row_price: Floats) -> None:
        """Stop if what must be carried would pay more for capacity than there is, on paths that cost nothing else."""
        if not self.must.any() or not row_price.any():
            return
        least, _ = self.pool.priced(row_price, free=True, among=self.must)
        paid = float(self.problem.amount[self.must] @ least[self.must])
        priced = row_price > 0
        if paid > (1 + _FEASIBLE) * float(row_price[priced] @ self.problem.capacity[priced]):
            self._stop_infeasible()

    def _stop_infeasible(self) -> None:
        """Find how much of what must be carried cannot be, and where; then stop."""
        problem, left_s = self.problem, None
        if self.time_limit_s is not None:
            left_s = max(0.0, self.time_limit_s - (time.perf_counter() - self.started))
        lost = replace(problem, unserved_cost=np.where(self.must, 1.0, 0.0))
        found = _Generation(lost, self.gap_wanted, left_s, free=True).run()
        if found.status is FlowStatus.INTERRUPTED:
            raise KeyboardInterrupt
        # The prices of this flow are amounts of demand and not money.
        self.row_price, self.cost, self.rounds = np.zeros(len(problem.capacity)), np.inf, self.rounds + found.rounds
        self.pool, self.flow, self.unserved = found.pool, found.flow, found.unserved
        left = np.flatnonzero(self.must & (self.unserved > 0))
        proved = found.status is FlowStatus.OPTIMAL
        raise _Stop(
            FlowStatus.INFEASIBLE,
            f"{'' if proved else 'at least '}{found.cost if proved else max(found.bound, 0.0):g} of"
            f" {problem.amount[self.must].sum():g} cannot be carried, of"
            f" {counted(len(left), 'commodity', 'commodities')} (the first has the index {left[0]}):"
            f" {_blamed(np.flatnonzero(found.shadow_price > 0))}; allow unserved demand at a cost",
        )

    def _add(self, master: Master, columns: Ints) -> None:
        if not len(columns):
            return
        commodity = self.pool.commodity[columns]
        amount = self.problem.amount[commodity]
        loads = self.pool.loads[columns]
        loads = csr_array(loads.multiply(amount[:, None]))
        cost = np.zeros(len(columns)) if self.free else self.pool.cost[columns] * amount
        master.add_columns(commodity, cost, loads)

    def _row_loads(self) -> csr_array:
        loads = self.pool.loads.multiply(self.problem.amount[self.pool.commodity][:, None])
        return csr_array(loads.T)

    def _exceeded(self, solution: MasterSolution, known: list[int]) -> Ints:
        """Return the constraints beyond those known that the master's flows exceed."""
        flow = solution.share * self.problem.amount[self.pool.commodity[: len(solution.share)]]
        load = flow @ self.pool.loads[: len(flow)]
        load[known] = 0.0
        return np.flatnonzero(load > self.problem.capacity + _FEASIBLE * self._size_of_rows())

    def _size_of_rows(self) -> Floats:
        """Return the reference size for tolerances: the capacity, or the largest amount if a constraint has none."""
        capacity = self.problem.capacity
        return np.where(capacity > 0, capacity, self.problem.amount.max(initial=0.0))

    def _keep_best(self, solution: MasterSolution) -> None:
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
        cost = 0.0 if self.free else float(flow @ self.pool.cost[: len(flow)])
        cost += float(unserved[lost] @ problem.unserved_cost[lost])
        if cost <= self.cost:
            self.flow, self.unserved, self.cost = flow, unserved, cost

    def _factor(self, flow: Floats) -> Floats:
        """Return the factor for the flow of each path that keeps all constraints within their capacity."""
        loads = self.pool.loads[: len(flow)]
        if not loads.shape[1]:
            return np.ones(len(flow))
        load, room = flow @ loads, self.problem.capacity
        if self.must.any():
            # What must be carried is not cut by rounding.
            room = room + _ROUNDING * self._size_of_rows()
        within = np.where(load > room, room / np.where(load > 0, load, 1.0), 1.0)
        cut = loads.copy()
        cut.data = np.where(cut.data > 0, 1.0 - within[cut.indices], 0.0)
        most: Floats = cut.max(axis=1).toarray().ravel()
        return np.asarray(1.0 - most, dtype=np.float64)

    def _improve_bound(self, row_price: Floats, least: Floats) -> None:
        problem = self.problem
        value = np.minimum(least, problem.unserved_cost)[self.wanted]
        priced = row_price > 0
        bound = float(problem.amount[self.wanted] @ value) - float(row_price[priced] @ problem.capacity[priced])
        # The prices prove the bound: equally cheap flows may have been found before a constraint had its price.
        if bound >= self.bound:
            self.bound, self.row_price = bound, row_price

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
        late = f"stopped after {self.time_limit_s:g} s"
        if np.isinf(self.cost):
            return (
                f"{late}, before any flow was found that carries what must be carried; it costs {self.bound:g} or more"
            )
        if not self.flow.any():
            return f"{late}, before any flow was found"
        return f"{late}; the best flows found are within {self._gap():.1e} of the optimum"

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


def _rounded(problem: Problem) -> Problem:
    """Return a problem without the capacities that are rounding errors, as where others have used all of them.

    Divided by such a capacity the numbers of the master would be too large for it.
    """
    capacity = problem.capacity
    nothing = (capacity > 0) & (capacity <= _NOTHING * problem.amount.max(initial=0.0))
    return replace(problem, capacity=np.where(nothing, 0.0, capacity)) if nothing.any() else problem


def _blamed(rows: Ints) -> str:
    """Return why demand cannot be carried, given the constraints whose prices prove it."""
    if not len(rows):
        return "there is no path"
    listed = ", ".join(map(str, rows[:_NAMED].tolist())) + (", ..." if len(rows) > _NAMED else "")
    return f"capacity is too small at {len(rows)} of the constraints (number {listed})"

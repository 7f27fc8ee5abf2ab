"""Traffic equilibria on plain arrays: flows with flow-dependent waits, by column generation over paths.

User equilibrium (Wardrop's first principle): no shipper can use a cheaper path, given the waits. System optimum (his
second): the total cost is least, so the price of each path includes the waits that it imposes on others. Both are found
on the known paths by shifting flow from more expensive paths to the cheapest (`flow_shifts.py`), and trees at the new
prices add further paths, until the relative gap is small enough:

    gap = (sum of flow x price - sum of amount x least price) / sum of flow x price

All commodities wait the same hours at a constraint and value them differently, so the equilibrium is that of Beckmann's
(1956) program with the costs of each commodity in hours. In a system optimum an hour of wait has the same value for
all, the mean over the demand: with individual values the program is not convex, and an apparent optimum may be far from
the true one. Leaving demand unserved is an additional path, at its cost.
"""

import time
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from landbridge.networks.arrays import Floats, Ints
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.problem import PathPool, PricedPaths, Problem, stacked
from landbridge.routing.resources.delay_kinds import NONE
from landbridge.routing.resources.delays import DelayFunctions

EQUILIBRIUM_GAP: Final = 1e-4
"""Relative gap at which an equilibrium counts as converged."""

_MAX_ROUNDS = 400
_MAX_SWEEPS = 100
_INNER = 0.1
"""Fraction of the target gap that sweeps over the known paths must reach before new paths are searched."""
_BEFORE_LEAP = 5
_MOST_LEAPS = 64.0
_LEAP_STEPS = 30
_TINY = 1e-12


def equilibrium(
    problem: Problem,
    delays: DelayFunctions,
    *,
    system: bool = False,
    gap: float = EQUILIBRIUM_GAP,
    time_limit_s: float | None = None,
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

    Returns
    -------
    Flow
        Its `row_delay_h` contains the waits; shadow prices are undefined (NaN). `cost` is the total including waits,
        `bound` the cost minus the gap.

    Examples
    --------
    Pigou's network, for one unit of demand: an edge that takes 1 h, and one whose hours equal its flow. All users take
    the second; the total would be least if half of them did.

    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> from landbridge.routing.resources.delays import DelayFunctions
    >>> from landbridge.routing.resources.delay_kinds import BPR
    >>> from landbridge.routing.flows.solvers.problem import Problem, TrafficClass
    >>> ends = np.zeros(2, int), np.ones(2, int)
    >>> one = TrafficClass(2, *ends, np.arange(2), np.array([1.0, 0.0]))
    >>> zero, unit = np.zeros(1, int), np.ones(1, int)
    >>> problem = Problem((one,), csr_array([[0.0, 1.0]]), np.ones(1), zero, unit, np.ones(1), zero, 9.0 * unit)
    >>> linear = DelayFunctions(np.array([BPR], np.int8), np.ones(1), np.ones(1), np.ones(1), np.zeros(1))
    >>> [equilibrium(problem, linear, system=system).edge_flow.round(3).tolist() for system in (False, True)]
    [[0.0, 1.0], [0.5, 0.5]]
    """
    return _Search(problem, delays, system=system, gap=gap, time_limit_s=time_limit_s).run()


def _shapes(delays: DelayFunctions) -> tuple[Floats, ...]:
    """Return the arguments of the compiled sweeps."""
    kind = delays.kind.astype(np.float64)
    return kind, delays.size_h, delays.exponent, delays.capacity, delays.background, delays.at_rest_h


class _Search:
    def __init__(
        self, problem: Problem, delays: DelayFunctions, *, system: bool, gap: float, time_limit_s: float | None
    ) -> None:
        self.problem, self.delays, self.system = problem, delays, system
        self.gap_wanted, self.time_limit_s = gap, time_limit_s
        self.started, self.rounds, self.gap = time.perf_counter(), 0, np.inf
        self.pool = PathPool(problem)
        self.flow = np.empty(0)
        self.value_of_time = np.array([profile.hours for profile in problem.profiles])[problem.profile]
        """Cost of an hour per unit of each commodity."""
        if system and problem.amount.sum() > 0:
            self.value_of_time = np.full(
                problem.commodities, float(np.average(self.value_of_time, weights=problem.amount))
            )
        self.wanted = problem.amount > 0
        self.unserved = np.where(self.wanted, problem.amount, 0.0)
        self.row_flow = np.zeros(len(problem.capacity))
        self.row_worth = np.zeros(len(problem.capacity))

    def run(self) -> Flow:
        try:
            status, message = self._search()
        except KeyboardInterrupt:
            status = FlowStatus.INTERRUPTED
            message = f"interrupted; the flows are the best found, with a gap of {self.gap:.1e}"
        return self._result(status, message)

    def _search(self) -> tuple[FlowStatus, str]:
        problem = self.problem
        if any(profile.potential is None or np.any(profile.cost < 0) for profile in problem.profiles):
            return FlowStatus.UNBOUNDED, "an edge has a negative cost; give costs of 0 or more"
        least, batch = self._priced()
        stuck = self.wanted & ~np.isfinite(np.minimum(least, problem.unserved_cost))
        if stuck.any():
            first = int(np.flatnonzero(stuck)[0])
            return FlowStatus.INFEASIBLE, f"there is no path for {stuck.sum()} commodities, the first is number {first}"
        for _ in range(_MAX_ROUNDS):
            self.rounds += 1
            better = self.wanted & (least < problem.unserved_cost)
            fresh = self.pool.add(batch, better)
            self._extend(fresh)
            self._balance()
            least, batch = self._priced()
            self.gap = self._gap_at(least)
            if self.gap <= self.gap_wanted:
                return FlowStatus.OPTIMAL, f"equilibrium with a gap of {self.gap:.1e}"
            if self.time_limit_s is not None and time.perf_counter() - self.started > self.time_limit_s:
                return (
                    FlowStatus.TIME_LIMIT,
                    f"stopped after {self.time_limit_s:g} s; the gap is {self.gap:.1e}",
                )
        return FlowStatus.NUMERICAL, f"the gap is {self.gap:.1e} after {_MAX_ROUNDS} rounds"

    def _priced(self) -> tuple[Floats, PricedPaths]:
        hours = self.delays.hours(self.row_flow)
        if not self.system:
            return self._priced_by_class(hours)
        value_of_time = float(self.value_of_time[0]) if len(self.value_of_time) else 0.0
        return self.pool.priced(value_of_time * hours + self._others_wait())

    def _priced_by_class(self, hours: Floats) -> tuple[Floats, PricedPaths]:
        """Return the least prices and paths where each class pays for the hours at its own rate."""
        problem, least, parts = self.problem, np.full(self.problem.commodities, np.inf), []
        for number, profile in enumerate(problem.profiles):
            own = problem.profile == number
            prices, batch = self.pool.priced(profile.hours * hours, among=own)
            least[own] = prices[own]
            parts.append((batch.commodity, batch.start, batch.edges, batch.costs))
        return least, PricedPaths.of(parts)

    def _others_wait(self) -> Floats:
        """Return the cost of the wait that a unit at a constraint imposes on others, if a system optimum is sought."""
        if not self.system:
            return np.zeros(len(self.row_flow))
        return np.asarray(self.row_worth * self.delays.slope(self.row_flow), dtype=np.float64)

    def _extend(self, fresh: Ints) -> None:
        """Add new paths without flow; the first path of a commodity gets all of its unserved amount."""
        first_time = len(self.flow) == 0
        self.flow = np.concatenate([self.flow, np.zeros(len(fresh))])
        if first_time:
            owners = self.pool.commodity[fresh]
            self.flow[fresh] = self.problem.amount[owners]
            self.unserved[owners] = 0.0

    def _balance(self) -> None:
        """Shift flow between the known paths until the remaining gain is a fraction of the last gap."""
        from tests.support.flow_shifts import sweep

        order, first, cost, loads, flow = self._arrays()
        paths = cost, loads.indptr.astype(np.int64), loads.indices.astype(np.int64), loads.data
        self.row_flow, self.row_worth = self._rows_of(order, loads, flow)
        total = max(float(flow @ cost), np.finfo(float).tiny)
        value_of_time = self.value_of_time[self._owner(order)]
        for number in range(1, _MAX_SWEEPS + 1):
            if number % _BEFORE_LEAP == 1:
                before = flow.copy()
            state = self.row_flow, self.row_worth
            excess = sweep(self.system, first, self.value_of_time, flow, paths, state, _shapes(self.delays))
            if excess <= total * max(self.gap_wanted * _INNER, min(self.gap, 1.0) * _INNER**2, _TINY):
                break
            if number % _BEFORE_LEAP == 0:
                way = flow - before
                flow = np.maximum(flow + self._leap(flow, way, value_of_time, cost, loads) * way, 0.0)
                self.row_flow, self.row_worth = self._rows_of(order, loads, flow)
        self.row_flow, self.row_worth = self._rows_of(order, loads, flow)
        carried = order < len(self.flow)
        self.flow[order[carried]] = flow[carried]
        self.unserved[order[~carried] - len(self.flow)] = flow[~carried]

    def _arrays(self) -> tuple[Ints, Ints, Floats, csr_array, Floats]:
        """Return the paths by commodity, each with the option of leaving it unserved if that is allowed.

        An index at or above the number of paths means leaving that commodity unserved.
        """
        problem, count = self.problem, len(self.flow)
        may_leave = np.flatnonzero(self.wanted & np.isfinite(problem.unserved_cost))
        owner = np.concatenate([self.pool.commodity, may_leave])
        number = np.concatenate([np.arange(count), count + may_leave])
        order = np.argsort(owner, kind="stable")
        first = np.searchsorted(owner[order], np.arange(problem.commodities + 1))
        cost = np.concatenate([self.pool.cost, problem.unserved_cost[may_leave]])[order]
        flow = np.concatenate([self.flow, self.unserved[may_leave]])[order]
        slow = self.delays.kind != NONE
        loads = self.pool.loads.copy()
        loads.data = np.where(slow[loads.indices], loads.data, 0.0)
        loads.eliminate_zeros()
        nothing = csr_array((len(may_leave), loads.shape[1]))
        return number[order], first.astype(np.int64), cost, csr_array(stacked(loads, nothing)[order]), flow

    def _leap(self, flow: Floats, way: Floats, value_of_time: Floats, cost: Floats, loads: csr_array) -> float:
        """Line search: return the step along the direction of the last sweeps that minimises Beckmann's program.

        Queues that are substitutes for each other make sweeps progress slowly in one direction; this is the
        acceleration by parallel tangents (LeBlanc, Helgason and Boyce 1985). The price of a path in hours is the
        gradient of the program.
        """
        shrinking = way < 0
        if not shrinking.any() or np.any((value_of_time <= 0) & (way != 0)):
            return 0.0
        low, high = 0.0, min(float((flow[shrinking] / -way[shrinking]).min()), _MOST_LEAPS)
        rows, row_way = flow @ loads, way @ loads
        row_worth, row_worth_way = (flow * value_of_time) @ loads, (way * value_of_time) @ loads
        by_hours = way / np.where(value_of_time > 0, value_of_time, 1.0)
        fixed = float(by_hours @ cost)

        def uphill(step: float) -> bool:
            at = rows + step * row_way
            slope = fixed + float(row_way @ self.delays.hours(at))
            if self.system:
                others = (row_worth + step * row_worth_way) * self.delays.slope(at)
                slope += float((by_hours @ loads) @ others)
            return slope > 0

        if uphill(low):
            return 0.0
        for _ in range(_LEAP_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if uphill(middle) else (middle, high)
        return low

    def _owner(self, order: Ints) -> Ints:
        """Return the commodity of each path and of each option of leaving one unserved, by the indices of `_arrays`."""
        count = len(self.flow)
        known = np.append(self.pool.commodity, 0)[np.minimum(order, count)]
        return np.where(order < count, known, order - count).astype(np.int64)

    def _rows_of(self, order: Ints, loads: csr_array, flow: Floats) -> tuple[Floats, Floats]:
        """Return flow and value of an hour at all constraints, recomputed so that rounding errors do not accumulate."""
        return flow @ loads, (flow * self.value_of_time[self._owner(order)]) @ loads

    def _gap_at(self, least: Floats) -> float:
        """Return the relative gap, given the prices of the cheapest paths at the same waits."""
        problem = self.problem
        hours, extra = self.delays.hours(self.row_flow), self._others_wait()
        owner = self.pool.commodity
        price = self.pool.cost + self.value_of_time[owner] * (self.pool.loads @ hours) + self.pool.loads @ extra
        lost = self.unserved > 0
        paid = float(self.flow @ price) + float(self.unserved[lost] @ problem.unserved_cost[lost])
        cheapest = np.minimum(least, problem.unserved_cost)[self.wanted]
        best = float(problem.amount[self.wanted] @ cheapest)
        return max(0.0, paid - best) / paid if paid > 0 else 0.0

    def _result(self, status: FlowStatus, message: str) -> Flow:
        problem = self.problem
        flow = np.zeros(len(self.pool))
        flow[: len(self.flow)] = self.flow
        row_flow = np.asarray(flow @ self.pool.loads, dtype=np.float64)
        hours = self.delays.hours(row_flow)
        waits = self.value_of_time[self.pool.commodity] * (self.pool.loads @ hours)
        lost = self.unserved > 0
        cost = float(flow @ (self.pool.cost + waits)) + float(self.unserved[lost] @ problem.unserved_cost[lost])
        return Flow(
            problem=problem,
            status=status,
            message=message,
            pool=self.pool,
            flow=flow,
            unserved=self.unserved,
            row_flow=row_flow,
            shadow_price=np.full(len(row_flow), np.nan),
            cost=cost,
            bound=cost * (1 - self.gap) if np.isfinite(self.gap) else -np.inf,
            rounds=self.rounds,
            time_s=time.perf_counter() - self.started,
            row_delay_h=hours,
        )

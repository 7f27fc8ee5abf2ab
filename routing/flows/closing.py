"""Closing parts of a network under an assignment: the demand assigned again without some edges, from where it was.

A closure leaves the flows that avoid it possible, so that only the commodities that used it are priced again first, on
paths without the closed edges at the prices of the base:

- what they carried goes to these paths as far as the other flows leave room, or stays behind at its penalty: a feasible
  flow, whose cost is an upper bound;
- the cost of the base rises at least by the amount of each commodity times the rise of its price, since a path at the
  same price is left to all others and the prices of the constraints stay dual feasible: a lower bound.

Where both meet, that is the answer. Otherwise an answer for something else that the same paths use, such as the next
link of a line, may avoid this closure too, which its own prices then prove. What is left is solved again as a whole,
from the paths and prices of the base.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from landbridge.networks.arguments import real_number
from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.errors import QueryError
from landbridge.routing.flows.assignment import Assignment
from landbridge.routing.flows.solvers.column_generation import OPTIMAL_GAP, least_cost_flow, open_pool
from landbridge.routing.flows.solvers.flow import Flow, FlowStatus
from landbridge.routing.flows.solvers.problem import PathPool, PricedPaths, Problem

EXACT: Final = 1e-7
"""Difference of the bounds, as a share of the additional cost, below which a closure is not solved further."""

_MOST_DAYS: Final = 36_525
"""Longest closure, a century."""

_ROUNDING: Final = 1e-11
"""Share of the whole cost that is rounding."""


def closure_days(days: object, name: str) -> float:
    """Return the length of closures in days, after checking it.

    Raises
    ------
    QueryError
        If it is no number, not above 0, or longer than a century.
    """
    found = real_number(days, name)
    if not 0 < found <= _MOST_DAYS:
        raise QueryError(f"{name} is {found:g} and must be above 0 and at most {_MOST_DAYS:,}")
    return found


@dataclass(frozen=True, eq=False)
class Closing:
    """An assignment with hard capacities, prepared for closing edges of its state graph.

    Raises
    ------
    QueryError
        If the assignment is not optimal, has no hard capacities, or demand that must be carried.
    """

    assignment: Assignment
    _solved: dict[bytes, list[Flow]] = field(default_factory=dict, init=False, repr=False)
    """Flows of least cost by the paths of the base that they do without."""

    @staticmethod
    def is_possible(assignment: Assignment) -> bool:
        """Whether an assignment is optimal at hard capacities and all its demand may stay behind at a cost."""
        optimal = assignment.status is FlowStatus.OPTIMAL and np.isfinite(assignment.flow.shadow_price).all()
        return bool(optimal and np.isfinite(assignment.problem.unserved_cost).all())

    def __post_init__(self) -> None:
        """Check that costs with and without the closed edges can be compared."""
        if not self.is_possible(self.assignment):
            raise QueryError(
                f"closures need an optimal assignment (this one is {self.assignment.status.value}) at hard capacities"
                " and a finite cost of demand that is not carried; raise the time limit, omit congestion and logit, or"
                " give unserved_usd_per_teu"
            )

    @cached_property
    def _problem(self) -> Problem:
        return self.assignment.problem

    @cached_property
    def _commodity_price(self) -> Floats:
        """Cost of one more unit of each commodity at the prices of the base, shape (commodities,)."""
        problem = self._problem
        least, _ = self.assignment.flow.pool.priced(self.assignment.flow.shadow_price)
        return np.minimum(least, problem.unserved_cost)

    def using(self, edges: Bools) -> Bools:
        """Return which paths use any of some edges of the state graph, shape (paths,)."""
        # The last edge of the problem stands for all access legs.
        return np.asarray(self._edges @ np.append(edges, 0.0) > 0, dtype=np.bool_)

    def signature(self, edges: Bools) -> bytes:
        """Return what is equal for closures of edges on the same paths with flow."""
        return (self.using(edges) & (self.assignment.flow.flow > 0)).tobytes()

    @cached_property
    def _edges(self) -> Any:
        return self.assignment.flow.pool.edges

    def repriced(self, edges: Bools) -> Flow:
        """Return the flow with only the commodities that used the edges moved, and a lower bound.

        Its status is `OPTIMAL` if the cost is proved to be least (`EXACT`), else `TIME_LIMIT`.

        Parameters
        ----------
        edges
            Edges of the state graph to close, shape (edges,).
        """
        base, problem = self.assignment.flow, replace(self._problem, closed=np.append(edges, [False]))
        used = self.using(edges)
        closed = used & (base.flow > 0)
        if not closed.any():
            return base
        affected = np.bincount(base.pool.commodity[closed], minlength=problem.commodities) > 0
        pool, flow = open_pool(base.pool, problem), base.flow[~used]
        least, batch = pool.priced(base.shadow_price, among=affected)
        price = np.minimum(least, problem.unserved_cost)
        rise = np.where(affected, np.maximum(price - self._commodity_price, 0.0), 0.0)
        bound = base.bound + float(rise @ problem.amount)
        moved = np.bincount(base.pool.commodity[closed], base.flow[closed], problem.commodities)
        flow, left = _placed(pool, flow, batch, np.where(least < problem.unserved_cost, moved, 0.0), problem.capacity)
        unserved = base.unserved + np.where(least < problem.unserved_cost, left, moved)
        row_flow = np.asarray(flow @ pool.loads, dtype=np.float64)
        cost = float(flow @ pool.cost) + float(unserved @ problem.unserved_cost)
        exact = cost - bound <= self._slack(cost)
        return Flow(
            problem=problem,
            status=FlowStatus.OPTIMAL if exact else FlowStatus.TIME_LIMIT,
            message="optimal" if exact else "only the demand that used what is closed was priced again",
            pool=pool,
            flow=flow,
            unserved=unserved,
            row_flow=row_flow,
            shadow_price=base.shadow_price,
            cost=cost,
            bound=bound,
            rounds=0,
            time_s=0.0,
        )

    def close(self, edges: Bools, *, time_limit_s: float | None = None) -> Flow:
        """Return the flow of least cost without the edges: repriced if that is proved, otherwise solved again.

        If it is not found, because of the time limit or the solver, the best flow and bound are returned.

        Parameters
        ----------
        edges
            Edges of the state graph to close, shape (edges,).
        time_limit_s
            Seconds for solving.

        Raises
        ------
        KeyboardInterrupt
            If Ctrl-C ended the search.
        """
        found = self.repriced(edges)
        return found if found.status is FlowStatus.OPTIMAL else self.improved(found, edges, time_limit_s=time_limit_s)

    def improved(self, found: Flow, edges: Bools, *, time_limit_s: float | None = None) -> Flow:
        """Return what `close` does, from the flow of `repriced` that is not proved."""
        known = self._solved.setdefault(self.signature(edges), [])
        for flow in known:
            if (shared := self._shared(flow, found.problem)) is not None:
                return shared
        more = found.bound - self.assignment.flow.cost
        gap = float(np.clip(EXACT * more / max(abs(found.cost), 1.0), _ROUNDING, OPTIMAL_GAP))
        again = least_cost_flow(found.problem, start=found, time_limit_s=time_limit_s, gap=gap)
        if again.status is FlowStatus.INTERRUPTED:
            raise KeyboardInterrupt
        if again.status is FlowStatus.OPTIMAL:
            known.append(again)
            return again
        # What was found before is kept if it is better.
        better = again if again.cost < found.cost else found
        return replace(better, status=again.status, message=again.message, bound=max(again.bound, found.bound))

    def _shared(self, flow: Flow, problem: Problem) -> Flow | None:
        """Return the flow of another closure if it is that of least cost in this problem too."""
        closed = problem.closed
        if closed is None or flow.pool.using(closed)[flow.flow > 0].any():
            return None
        pool, bound = open_pool(flow.pool, problem), flow.bound
        # Closing still more edges only raises the bound; where others are open again it is found anew.
        if flow.problem.closed is None or (flow.problem.closed & ~closed).any():
            least, _ = pool.priced(flow.shadow_price)
            wanted, priced = problem.amount > 0, flow.shadow_price > 0
            value = np.minimum(least, problem.unserved_cost)[wanted]
            bound = float(problem.amount[wanted] @ value) - float(flow.shadow_price[priced] @ problem.capacity[priced])
        if flow.cost - bound > self._slack(flow.cost):
            return None
        kept = ~flow.pool.using(closed)
        return replace(flow, problem=problem, pool=pool, flow=flow.flow[kept], bound=bound)

    def _slack(self, cost: float) -> float:
        """Return the difference of cost and bound that is small beside the additional cost."""
        base = self.assignment.flow
        return max(EXACT * (cost - base.cost), base.cost - base.bound + _ROUNDING * abs(cost))


def _placed(pool: PathPool, flow: Floats, batch: PricedPaths, moved: Floats, capacity: Floats) -> tuple[Floats, Floats]:
    """Add a path for each commodity and put its flow there as far as there is room.

    Returns
    -------
    flow : Floats
        Flow of each path, those added included.
    left : Floats
        What of each commodity has no room, shape (commodities,).
    """
    wanted, left = moved > 0, moved.copy()
    pool.add(batch, wanted)
    flow = np.concatenate([flow, np.zeros(len(pool) - len(flow))])
    room = capacity - flow @ pool.loads
    numbers = _numbers(pool, batch, wanted)
    for commodity, path in sorted(numbers.items(), key=lambda item: -moved[item[0]]):
        part = slice(pool.loads.indptr[path], pool.loads.indptr[path + 1])
        rows, loads = pool.loads.indices[part], pool.loads.data[part]
        most = float(np.min(room[rows] / loads, initial=np.inf))
        put = min(moved[commodity], max(most, 0.0))
        flow[path] += put
        room[rows] -= put * loads
        left[commodity] -= put
    return flow, left


def _numbers(pool: PathPool, batch: PricedPaths, wanted: Bools) -> dict[int, int]:
    """Return the number in the pool of the path of each wanted commodity in a batch."""
    known = {
        (owner, pool.path(number).tobytes()): number
        for number, owner in enumerate(pool.commodity.tolist())
        if wanted[owner]
    }
    return {
        owner: known[owner, batch.edges[batch.start[number] : batch.start[number + 1]].tobytes()]
        for number, owner in enumerate(batch.commodity.tolist())
        if wanted[owner]
    }

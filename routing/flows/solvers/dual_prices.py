"""Prices of the constraints before any program is solved: ascent on the Lagrangian dual, and the paths on its way.

For given prices the least cost of the commodities on their cheapest paths, minus the prices times the capacities, is a
lower bound of the cost. It is concave in the prices, and the load beyond the capacity is its gradient. The ascent is by
Adam (Kingma and Ba 2015) over a fixed number of steps that shrink to 0, which needs no upper bound and no tuning to a
problem. Prices near the best ones, and the paths that were cheapest near them, leave little to column generation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.routing.flows.solvers.forest import Pairs, Paths
from landbridge.routing.flows.solvers.problem import PricedPaths, Problem, TrafficClass, path_keys, slices

_FEW, _MANY = (30, 0.05), (100, 0.1)
"""Number of steps, and the largest change of a price in the first of them as a share of the mean cost."""
_MANY_PAIRS: Final = 8
"""Commodities per tree from which the program takes so much longer than a tree that better prices are worth it."""
_MEAN, _SQUARE = 0.9, 0.99
"""Memory of the gradient and of its square (beta 1 and beta 2 of Adam)."""
_KEPT: Final = 6
"""Paths kept of each commodity."""
_NEAR: Final = 0.02
"""Share by which their price may exceed the least."""


@dataclass(frozen=True)
class DualPrices:
    """The best prices found.

    Attributes
    ----------
    row_price
        Price per unit of each constraint, shape (rows,).
    bound
        Lower bound of the total cost at these prices.
    paths
        Paths of the last steps that are among the cheapest at these prices.
    """

    row_price: Floats
    bound: float
    paths: PricedPaths


def dual_prices(
    problem: Problem, unit: Floats, *, free: bool = False, check: Callable[[], object] = bool
) -> DualPrices:
    """Return prices of the constraints near those that prove the least cost.

    Parameters
    ----------
    problem
        Commodities, edges and capacity constraints.
    unit
        Size of a price of each constraint: the mean cost of a unit of demand per use of the constraint, shape (rows,).
    free
        Whether edges cost only the prices of their constraints.
    check
        Called before each step; may raise to stop.
    """
    groups = [_Group(problem, *group, free=free) for group in problem.groups]
    origins = sum(len(group.pairs.origin) for group in groups)
    steps, rate = _MANY if len(problem.amount) >= _MANY_PAIRS * origins else _FEW
    limited = np.isfinite(problem.capacity)
    capacity = np.where(limited, problem.capacity, 0.0)
    size = np.where(capacity > 0, capacity, problem.amount.max(initial=0.0) or 1.0)
    best, best_price, price = -np.inf, np.zeros(len(capacity)), np.zeros(len(capacity))
    mean, square = np.zeros(len(capacity)), np.zeros(len(capacity))
    for step in range(steps):
        check()
        edge_price, edge_flow, bound = price @ problem.uses, np.zeros(problem.uses.shape[1]), -float(price @ capacity)
        for group in groups:
            bound += group.step(edge_price, edge_flow, kept=2 * step >= steps)
        if bound > best:
            best, best_price = bound, price
        uphill = np.where(limited, (problem.uses @ edge_flow - capacity) / size, 0.0)
        uphill[(price <= 0) & (uphill < 0)] = 0.0
        mean = _MEAN * mean + (1 - _MEAN) * uphill
        square = _SQUARE * square + (1 - _SQUARE) * uphill**2
        way = mean / (1 - _MEAN ** (step + 1)) / np.maximum(np.sqrt(square / (1 - _SQUARE ** (step + 1))), 1e-300)
        price = np.maximum(price + rate * (1 - step / steps) * unit * way, 0.0)
    edge_price = best_price @ problem.uses
    return DualPrices(best_price, best, PricedPaths.of([group.cheapest(edge_price) for group in groups]))


class _Group:
    """The commodities of a traffic class, in the order of their origins."""

    def __init__(self, problem: Problem, profile: TrafficClass, members: Ints, *, free: bool) -> None:
        self.problem, self.profile, self.free = problem, profile, free
        origin, destination = problem.origin[members], problem.destination[members]
        self.pairs = Pairs(origin, destination)
        self.members = members[self.pairs.order]
        self.amount = problem.amount[self.members]
        self.rise = profile.rise(origin, destination, free=free)[self.pairs.order]
        self.most = problem.unserved_cost[self.members]
        self._found: list[Paths] = []

    def step(self, edge_price: Floats, edge_flow: Floats, *, kept: bool) -> float:
        """Add the load of the cheapest paths to the edges, and return their cost."""
        profile = self.profile
        weights = profile.weights(edge_price, free=self.free, closed=self.problem.closed)
        found, arc_flow = profile.forest.loaded(weights, self.pairs, self.amount, self.most - self.rise)
        edge_flow += np.bincount(profile.open_edges, arc_flow, len(edge_flow))
        if kept:
            self._found.append(found)
        return float(self.amount @ np.minimum(found.weight + self.rise, self.most))

    def cheapest(self, edge_price: Floats) -> tuple[Ints, Ints, Ints, Floats]:
        """Return the paths of the kept steps that are cheapest: commodities, starts, edges and costs."""
        profile, problem = self.profile, self.problem
        commodity, start, arcs = _joined(self.members, self._found)
        price = profile.weights(edge_price, free=self.free, closed=problem.closed)
        total = np.concatenate([[0.0], np.cumsum(price[arcs])])
        path_price = total[start[1:]] - total[start[:-1]]
        order = np.lexsort((path_price, commodity))
        first = np.flatnonzero(np.diff(commodity[order], prepend=-1))
        count = np.diff(np.append(first, len(order)))
        rank, least = np.arange(len(order)) - np.repeat(first, count), np.repeat(path_price[order][first], count)
        rise = np.zeros(problem.commodities)
        rise[self.members] = self.rise
        most = least + _NEAR * np.abs(least + rise[commodity[order]])
        chosen = order[(rank < _KEPT) & (path_price[order] <= most)]
        where, start = slices(start, chosen)
        commodity, arcs = commodity[chosen], arcs[where]
        edges, costs = profile.open_edges[arcs], profile.cost[profile.open_arcs[arcs]]
        if problem.rules is None:
            return commodity, start, edges, costs
        good = np.flatnonzero(~problem.rules.broken(commodity, start, edges))
        where, start = slices(start, good)
        return commodity[good], start, edges[where], costs[where]


def _joined(members: Ints, found: list[Paths]) -> tuple[Ints, Ints, Ints]:
    """Return commodity, start and arcs of the different paths of several steps."""
    lengths = np.concatenate([np.empty(0, dtype=np.int64), *(np.diff(each.start) for each in found)])
    start = np.concatenate([[0], np.cumsum(lengths)])
    arcs = np.concatenate([np.empty(0, dtype=np.int64), *(each.arcs for each in found)])
    commodity = np.tile(members, len(found))
    _, first = np.unique(path_keys(commodity, start, arcs), return_index=True)
    chosen = first[lengths[first] > 0]
    where, start = slices(start, chosen)
    return commodity[chosen], start, arcs[where]

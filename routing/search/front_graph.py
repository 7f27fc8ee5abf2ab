"""What paths of a front of two or three criteria may use of a search space, with one source and one target."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.routing.search.space import AccessNode, SearchSpace, Terminal, Terminals

# Sums of the same numbers in another order differ by less; points that differ by no more are one.
ROUNDING: Final = 1e-12
_SLACK: Final = 1 + 1e-9
# A bound summed in another order than the path must not exceed it.
_BELOW: Final = 1 - 1e-12
_HUGE: Final = 1e300


class Window(NamedTuple):
    """Limits of both criteria below which points are sought, and weights in whose sum they are below the corner."""

    first: float
    second: float
    weights: tuple[float, float]


@dataclass(frozen=True, eq=False)
class FrontGraph:
    """The nodes and arcs that paths of a front may use; the last node but one is its source, the last its target.

    Attributes
    ----------
    indptr, tail, head
        Arcs by their tail.
    costs
        Criteria of the arcs, shape (arcs, criteria); those from the source and to the target with what it takes there.
    arc
        Arc of the search space, -1 for those from the source, shape (arcs,).
    ahead
        Least of each criterion from each node to the target, shape (nodes, criteria).
    whole
        The window of the whole front, of two criteria.
    """

    indptr: Indices
    tail: Indices
    head: Indices
    costs: Floats
    arc: Ints
    ahead: Floats
    whole: Window

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.ahead)

    @cached_property
    def _backward(self) -> tuple[Indices, Indices, Ints]:
        order = np.argsort(self.head, kind="stable")
        indptr = np.searchsorted(self.head[order], np.arange(self.nodes + 1)).astype(np.int32)
        return indptr, self.tail[order], order

    def least(self, weights: tuple[float, float]) -> tuple[Floats, Ints]:
        """Return the criteria of the path of the least weighted sum, and its arcs."""
        from landbridge.routing.search.least_paths import nearest

        best, predecessor = np.empty(self.nodes), np.empty(self.nodes, dtype=np.int32)
        arrival = np.full(self.nodes, np.inf)
        arrival[-1] = 0.0
        source, zero = np.array([self.nodes - 2], dtype=np.int32), np.zeros(1)
        sums, ahead = self.costs @ weights, self.ahead @ weights
        nearest(self.indptr, self.head, sums, source, zero, arrival, ahead, best, predecessor)
        arcs, node = [], self.nodes - 1
        while (arc := int(predecessor[node])) >= 0:
            arcs.append(arc)
            node = int(self.tail[arc])
        path = np.array(arcs[::-1], dtype=np.int64)
        return self.costs[path].sum(axis=0), path

    def least_sums(self, weights: tuple[float, float]) -> Floats:
        """Return the least weighted sum from each node to the target, shape (nodes,)."""
        from landbridge.routing.search.least_paths import nearest

        indptr, tail, order = self._backward
        best, predecessor = np.empty(self.nodes), np.empty(self.nodes, dtype=np.int32)
        target, zero, none = np.array([self.nodes - 1], dtype=np.int32), np.zeros(1), np.empty(0)
        nearest(indptr, tail, (self.costs @ weights)[order], target, zero, none, none, best, predecessor)
        return best


def reduced(
    space: SearchSpace,
    costs: Floats,
    starts: Sequence[AccessNode],
    ends: Sequence[AccessNode],
    *,
    through: bool,
    bounds: Floats | None = None,
) -> FrontGraph | None:
    """Return what paths of a front may use of a search space, None if no path joins the ends.

    Parameters
    ----------
    costs
        Criteria of the edges of the state graph, infinite in all if an edge must not be used, shape (edges, criteria).
    through
        Whether paths also go on from a node where they may end; else they end at the first.
    bounds
        Least of each criterion from each node to an end, shape (nodes + 1, criteria). If not given, those of two
        criteria are found, but no farther than a path of the least of one criterion reaches in the other one.
    """
    sides = starts, ends
    known = (bounds[:-1], (np.inf, np.inf)) if bounds is not None else _bounded(space, costs, sides, through=through)
    return None if known is None else _compressed(space, costs, sides, known, through=through)


def _bounded(
    space: SearchSpace, costs: Floats, sides: tuple[Sequence[AccessNode], Sequence[AccessNode]], *, through: bool
) -> tuple[Floats, tuple[float, float]] | None:
    """Return the least of each criterion from the nodes that a front can use, and the largest that it has."""
    starts, ends = sides
    columns = [np.ascontiguousarray(costs[:, column]) for column in range(2)]
    limits = [np.inf, np.inf]
    # A path from a node where paths both start and end has an edge, which one of the least sum might not.
    if {start.node for start in starts}.isdisjoint(end.node for end in ends):
        for column in range(2):
            values = _least_values(space, costs, sides, column, through=through)
            if values is None:
                return None
            limits[1 - column] = values[1 - column] * _SLACK
    back, ahead = space.incoming, np.empty((2, space.nodes))
    arcs = back.indptr, back.tail, back.edge
    for column in range(2):
        ahead[column] = _within(arcs, columns[column], _terminals(ends, column), limits[column], np.empty(0))
    usable = np.isfinite(ahead).all(axis=0)
    arcs = space.indptr, space.head, space.edge
    for column in range(2):
        least = np.where(usable, ahead[column], np.inf)
        behind = _within(arcs, columns[column], _terminals(starts, column), limits[column], least)
        usable &= behind + least <= limits[column]
    return np.where(usable, ahead * _BELOW, np.inf).T, (limits[0], limits[1])


def _terminals(nodes: Sequence[AccessNode], column: int) -> Terminals:
    return Terminals.of([Terminal(node.node, node.costs[column]) for node in nodes])


def _least_values(
    space: SearchSpace,
    costs: Floats,
    sides: tuple[Sequence[AccessNode], Sequence[AccessNode]],
    column: int,
    *,
    through: bool,
) -> Floats | None:
    """Return the criteria of a path with the least of one of them, None if there is no path."""
    from landbridge.routing.search.least_paths import nearest, traced

    (starts, ends), back = sides, space.incoming
    weights = costs[back.edge, column]
    if not through:
        weights[np.isin(back.tail, [end.node for end in ends])] = np.inf
    arrival = np.full(space.nodes, np.inf)
    np.minimum.at(arrival, *_terminals(starts, column))
    best, following = np.empty(space.nodes), np.empty(space.nodes, dtype=np.int32)
    seeds = _terminals(ends, column)
    start = nearest(back.indptr, back.tail, weights, *seeds, arrival, np.empty(0), best, following)
    if start < 0:
        return None
    arcs = traced(following, back.head, np.arange(len(back.head)), start)
    at_ends = [
        min((one.costs for one in side if one.node == node), key=lambda values: values[column])
        for side, node in ((starts, start), (ends, back.head[arcs[-1]]))
    ]
    return np.asarray(costs[back.edge[arcs]].sum(axis=0) + np.sum(at_ends, axis=0))


def _within(
    arcs: tuple[Indices, Indices, Indices], weights: Floats, seeds: Terminals, limit: float, ahead: Floats
) -> Floats:
    """Return the least weight from seeds to the nodes, infinite or too much where it is beyond the limit.

    Parameters
    ----------
    arcs
        Offsets of the arcs of each node, the nodes that they lead to, and the edges that they are.
    ahead
        Least weight from each node on; empty if none is known.
    """
    from landbridge.routing.search.least_paths import nearest

    indptr, onward, edge = arcs
    best, predecessor, arrival = np.empty(len(indptr) - 1), np.empty(len(indptr) - 1, dtype=np.int32), np.empty(0)
    if np.isfinite(limit):
        # Ending at the first seed weighs as much as the limit, so the search ends there.
        first = int(np.argmin(seeds.weight + ahead[seeds.node] if len(ahead) else seeds.weight))
        arrival = np.full(len(best), np.inf)
        arrival[seeds.node[first]] = np.nextafter(limit, np.inf) - seeds.weight[first]
    nearest(indptr, onward, weights, *seeds, arrival, ahead, best, predecessor, edge)
    return best


def _compressed(
    space: SearchSpace,
    costs: Floats,
    ends: tuple[Sequence[AccessNode], Sequence[AccessNode]],
    bounds: tuple[Floats, Sequence[float]],
    *,
    through: bool,
) -> FrontGraph:
    """Return the usable nodes with arcs between them, from the source to the starts, and to the target."""
    (starts, goals), (ahead, limits) = ends, bounds
    criteria = costs.shape[1]
    usable: Bools = np.asarray(np.isfinite(ahead).all(axis=1))
    kept = np.flatnonzero(usable[space.tail] & usable[space.head])
    kept = kept[np.isfinite(costs[space.edge[kept], 0])]
    number = np.cumsum(usable) - 1
    source = int(usable.sum())
    first = [start for start in starts if usable[start.node]]
    last = [end for end in goals if usable[end.node]]
    # Each arc to a node where paths end leads on, and to the target by each way that there is from there.
    at_end = np.zeros(space.nodes, dtype=np.bool_)
    at_end[[end.node for end in last]] = True
    leads_to_end = at_end[space.head[kept]]
    by_head = kept[leads_to_end]
    by_head = by_head[np.argsort(space.head[by_head], kind="stable")]
    heads, nodes = space.head[by_head], np.array([end.node for end in last], dtype=np.int64)
    begin, ways = np.searchsorted(heads, nodes), np.bincount(heads, minlength=space.nodes)[nodes]
    into = by_head[np.arange(ways.sum()) + np.repeat(begin - np.cumsum(ways) + ways, ways)]
    at_ends = np.repeat(_rows(last, criteria), ways, axis=0)
    onward = kept if through else kept[~leads_to_end]
    arc = np.concatenate([onward, into])
    order = np.argsort(arc, kind="stable")
    tail = np.append(number[space.tail[arc]][order], [source] * len(first))
    head = np.concatenate([number[space.head[onward]], np.full(len(into), source + 1)])[order]
    values = costs[space.edge[arc]]
    values[len(onward) :] += at_ends
    return FrontGraph(
        np.searchsorted(tail, np.arange(source + 3)).astype(np.int32),
        tail.astype(np.int32),
        np.append(head, [number[start.node] for start in first]).astype(np.int32),
        np.concatenate([values[order], _rows(first, criteria)]),
        np.append(arc[order], [-1] * len(first)),
        np.concatenate([ahead[usable], np.zeros((2, criteria))]),
        Window(_above(limits[0]), _above(limits[1]), (1.0, 0.0)),
    )


def _rows(ends: Sequence[AccessNode], criteria: int) -> Floats:
    return np.array([end.costs for end in ends], dtype=np.float64).reshape(len(ends), criteria)


def _above(limit: float) -> float:
    """Return the next number above a limit, finite where there is none, since it is multiplied by 0."""
    return float(np.nextafter(min(limit, _HUGE), np.inf))

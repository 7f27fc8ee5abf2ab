"""Alternatives that differ in substance: best paths through each node, kept when they share little with better ones.

From one tree out of the origin and one into the destination the best path through every node is known (Abraham et al.
2013, Alternative routes in road networks). They are taken in the order of their weight; one is kept if it visits no
state twice and shares at most a stated part of its hauls' length with each path that was kept before.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.states import EdgeKind, StateGraph
from landbridge.routing.search import SearchSpace, Terminal

MAX_SHARED: Final = 0.8
"""Part of the length of an alternative's hauls that it may share with a better itinerary."""

_MAX_TRIES = 400


def best_paths(
    graph: StateGraph,
    space: SearchSpace,
    weights: NDArray[np.float64],
    starts: Sequence[Terminal],
    ends: Sequence[Terminal],
    *,
    k: int,
) -> Iterator[list[int]]:
    """Yield up to k paths as edges of the state graph, the best first, each different in substance from those before.

    Parameters
    ----------
    weights
        Weights of the edges of the state graph, infinite where an edge may not be used.
    starts, ends
        Nodes of the space where the search starts and ends.
    """
    merged = space.merged(weights)
    forward = space.tree(merged, starts)
    node, _ = min(ends, key=lambda end: float(forward.weight[end.node]) + end.weight)
    if not np.isfinite(forward.weight[node]):
        return
    best = space.path(forward, node, weights)
    # Only stages can make the best path pass a place twice: on its way to a requirement and back.
    if k == 1 and _Measured(graph, best).loopless:
        yield best
        return
    backward = space.tree(merged, ends, backward=True)
    through = forward.weight + backward.weight
    kept: list[_Measured] = []
    for node in _candidates(through):
        path = space.path(forward, node, weights) + space.path(backward, node, weights, backward=True)
        measured = _Measured(graph, path)
        if measured.loopless and all(measured.differs_from(other) for other in kept):
            kept.append(measured)
            yield path
            if len(kept) == k:
                return


def _candidates(through: NDArray[np.float64]) -> Iterator[int]:
    """Yield one node for each different weight of a path, the least first."""
    nodes = np.argsort(through, kind="stable")
    weights = through[nodes]
    nodes, weights = nodes[np.isfinite(weights)], weights[np.isfinite(weights)]
    new = np.diff(weights, prepend=-np.inf) > 1e-7 * np.maximum(weights, 1.0)
    yield from nodes[new][:_MAX_TRIES].tolist()


class _Measured:
    """A path with what is asked of it: the length of its hauls by link, and whether it visits a state twice."""

    def __init__(self, graph: StateGraph, path: list[int]) -> None:
        edges = np.array(path, dtype=np.int64)
        hauls = edges[graph.kind[edges] == EdgeKind.HAUL]
        self.km = dict(zip(graph.row[hauls].tolist(), graph.length_km[hauls].tolist(), strict=True))
        self.total_km = sum(self.km.values())
        places = [*graph.edge_from[hauls[:1]].tolist(), *graph.edge_to[hauls].tolist()]
        self.loopless = len(set(places)) == len(places)

    def differs_from(self, other: "_Measured") -> bool:
        shared = sum(km for link, km in self.km.items() if link in other.km)
        return bool(shared <= MAX_SHARED * max(self.total_km, 1e-9))

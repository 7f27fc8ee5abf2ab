"""Alternatives that differ in substance: best paths through each node, kept when they share little with better ones.

From one tree out of the origin and one into the destination the best path through every node is known (Abraham et al.
2013, Alternative routes in road networks). They are taken in the order of their weight; one is kept if it visits no
state twice and shares at most a stated part of its hauls' length with each path that was kept before.
"""

from collections.abc import Callable, Iterator, Sequence
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
    ends: tuple[Sequence[Terminal], Sequence[Terminal]],
    *,
    k: int,
    via: Sequence[frozenset[int]] = (),
    admits: Callable[[list[int]], bool] = lambda _: True,
) -> Iterator[list[int]]:
    """Yield up to k paths as edges of the state graph, the best first, each different in substance from those before.

    Parameters
    ----------
    weights
        Weights of the edges of the state graph, infinite where an edge may not be used.
    ends
        Nodes of the space where the search starts and where it ends.
    via
        Indices of the places to visit: between two of them a path visits no state twice, though it may turn back.
    admits
        Whether an alternative to the best path may be taken.
    """
    starts, targets = ends
    merged = space.merged(weights)
    forward = space.tree(merged, starts)
    node, _ = min(targets, key=lambda end: float(forward.weight[end.node]) + end.weight)
    if not np.isfinite(forward.weight[node]):
        return
    best = _Measured(graph, space.path(forward, node, weights), via)
    # Only stages can make the best path visit a state twice: on its way to a requirement and back.
    kept = [best] if best.loopless else []
    if kept:
        yield best.path
    if len(kept) == k:
        return
    backward = space.tree(merged, targets, backward=True)
    for node in _candidates(forward.weight + backward.weight):
        path = space.path(forward, node, weights) + space.path(backward, node, weights, backward=True)
        measured = _Measured(graph, path, via)
        if (
            measured.loopless
            and measured.straight
            and all(measured.differs_from(other) for other in kept)
            and admits(path)
        ):
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


def differs(graph: StateGraph, path: list[int], other: list[int]) -> bool:
    """Whether a path shares at most `MAX_SHARED` of the length of its hauls with another."""
    return _Measured(graph, path, ()).differs_from(_Measured(graph, other, ()))


class _Measured:
    """A path with what is asked of it.

    `km` is the length of its hauls by link; it is `loopless` if it visits no state twice, and `straight` if it comes to
    no place twice (as a train does that turns back after a change of gauge).
    """

    def __init__(self, graph: StateGraph, path: list[int], via: Sequence[frozenset[int]]) -> None:
        edges = np.array(path, dtype=np.int64)
        hauls = edges[graph.kind[edges] == EdgeKind.HAUL]
        self.path = path
        self.km = dict(zip(graph.row[hauls].tolist(), graph.length_km[hauls].tolist(), strict=True))
        self.total_km = sum(self.km.values())
        places = graph.edge_to[hauls].tolist()
        self.loopless = _is_simple([graph.tail[edges[0]], *graph.head[edges]], graph.edge_to[edges].tolist(), via)
        self.straight = _is_simple([graph.edge_from[edges[0]], *places], places, via)

    def differs_from(self, other: "_Measured") -> bool:
        shared = sum(km for link, km in self.km.items() if link in other.km)
        return bool(shared <= MAX_SHARED * max(self.total_km, 1e-9))


def _is_simple(nodes: list[int], places: list[int], via: Sequence[frozenset[int]]) -> bool:
    """Whether nothing is visited twice between the places that a path has to visit.

    `places` are the indices of the places of all nodes but the first.
    """
    seen, waiting = {int(nodes[0])}, list(via)
    for node, place in zip(map(int, nodes[1:]), places, strict=True):
        if node in seen:
            return False
        seen.add(node)
        if waiting and place in waiting[0]:
            waiting.pop(0)
            seen = {node}
    return True

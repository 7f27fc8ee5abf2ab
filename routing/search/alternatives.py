"""Alternatives: paths that differ substantially, and the k shortest loopless paths.

The former are the best paths through each node, kept if they have little in common with better ones.

From one tree out of the origin and one into the destination the best path through every node is known (Abraham et al.
2013, Alternative routes in road networks). They are examined by increasing weight; one is kept if it visits no state
twice and shares at most a given part of the length of its hauls with each path kept before.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Floats, Indices
from landbridge.networks.graph.state_graph import EdgeKind, StateGraph
from landbridge.routing.search.fronts import least_to
from landbridge.routing.search.space import SearchSpace, Terminal

MAX_SHARED: Final = 0.8
"""Largest part of the length of its hauls that an alternative may share with a better itinerary."""

_MAX_TRIES = 400


def best_paths(
    graph: StateGraph,
    space: SearchSpace,
    weights: Floats,
    ends: tuple[Sequence[Terminal], Sequence[Terminal]],
    *,
    k: int,
    max_shared: float = MAX_SHARED,
    via: Sequence[frozenset[int]] = (),
    admits: Callable[[list[int]], bool] = lambda _: True,
) -> Iterator[list[int]]:
    """Yield up to k paths as edges of the state graph, the best first, each substantially different from those before.

    Parameters
    ----------
    weights
        Weights of the edges of the state graph, infinite if an edge must not be used.
    ends
        Nodes of the space at which the search starts and ends.
    max_shared
        Largest part of the length of its hauls that an alternative may share with a better path.
    via
        Indices of the places to visit: between two of them a path visits no state twice, but it may turn back at them.
    admits
        Function that returns whether a path is acceptable, the best one included.
    """
    starts, targets = ends
    forward = space.tree(space.lightest(weights), starts)
    node, _ = min(targets, key=lambda end: float(forward.weight[end.node]) + end.weight)
    if not np.isfinite(forward.weight[node]):
        return
    best = _Measured(graph, space.path(forward, node), via)
    # The best path visits a state twice only because of stages: on the way to a required place and back.
    kept = [best] if best.loopless and admits(best.path) else []
    if kept:
        yield best.path
    if len(kept) == k:
        return
    backward = space.tree(space.lightest(weights, backward=True), targets)
    for node in _candidates(forward.weight + backward.weight):
        path = space.path(forward, node) + space.path(backward, node)[::-1]
        measured = _Measured(graph, path, via)
        if (
            measured.loopless
            and measured.straight
            and all(measured.differs_from(other, max_shared) for other in kept)
            and admits(path)
        ):
            kept.append(measured)
            yield path
            if len(kept) == k:
                return


def _candidates(through: Floats) -> Iterator[int]:
    """Yield one node for each distinct weight of a path, in ascending order."""
    nodes = np.argsort(through, kind="stable")
    weights = through[nodes]
    nodes, weights = nodes[np.isfinite(weights)], weights[np.isfinite(weights)]
    new = np.diff(weights, prepend=-np.inf) > 1e-7 * np.maximum(weights, 1.0)
    yield from nodes[new][:_MAX_TRIES].tolist()


def differs(graph: StateGraph, path: list[int], other: list[int], max_shared: float = MAX_SHARED) -> bool:
    """Whether a path shares at most a part of the length of its hauls with another."""
    return _Measured(graph, path, ()).differs_from(_Measured(graph, other, ()), max_shared)


def least_paths(
    space: SearchSpace,
    weights: Floats,
    ends: tuple[Sequence[Terminal], Sequence[Terminal]],
    *,
    k: int,
) -> list[list[int]]:
    """Return exactly the k shortest loopless paths as edges of the state graph, the shortest first.

    Paths that visit the same states by parallel operations count once, with the smallest weight.
    """
    starts, targets = ends
    lightest = space.lightest(weights)
    usable = np.flatnonzero(np.isfinite(lightest.weight))
    tail, head = lightest.pairs.tail[usable], lightest.pairs.head[usable]
    # Add a super-source and a super-sink.
    source, target = space.nodes, space.nodes + 1
    tails = np.concatenate([tail, [source] * len(starts), [end.node for end in targets]]).astype(np.int32)
    heads = np.concatenate([head, [end.node for end in starts], [target] * len(targets)]).astype(np.int32)
    costs = np.concatenate([lightest.weight[usable], [end.weight for end in (*starts, *targets)]])
    order = np.argsort(tails, kind="stable")
    graph = (np.searchsorted(tails[order], np.arange(space.nodes + 3)).astype(np.int32), tails[order], heads[order])
    to_target = np.append(least_to(space.lightest(weights, backward=True), targets), [0.0, 0.0])
    to_target[source] = min(to_target[end.node] + end.weight for end in starts)
    paths = loopless_paths(graph, costs[order], to_target, ends=(source, target), k=k)
    edge = space.edge[lightest.edge_of[usable]]
    return [edge[order[path[1:-1]]].tolist() for path in paths]


def loopless_paths(
    graph: tuple[Indices, Indices, Indices],
    weight: Floats,
    to_target: Floats,
    *,
    ends: tuple[int, int],
    k: int,
) -> list[Indices]:
    """Return the k shortest loopless paths between two nodes as edges, the shortest first.

    Parameters
    ----------
    graph
        Arrays `indptr, tail, head` of the edges by their tail.
    weight, to_target
        Weight of each edge, and the least weight from each node to the target (infinite if unreachable).
    """
    from landbridge.routing.search.compilation import WORKSPACE_FULL
    from landbridge.routing.search.least_paths import loopless

    nodes, edges, room = len(to_target), len(weight), 1 << 14
    while True:
        work = _loopless_workspace(nodes, edges, k, room)
        count = loopless(graph, weight, to_target, *ends, k, work)
        if count != WORKSPACE_FULL:
            paths, first = work[0], work[1]
            return [paths[first[number] : first[number + 1]].copy() for number in range(count)]
        room *= 4


def _loopless_workspace(nodes: int, edges: int, k: int, room: int) -> tuple[NDArray[Any], ...]:
    """Return arrays for `room` edges of accepted paths, 8 times as many of candidates, a quarter of candidates."""
    candidates = room // 4
    return (
        np.empty(room, dtype=np.int32),
        np.empty(k + 1, dtype=np.int32),
        np.empty(8 * room, dtype=np.int32),
        np.empty(candidates, dtype=np.int32),
        np.empty(candidates, dtype=np.int32),
        np.empty(candidates),
        np.empty(candidates, dtype=np.int32),
        np.empty(k, dtype=np.int32),
        np.empty(k, dtype=np.bool_),
        np.empty(nodes, dtype=np.int32),
        np.empty(edges, dtype=np.int32),
        np.empty(k),
        np.full(nodes, np.inf),
        np.empty(nodes, dtype=np.int32),
        np.zeros(nodes, dtype=np.bool_),
        np.empty(edges + 1),
        np.empty(edges + 1, dtype=np.int32),
        np.zeros(nodes + 1, dtype=np.int32),
    )


class _Measured:
    """A path with its properties.

    `km` is the length of its hauls by link; it is `loopless` if it visits no state twice, and `straight` if it visits
    no place twice (as a train does that turns back after a gauge change). A path without edges, from a node where both
    ends are reached, is neither.
    """

    def __init__(self, graph: StateGraph, path: list[int], via: Sequence[frozenset[int]]) -> None:
        edges = np.array(path, dtype=np.int64)
        hauls = edges[graph.kind[edges] == EdgeKind.HAUL]
        self.path = path
        self.km = dict(zip(graph.row[hauls].tolist(), graph.length_km[hauls].tolist(), strict=True))
        self.total_km = sum(self.km.values())
        places = graph.edge_to[hauls].tolist()
        self.loopless = self.straight = bool(path)
        if path:
            self.loopless = _is_simple([graph.tail[edges[0]], *graph.head[edges]], graph.edge_to[edges].tolist(), via)
            self.straight = _is_simple([graph.edge_from[edges[0]], *places], places, via)

    def differs_from(self, other: "_Measured", max_shared: float) -> bool:
        shared = sum(km for link, km in self.km.items() if link in other.km)
        return bool(shared <= max_shared * max(self.total_km, 1e-9))


def _is_simple(nodes: list[int], places: list[int], via: Sequence[frozenset[int]]) -> bool:
    """Whether nothing is visited twice between the places that a path is required to visit.

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

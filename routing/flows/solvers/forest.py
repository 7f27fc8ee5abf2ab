"""Many shortest paths at once, and the flows of the arcs if all demand takes them.

This is the entire search needed for pricing in `column_generation.py` and `dual_prices.py`, behind one class, so that
another search can replace it. The trees are compiled (`trees.py`).
"""

from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import NegativeCycleError, bellman_ford

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.graph.csr import Csr

if TYPE_CHECKING:
    from collections.abc import Callable

NO_PATH: Final = np.inf
"""Weight returned if there is no path."""


class Paths(NamedTuple):
    """Paths of several pairs: the arcs of path i are `arcs[start[i]:start[i + 1]]`, in the order of travel."""

    weight: Floats
    start: Ints
    arcs: Ints


class Pairs:
    """Origins and destinations of many paths, sorted by origin.

    Attributes
    ----------
    order
        The pairs in the order of their origins, shape (pairs,).
    origin, begin
        The different origins, and where the pairs of each begin in `order`; shape (origins,) and (origins + 1,).
    destination
        Destination of each pair in this order.
    """

    def __init__(self, origin: Ints, destination: Ints) -> None:
        self.order: Ints = np.argsort(origin, kind="stable")
        ordered = origin[self.order]
        first = np.flatnonzero(np.diff(ordered, prepend=-1))
        self.origin: Ints = ordered[first].astype(np.int64)
        self.begin: Ints = np.append(first, len(origin)).astype(np.int64)
        self.destination: Ints = destination[self.order].astype(np.int64)


class Forest:
    """A directed graph in flat arrays for computing many shortest paths at once.

    Parameters
    ----------
    nodes
        Number of nodes.
    tail, head
        Ends of the arcs; several may connect the same two nodes.
    """

    def __init__(self, nodes: int, tail: NDArray[np.integer], head: NDArray[np.integer]) -> None:
        self._order: Ints = np.argsort(tail, kind="stable")
        self._tail, self._head = tail[self._order].astype(np.int32), head[self._order].astype(np.int32)
        self._indptr: Ints = np.searchsorted(self._tail, np.arange(nodes + 1)).astype(np.int64)
        self._room = 0

    def paths(self, weights: Floats, origin: Ints, destination: Ints) -> Paths:
        """Return the path of least weight for each pair of nodes.

        Parameters
        ----------
        weights
            Weight of each arc, not negative, infinite if closed; shape (arcs,).
        origin, destination
            Nodes of the pairs, shape (pairs,).

        Notes
        -----
        One tree for each distinct origin: O(origins x (nodes + arcs) x log nodes) at most; a tree ends at the last of
        its destinations.
        """
        pairs, nothing = Pairs(origin, destination), np.zeros(len(origin))
        found, _ = self.loaded(weights, pairs, nothing, nothing)
        # Back from the order of origins to that of the pairs.
        lengths = np.diff(found.start)
        weight, length = np.empty(len(origin)), np.empty(len(origin), dtype=np.int64)
        weight[pairs.order], length[pairs.order] = found.weight, lengths
        start = np.concatenate([[0], np.cumsum(length)])
        to = np.repeat(start[pairs.order] - found.start[:-1], lengths) + np.arange(found.start[-1])
        arcs = np.empty(len(found.arcs), dtype=np.int64)
        arcs[to] = found.arcs
        return Paths(weight, start, arcs)

    def loaded(self, weights: Floats, pairs: Pairs, amount: Floats, most: Floats) -> tuple[Paths, Floats]:
        """Return the path of least weight for each pair, and the flow of each arc if all take theirs.

        Parameters
        ----------
        weights
            Weight of each arc, not negative, infinite if closed; shape (arcs,).
        pairs
            The pairs of nodes; paths are returned in their order.
        amount, most
            Flow of each pair, and the weight from which on it stays at home, in the same order; shape (pairs,).
        """
        from landbridge.routing.flows.solvers.trees import grow_trees

        count = len(pairs.order)
        least, start, flow = np.empty(count), np.zeros(count + 1, dtype=np.int64), np.zeros(len(weights))
        arcs = np.empty(max(self._room, 16 * count), dtype=np.int32)
        graph = self._indptr, self._tail, self._head, weights[self._order]
        ends, done = (pairs.origin, pairs.begin, pairs.destination, amount, most), 0
        while (done := grow_trees(done, *ends, *graph, least, flow, start, arcs)) < len(pairs.origin):
            arcs = np.concatenate([arcs, np.empty(len(arcs) + int(start[pairs.begin[done + 1]]), dtype=np.int32)])
        self._room = len(arcs)
        arc_flow = np.empty(len(weights))
        arc_flow[self._order] = flow
        return Paths(least, start, self._order[arcs[: start[-1]]]), arc_flow


def potentials(nodes: int, tail: NDArray[np.integer], head: NDArray[np.integer], cost: Floats) -> Floats | None:
    """Return node potentials that make all arc costs non-negative, None if there is a negative cycle (Johnson 1977).

    The potential h makes `cost + h[tail] - h[head]` 0 or more on every arc of finite cost.
    """
    if not np.any(cost < 0):
        return np.zeros(nodes)
    usable = np.isfinite(cost)
    # A super-source leads to all nodes at zero cost, so that each is reached.
    tails = np.concatenate([tail[usable], np.full(nodes, nodes)])
    heads = np.concatenate([head[usable], np.arange(nodes)])
    matrix = Csr(tails, heads, nodes + 1).matrix(np.concatenate([cost[usable], np.zeros(nodes)]))
    search = cast("Callable[..., Floats]", bellman_ford)
    try:
        return np.asarray(search(matrix, indices=nodes)[:-1], dtype=np.float64)
    except NegativeCycleError:
        return None

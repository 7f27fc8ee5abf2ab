"""Many shortest paths at once: trees by scipy's compiled Dijkstra, and the paths in them followed side by side.

This is all of the search that pricing in `multicommodity.py` and `equilibrium.py` asks for, behind one function
(`Forest.paths`), so that another search can take its place.
"""

from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import NegativeCycleError, bellman_ford, dijkstra

from landbridge.networks.arrays import Floats, Ints

if TYPE_CHECKING:
    from collections.abc import Callable

NO_PATH: Final = np.inf
"""Weight of a path where there is none."""

_CELLS_AT_ONCE = 8_000_000


class Paths(NamedTuple):
    """Paths of several pairs: the arcs of path i are `arcs[start[i]:start[i + 1]]`, in the order of travel."""

    weight: Floats
    start: Ints
    arcs: Ints


class Forest:
    """A directed graph in flat arrays in which many shortest paths are asked for at once.

    Parameters
    ----------
    nodes
        Number of nodes.
    tail, head
        Ends of the arcs; several may join the same two nodes.
    """

    def __init__(self, nodes: int, tail: NDArray[np.integer], head: NDArray[np.integer]) -> None:
        self.nodes = nodes
        keys = tail.astype(np.int64) * nodes + head
        self._order = np.argsort(keys, kind="stable")
        ordered = keys[self._order]
        self._first = np.flatnonzero(np.diff(ordered, prepend=-1))
        self._count = np.diff(self._first, append=len(ordered))
        self._keys = ordered[self._first]
        self._columns = (self._keys % nodes).astype(np.int32)
        self._ends = np.searchsorted(self._keys // nodes, np.arange(nodes + 1)).astype(np.int32)

    def _merged(self, weights: Floats) -> tuple[Floats, Ints]:
        """Return for each pair of joined nodes the least weight, and the first arc that has it."""
        ordered = weights[self._order]
        if len(self._first) == len(ordered):
            return ordered, self._order
        least = np.minimum.reduceat(ordered, self._first)
        is_least = np.flatnonzero(ordered == np.repeat(least, self._count))
        return least, self._order[is_least[np.searchsorted(is_least, self._first)]]

    def paths(self, weights: Floats, origin: Ints, destination: Ints) -> Paths:
        """Return the path of least weight of each pair of nodes.

        Parameters
        ----------
        weights
            Weight of each arc, none negative, infinite where it is shut; shape (arcs,).
        origin, destination
            Nodes of the pairs, shape (pairs,).

        Notes
        -----
        One tree for each different origin: O(origins x (nodes + arcs) x log nodes), and as many vectorised steps as the
        longest path has arcs.
        """
        least, arc_of = self._merged(weights)
        usable = np.isfinite(least)
        ends = np.concatenate([[0], np.cumsum(usable)])[self._ends].astype(np.int32)
        matrix = csr_array((least[usable], self._columns[usable], ends), shape=(self.nodes, self.nodes))
        origins, group = np.unique(origin, return_inverse=True)
        weight = np.empty(len(origin))
        chunks: list[tuple[Ints, Ints, Ints]] = []
        size = max(1, _CELLS_AT_ONCE // max(1, self.nodes))
        # The stubs of scipy know no array of integers as the start of a search in every version.
        search = cast("Callable[..., tuple[Floats, NDArray[np.int32]]]", dijkstra)
        for low in range(0, len(origins), size):
            distance, predecessor = search(matrix, indices=origins[low : low + size], return_predecessors=True)
            pairs = np.flatnonzero((group >= low) & (group < low + size))
            weight[pairs] = distance[group[pairs] - low, destination[pairs]]
            reached = pairs[np.isfinite(weight[pairs])]
            chunks.append(
                self._followed(predecessor, reached, group[reached] - low, destination[reached], origin[reached])
            )
        return _joined(weight, chunks, arc_of)

    def _followed(
        self, predecessor: NDArray[np.int32], pairs: Ints, tree: Ints, node: Ints, origin: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """Return pair, step counted from the end and joined nodes of all paths, all followed back side by side."""
        found: list[tuple[Ints, Ints, Ints]] = []
        step = 0
        while True:
            going = node != origin
            pairs, tree, node, origin = pairs[going], tree[going], node[going], origin[going]
            if not len(pairs):
                break
            previous = predecessor[tree, node].astype(np.int64)
            merged = np.searchsorted(self._keys, previous * self.nodes + node)
            found.append((pairs, np.full(len(pairs), step), merged))
            node, step = previous, step + 1
        empty = np.empty(0, dtype=np.int64)
        return tuple(np.concatenate(column) for column in zip(*found, strict=True)) if found else (empty,) * 3  # type: ignore[return-value]


def _joined(weight: Floats, chunks: list[tuple[Ints, Ints, Ints]], arc_of: Ints) -> Paths:
    pair, step, merged = (np.concatenate(column) for column in zip(*chunks, strict=True))
    order = np.lexsort((-step, pair))
    start = np.searchsorted(pair[order], np.arange(len(weight) + 1))
    return Paths(weight, start.astype(np.int64), arc_of[merged[order]])


def potentials(nodes: int, tail: NDArray[np.integer], head: NDArray[np.integer], cost: Floats) -> Floats | None:
    """Return node potentials with which no arc costs less than nothing, None if a cycle does (Johnson 1977).

    The potential h makes `cost + h[tail] - h[head]` 0 or more on every arc of finite cost.
    """
    if not np.any(cost < 0):
        return np.zeros(nodes)
    usable = np.isfinite(cost)
    # A node of its own leads to all others for nothing, so that each is reached.
    tails = np.concatenate([tail[usable], np.full(nodes, nodes)])
    heads = np.concatenate([head[usable], np.arange(nodes)])
    costs = np.concatenate([cost[usable], np.zeros(nodes)])
    keys = tails.astype(np.int64) * (nodes + 1) + heads
    order = np.lexsort((costs, keys))
    first = order[np.flatnonzero(np.diff(keys[order], prepend=-1))]
    matrix = csr_array((costs[first], (tails[first], heads[first])), shape=(nodes + 1, nodes + 1))
    search = cast("Callable[..., Floats]", bellman_ford)
    try:
        return np.asarray(search(matrix, indices=nodes)[:-1], dtype=np.float64)
    except NegativeCycleError:
        return None

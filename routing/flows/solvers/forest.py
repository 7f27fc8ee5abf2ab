"""Many shortest paths at once: trees by scipy's compiled Dijkstra, and vectorised extraction of the paths.

This is the entire search needed for pricing in `column_generation.py` and `equilibrium.py`, behind one function
(`Forest.paths`), so that another search can replace it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import NegativeCycleError, bellman_ford, dijkstra

from landbridge.networks.arrays import Floats, Indices, Ints
from landbridge.networks.graph.csr import Csr

if TYPE_CHECKING:
    from collections.abc import Callable

NO_PATH: Final = np.inf
"""Weight returned if there is no path."""

_CELLS_AT_ONCE = 8_000_000


class Paths(NamedTuple):
    """Paths of several pairs: the arcs of path i are `arcs[start[i]:start[i + 1]]`, in the order of travel."""

    weight: Floats
    start: Ints
    arcs: Ints


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
        self._pairs = Csr(tail, head, nodes)

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
        One tree for each distinct origin: O(origins x (nodes + arcs) x log nodes), and as many vectorised steps as the
        longest path has arcs.
        """
        lightest = self._pairs.lightest(weights)
        origins, group = np.unique(origin, return_inverse=True)
        weight = np.empty(len(origin))
        steps = [(np.empty(0, dtype=np.int64),) * 4]
        size = max(1, _CELLS_AT_ONCE // max(1, self._pairs.nodes))
        # Some versions of scipy's stubs do not accept an array of integers as the start of a search.
        search = cast("Callable[..., tuple[Floats, Indices]]", dijkstra)
        for low in range(0, len(origins), size):
            distance, predecessor = search(lightest.matrix, indices=origins[low : low + size], return_predecessors=True)
            pairs = np.flatnonzero((group >= low) & (group < low + size))
            weight[pairs] = distance[group[pairs] - low, destination[pairs]]
            reached = pairs[np.isfinite(weight[pairs])]
            steps += _followed(predecessor, reached, group[reached] - low, destination[reached], origin[reached])
        pair, step, tail, head = (np.concatenate(column) for column in zip(*steps, strict=True))
        order = np.lexsort((-step, pair))
        start = np.searchsorted(pair[order], np.arange(len(weight) + 1)).astype(np.int64)
        return Paths(weight, start, lightest.edge_of[self._pairs.pair(tail, head)[order]])


def _followed(
    predecessor: Indices, pairs: Ints, tree: Ints, node: Ints, origin: Ints
) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
    """Yield pair, step from the end and both nodes of each step of the paths, followed back simultaneously."""
    step = 0
    while len(going := np.flatnonzero(node != origin)):
        pairs, tree, node, origin = pairs[going], tree[going], node[going], origin[going]
        previous = predecessor[tree, node].astype(np.int64)
        yield pairs, np.full(len(pairs), step), previous, node
        node, step = previous, step + 1


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

"""Edges by their ends: parallel edges merged to the lightest, as scipy's searches require, and paths in trees."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Floats, Indices, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

NO_NODE: Final = -9999
"""scipy's value for a node without predecessor."""


class Csr:
    """Pairs of adjacent nodes, sorted by tail and head; parallel edges are one pair.

    Parameters
    ----------
    tail, head
        Nodes at the ends of each edge, shape (edges,).
    nodes
        Number of nodes.

    Attributes
    ----------
    order
        The edges sorted by tail and head, parallel ones in their original order.
    tail, head, edge
        Nodes of each pair and its first edge, shape (pairs,).
    parallel, pair_of
        The edges of pairs with several edges, in the same order, and the pair of each.
    several, begin
        The pairs with several edges, and where those of each begin in `parallel`.
    indptr
        Pairs of node i are `indptr[i]:indptr[i + 1]`.

    Examples
    --------
    Two edges from node 0 to 1, and one from 1 to 2:

    >>> lightest = Csr(np.array([0, 0, 1]), np.array([1, 1, 2]), 3).lightest(np.array([5.0, 4.0, 1.0]))
    >>> lightest.weight.tolist(), lightest.edge_of.tolist()
    ([4.0, 1.0], [1, 2])
    """

    def __init__(self, tail: NDArray[np.integer], head: NDArray[np.integer], nodes: int) -> None:
        self.nodes = nodes
        keys = tail.astype(np.int64) * nodes + head
        self.order: Ints = np.argsort(keys, kind="stable")
        ordered = keys[self.order]
        new = np.diff(ordered, prepend=-1) > 0
        first = np.flatnonzero(new)
        self._keys = ordered[first]
        self.edge: Ints = self.order[first]
        self.tail: Indices = tail[self.edge].astype(np.int32)
        self.head: Indices = head[self.edge].astype(np.int32)
        self.indptr: Indices = np.searchsorted(self.tail, np.arange(nodes + 1)).astype(np.int32)
        count = np.diff(first, append=len(keys))
        self.several: Ints = np.flatnonzero(count > 1)
        self.parallel: Ints = self.order[np.repeat(count > 1, count)]
        self.pair_of: Ints = np.repeat(self.several, count[self.several])
        self.begin: Ints = np.searchsorted(self.pair_of, self.several)

    def lightest(self, weights: Floats) -> "Lightest":
        """Return the lightest edge of each pair, given the weights of the edges, infinite for closed ones."""
        return Lightest(self, weights)

    def matrix(self, weights: Floats) -> "csr_array[np.float64, tuple[int, int]]":
        """Return the least weight of each pair as a matrix; see `Lightest.matrix`."""
        return self.lightest(weights).matrix

    def pair(self, tail: Ints, head: Ints) -> Ints:
        """Return the pair from each tail to its head, -1 if there is no edge."""
        keys = tail.astype(np.int64) * self.nodes + head
        found = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[found] == keys, found, -1) if len(self._keys) else np.full(len(keys), -1)


class Lightest:
    """The lightest edge of each pair of nodes, the first of equal ones.

    Attributes
    ----------
    pairs
        The pairs.
    weight
        Weight of the edge, shape (pairs,).
    """

    def __init__(self, pairs: Csr, weights: Floats) -> None:
        self.pairs, self._parallel = pairs, weights.take(pairs.parallel)
        self.weight: Floats = weights.take(pairs.edge)
        self.weight[pairs.several] = np.minimum.reduceat(self._parallel, pairs.begin)

    @cached_property
    def edge_of(self) -> Ints:
        """The edge, shape (pairs,)."""
        pairs, found = self.pairs, self.pairs.edge.copy()
        # The first of equal ones is written last.
        least = np.flatnonzero(self._parallel == self.weight[pairs.pair_of])[::-1]
        found[pairs.pair_of[least]] = pairs.parallel[least]
        return found

    @cached_property
    def rows(self) -> tuple[Floats, Indices, Indices]:
        """Weights and heads of the open edges, by their tails, and the offsets by node."""
        usable = np.isfinite(self.weight)
        indptr = np.append(0, np.cumsum(usable))[self.pairs.indptr].astype(np.int32)
        return self.weight[usable], self.pairs.head[usable], indptr

    @cached_property
    def matrix(self) -> "csr_array[np.float64, tuple[int, int]]":
        """The rows as a matrix for scipy, which does not choose among parallel entries; zeros are kept as entries."""
        from scipy.sparse import csr_array

        return csr_array(self.rows, shape=(self.pairs.nodes, self.pairs.nodes))

    def path(self, predecessor: Indices, node: int, root: int = NO_NODE) -> Ints:
        """Return the edges of a tree from its first node, whose predecessor is `root`, to another one."""
        nodes = np.array(nodes_back(predecessor, node, root)[::-1], dtype=np.int64)
        return self.edge_of[self.pairs.pair(nodes[:-1], nodes[1:])]

    def edges_into(self, predecessor: Indices) -> Ints:
        """Return the tree edge to each node, -1 if none, given the predecessor of each."""
        on_tree = predecessor[self.pairs.head] == self.pairs.tail
        found = np.full(len(predecessor), -1, dtype=np.int64)
        found[self.pairs.head[on_tree]] = self.edge_of[on_tree]
        return found


def nodes_back(predecessor: NDArray[Any], node: int, root: int = NO_NODE) -> list[int]:
    """Return the nodes from one back to the first of its tree, whose predecessor is `root`."""
    found = [node]
    while (node := int(predecessor[node])) != root:
        found.append(node)
    return found

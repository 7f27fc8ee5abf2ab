"""Shortest paths on the state graph: trees by scipy's compiled Dijkstra over flat arrays.

A search space is the state graph, or its product with the stages of a query (which required crossings have been made,
how many of the places on the way have been visited), so that constraints are part of the state and never a filter on
the answers. Parallel edges are merged to the least weight of a query, and told apart again on the paths found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.states import StateGraph

NO_NODE: Final = -9999
"""scipy's mark of a node without predecessor."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


class Terminal(NamedTuple):
    """A node where a search starts or ends, and the weight of getting there."""

    node: int
    weight: float = 0.0


@dataclass(frozen=True)
class Tree:
    """A shortest path tree: the weight of each node and the node before it."""

    weight: Floats
    before: Ints


class SearchSpace:
    """Nodes and edges to search, edges merged by their ends; `edge` maps each edge to one of the state graph."""

    def __init__(self, tail: Ints, head: Ints, edge: Ints, nodes: int) -> None:
        self.nodes = nodes
        order = np.argsort(tail.astype(np.int64) * nodes + head, kind="stable")
        self.tail, self.head, self.edge = tail[order], head[order], edge[order]
        keys = self.tail.astype(np.int64) * nodes + self.head
        self._first = np.flatnonzero(np.diff(keys, prepend=-1))
        self._keys = keys[self._first]
        self._forward = self._matrix(self.tail[self._first], self.head[self._first])
        self._backward = self._matrix(self.head[self._first], self.tail[self._first])

    def _matrix(self, rows: Ints, columns: Ints) -> tuple[Ints, Ints, Ints]:
        """Return order, columns and row ends of the merged edges by `rows`."""
        order = np.argsort(rows, kind="stable").astype(np.int32)
        ends = np.searchsorted(rows[order], np.arange(self.nodes + 1)).astype(np.int32)
        return order, columns[order], ends

    def merged(self, weights: Floats) -> Floats:
        """Return the weight of each merged edge, from the weights of the edges of the state graph."""
        return np.minimum.reduceat(weights[self.edge], self._first)

    def tree(self, merged: Floats, terminals: Sequence[Terminal], *, backward: bool = False) -> Tree:
        """Return the tree of least weight from terminals, or with `backward` to them.

        Parameters
        ----------
        merged
            Weights of the merged edges, infinite where an edge may not be used, none negative.
        terminals
            Where to start, with what it weighs to get there.
        backward
            Search against the edges.
        """
        order, columns, ends = self._backward if backward else self._forward
        # A row of its own stands for all terminals: scipy starts from one node.
        nodes = np.array([terminal.node for terminal in terminals], dtype=np.int32)
        offsets = np.array([terminal.weight for terminal in terminals])
        matrix = csr_array(
            (
                np.concatenate([merged[order], offsets]),
                np.concatenate([columns, nodes]),
                np.append(ends, ends[-1] + len(nodes)),
            ),
            shape=(self.nodes + 1, self.nodes + 1),
        )
        weight, before = dijkstra(matrix, indices=self.nodes, return_predecessors=True)  # type: ignore[call-overload]
        return Tree(weight[:-1], before[:-1])

    def path(self, tree: Tree, node: int, weights: Floats, *, backward: bool = False) -> list[int]:
        """Return the edges of the state graph between the terminals of a tree and a node, in the order of travel."""
        found = []
        while (other := int(tree.before[node])) != self.nodes:
            tail, head = (node, other) if backward else (other, node)
            found.append(self._lightest(tail, head, weights))
            node = other
        return found if backward else found[::-1]

    def _lightest(self, tail: int, head: int, weights: Floats) -> int:
        """Return the lightest of the edges of the state graph between two nodes."""
        merged = int(np.searchsorted(self._keys, tail * self.nodes + head))
        start = self._first[merged]
        end = self._first[merged + 1] if merged + 1 < len(self._first) else len(self.edge)
        edges = self.edge[start:end]
        return int(edges[np.argmin(weights[edges])])


@dataclass(frozen=True)
class Stages:
    """What a query asks for on the way: crossings to be made (in any order) and places to visit (in this order)."""

    crossings: tuple[frozenset[str], ...] = ()
    via: tuple[frozenset[int], ...] = ()

    @property
    def count(self) -> int:
        """Number of stages; in the last one all is done."""
        return (len(self.via) + 1) << len(self.crossings)


_SPACES: WeakKeyDictionary[StateGraph, dict[Stages, SearchSpace]] = WeakKeyDictionary()
_KEPT_SPACES = 64


def search_space(graph: StateGraph, stages: Stages) -> SearchSpace:
    """Return the product of the state graph with the stages of a query; node = stage * states + state."""
    kept = _SPACES.setdefault(graph, {})
    if stages not in kept:
        if len(kept) >= _KEPT_SPACES:
            kept.clear()
        kept[stages] = _product(graph, stages)
    return kept[stages]


def _product(graph: StateGraph, stages: Stages) -> SearchSpace:
    states, edges = len(graph.states), np.arange(graph.edges, dtype=np.int32)
    bits = np.zeros(graph.edges, dtype=np.int32)
    for number, group in enumerate(stages.crossings):
        for crossing in group & graph.tags.keys():
            bits[graph.tags[crossing]] |= 1 << number
    masks = 1 << len(stages.crossings)
    tails, heads = [], []
    for stage in range(stages.count):
        visited, made = divmod(stage, masks)
        after = np.full(graph.edges, visited, dtype=np.int32)
        if visited < len(stages.via):
            after += np.isin(graph.edge_to, list(stages.via[visited]))
        tails.append(graph.tail + stage * states)
        heads.append(graph.head + (after * masks + (made | bits)) * states)
    return SearchSpace(
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        np.tile(edges, stages.count),
        states * stages.count,
    )

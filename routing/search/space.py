"""Shortest paths on the state graph: trees by scipy's compiled Dijkstra over flat arrays.

A search space is the state graph, or its product with the stages of a query (which required crossings have been made,
how many of the places on the way have been visited), so that constraints are part of the state and never a filter on
the answers. Parallel edges are merged to the least weight of a query, and told apart again on the paths found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.arrays import Floats, Indices
from landbridge.networks.graph.state_graph import StateGraph

NO_NODE: Final = -9999
"""scipy's mark of a node without predecessor."""


class Terminal(NamedTuple):
    """A node where a search starts or ends, and the weight of getting there."""

    node: int
    weight: float = 0.0


@dataclass(frozen=True)
class Tree:
    """A shortest path tree: the weight of each node and the node before it."""

    weight: Floats
    predecessor: Indices


class SearchSpace:
    """Nodes and edges to search, edges merged by their ends; `edge` maps each edge to one of the state graph.

    Edges are sorted by tail and head; those of node i are `indptr[i]:indptr[i + 1]`.
    """

    def __init__(self, tail: Indices, head: Indices, edge: Indices, nodes: int) -> None:
        self.nodes = nodes
        order = np.argsort(tail.astype(np.int64) * nodes + head, kind="stable")
        self.tail, self.head, self.edge = tail[order], head[order], edge[order]
        self.indptr = np.searchsorted(self.tail, np.arange(nodes + 1)).astype(np.int32)
        keys = self.tail.astype(np.int64) * nodes + self.head
        self._first = np.flatnonzero(np.diff(keys, prepend=-1))
        self._count = np.diff(self._first, append=len(keys))
        self._keys = keys[self._first]
        self._forward = self._matrix(self.tail[self._first], self.head[self._first])
        self._backward = self._matrix(self.head[self._first], self.tail[self._first])

    def _matrix(self, rows: Indices, columns: Indices) -> tuple[Indices, Indices, Indices]:
        """Return order, columns and row ends of the merged edges by `rows`."""
        order = np.argsort(rows, kind="stable").astype(np.int32)
        ends = np.searchsorted(rows[order], np.arange(self.nodes + 1)).astype(np.int32)
        return order, columns[order], ends

    def merged(self, weights: Floats) -> Floats:
        """Return the weight of each merged edge, from the weights of the edges of the state graph."""
        return np.minimum.reduceat(weights[self.edge], self._first)

    @property
    def merged_ends(self) -> tuple[Indices, Indices]:
        """Tail and head of each merged edge, sorted by them."""
        return self.tail[self._first], self.head[self._first]

    def lightest(self, chosen: NDArray[np.int64], weights: Floats) -> list[int]:
        """Return the lightest edge of the state graph of each of these merged edges."""
        first, count = self._first[chosen], self._count[chosen]
        found = self.edge[first]
        for step in np.flatnonzero(count > 1):
            edges = self.edge[first[step] : first[step] + count[step]]
            found[step] = edges[np.argmin(weights[edges])]
        return [int(edge) for edge in found]

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
        # The stubs of scipy know no integer as the start of a search in every version.
        search = cast("Callable[..., tuple[Floats, Indices]]", dijkstra)
        weight, predecessor = search(matrix, indices=self.nodes, return_predecessors=True)
        return Tree(weight[:-1], predecessor[:-1])

    def reversed_edges(self, merged: Floats) -> tuple[Indices, Indices, Floats]:
        """Return the merged edges against their direction: where those of each node begin, their ends and weights."""
        order, columns, ends = self._backward
        return ends, columns, merged[order]

    def path(self, tree: Tree, node: int, weights: Floats, *, backward: bool = False) -> list[int]:
        """Return the edges of the state graph between the terminals of a tree and a node, in the order of travel."""
        nodes = [node]
        while (node := int(tree.predecessor[node])) != self.nodes:
            nodes.append(node)
        ordered = np.array(nodes if backward else nodes[::-1], dtype=np.int64)
        chosen = np.searchsorted(self._keys, ordered[:-1] * self.nodes + ordered[1:])
        return self.lightest(chosen, weights)


@dataclass(frozen=True)
class Stages:
    """What a query asks for on the way: crossings to be made (in any order) and places to visit (in this order).

    A crossing of a group that has been made is not made the other way again: cargo that goes over a border and back to
    meet a requirement has not taken a corridor. So each group has three stages: not made, made one way, made the other.
    """

    crossings: tuple[frozenset[str], ...] = ()
    via: tuple[frozenset[int], ...] = ()

    @property
    def count(self) -> int:
        """Number of stages."""
        return (len(self.via) + 1) * int(_WAYS ** len(self.crossings))

    @property
    def final(self) -> list[int]:
        """Stages in which all is done."""
        groups = len(self.crossings)
        made = [made for made in range(_WAYS**groups) if all(_way(made, group) for group in range(groups))]
        return [len(self.via) * _WAYS**groups + stage for stage in made]


_WAYS = 3
_SPACES: WeakKeyDictionary[StateGraph, dict[Stages, SearchSpace]] = WeakKeyDictionary()
_KEPT_SPACES = 64


def _way(made: int, group: int) -> int:
    """Return 0 if the crossing of a group has not been made, else which way it was."""
    return int(made // _WAYS**group % _WAYS)


def search_space(graph: StateGraph, stages: Stages) -> SearchSpace:
    """Return the product of the state graph with the stages of a query; node = stage * states + state."""
    kept = _SPACES.setdefault(graph, {})
    if stages not in kept:
        if len(kept) >= _KEPT_SPACES:
            kept.clear()
        kept[stages] = _product(graph, stages)
    return kept[stages]


def _product(graph: StateGraph, stages: Stages) -> SearchSpace:
    states = len(graph.states)
    ways = [_ways(graph, group) for group in stages.crossings]
    combinations = _WAYS ** len(ways)
    tails, heads, edges = [], [], []
    for stage in range(stages.count):
        visited, made = divmod(stage, combinations)
        after = np.full(graph.edges, visited * combinations + made, dtype=np.int64)
        if visited < len(stages.via):
            after += combinations * np.isin(graph.edge_to, list(stages.via[visited]))
        usable = np.ones(graph.edges, dtype=np.bool_)
        for group, way in enumerate(ways):
            predecessor = _way(made, group)
            after += np.where(predecessor == 0, way * _WAYS**group, 0)
            usable &= (predecessor == 0) | (way == 0) | (way == predecessor)
        tails.append(graph.tail[usable] + stage * states)
        heads.append(graph.head[usable] + after[usable] * states)
        edges.append(np.flatnonzero(usable))
    return SearchSpace(
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        np.concatenate(edges).astype(np.int32),
        states * stages.count,
    )


def _ways(graph: StateGraph, group: frozenset[str]) -> NDArray[np.int64]:
    """Return which way each edge makes a crossing of a group, 0 if it makes none.

    Where all crossings of the group share a country the ways are into it and out of it, else eastward and westward.
    """
    way = np.zeros(graph.edges, dtype=np.int64)
    pairs = [set(crossing.split(":")[0].split("-")) for crossing in group]
    shared = set.intersection(*pairs) & set(graph.country_codes)
    for crossing in group & graph.tags.keys():
        edges = graph.tags[crossing]
        if shared:
            outward = np.isin(graph.place_country[graph.edge_from[edges]], sorted(shared))
        else:
            east = graph.place_lon[graph.edge_to[edges]] - graph.place_lon[graph.edge_from[edges]]
            outward = (east + 180) % 360 > 180
        way[edges] = np.where(outward, 2, 1)
    return way

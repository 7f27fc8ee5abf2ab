"""Shortest paths on the state graph: trees by scipy's compiled Dijkstra over flat arrays.

A search space is the state graph, or its product with the stages of a query (which required crossings have been made,
how many intermediate places have been visited), so that constraints are part of the state and not a filter on results.
Parallel edges are merged to the least weight for a query, and expanded again on the paths found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from landbridge.networks.arrays import Floats, Indices, Ints
from landbridge.networks.graph.csr import Csr, Lightest
from landbridge.networks.graph.state_graph import StateGraph


class Terminal(NamedTuple):
    """A node at which a search starts or ends, and the weight of reaching it."""

    node: int
    weight: float = 0.0


class AccessNode(NamedTuple):
    """A node at which paths start or end, with the value of each criterion there."""

    node: int
    costs: tuple[float, ...]


class Terminals(NamedTuple):
    """Several terminals as arrays, shape (terminals,) each."""

    node: Indices
    weight: Floats

    @classmethod
    def of(cls, terminals: Sequence[Terminal]) -> "Terminals":
        """Return the arrays of a list of terminals."""
        nodes = np.array([terminal.node for terminal in terminals], dtype=np.int32)
        return cls(nodes, np.array([terminal.weight for terminal in terminals], dtype=np.float64))


class Incoming(NamedTuple):
    """The edges of a search space by their heads: those of node i are `indptr[i]:indptr[i + 1]`.

    Attributes
    ----------
    tail, head, edge
        Their ends, and the edges of the state graph that they are, shape (edges,).
    """

    indptr: Indices
    tail: Indices
    head: Indices
    edge: Indices


@dataclass(frozen=True, eq=False)
class Tree:
    """A shortest path tree: the weight and predecessor of each node, and the edges searched."""

    weight: Floats
    predecessor: Indices
    lightest: Lightest


class SearchSpace:
    """Nodes and edges to search; `edge` maps each edge to one of the state graph.

    Edges are sorted by tail and head; those of node i are `indptr[i]:indptr[i + 1]`.
    """

    def __init__(self, tail: Indices, head: Indices, edge: Indices, nodes: int) -> None:
        self.nodes = nodes
        order = Csr(tail, head, nodes).order
        self.tail, self.head, self.edge = tail[order], head[order], edge[order]
        self.indptr = np.searchsorted(self.tail, np.arange(nodes + 1)).astype(np.int32)

    @cached_property
    def incoming(self) -> "Incoming":
        """The edges by their heads, parallel ones in their order."""
        order = np.lexsort((np.arange(len(self.tail)), self.tail, self.head))
        indptr = np.searchsorted(self.head[order], np.arange(self.nodes + 1)).astype(np.int32)
        return Incoming(indptr, self.tail[order], self.head[order], self.edge[order])

    @cached_property
    def _forward(self) -> Csr:
        return Csr(self.tail, self.head, self.nodes)

    @cached_property
    def _backward(self) -> Csr:
        return Csr(self.head, self.tail, self.nodes)

    def lightest(self, weights: Floats, *, backward: bool = False) -> Lightest:
        """Return the lightest of parallel edges, in forward or reverse direction.

        Parameters
        ----------
        weights
            Weights of the edges of the state graph, not negative, infinite if an edge must not be used.
        backward
            Whether to search against the direction of the edges.
        """
        return (self._backward if backward else self._forward).lightest(weights.take(self.edge))

    def tree(self, lightest: Lightest, terminals: Sequence[Terminal]) -> Tree:
        """Return the shortest path tree from terminals, or to them with edges in reverse direction.

        Parameters
        ----------
        lightest
            Edges to search.
        terminals
            Where to start, with what it weighs to get there.
        """
        # A super-source connects all terminals, since scipy starts from one node.
        nodes = np.array([terminal.node for terminal in terminals], dtype=np.int32)
        offsets = np.array([terminal.weight for terminal in terminals])
        weights, heads, indptr = lightest.rows
        matrix = csr_array(
            (
                np.concatenate([weights, offsets]),
                np.concatenate([heads, nodes]),
                np.append(indptr, indptr[-1] + len(nodes)),
            ),
            shape=(self.nodes + 1, self.nodes + 1),
        )
        # Some versions of scipy's stubs do not accept an integer as the start of a search.
        search = cast("Callable[..., tuple[Floats, Indices]]", dijkstra)
        weight, predecessor = search(matrix, indices=self.nodes, return_predecessors=True)
        return Tree(weight[:-1], predecessor[:-1], lightest)

    def path(self, tree: Tree, node: int) -> list[int]:
        """Return the edges of the state graph from the terminals of a tree to a node, in order."""
        return list(map(int, self.edge[tree.lightest.path(tree.predecessor, node, self.nodes)]))


@dataclass(frozen=True)
class Stages:
    """Requirements of a query: crossings to make (in any order) and places to visit (in this order).

    A crossing meets each group that it is in. The crossings of a group must not be made in both directions: cargo that
    crosses a border and returns just to meet a requirement has not used the corridor. Each group therefore has three
    stages: not made, made in one direction, made in the other. What crosses a country by two borders of a group, into
    it and out of it, makes it both ways; the borders on either side of a country belong in groups of their own.
    """

    crossings: tuple[frozenset[str], ...] = ()
    via: tuple[frozenset[int], ...] = ()

    @property
    def count(self) -> int:
        """Number of stages."""
        return (len(self.via) + 1) * int(_WAYS ** len(self.crossings))

    @property
    def final(self) -> list[int]:
        """Stages in which all requirements are met."""
        groups = len(self.crossings)
        made = [made for made in range(_WAYS**groups) if all(_way(made, group) for group in range(groups))]
        return [len(self.via) * _WAYS**groups + stage for stage in made]


class StageMoves:
    """The stages that edges of the state graph lead to, also those of drayage that no search space holds.

    Attributes
    ----------
    kind
        Kind of each edge; edges that lead to the same stages are of one kind, those that change none of kind 0.
    onward
        The stage to which each kind leads from each stage, -1 if it must not be used in it, shape (kinds, stages).
    prior
        The stages from which each kind leads to each stage, ended by -1, shape (kinds, stages, most + 1).
    """

    def __init__(self, graph: StateGraph, stages: Stages) -> None:
        onward = np.stack([_stage_after(graph, stages, stage) for stage in range(stages.count)])
        moving = np.flatnonzero((onward != np.arange(stages.count)[:, None]).any(axis=0))
        kinds, kind_of = np.unique(onward[:, moving].T, axis=0, return_inverse=True)
        self.kind = np.zeros(graph.edges, dtype=np.int32)
        self.kind[moving] = kind_of.ravel() + 1
        self.onward: Indices = np.vstack([np.arange(stages.count), kinds]).astype(np.int32)
        self.prior = _stages_before(self.onward)
        self._onward: list[list[int]] = self.onward.tolist()
        self._stages, self._final = range(stages.count), stages.final

    def after(self, edges: Sequence[int]) -> list[int]:
        """Return the stage that edges in the order of travel lead to from the first, none if they must not be used."""
        return [stage for stage in [self._after(self._moving(edges), 0)] if stage >= 0]

    def before(self, edges: Sequence[int]) -> list[int]:
        """Return the stages from which all requirements are met after edges in the order of travel."""
        kinds = self._moving(edges)
        return [stage for stage in self._stages if self._after(kinds, stage) in self._final] if kinds else self._final

    def _moving(self, edges: Sequence[int]) -> list[int]:
        """Return the kinds of those edges that change the stage."""
        return [kind for kind in self.kind[list(edges)].tolist() if kind]

    def _after(self, kinds: Sequence[int], stage: int) -> int:
        for kind in kinds:
            if stage >= 0:
                stage = self._onward[kind][stage]
        return stage


def _stages_before(onward: Indices) -> Indices:
    """Return for each kind of edges the stages from which it leads to each stage, as `StageMoves.prior`."""
    kind, stage = np.nonzero(onward >= 0)
    target = kind * onward.shape[1] + onward[kind, stage]
    order = np.argsort(target, kind="stable")
    place = np.arange(len(order)) - np.searchsorted(target[order], target[order])
    prior = np.full((*onward.shape, int(place.max()) + 2), -1, dtype=np.int32)
    prior.reshape(-1, prior.shape[2])[target[order], place] = stage[order]
    return prior


def stage_moves(graph: StateGraph, stages: Stages) -> StageMoves:
    """Return the moves between the stages of a query, which are cached with the graph."""
    return graph.cached(StageMoves, stages, most=_KEPT_SPACES)


_WAYS = 3
_KEPT_SPACES = 64


def _way(made: int, group: int) -> int:
    """Return 0 if the crossing of a group has not been made, otherwise its direction."""
    return int(made // _WAYS**group % _WAYS)


def search_space(graph: StateGraph, stages: Stages) -> SearchSpace:
    """Return the product of the state graph with the stages of a query; node = stage * states + state."""
    return graph.cached(_product, stages, most=_KEPT_SPACES)


def _product(graph: StateGraph, stages: Stages) -> SearchSpace:
    states = len(graph.states)
    tails, heads, edges = [], [], []
    for stage in range(stages.count):
        after = _stage_after(graph, stages, stage)
        usable = np.flatnonzero(after >= 0)
        tails.append(graph.tail[usable] + stage * states)
        heads.append(graph.head[usable] + after[usable] * states)
        edges.append(usable)
    return SearchSpace(
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        np.concatenate(edges).astype(np.int32),
        states * stages.count,
    )


def _stage_after(graph: StateGraph, stages: Stages, stage: int) -> Ints:
    """Return the stage that each edge leads to from a stage, -1 if the edge must not be used in it, shape (edges,)."""
    visited, made = divmod(stage, _WAYS ** len(stages.crossings))
    after = np.full(graph.edges, stage, dtype=np.int64)
    if visited < len(stages.via):
        after += _WAYS ** len(stages.crossings) * np.isin(graph.edge_to, list(stages.via[visited]))
    usable = np.ones(graph.edges, dtype=np.bool_)
    for number, group in enumerate(stages.crossings):
        way, before = graph.cached(_ways, group, most=_KEPT_SPACES), _way(made, number)
        after += np.where(before == 0, way * _WAYS**number, 0)
        usable &= (before == 0) | (way == 0) | (way == before)
    return np.where(usable, after, -1)


def _ways(graph: StateGraph, group: frozenset[str]) -> Ints:
    """Return the direction in which each edge makes a crossing of a group, 0 if it makes none.

    If all crossings of the group share a country, the directions are into it and out of it, otherwise east and west.
    """
    way = np.zeros(graph.edges, dtype=np.int64)
    pairs = [set(crossing.split(":")[0].split("-")) for crossing in group]
    shared = set.intersection(*pairs) & set(graph.country_codes)
    for crossing in group & graph.tags.keys():
        edges = graph.tags[crossing]
        if shared:
            # A group of one border shares both of its countries: out of one is into the other.
            outward = graph.place_country[graph.edge_from[edges]] == min(shared)
        else:
            east = graph.place_lon[graph.edge_to[edges]] - graph.place_lon[graph.edge_from[edges]]
            outward = (east + 180) % 360 > 180
        way[edges] = np.where(outward, 2, 1)
    return way

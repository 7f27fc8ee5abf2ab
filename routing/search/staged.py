"""Lightest paths of a query by one criterion, through the stages of what it requires and without returns."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.errors import QueryError
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.routing.search.fronts import least_to
from landbridge.routing.search.memory import Item, Memory, country_bits, memory_of
from landbridge.routing.search.space import Stages, Terminal, Terminals, search_space, stage_moves

_FIRST_ROOM: Final = 1 << 16
_TIMES: Final = (1.2, 2.0)
"""How many times the weight of a path that returns one that does not is first sought up to."""
# Rounding: a bound summed in another order than the path must never exceed it.
_SLACK: Final = 1 - 1e-12
MAX_LABELS: Final = 6_000_000
"""Number of labels after which a search is abandoned, since memory and time would exceed what a user expects."""


class StagedSearch:
    """Searches for the lightest path from starts to ends that meets all requirements of a query.

    A node is a state in a stage: stage * states + state.

    Parameters
    ----------
    weights
        Weights of the edges of the state graph, infinite if an edge must not be used.
    starts, ends
        Nodes where paths start and end.
    """

    def __init__(self, graph: StateGraph, stages: Stages, weights: Floats, starts: Terminals, ends: Terminals) -> None:
        self._graph, self._moves, self._weights = graph, stage_moves(graph, stages), weights
        self._starts, self._ends = starts, ends
        self._states = len(graph.states)
        self._nodes = self._states * stages.count
        self._limit = 0.0
        self._bounds: Floats | None = None
        self._of_states: dict[Item, Floats] = {}

    @cached_property
    def _ahead(self) -> Floats:
        """Lower bound of the weight from a start to each state.

        To get to a state in whatever stage weighs no less than in the state graph alone.
        """
        nodes, offsets = self._starts
        starts = [Terminal(*start) for start in zip((nodes % self._states).tolist(), offsets.tolist(), strict=True)]
        return least_to(search_space(self._graph, Stages()).lightest(self._weights), starts) * _SLACK

    def lightest(self) -> list[int]:
        """Return the lightest path as edges of the state graph, empty if there is none."""
        arrival = np.full(self._nodes, np.inf)
        np.minimum.at(arrival, *self._starts)
        _, edge_on, node_on, node = self._spread(self._weights, arrival, np.inf)
        path = []
        while node >= 0 and (edge := int(edge_on[node])) >= 0:
            path.append(edge)
            node = int(node_on[node])
        return path

    def clean(
        self,
        items: Iterable[Item],
        ways: tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]],
        least: float,
    ) -> list[int]:
        """Return the lightest path that meets none of some items again, empty if there is none.

        Parameters
        ----------
        ways
            For each start and each end the edges of the way to it from the origin, or from it to the destination.
        least
            Lower bound of its weight, such as that of the lightest path that does.

        Raises
        ------
        QueryError
            If the search needs more labels than `MAX_LABELS`.
        """
        listed = sorted(items)
        memory = memory_of(self._graph, listed, *ways)
        problem = self._arguments(memory)
        for limit in (least, *(least * times for times in _TIMES if least > 0), np.inf):
            if limit > self._limit:
                self._limit, self._bounds = limit, None
            path = self._clean_within(listed, memory, problem)
            if path or self._limit == np.inf:
                return path
        return []

    def _clean_within(self, items: Sequence[Item], memory: Memory, problem: tuple[Any, ...]) -> list[int]:
        from landbridge.routing.search.clean_paths import lightest_clean
        from landbridge.routing.search.compilation import WORKSPACE_FULL

        if self._bounds is None:
            self._bounds = self._spread(self._weights, np.empty(0), self._limit)[0] * _SLACK
        room, without = _FIRST_ROOM, np.empty((0, self._states))
        while room <= MAX_LABELS:
            labels = _workspace(room, problem[-1][1].size)
            arguments = (*problem[:3], (self._bounds, without), *problem[3:], self._limit, labels)
            label, edge = lightest_clean(*arguments)
            if label != WORKSPACE_FULL:
                return _traced(label, edge, labels)
            # Bounds of what may not be met again pay only where many labels are alike; the first are weak and cheap.
            bound = self._without if room == _FIRST_ROOM else self._without_in_stages
            without = np.array([bound(item, memory.touched[:, number]) for number, item in enumerate(items)])
            room *= 4
        raise QueryError(f"the search needs more than {MAX_LABELS:,} labels; give fewer or other conditions")

    def _arguments(self, memory: Memory) -> tuple[Any, ...]:
        graph, (starts, offsets), (ends, arrivals) = self._graph, self._starts, self._ends
        order, goals = np.argsort(ends, kind="stable"), np.full(self._nodes, -1, dtype=np.int32)
        # What is written last is kept: the first end of each node.
        goals[ends[order][::-1]] = np.arange(len(ends), dtype=np.int32)[::-1]
        states = np.stack([country_bits(memory.of_starts >= least) for least in (1.0, 2.0)], axis=1)
        return (
            (graph.indptr, graph.head),
            (self._moves.kind, self._moves.onward),
            self._weights,
            starts,
            offsets,
            states,
            goals,
            ends[order],
            arrivals[order],
            country_bits(memory.of_ends)[order],
            (country_bits(memory.touched), country_bits(memory.once[None])[0], memory.on_land),
        )

    def _without(self, item: Item, touched: Bools) -> Floats:
        """Return the least weight from each state to an end past nothing that touches an item, in whatever stage."""
        if item not in self._of_states:
            nodes, weights = self._ends
            ends = [Terminal(*end) for end in zip((nodes % self._states).tolist(), weights.tolist(), strict=True)]
            plain = search_space(self._graph, Stages())
            lightest = plain.lightest(np.where(touched, np.inf, self._weights), backward=True)
            self._of_states[item] = least_to(lightest, ends) * _SLACK
        return self._of_states[item]

    def _without_in_stages(self, _item: Item, touched: Bools) -> Floats:
        """Return the same from each node."""
        return self._spread(np.where(touched, np.inf, self._weights), np.empty(0), self._limit)[0] * _SLACK

    def _spread(self, weights: Floats, arrival: Floats, limit: float) -> tuple[Floats, Indices, Indices, int]:
        """Return the least weight from each node to the ends, the first edges and next nodes, and the best start."""
        from landbridge.routing.search.staged_paths import spread_back

        incoming, moves = self._graph.cached(_incoming), (self._moves.kind, self._moves.prior)
        best, edge_on, node_on = np.empty(self._nodes), *(np.empty(self._nodes, dtype=np.int32) for _ in range(2))
        start = spread_back(incoming, moves, weights, *self._ends, arrival, self._ahead, limit, best, edge_on, node_on)
        return best, edge_on, node_on, start


def _incoming(graph: StateGraph) -> tuple[Indices, Indices, Indices]:
    """Return the edges by the states that they lead to, with the offsets of the states and the tails of all edges."""
    order = np.lexsort((graph.tail, graph.head)).astype(np.int32)
    indptr = np.searchsorted(graph.head[order], np.arange(len(graph.states) + 1)).astype(np.int32)
    return indptr, order, graph.tail.astype(np.int32)


def _workspace(room: int, words: int) -> tuple[Any, ...]:
    """Return arrays for the labels of a search, as `lightest_clean` takes them."""
    node, edge, parent, following, queue = (np.empty(room, dtype=np.int32) for _ in range(5))
    met, shut = (np.empty((room, words), dtype=np.uint64) for _ in range(2))
    return np.empty(room), node, edge, parent, following, met, shut, np.empty(room), queue


def _traced(label: int, edge: int, labels: tuple[Any, ...]) -> list[int]:
    """Return the edges of the path of a label and a last edge, in the order of travel; none without an edge."""
    path = []
    while edge >= 0:
        path.append(int(edge))
        edge, label = labels[2][label], labels[3][label]
    return path[::-1]

"""Exact searches of fronts of two criteria, in windows, and of three, which stop where their memory ends."""

from abc import ABC, abstractmethod
from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats, Indices, Ints
from landbridge.routing.search.front_graph import FrontGraph, Window

_FIRST_CHUNKS: Final = 1 << 12
_FIRST_STEPS: Final = 1 << 15
_ALL_LABELS: Final = 1 << 62
_MB: Final = 1e6


class OrderedSearch(ABC):
    """A label setting whose labels of a node come in ascending order of the first criterion.

    Attributes
    ----------
    complete
        Whether all points are found.
    """

    def __init__(self, graph: FrontGraph) -> None:
        arcs, self.graph, self.complete = len(graph.head), graph, False
        self._work = (
            np.zeros(7, dtype=np.int64),
            np.full(graph.nodes, -1, dtype=np.int32),
            np.full(arcs, -1, dtype=np.int32),
            np.empty((arcs + 1, 2)),
            np.empty((arcs + 1, 2), dtype=np.int32),
        )
        self._labels = _label_arrays(_FIRST_CHUNKS, graph.costs.shape[1])

    def run(self, max_memory_mb: float, budget: int = _ALL_LABELS) -> bool:
        """Search on to the end, the limit of memory or a number of labels; return whether all points are found."""
        from landbridge.routing.search.ordered_labels import FULL, QUEUED

        graph, state = self.graph, self._work[0]
        arcs = (graph.indptr, graph.tail, graph.head, graph.costs)
        while True:
            self._search(arcs, budget)
            if not state[FULL]:
                self.complete = not state[QUEUED]
                return self.complete
            if not self._grow(max_memory_mb * _MB):
                return False

    @property
    def reached(self) -> float:
        """Value of the first criterion up to which the points are found."""
        return np.inf if self.complete else float(self._work[3][0, 0])

    def points(self) -> tuple[Floats, list[Ints]]:
        """Return the criteria of the points, shape (points, criteria), and the arcs of their paths."""
        from landbridge.routing.search.ordered_labels import arcs_of, points_of

        values, links, next_chunk = self._labels
        found = points_of(self._work[0], next_chunk, self._work[1][-1])
        return values[found], [arcs_of(label, links) for label in found]

    @abstractmethod
    def _search(self, arcs: tuple[Indices, Indices, Indices, Floats], budget: int) -> None:
        """Search on until done, until there is no room, or up to a number of labels."""

    @property
    def _own_bytes(self) -> int:
        return sum(array.nbytes for array in self._work)

    def _grow(self, max_bytes: float) -> bool:
        """Double the arrays of labels, by less where memory ends; return whether they have grown."""
        from landbridge.routing.search.ordered_labels import CHUNK

        old, chunks = self._labels, len(self._labels[2])
        old_bytes = sum(array.nbytes for array in old)
        # Both are there while what the old ones hold is copied.
        fitting = (max_bytes - self._own_bytes - old_bytes) // (old_bytes // chunks)
        room = int(min(2 * chunks, fitting, (2**31 - 1) // CHUNK))
        if room <= chunks:
            return False
        self._labels = _label_arrays(room, old[0].shape[1])
        values, links, next_chunk = self._labels
        values[: len(old[0])], links[: len(old[1])], next_chunk[: len(old[2])] = old
        return True


class WindowSearch(OrderedSearch):
    """The search of a window of a front of two criteria.

    Parameters
    ----------
    epsilon
        Points that the last one covers within 1 + epsilon are left out.
    """

    def __init__(self, graph: FrontGraph, window: Window, epsilon: float = 0.0) -> None:
        super().__init__(graph)
        self._window, self._epsilon = window, epsilon
        sums = graph.ahead[:, 0] if window.weights == (1.0, 0.0) else graph.least_sums(window.weights)
        self._nodes = np.column_stack([graph.ahead, sums, np.full(graph.nodes, np.inf)])
        self._nodes[-1, 3] = window.second

    @property
    def _own_bytes(self) -> int:
        return super()._own_bytes + self._nodes.nbytes

    def _search(self, arcs: tuple[Indices, Indices, Indices, Floats], budget: int) -> None:
        from landbridge.routing.search.ordered_labels import search_window

        limits = (self._window.first, *self._window.weights)
        search_window(arcs, self._nodes, limits, self._epsilon, budget, self._work, self._labels)


class StairSearch(OrderedSearch):
    """The search of a front of three criteria."""

    def __init__(self, graph: FrontGraph) -> None:
        super().__init__(graph)
        self._steps, self._places = np.empty((_FIRST_STEPS, 2)), np.zeros((graph.nodes, 3), dtype=np.int64)

    @property
    def _own_bytes(self) -> int:
        return super()._own_bytes + self._steps.nbytes + self._places.nbytes

    def _search(self, arcs: tuple[Indices, Indices, Indices, Floats], budget: int) -> None:
        from landbridge.routing.search.ordered_labels import search_stairs

        search_stairs(arcs, self.graph.ahead, budget, self._work, self._labels, self._steps, self._places)

    def _grow(self, max_bytes: float) -> bool:
        from landbridge.routing.search.ordered_labels import FULL, STEPS_FULL

        if self._work[0][FULL] != STEPS_FULL:
            return super()._grow(max_bytes)
        used = self._own_bytes + sum(array.nbytes for array in self._labels)
        if used + 2 * self._steps.nbytes > max_bytes:
            return False
        self._steps = np.concatenate([self._steps, np.empty_like(self._steps)])
        return True


_Labels = tuple[Floats, Indices, Indices]


def _label_arrays(chunks: int, criteria: int) -> _Labels:
    from landbridge.routing.search.ordered_labels import CHUNK

    room = chunks * CHUNK
    return np.empty((room, criteria)), np.empty((room, 3), dtype=np.int32), np.empty(chunks, dtype=np.int32)

"""Many lists of edges in flat arrays, as compiled and vectorised passes take them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Ints


class EdgeLists(NamedTuple):
    """Lists of edges: list i is `edges[start[i]:start[i + 1]]`.

    Examples
    --------
    >>> lists = lists_of([[2, 0], [], [1]])
    >>> lists.start.tolist(), lists.edges.tolist()
    ([0, 2, 2, 3], [2, 0, 1])
    >>> lists.sums_of(np.array([1.0, 10.0, 100.0])).tolist()
    [101.0, 0.0, 10.0]
    >>> lists.sums(np.array([[1.0], [10.0], [100.0]])).tolist()
    [[101.0], [0.0], [10.0]]
    """

    start: Ints
    edges: Ints

    @property
    def owner(self) -> Ints:
        """The list of each edge, shape (edges,)."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def of(self, number: int) -> list[int]:
        """Return a list."""
        return list(map(int, self.edges[self.start[number] : self.start[number + 1]]))

    def sums(self, values: Floats) -> Floats:
        """Return the sums of the values of the edges of each list, shape (lists, columns)."""
        found = np.zeros((len(self.start) - 1, values.shape[1]))
        np.add.at(found, self.owner, values[self.edges])
        return found

    def sums_of(self, values: Floats) -> Floats:
        """Return the sums of one value of the edges of each list, shape (lists,)."""
        found, begin = np.zeros(len(self.start) - 1), self.start[:-1]
        some = begin < self.start[1:]
        if len(self.edges):
            found[some] = np.add.reduceat(values[self.edges], begin[some])
        return found

    def chosen(self, numbers: Ints) -> "EdgeLists":
        """Return some of the lists."""
        lengths = np.diff(self.start)[numbers]
        start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        within = np.arange(start[-1]) - np.repeat(start[:-1], lengths)
        return EdgeLists(start, self.edges[np.repeat(self.start[:-1][numbers], lengths) + within])


def lists_of(lists: Iterable[Sequence[int]]) -> EdgeLists:
    """Return lists of edges in flat arrays."""
    kept = list(lists)
    start = np.cumsum([0, *map(len, kept)]).astype(np.int64)
    return EdgeLists(start, np.array([edge for edges in kept for edge in edges], dtype=np.int64))


def joined_lists(parts: Sequence[EdgeLists]) -> EdgeLists:
    """Return the lists of several parts in their order."""
    lengths = [np.diff(part.start) for part in parts]
    start = np.concatenate([[0], np.cumsum(np.concatenate([np.empty(0, dtype=np.int64), *lengths]))]).astype(np.int64)
    return EdgeLists(start, np.concatenate([np.empty(0, dtype=np.int64), *(part.edges for part in parts)]))

"""Approximate fronts of two criteria: supported points first, and a search only where these do not prove the cover.

A point covers another path if it is within 1 + epsilon of it in both criteria. Between two neighbouring points of the
front only paths below a corner are not covered; a supporting line of the front that passes above the corner proves that
there are none. The points that minimise weighted sums, and their lines, are found by splitting (Cohon 1978; Aneja and
Nair 1979); what remains are triangles between neighbours on the hull, which are searched each on its own.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.routing.search.front_graph import ROUNDING, FrontGraph, Window
from landbridge.routing.search.ordered_search import OrderedSearch, StairSearch, WindowSearch

_FEW_LABELS: Final = 30_000
"""Number of labels within which the exact search is tried first: small fronts are found sooner by it."""

_MANY_WINDOWS: Final = 32
_MANY_LABELS: Final = 10_000_000
"""Number of labels within which the exact search is tried again where more windows than that are open."""
# A weight that decides between paths that are equal in the other criterion.
_TINY: Final = 1e-9


class FoundPoints(NamedTuple):
    """Points by ascending first criterion, the arcs of their paths, and how far they were found.

    Attributes
    ----------
    values
        Shape (points, criteria).
    reached
        Value of the first criterion up to which nothing is missing, infinite if nothing is.
    """

    values: Floats
    paths: list[Ints]
    reached: float = np.inf


def exact_points(graph: FrontGraph, max_memory_mb: float) -> FoundPoints:
    """Return the points of a front of two or three criteria, as far as memory allows."""
    if graph.costs.shape[1] == 2:
        search: OrderedSearch = WindowSearch(graph, graph.whole)
        search.run(max_memory_mb)
        return _distinct([search.points()], search.reached)
    search = StairSearch(graph)
    search.run(max_memory_mb)
    values, paths = search.points()
    order = np.lexsort(values.T[::-1])
    # Of points that are equal in the first two criteria the first has the least of the third.
    new = (np.diff(values[order, :2], axis=0, prepend=-1.0) != 0).any(axis=1)
    return FoundPoints(values[order[new]], [paths[point] for point in order[new]], search.reached)


def covering_points(graph: FrontGraph, epsilon: float, max_memory_mb: float) -> FoundPoints:
    """Return points such that each path is covered by one within 1 + epsilon, as far as memory allows."""
    search = WindowSearch(graph, graph.whole)
    if search.run(max_memory_mb, _FEW_LABELS):
        return _thinned(_distinct([search.points()], np.inf), epsilon)
    supported = _Supported(graph, epsilon)
    if len(supported.open_windows) > _MANY_WINDOWS and search.run(max_memory_mb, _MANY_LABELS):
        return _thinned(_distinct([search.points()], np.inf), epsilon)
    found, reached = [supported.points], np.inf
    for window in supported.open_windows:
        search = WindowSearch(graph, window, epsilon)
        search.run(max_memory_mb)
        found.append(search.points())
        reached = search.reached
        if not search.complete:
            break
    return _distinct(found, reached)


class _Point(NamedTuple):
    values: Floats
    path: Ints


class _Supported:
    """The supported points that a cover needs, and the windows that their lines leave open."""

    def __init__(self, graph: FrontGraph, epsilon: float) -> None:
        self._graph, self._factor = graph, 1 + epsilon
        self._found, self._weights, self._sums = list[_Point](), list[tuple[float, float]](), list[float]()
        self.open_windows: list[Window] = []
        first, last = self._least((1.0, 0.0)), self._least((0.0, 1.0))
        # Of paths with the least of one criterion others may have less of the other one.
        rates = (_TINY * max(1.0, one) / max(1.0, other) for one, other in (first.values, last.values[::-1]))
        left, right = self._least((1.0, next(rates))), self._least((next(rates), 1.0))
        pairs = [(right, last), (left, right), (first, left)]
        while pairs:
            pairs += self._between(*pairs.pop())

    @property
    def points(self) -> tuple[Floats, list[Ints]]:
        """The criteria of the points and the arcs of their paths."""
        return np.array([point.values for point in self._found]), [point.path for point in self._found]

    def _least(self, weights: tuple[float, float]) -> _Point:
        """Return a point of the least weighted sum, and keep it with its supporting line."""
        point = _Point(*self._graph.least(weights))
        self._found.append(point)
        self._weights.append(weights)
        self._sums.append(float(point.values @ weights))
        return point

    def _between(self, left: _Point, right: _Point) -> list[tuple[_Point, _Point]]:
        """Return what is to be split further, the left pair last; a window that stays open is kept."""
        corner = np.array([right.values[0], left.values[1]]) / self._factor
        rise, run = left.values[1] - right.values[1], right.values[0] - left.values[0]
        if rise <= 0 or run <= 0 or (corner <= [left.values[0], right.values[1]]).any() or self._proved(corner):
            return []
        weights = (float(rise / (rise + run)), float(run / (rise + run)))
        middle = self._least(weights)
        if self._sums[-1] < float(left.values @ weights) * (1 - ROUNDING):
            return [(middle, right), (left, middle)]
        if not self._proved(corner):
            self.open_windows.append(Window(float(corner[0]), float(corner[1]), weights))
        return []

    def _proved(self, corner: Floats) -> bool:
        """Whether a supporting line passes above a corner, so that no path is below it in both criteria."""
        return bool((np.array(self._weights) @ corner <= np.array(self._sums)).any())


def _distinct(parts: Sequence[tuple[Floats, list[Ints]]], reached: float) -> FoundPoints:
    """Return the points that no other is as good as, rounding apart, by the first criterion."""
    values = np.concatenate([part.reshape(-1, 2) for part, _ in parts])
    paths = [path for _, part in parts for path in part]
    order = np.lexsort(values.T[::-1])
    least = np.minimum.accumulate(np.append(np.inf, values[order, 1]))[:-1]
    order = order[values[order, 1] < least]
    first, second = values[order].T
    kept = np.append(True, second[:-1] > second[1:] * (1 + ROUNDING))[: len(order)]
    # A point gives way to the next one if it is less by rounding only in the first criterion.
    kept[:-1] &= (first[1:] > first[:-1] * (1 + ROUNDING)) | ~kept[1:]
    chosen = order[kept]
    return FoundPoints(values[chosen], [paths[point] for point in chosen], reached)


def _thinned(found: FoundPoints, epsilon: float) -> FoundPoints:
    """Return the fewest points of a front that cover all others."""
    first, second = found.values.T
    chosen, point = list[int](), 0
    while point < len(first):
        # Of the points that cover this one the last covers the most of those that follow.
        chosen.append(int(np.searchsorted(first, first[point] * (1 + epsilon), side="right")) - 1)
        point = int(np.searchsorted(-second, -second[chosen[-1]] / (1 + epsilon), side="right"))
    return FoundPoints(found.values[chosen], [found.paths[point] for point in chosen], found.reached)

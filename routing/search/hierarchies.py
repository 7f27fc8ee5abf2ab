"""One-to-one paths on search spaces of hundreds of thousands of states, by customizable contraction hierarchies.

A space is prepared once from its topology and coordinates (Dibbelt, Strasser & Wagner 2016, Customizable contraction
hierarchies); it is then customised to the weights of a cargo within a second, and the median path query on a million
states takes half a millisecond (`benchmarks/large.py`). The hierarchies are those of RoutingKit, from the package
`routingkit-cch` (the extra `large`).

RoutingKit uses integers below 2^31 - 1. Weights are scaled and rounded *down*, so that the integer weight of the path
found is a lower bound for all paths: the path is evaluated again with the true weights, and the difference bounds its
distance from the optimum. A path that is too long for these integers looks unreachable to RoutingKit, so a pair without
an answer is searched again with scipy's Dijkstra before it is reported as unreachable.
"""

import logging
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from landbridge.networks.arguments import file_path, number_array, real_number, whole_number
from landbridge.networks.arrays import Floats, Indices, Ints
from landbridge.networks.caches import digest, kept_arrays, source_of
from landbridge.networks.errors import LandbridgeError, NoRouteError, QueryError, extra_cure
from landbridge.networks.graph.csr import Csr, Lightest
from landbridge.networks.work_folders import naming

if TYPE_CHECKING:
    from collections.abc import Callable

UNREACHABLE: Final = 2**31 - 1
"""RoutingKit's weight of an edge that must not be used; paths with this weight or more look unreachable."""

_LOG = logging.getLogger(__name__)
# Some versions of scipy's stubs do not accept an integer as the start of a search.
_dijkstra = cast("Callable[..., Any]", dijkstra)


class PathError(LandbridgeError, RuntimeError):
    """A path that was found is inconsistent with the given edges and weights."""


@dataclass(frozen=True, eq=False)
class LargePath:
    """A path between two nodes.

    Attributes
    ----------
    edges
        Indices of the edges in the order of travel, without self-loops.
    weight
        Sum of their true weights.
    gap
        Bound on the difference from the least weight, in the same unit: below one unit of the scale for each edge.
    """

    edges: Ints
    weight: float
    gap: float


class Hierarchy:
    """A large search space with a prepared hierarchy; see `prepare_hierarchy`."""

    def __init__(self, tail: Ints, head: Ints, order: Ints) -> None:
        import routingkit_cch

        self.tail, self.head, self.order, self.nodes = tail, head, order, len(order)
        self.prepared = routingkit_cch.CCH(order.tolist(), tail.tolist(), head.tolist(), False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what is stored: RoutingKit cannot save its hierarchy, which is rebuilt from the order."""
        return type(self), (self.tail, self.head, self.order)

    def __repr__(self) -> str:
        """Return the sizes."""
        return f"<Hierarchy: {self.nodes} nodes, {len(self.tail)} edges>"

    @cached_property
    def pairs(self) -> Csr:
        """Adjacent nodes."""
        return Csr(self.tail, self.head, self.nodes)

    def customize(self, weights: ArrayLike, *, longest: float | None = None) -> "WeightedHierarchy":
        """Return the space with weights on its edges, ready for queries.

        Parameters
        ----------
        weights
            Weight of each edge, not negative; infinite if it must not be used.
        longest
            Upper bound on the weight of the paths to be searched, which sets the scale: the unit is `longest` / 2^31.
            By default the longest path through the hub, which is a bound for all nodes connected with the hub in both
            directions; it takes two Dijkstra searches. Longer paths are still found, but slowly.

        Raises
        ------
        QueryError
            If a weight is negative or NaN, the number of weights is not the number of edges, or the sum of those that
            are finite is not.
        """
        values = number_array(weights, "weights")
        if values.shape != self.tail.shape:
            raise QueryError(f"{values.size} weights are given for {len(self.tail)} edges; give one for each")
        if not (values >= 0).all():
            raise QueryError(f"{int((~(values >= 0)).sum())} weights are negative or NaN; give 0 or more")
        with np.errstate(over="ignore"):
            if not np.isfinite(values[np.isfinite(values)].sum()):
                raise QueryError("weights have an infinite sum; give them in a larger unit")
        bound = None if longest is None else real_number(longest, "longest")
        if bound is not None and not 0 < bound < np.inf:
            raise QueryError(f"longest is {bound:g}; give a finite value above 0")
        return WeightedHierarchy(self, values, bound)


class WeightedHierarchy:
    """A large search space with the weights of one cargo and objective.

    Attributes
    ----------
    space
        The space.
    weights
        True weight of each edge.
    unit
        Weight represented by an integer of 1.
    """

    def __init__(self, space: Hierarchy, weights: Floats, longest: float | None) -> None:
        import routingkit_cch

        self.space, self.weights = space, weights
        self._longest = self._longest_by_hub() if longest is None else longest
        self.unit = self._longest / (UNREACHABLE - 1)
        self.whole = _whole_numbers(weights, self.unit)
        self._query = routingkit_cch.CCHQuery(routingkit_cch.CCHMetric(space.prepared, self.whole.tolist()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what is stored, from which the query of RoutingKit is made again."""
        return type(self), (self.space, self.weights, self._longest)

    def path(self, start: int, end: int) -> LargePath:
        """Return the path of least weight from a node to another.

        Raises
        ------
        QueryError
            If the space has no such node.
        NoRouteError
            If no path connects them.
        PathError
            If the result of RoutingKit is not a path, or does not have the stated weight.
        """
        # The wrapper panics at a node beyond the last, which `except Exception` would not catch.
        start, end = (
            whole_number(node, name, 0, self.space.nodes - 1) for name, node in (("start", start), ("end", end))
        )
        if start == end:
            return LargePath(np.empty(0, dtype=np.int64), 0.0, 0.0)
        found = self._query.run(start, end)
        if found.distance is None:
            return self._by_dijkstra(start, end)
        edges = np.array(found.arc_path, dtype=np.int64)
        return self._checked(start, end, edges, int(found.distance))

    def _checked(self, start: int, end: int, edges: Ints, distance: int) -> LargePath:
        """Evaluate a path with the true weights, and check that it is one."""
        tails, heads = self.space.tail[edges], self.space.head[edges]
        joined = np.array_equal(np.append(tails, end), np.insert(heads, 0, start))
        if not joined or int(self.whole[edges].sum()) != distance:
            raise PathError(
                f"the path from node {start} to {end} is inconsistent with its edges; install routingkit-cch again"
            )
        weight = float(self.weights[edges].sum())
        return LargePath(edges, weight, max(0.0, weight - distance * self.unit))

    def _by_dijkstra(self, start: int, end: int) -> LargePath:
        """Search without integers: for weights out of their range, and to verify that two nodes are not connected."""
        weights, before = _dijkstra(self._lightest.matrix, indices=start, return_predecessors=True)
        if not np.isfinite(weights[end]):
            raise NoRouteError(f"no path of usable edges connects node {start} to {end}")
        path = self._lightest.path(before, end)
        return LargePath(path, float(self.weights[path].sum()), 0.0)

    @cached_property
    def _lightest(self) -> Lightest:
        return self.space.pairs.lightest(self.weights)

    @cached_property
    def hub(self) -> int:
        """Highest node of the hierarchy that the most nodes lead to and back: most long paths pass near it."""
        piece = np.asarray(connected_components(self._lightest.matrix, connection="strong")[1])
        order = self.space.order
        return int(order[piece[order] == np.bincount(piece).argmax()][-1])

    def _longest_by_hub(self) -> float:
        """Return an upper bound for least paths between nodes connected with the hub in both directions."""
        matrix, hub = self._lightest.matrix, self.hub
        ways = (_dijkstra(side, indices=hub) for side in (matrix, csr_array(matrix.T)))
        bound = sum(float(way[np.isfinite(way)].max()) for way in ways)
        usable = self.weights[np.isfinite(self.weights)]
        # If no node leads to another and back there is no bound; no loopless path is longer than all edges together.
        return bound or float(usable.sum()) or 1.0


def prepare_hierarchy(
    tail: ArrayLike, head: ArrayLike, lon: ArrayLike, lat: ArrayLike, *, cache: str | Path | None = None
) -> Hierarchy:
    """Prepare a large search space; the order of its nodes is cached in a file.

    Parameters
    ----------
    tail, head
        Nodes at the ends of each directed edge, counted from 0.
    lon, lat
        Coordinates of each node in degrees, for the recursive bisection of the space (nested dissection by inertial
        flow). They decide how fast it is and not what is found.
    cache
        Folder for the file, whose name contains a hash of the four arrays; by default the user's cache folder.

    Raises
    ------
    QueryError
        If the extra `large` is not installed, the arrays do not fit together, or the cache cannot be a folder.

    Notes
    -----
    Only the order is cached, which takes nearly all of the time; the hierarchy is rebuilt from it each time, because
    the package cannot save it.

    Examples
    --------
    Three nodes in a row, and an edge past the middle one that is longer than the way through it.

    >>> import landbridge as lb
    >>> tail, head, lon, lat = [0, 1, 0], [1, 2, 2], [60.0, 61.0, 62.0], [40.0, 41.0, 42.0]
    >>> hierarchy = lb.prepare_hierarchy(tail, head, lon, lat, cache="orders")
    >>> path = hierarchy.customize([1.0, 1.5, 4.0]).path(0, 2)
    >>> path.weight, path.edges.tolist()
    (2.5, [0, 1])
    """
    if find_spec("routingkit_cch") is None:
        raise QueryError(f"large spaces need routingkit-cch; {extra_cure('large')}")
    first, last = number_array(tail, "tail", whole=True), number_array(head, "head", whole=True)
    east, north = number_array(lon, "lon"), number_array(lat, "lat")
    folder = None if cache is None else file_path(cache, "cache")
    _check_arrays(first, last, east, north)
    if folder is not None:
        with naming(folder):
            folder.mkdir(parents=True, exist_ok=True)
    arrays = first, last, east, north
    key = digest(source_of(__name__), version("routingkit-cch"), *(array.tobytes() for array in arrays))
    kept = kept_arrays("large-order", key, lambda: {"order": _compute_order(*arrays)}, folder=folder)
    return Hierarchy(first, last, kept["order"].astype(np.int64))


def _whole_numbers(weights: Floats, unit: float) -> Ints:
    """Return weights as integer multiples of a unit, rounded down; closed edges and those out of range are unreachable.

    An edge of more than `UNREACHABLE` units is not on any path within the range, so closing it is exact.
    """
    scaled = np.floor(np.minimum(weights / unit, UNREACHABLE))
    return scaled.astype(np.int64)


def _check_arrays(tail: Ints, head: Ints, lon: Floats, lat: Floats) -> None:
    nodes = len(lon)
    if tail.shape != head.shape or lon.shape != lat.shape or not nodes:
        raise QueryError("tail and head, and lon and lat, must have equal length, with at least one node")
    if len(tail) and not (min(tail.min(), head.min()) >= 0 and max(tail.max(), head.max()) < nodes):
        raise QueryError(f"an edge ends at a node that is not one of the {nodes} with coordinates")
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise QueryError("a coordinate is not a number; give longitude and latitude of every node")


def _compute_order(tail: Ints, head: Ints, lon: Floats, lat: Floats) -> Indices:
    import routingkit_cch

    _LOG.info("ordering %d nodes once; this takes a few seconds per 100,000", len(lon))
    order = routingkit_cch.compute_order_inertial(len(lon), tail.tolist(), head.tolist(), lat.tolist(), lon.tolist())
    return np.array(order, dtype=np.int32)

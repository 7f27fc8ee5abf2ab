"""A base map of lines: nodes and edges as flat arrays, with shortest paths and nearest nodes.

Rail, sea and road base maps and OpenStreetMap extracts are all converted to a `LineBase`, so that healing, matching and
measuring are implemented once. Coordinates are longitude and latitude in degrees (WGS 84), lengths in km.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike

from landbridge.networks.arrays import Bools, Floats, Indices, Ints
from landbridge.networks.errors import LandbridgeError, NotInstalledError, extra_cure
from landbridge.networks.geometry.sphere import EARTH_RADIUS_KM, Point, great_circle_km
from landbridge.networks.graph.csr import Csr, Lightest, nodes_back
from landbridge.networks.words import counted

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from scipy.spatial import cKDTree


UNKNOWN_GAUGE: Final = 0
"""Gauge of an edge whose gauge is unknown."""

UNKNOWN_COUNTRY: Final = -1
"""Country index of an edge whose country is unknown."""


class NoPathError(LandbridgeError, LookupError):
    """No line of a base map connects two of its nodes."""


@dataclass(frozen=True, eq=False)
class LineBase:
    """Lines as nodes and undirected edges, each stored once.

    Attributes
    ----------
    lon, lat
        Coordinates of the nodes in degrees.
    tail, head
        Nodes at the ends of each edge.
    km
        Length of each edge.
    gauge
        Track gauge of each edge in mm, 0 where unknown; None for a base without tracks.
    country
        Index of each edge's country in `countries`, -1 where unknown.
    countries
        ISO 3166 alpha-2 codes to which `country` refers.
    """

    lon: Floats
    lat: Floats
    tail: Ints
    head: Ints
    km: Floats
    gauge: Indices | None = None
    country: Indices | None = None
    countries: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the sizes."""
        nodes, edges = counted(self.node_count, "node"), counted(self.edge_count, "edge")
        return f"<LineBase: {nodes}, {edges}, {self.km.sum():.0f} km>"

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.lon)

    @property
    def edge_count(self) -> int:
        """Number of edges."""
        return len(self.km)

    @cached_property
    def vectors(self) -> Floats:
        """Nodes as points on the unit sphere, shape (nodes, 3)."""
        return unit_vectors(self.lon, self.lat)

    @cached_property
    def tree(self) -> "cKDTree":
        """k-d tree of the nodes on the unit sphere; a planar one would fail far north and across 180 degrees."""
        from scipy.spatial import cKDTree

        return cKDTree(self.vectors, balanced_tree=False)

    @cached_property
    def degree(self) -> Ints:
        """Number of edges at each node."""
        return np.bincount(np.concatenate([self.tail, self.head]), minlength=self.node_count).astype(np.int64)

    @cached_property
    def matrix(self) -> "csr_array[np.float64, tuple[int, int]]":
        """Lengths as a symmetric CSR matrix; parallel edges are represented by the shortest."""
        return self._shortest.matrix

    @cached_property
    def pieces(self) -> Ints:
        """Index of the connected component of each node."""
        from scipy.sparse.csgraph import connected_components

        return np.asarray(connected_components(self.matrix, directed=False)[1], dtype=np.int64)

    def nearest(self, points: ArrayLike, among: Ints | None = None) -> tuple[Ints, Floats]:
        """Return the nearest node of each point and its distance in km.

        Parameters
        ----------
        points
            Longitudes and latitudes, shape (points, 2).
        among
            Nodes to choose from; all of them if None.
        """
        asked = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        vectors = unit_vectors(asked[:, 0], asked[:, 1])
        if among is None:
            chords, found = self.tree.query(vectors)
            return np.asarray(found, dtype=np.int64), chord_km(np.asarray(chords))
        from scipy.spatial import cKDTree

        chords, found = cKDTree(self.vectors[among], balanced_tree=False).query(vectors)
        return among[found], chord_km(np.asarray(chords))

    def near(self, point: Point, radius_km: float) -> tuple[Ints, Floats]:
        """Return all nodes within a distance of a point (lon, lat) and their distances in km, the nearest first."""
        vector = unit_vectors(np.array([point[0]]), np.array([point[1]]))[0]
        found = np.asarray(self.tree.query_ball_point(vector, km_chord(radius_km)), dtype=np.int64)
        distances = chord_km(np.linalg.norm(self.vectors[found] - vector, axis=1))
        order = np.argsort(distances, kind="stable")
        return found[order], distances[order]

    def shortest_path(
        self, a: int, b: int, penalty: Floats | None = None, *, limit_km: float = np.inf
    ) -> tuple[Ints, float]:
        """Return the nodes of the shortest path from `a` to `b` and its length in km.

        Parameters
        ----------
        a, b
            Nodes.
        penalty
            Added to each edge's length in the search, in km, at least 0; infinity closes the edge. The length returned
            excludes it.
        limit_km
            Length, including penalties, at which the search stops.

        Raises
        ------
        NoPathError
            If no path connects the nodes within the limit.

        Notes
        -----
        Uses scipy's Dijkstra algorithm, O((nodes + edges) log nodes).
        """
        from scipy.sparse.csgraph import dijkstra

        matrix = self.matrix if penalty is None else self._lightest(self.km + penalty).matrix
        weights, before = dijkstra(matrix, indices=np.asarray(a), return_predecessors=True, limit=limit_km)
        if not np.isfinite(weights[b]):
            raise NoPathError(
                f"no line connects node {a} at {self.lat[a]:.3f},{self.lon[a]:.3f} and node {b} at"
                f" {self.lat[b]:.3f},{self.lon[b]:.3f}; heal the base map or draw the missing line"
            )
        nodes = np.array(nodes_back(before, b)[::-1], dtype=np.int64)
        return nodes, self.path_km(nodes)

    def path_km(self, nodes: Sequence[int] | Ints) -> float:
        """Return the length in km of a path given by its nodes; steps without an edge are great circles."""
        path = np.asarray(nodes, dtype=np.int64)
        shortest = self._shortest
        steps = shortest.pairs.pair(path[:-1], path[1:])
        off = (steps < 0) | ~np.isfinite(shortest.weight[steps])
        start, end = path[:-1][off], path[1:][off]
        straight = distances_km(self.lon[start], self.lat[start], self.lon[end], self.lat[end])
        return float(shortest.weight[steps[~off]].sum() + straight.sum())

    def points(self, nodes: Sequence[int] | Ints) -> list[Point]:
        """Return nodes as (lon, lat) points."""
        chosen = np.asarray(nodes, dtype=np.int64)
        return list(zip(self.lon[chosen].tolist(), self.lat[chosen].tolist(), strict=True))

    def with_edges(
        self,
        tail: ArrayLike,
        head: ArrayLike,
        km: ArrayLike,
        *,
        gauge: ArrayLike | int = UNKNOWN_GAUGE,
        country: ArrayLike | int = UNKNOWN_COUNTRY,
    ) -> "LineBase":
        """Return a base map with additional edges between its nodes."""
        lengths = np.asarray(km, dtype=np.float64)
        more = {"gauge": gauge, "country": country}
        columns: dict[str, Any] = {
            name: np.concatenate([column, np.broadcast_to(np.asarray(value, dtype=np.int32), lengths.shape)])
            for name, value in more.items()
            for column in [getattr(self, name)]
            if column is not None
        }
        return replace(
            self,
            tail=np.concatenate([self.tail, np.asarray(tail, dtype=np.int64)]),
            head=np.concatenate([self.head, np.asarray(head, dtype=np.int64)]),
            km=np.concatenate([self.km, lengths]),
            **columns,
        )

    def keep(self, edges: Bools) -> "LineBase":
        """Return a base map with only some of the edges; its nodes are unchanged."""
        columns: dict[str, Any] = {
            name: column[edges]
            for name in ("tail", "head", "km", "gauge", "country")
            for column in [getattr(self, name)]
            if column is not None
        }
        return replace(self, **columns)

    @cached_property
    def _pairs(self) -> Csr:
        """Adjacent nodes, in both directions."""
        return Csr(np.concatenate([self.tail, self.head]), np.concatenate([self.head, self.tail]), self.node_count)

    def _lightest(self, weight: Floats) -> Lightest:
        return self._pairs.lightest(np.concatenate([weight, weight]))

    @cached_property
    def _shortest(self) -> Lightest:
        return self._lightest(self.km)

    def crop(self, box: tuple[float, float, float, float]) -> tuple["LineBase", Ints]:
        """Return the edges with an end in a box (west, south, east, north), and the nodes kept, in order.

        Node `i` of the result is node `nodes[i]` of this base map.
        """
        west, south, east, north = box
        inside = (self.lon >= west) & (self.lon <= east) & (self.lat >= south) & (self.lat <= north)
        part = self.keep(inside[self.tail] | inside[self.head])
        nodes, ends = np.unique(np.concatenate([part.tail, part.head]), return_inverse=True)
        count = part.edge_count
        return replace(part, lon=self.lon[nodes], lat=self.lat[nodes], tail=ends[:count], head=ends[count:]), nodes


def packaged_file(package: str, path: str, what: str) -> Path:
    """Return a file of an optional package without importing the package.

    Raises
    ------
    NotInstalledError
        If the package is not installed, or has no such file.
    """
    found = find_spec(package)
    for folder in (found.submodule_search_locations or []) if found else []:
        file = Path(folder) / path
        if file.is_file():
            return file
    raise NotInstalledError(f"the package {package}, which contains {what}, is not installed; {extra_cure('geodata')}")


def line_base(lines: Sequence[Sequence[Point]]) -> LineBase:
    """Make a base map from lines; points with equal coordinates become one node.

    >>> line_base([[(0.0, 0.0), (0.0, 1.0)], [(0.0, 1.0), (0.0, 2.0)]])
    <LineBase: 3 nodes, 2 edges, 222 km>
    """
    nodes: dict[Point, int] = {}
    ends = [
        (nodes.setdefault(start, len(nodes)), nodes.setdefault(end, len(nodes)))
        for line in lines
        for start, end in pairwise(line)
    ]
    lon, lat = np.array(list(nodes), dtype=np.float64).reshape(-1, 2).T
    tail, head = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    return LineBase(lon, lat, tail, head, distances_km(lon[tail], lat[tail], lon[head], lat[head]))


def unit_vectors(lon: Floats, lat: Floats) -> Floats:
    """Return points as vectors on the unit sphere, shape (points, 3)."""
    east, north = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def chord_km(chord: Floats) -> Floats:
    """Return the great-circle lengths in km of chords of the unit sphere."""
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, chord / 2)))


def km_chord(km: float) -> float:
    """Return the chord of the unit sphere that corresponds to a great-circle length in km."""
    return float(2 * np.sin(min(km / (2 * EARTH_RADIUS_KM), np.pi / 2)))


def distances_km(lon_1: Floats, lat_1: Floats, lon_2: Floats, lat_2: Floats) -> Floats:
    """Return the great-circle distances between points in km."""
    return chord_km(np.linalg.norm(unit_vectors(lon_1, lat_1) - unit_vectors(lon_2, lat_2), axis=1))


_DETOUR, _DETOUR_KM = 1.6, 15.0  # a way longer than this many times the straight one, and so much, is a way round


def way_round(base: LineBase, start: int, end: int) -> float:
    """Return the length in km above which a path between two stations is a detour and not the line between them."""
    return _DETOUR * great_circle_km(*base.points([start, end])) + _DETOUR_KM


def near_points(base: LineBase, points: ArrayLike, radius_km: float) -> Bools:
    """Return a mask of the nodes within a distance of any of the points (lon, lat)."""
    near = np.zeros(base.node_count, dtype=bool)
    asked = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    for found in base.tree.query_ball_point(unit_vectors(asked[:, 0], asked[:, 1]), km_chord(radius_km)):
        near[found] = True
    return near

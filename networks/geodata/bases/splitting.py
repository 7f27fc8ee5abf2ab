"""Split long straight edges at the known stations along them.

The rail base map represents a line between two junctions as one straight edge with the true length, up to hundreds of
km. A station is on such an edge if the path through it is not longer than the edge. The edge is then drawn through the
station and its length is divided in proportion to the distances, so that the total is kept and the drawn line follows
the real one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.geodata.bases.line_base import LineBase, chord_km, unit_vectors
from landbridge.networks.geometry.sphere import Point, great_circle_km

ON_LINE_KM: Final = 2.0
"""A station within this distance of a node coincides with it, and nothing is split."""

LONG_KM: Final = 6.0
"""Shorter edges are drawn accurately enough."""

_SLACK_KM, _SLACK_SHARE = 1.0, 0.01  # accuracy of stations (2 km) and lengths


def split_at(base: LineBase, stations: Sequence[Point]) -> LineBase:
    """Return the base map with its long edges drawn through the stations on them.

    Parameters
    ----------
    base
        Lines whose edges carry their true lengths.
    stations
        Points (lon, lat); those within `ON_LINE_KM` of a node and those not on an edge have no effect.
    """
    points = list(dict.fromkeys(stations))
    if not points:
        return base
    far = [point for point, km in zip(points, base.nearest(points)[1], strict=True) if km > ON_LINE_KM]
    long_edges = _Edges.of(base, np.flatnonzero(base.km > LONG_KM))
    on_edge: dict[int, list[Point]] = defaultdict(list)
    for point in far:
        for edge in _edges_of(long_edges, point):
            on_edge[edge].append(point)
    return _split(base, {edge: _that_fit(base, edge, listed) for edge, listed in on_edge.items()})


@dataclass(frozen=True)
class _Edges:
    """Long edges with their ends as unit vectors, and their straight and true lengths."""

    number: Ints
    tail: Floats
    head: Floats
    straight_km: Floats
    km: Floats

    @classmethod
    def of(cls, base: LineBase, number: Ints) -> "_Edges":
        """Select some edges of a base map."""
        tail, head = base.vectors[base.tail[number]], base.vectors[base.head[number]]
        return cls(number, tail, head, chord_km(np.linalg.norm(tail - head, axis=1)), base.km[number])


def _edges_of(edges: _Edges, point: Point) -> list[int]:
    """Return the edges on which a station lies: the long enough one with the smallest detour, and those nearby.

    Lines that meet at a station have no node there if the base map simplified both.
    """
    here = unit_vectors(np.array([point[0]]), np.array([point[1]]))
    around = sum(chord_km(np.linalg.norm(end - here, axis=1)) for end in (edges.tail, edges.head))
    fits = np.flatnonzero(around <= edges.km * (1 + _SLACK_SHARE) + _SLACK_KM)
    if not len(fits):
        return []
    straight = edges.straight_km[fits]
    extra = np.maximum(np.asarray(around)[fits] - straight, 0)
    # The path through a point beside the middle of a straight line of length s is longer by 2 aside^2 / s.
    aside = np.sqrt(extra * straight / 2)
    least, near = edges.number[fits[int(np.argmin(extra))]], edges.number[fits[aside <= ON_LINE_KM]]
    return list(dict.fromkeys([int(least), *near.tolist()]))


def _that_fit(base: LineBase, edge: int, stations: list[Point]) -> list[Point]:
    """Return the stations of an edge in order, without those that make the line longer than the edge."""
    start, end = base.points([base.tail[edge], base.head[edge]])
    kept = sorted(stations, key=lambda point: great_circle_km(start, point) - great_circle_km(point, end))
    while kept:
        line = [start, *kept, end]
        steps = [great_circle_km(*pair) for pair in pairwise(line)]
        if sum(steps) <= base.km[edge] * (1 + _SLACK_SHARE) + _SLACK_KM:
            return kept
        detours = [
            first + second - great_circle_km(line[place], line[place + 2])
            for place, (first, second) in enumerate(pairwise(steps))
        ]
        kept.pop(int(np.argmax(detours)))
    return []


def _split(base: LineBase, stations: dict[int, list[Point]]) -> LineBase:
    keep = np.ones(base.edge_count, dtype=bool)
    lon, lat = base.lon.tolist(), base.lat.tolist()
    more: dict[str, list[Any]] = {"tail": [], "head": [], "km": [], "from": []}
    added: dict[Point, int] = {}
    for edge, listed in stations.items():
        if not listed:
            continue
        keep[edge] = False
        for point in listed:
            if point not in added:
                added[point] = len(lon)
                lon.append(point[0])
                lat.append(point[1])
        nodes = [int(base.tail[edge]), *(added[point] for point in listed), int(base.head[edge])]
        line = [(lon[node], lat[node]) for node in nodes]
        steps = np.array([great_circle_km(*pair) for pair in pairwise(line)])
        more["tail"].extend(nodes[:-1])
        more["head"].extend(nodes[1:])
        more["km"].extend(steps * (base.km[edge] / steps.sum()))
        more["from"].extend([edge] * len(steps))
    columns: dict[str, Any] = {}
    for name in ("gauge", "country"):
        column = getattr(base, name)
        if column is not None:
            columns[name] = column[np.array(more["from"], dtype=np.int64)]
    kept = replace(base.keep(keep), lon=np.array(lon), lat=np.array(lat))
    return kept.with_edges(more["tail"], more["head"], more["km"], **columns)

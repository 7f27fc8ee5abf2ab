"""Bridging: closing of gaps that no healing rule closes, but across which a listed line is known to run.

The links of a network name the stations that a line passes. If the base map has no path between two consecutive
stations, or only one much longer than the line can be, the smallest gaps that create one are closed, and each is
reported with the link that lists it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.geodata.bases.line_base import LineBase, NoPathError, chord_km, km_chord, way_round
from landbridge.networks.geodata.repair.healing import TOUCH_KM, Weld
from landbridge.networks.geometry.sphere import great_circle_km

BRIDGE_KM: Final = 15.0
"""Longest gap that is bridged."""

_GAP_COST = 8.0  # a km of gap counts as so many km of line, so that existing lines are preferred
_MARGIN_DEGREES = 0.7
_NEIGHBOURS = 12


@dataclass(frozen=True)
class Stretch:
    """Two consecutive stations on the line of a link, as nodes."""

    link: str
    start: int
    end: int
    countries: frozenset[str]


def bridge(
    base: LineBase, stretches: Sequence[Stretch], country_of_node: NDArray[Any], gauge_of_node: NDArray[Any]
) -> tuple[LineBase, list[Weld]]:
    """Return the base map with the gaps closed that the stretches need, and the welds.

    Gaps are closed only within the countries of the link, and within one gauge unless the link crosses a border.
    """
    found: dict[tuple[int, int], Weld] = {}
    for stretch in {(item.start, item.end): item for item in stretches}.values():
        for weld_nodes in _gaps(base, stretch, country_of_node, gauge_of_node):
            start, end = base.points(weld_nodes)
            countries = tuple(dict.fromkeys(str(country_of_node[node]) for node in weld_nodes))
            why = f"listed: the line of {stretch.link} runs here"
            found.setdefault(weld_nodes, Weld(great_circle_km(start, end), start, end, why, countries))
    if not found:
        return base, []
    tail, head = zip(*found, strict=True)
    return base.with_edges(tail, head, [max(weld.km, 0.001) for weld in found.values()]), sorted(found.values())


def _gaps(base: LineBase, stretch: Stretch, country: NDArray[Any], gauge: NDArray[Any]) -> list[tuple[int, int]]:
    """Return the gaps on the best path along a stretch; none if the base map has a path or there is none at all."""
    limit = way_round(base, stretch.start, stretch.end)
    lon, lat = base.lon[[stretch.start, stretch.end]], base.lat[[stretch.start, stretch.end]]
    margin = _MARGIN_DEGREES
    part, kept = base.crop((lon.min() - margin, lat.min() - margin, lon.max() + margin, lat.max() + margin))
    start, end = np.searchsorted(kept, [stretch.start, stretch.end])
    try:
        part.shortest_path(start, end, limit_km=limit)
    except NoPathError:
        tail, head, km = _candidates(part, stretch, country[kept], gauge[kept])
    else:
        return []
    wider = replace(part, gauge=None, country=None).with_edges(tail, head, np.maximum(km, 0.001))
    penalty = np.concatenate([np.zeros(part.edge_count), (_GAP_COST - 1) * km])
    try:
        nodes, _ = wider.shortest_path(start, end, penalty, limit_km=limit + _GAP_COST * BRIDGE_KM)
    except NoPathError:
        return []
    if wider.path_km(nodes) > limit:
        return []
    new = set(zip(tail.tolist(), head.tolist(), strict=True)) - _edges(part)
    steps = {(min(step), max(step)) for step in zip(nodes[:-1].tolist(), nodes[1:].tolist(), strict=True)}
    return [(int(kept[first]), int(kept[second])) for first, second in sorted(steps & new)]


def _edges(base: LineBase) -> set[tuple[int, int]]:
    low, high = np.minimum(base.tail, base.head), np.maximum(base.tail, base.head)
    return set(zip(low.tolist(), high.tolist(), strict=True))


def _candidates(
    part: LineBase, stretch: Stretch, country: NDArray[Any], gauge: NDArray[Any]
) -> tuple[Ints, Ints, Floats]:
    """Return the possible gaps from each dead end, and between components that touch, to nodes for a weld."""
    vectors, tree = part.vectors, part.tree
    ends = np.flatnonzero((part.degree == 1) | (part.pieces != np.argmax(np.bincount(part.pieces))))
    count = min(_NEIGHBOURS, part.node_count)
    _, near = tree.query(vectors[ends], k=count, distance_upper_bound=km_chord(BRIDGE_KM))
    tail, head = np.repeat(ends, count), np.asarray(near).ravel()
    loose = ends[part.degree[ends] == 1]
    pairs = [(node, other) for node in loose for other in loose if node < other]
    if pairs:
        first, second = np.array(pairs).T
        close = np.linalg.norm(vectors[first] - vectors[second], axis=1) <= km_chord(BRIDGE_KM)
        tail, head = np.concatenate([tail, first[close]]), np.concatenate([head, second[close]])
    fits = (head < part.node_count) & (tail != head)
    tail, head = tail[fits], head[fits]
    allowed = np.isin(country, [*stretch.countries, ""])
    fits = allowed[tail] & allowed[head]
    if len(stretch.countries) == 1:
        fits &= (gauge[tail] == gauge[head]) | (gauge[tail] == 0) | (gauge[head] == 0)
    tail, head = tail[fits], head[fits]
    km = chord_km(np.linalg.norm(vectors[tail] - vectors[head], axis=1))
    # Only a dead end may reach far; a component without one is joined where it touches.
    fits = (km <= TOUCH_KM) | (part.degree[tail] == 1) | (part.degree[head] == 1)
    return np.minimum(tail, head)[fits], np.maximum(tail, head)[fits], km[fits]

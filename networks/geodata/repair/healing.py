"""Healing: weld the ends of lines to the components to which they belong, with a report of each weld.

Four rules create welds, each only within one country and one gauge, except at the listed crossings:

touching
    An end (or, in a component without ends, the nearest point) is within `TOUCH_KM` of a line that cannot be reached
    over the lines nearby. Base maps have coordinates with three decimals (0.1 km), so this is the same location.
meeting
    Two ends are within `MEET_KM` of each other, neither is nearer to any other end, and the detour is long.
joining
    An end points straight at a point of a line within `JOIN_KM` that it reaches by a long detour or not at all.
facing
    Two ends point straight at each other across a gap not longer than `max_gap_km` and than either line, and the detour
    is many times the gap.
"""

import heapq
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.networks.geodata.bases.line_base import LineBase, chord_km, km_chord, near_points
from landbridge.networks.geometry.sphere import Point

TOUCH_KM: Final = 0.5
"""Gap for which the direction does not matter: lines this near are one line unless connected nearby."""

MEET_KM: Final = 1.5
"""Gap between two ends that ignores the direction: the last step of a simplified line is a poor guide to it."""

JOIN_KM: Final = 3.0
"""Longest gap between an end and a point within another piece."""

CROSSING_KM: Final = 5.0
"""Distance of a listed crossing within which a weld may cross a border or join two gauges."""

_STRAIGHT_COS = float(np.cos(np.radians(35)))
_BACK_KM = 1.0  # the direction of an end is taken over this length: single steps are mostly rounding
_NEARBY_KM = 20.0
_ROUND = 10.0  # a detour this many times the gap means that the line is broken
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, order=True)
class Weld:
    """A connection made by healing: its ends (lon, lat), length and reason."""

    km: float
    start: Point
    end: Point
    why: str
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class _End:
    """A dead end: its node, the unit vector of its direction, and the length of line back to the next junction."""

    node: int
    towards: Floats
    tail_km: float


@dataclass
class _Bench:
    """The data used by the rules, and the welds found so far as (km, nodes, reason)."""

    base: LineBase
    max_gap_km: float
    gauge: Ints
    country: Ints
    at_crossing: Bools
    touch_km: float
    refuse: Callable[[Point, Point], bool] | None = None
    found: list[tuple[float, int, int, str]] = field(default_factory=list)
    welded: dict[int, list[tuple[int, float]]] = field(default_factory=dict)

    def weld(self, km: float, tail: int, head: int, why: str) -> None:
        """Record a weld unless it is refused; paths of later rules may use it."""
        if self.refuse is not None and self.refuse(*self.base.points([tail, head])):
            return
        self.found.append((km, tail, head, why))
        self.welded.setdefault(tail, []).append((head, km))
        self.welded.setdefault(head, []).append((tail, km))

    def may_meet(self, node: int, others: Ints) -> Bools:
        """Return which nodes have the country and gauge of a node, or meet it at a listed crossing."""
        same = np.ones(len(others), dtype=bool)
        for column in (self.gauge, self.country):
            known = (column[others] > 0) & (column[node] > 0)
            same &= (column[others] == column[node]) | ~known
        return np.asarray(same | (self.at_crossing[others] & self.at_crossing[node]))

    def neighbours(self, node: int) -> Iterator[tuple[int, float]]:
        """Iterate over the neighbours of a node and their distances."""
        matrix = self.base.matrix
        part = slice(matrix.indptr[node], matrix.indptr[node + 1])
        return zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True)

    def not_reached(self, start: int, wanted: list[int], limit_km: float) -> list[int]:
        """Return those of the wanted nodes that no path within a length reaches, in order.

        The search ends when all are found, which in a yard happens early.
        """
        done: set[int] = set()
        missing = set(wanted)
        queue = [(0.0, start)]
        while queue and missing:
            km, node = heapq.heappop(queue)
            if node in done:
                continue
            done.add(node)
            missing.discard(node)
            for other, step in (*self.neighbours(node), *self.welded.get(node, ())):
                if km + step <= limit_km and other not in done:
                    heapq.heappush(queue, (km + step, other))
        return [node for node in wanted if node in missing]


def heal(
    base: LineBase,
    *,
    max_gap_km: float = 15.0,
    touch_km: float = TOUCH_KM,
    gauge_of_node: ArrayLike | None = None,
    country_of_node: ArrayLike | None = None,
    crossings: ArrayLike = (),
    refuse: Callable[[Point, Point], bool] | None = None,
) -> tuple[LineBase, list[Weld]]:
    """Weld the ends of lines to the components to which they belong.

    Parameters
    ----------
    base
        Lines from any source.
    max_gap_km
        Longest gap closed between two ends that point straight at each other.
    touch_km
        Gap within which lines are identical; about 0.05 km for a precise base map.
    gauge_of_node
        Gauge in mm at each node, 0 if unknown; None if there is only one gauge.
    country_of_node
        Country code at each node, blank if unknown; None if there is only one country.
    crossings
        Points (lon, lat), shape (points, 2), around which a weld may cross a border or a change of gauge.
    refuse
        Function that returns whether a gap between two points (lon, lat) has to stay open.

    Returns
    -------
    base, welds
        The base map with one more edge for each weld, and the welds, the shortest first.
    """
    names, country = _countries(base, country_of_node)
    gauge = np.zeros(base.node_count) if gauge_of_node is None else np.asarray(gauge_of_node)
    bench = _Bench(
        base,
        max_gap_km,
        gauge.astype(np.int64),
        country,
        near_points(base, crossings, CROSSING_KM),
        touch_km,
        refuse,
    )
    ends = [_end(bench, int(node)) for node in np.flatnonzero(base.degree == 1)]
    _touch(bench, ends)
    _touch_pieces(bench)
    _meet(bench, ends)
    _join(bench, ends)
    _face(bench, ends)
    chosen = _once(bench.found)
    codes = [names[number] for number in country]
    welds = [_weld(base, codes, row) for row in chosen]
    _LOG.info("%d welds join %d components", len(welds), base.pieces.max(initial=-1) + 1)
    if not chosen:
        return base, []
    km, tail, head, _ = zip(*chosen, strict=True)
    return base.with_edges(
        tail, head, km, gauge=[_agreed(gauge, *pair) for pair in zip(tail, head, strict=True)]
    ), welds


def write_welds(path: Path, welds: list[Weld]) -> None:
    """Write welds as GeoJSON lines with `km`, `why` and `countries`."""
    from shapely.geometry import LineString

    from landbridge.networks.geometry.geojson import feature, write_feature_collection

    write_feature_collection(
        path,
        [
            feature(
                LineString([weld.start, weld.end]),
                {"km": round(weld.km, 3), "why": weld.why, "countries": ";".join(weld.countries)},
            )
            for weld in welds
        ],
    )


def _countries(base: LineBase, country_of_node: ArrayLike | None) -> tuple[list[str], Ints]:
    if country_of_node is None:
        return [""], np.zeros(base.node_count, dtype=np.int64)
    names, index = np.unique(np.asarray(country_of_node, dtype=str), return_inverse=True)
    # Blank sorts first, so that index 0 means unknown even if no node is unknown.
    shift = 0 if "" in names[:1] else 1
    return ["", *names[1 - shift :].tolist()], index.astype(np.int64) + shift


def _agreed(gauge: NDArray[Any], tail: int, head: int) -> int:
    return int(gauge[tail]) if gauge[tail] == gauge[head] else 0


def _end(bench: _Bench, node: int) -> _End:
    """Walk back from a dead end to the next junction."""
    vectors = bench.base.vectors
    before, here, tail_km, back = -1, node, 0.0, node
    while tail_km < 2 * bench.max_gap_km:
        steps = [(other, km) for other, km in bench.neighbours(here) if other != before]
        if len(steps) != 1:
            break
        before, here = here, steps[0][0]
        back = here if tail_km < _BACK_KM else back
        tail_km += steps[0][1]
        if here == node:
            break
    towards = vectors[node] - vectors[back]
    return _End(node, towards / max(float(np.linalg.norm(towards)), 1e-12), tail_km)


def _nodes_near(bench: _Bench, node: int, radius_km: float) -> tuple[Ints, Floats]:
    """Return the nodes within a distance to which a node may be welded, the nearest first."""
    vectors = bench.base.vectors
    found = np.asarray(bench.base.tree.query_ball_point(vectors[node], km_chord(radius_km)), dtype=np.int64)
    found = found[(found != node) & (bench.base.degree[found] > 0)]
    found = found[bench.may_meet(node, found)]
    km = chord_km(np.linalg.norm(vectors[found] - vectors[node], axis=1))
    order = np.argsort(km, kind="stable")
    return found[order], km[order]


def _touch(bench: _Bench, ends: list[_End]) -> None:
    """Weld ends to adjacent lines, the nearest first: a later end may be connected by then."""
    beside = [(end.node, *_nodes_near(bench, end.node, bench.touch_km)) for end in ends]
    for node, near, km in sorted((row for row in beside if len(row[1])), key=lambda row: (row[2][0], row[0])):
        apart = bench.not_reached(node, near.tolist(), _NEARBY_KM)
        if apart:
            gap = float(km[near.tolist().index(apart[0])])
            bench.weld(gap, node, apart[0], "touching: an end is beside a line not reached nearby")


def _touch_pieces(bench: _Bench) -> None:
    """Weld components that touch but not at an end, at their nearest points."""
    pairs = bench.base.tree.query_pairs(km_chord(bench.touch_km), output_type="ndarray")
    pieces, vectors = bench.base.pieces, bench.base.vectors
    pairs = pairs[pieces[pairs[:, 0]] != pieces[pairs[:, 1]]]
    km = chord_km(np.linalg.norm(vectors[pairs[:, 0]] - vectors[pairs[:, 1]], axis=1))
    joined = {_key(pieces[tail], pieces[head]) for _, tail, head, _ in bench.found}
    for row in np.argsort(km, kind="stable"):
        tail, head = map(int, pairs[row])
        key = _key(pieces[tail], pieces[head])
        if key in joined or not bench.may_meet(tail, np.array([head]))[0]:
            continue
        joined.add(key)
        if bench.not_reached(tail, [head], _NEARBY_KM):
            bench.weld(
                float(km[row]), tail, head, "touching: two components are side by side and not connected elsewhere"
            )


def _meet(bench: _Bench, ends: list[_End]) -> None:
    taken = _nodes(bench)
    loose = {end.node for end in ends if end.node not in taken}
    nearest = {node: _nearest_end(bench, node, loose) for node in loose}
    for node, (other, gap) in nearest.items():
        mutual = node < other and nearest[other][0] == node
        if mutual and bench.not_reached(node, [other], _way_round_km(gap)):
            bench.weld(gap, node, other, "meeting: two ends are side by side and the detour is long")


def _nearest_end(bench: _Bench, node: int, loose: set[int]) -> tuple[int, float]:
    """Return the nearest other end and its distance, -1 if there is none."""
    near, km = _nodes_near(bench, node, MEET_KM)
    ends = ((other, gap) for other, gap in zip(near.tolist(), km.tolist(), strict=True) if other in loose)
    return next(ends, (-1, np.inf))


def _join(bench: _Bench, ends: list[_End]) -> None:
    taken = _nodes(bench)
    for end in ends:
        if end.node in taken:
            continue
        near, km = _nodes_near(bench, end.node, JOIN_KM)
        ahead = (km <= end.tail_km) & _straight(bench, end, near)
        apart = bench.not_reached(end.node, near[ahead].tolist(), _way_round_km(JOIN_KM)) if ahead.any() else []
        if apart:
            gap = float(km[near.tolist().index(apart[0])])
            bench.weld(gap, end.node, apart[0], "joining: an end points at a line not reached nearby")


def _face(bench: _Bench, ends: list[_End]) -> None:
    taken = _nodes(bench)
    loose = {end.node: end for end in ends if end.node not in taken}
    for end in loose.values():
        near, km = _nodes_near(bench, end.node, bench.max_gap_km)
        ahead = _straight(bench, end, near)
        for other, gap in zip(near[ahead].tolist(), km[ahead].tolist(), strict=True):
            if other in loose and other > end.node and _faces(bench, end, loose[other], gap):
                bench.weld(gap, end.node, other, "facing: two ends point straight at each other")
                break


def _faces(bench: _Bench, end: _End, other: _End, gap: float) -> bool:
    if gap > min(end.tail_km, other.tail_km) or not _straight(bench, other, np.array([end.node]))[0]:
        return False
    return bool(bench.not_reached(end.node, [other.node], _way_round_km(gap)))


def _way_round_km(gap: float) -> float:
    """Return the length of a detour up to which the lines count as connected, so there is no gap."""
    return max(_NEARBY_KM, _ROUND * gap)


def _straight(bench: _Bench, end: _End, nodes: Ints) -> Bools:
    """Return which nodes lie ahead of an end."""
    step = bench.base.vectors[nodes] - bench.base.vectors[end.node]
    return np.asarray(step @ end.towards >= _STRAIGHT_COS * np.linalg.norm(step, axis=1))


def _nodes(bench: _Bench) -> set[int]:
    return {node for _, tail, head, _ in bench.found for node in (tail, head)}


def _key(first: Any, second: Any) -> tuple[int, int]:
    return (int(first), int(second)) if first < second else (int(second), int(first))


def _once(found: list[tuple[float, int, int, str]]) -> list[tuple[float, int, int, str]]:
    """Return each weld once, the shortest first."""
    kept: dict[tuple[int, int], tuple[float, int, int, str]] = {}
    for row in sorted(found):
        kept.setdefault(_key(row[1], row[2]), row)
    return list(kept.values())


def _weld(base: LineBase, country_of_node: Sequence[str], row: tuple[float, int, int, str]) -> Weld:
    km, tail, head, why = row
    start, end = base.points([tail, head])
    countries = dict.fromkeys(country_of_node[node] for node in (tail, head))
    return Weld(km, start, end, why, tuple(name for name in countries if name))

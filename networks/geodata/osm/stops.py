"""Stops: stations beside a long straight piece of line get a node on it, so that distance is to the line."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.geodata.bases.line_base import chord_km, distances_km, km_chord, unit_vectors
from landbridge.networks.geodata.osm.ways import TaggedPoint, Ways

CLOSER_KM: Final = 0.25
"""A node is added if the line is nearer than its nearest node by more than this."""

Step = tuple[int, int, float, int]
"""A step of a way: node, node, km, way."""


@dataclass(frozen=True)
class _Stop:
    step: int
    share: float
    point: TaggedPoint


def with_stops(
    ways: Ways, steps: list[Step], points: Sequence[TaggedPoint], *, within_km: float
) -> tuple[Ways, list[Step]]:
    """Return ways with a node where a station is beside the middle of a step, and the steps divided there.

    Parameters
    ----------
    ways
        The ways; nodes are appended, so that existing numbers stay valid.
    steps
        Steps of the lines that the stations serve.
    points
        The stations.
    within_km
        Largest distance of a station from its line.
    """
    if not points or not steps:
        return ways, steps
    stops = _stops(ways, steps, points, within_km)
    if not stops:
        return ways, steps
    by_step: dict[int, list[_Stop]] = defaultdict(list)
    for stop in stops:
        by_step[stop.step].append(stop)
    lon, lat, divided = [], [], []
    for number, step in enumerate(steps):
        before, tail = 0.0, step[0]
        for stop in sorted(by_step.get(number, ()), key=lambda stop: stop.share):
            lon.append(ways.lon[step[0]] + stop.share * (ways.lon[step[1]] - ways.lon[step[0]]))
            lat.append(ways.lat[step[0]] + stop.share * (ways.lat[step[1]] - ways.lat[step[0]]))
            node = len(ways.lon) + len(lon) - 1
            divided.append((tail, node, step[2] * (stop.share - before), step[3]))
            before, tail = stop.share, node
        divided.append((tail, step[1], step[2] * (1.0 - before), step[3]))
    more = replace(
        ways,
        lon=np.concatenate([ways.lon, lon]),
        lat=np.concatenate([ways.lat, lat]),
        node_ids=np.concatenate([ways.node_ids, np.full(len(lon), -1, dtype=np.int64)]),
    )
    return more, divided


def _stops(ways: Ways, steps: list[Step], points: Sequence[TaggedPoint], within_km: float) -> list[_Stop]:
    """Return the stations that are much nearer to a step than to any node."""
    from scipy.spatial import cKDTree

    ends = np.array([step[:2] for step in steps], dtype=np.int64)
    lon, lat = np.array([(point.lon, point.lat) for point in points]).T
    here = unit_vectors(lon, lat)
    nodes = np.unique(ends)
    to_node = chord_km(np.asarray(cKDTree(unit_vectors(ways.lon[nodes], ways.lat[nodes])).query(here)[0]))
    places, of_step = _samples(ways, ends, np.array([step[2] for step in steps]))
    if not len(of_step):
        return []
    near = cKDTree(places).query_ball_point(here, km_chord(within_km + CLOSER_KM))
    found = []
    for number, samples in enumerate(near):
        if samples and to_node[number] > CLOSER_KM:
            chosen = np.unique(of_step[samples])
            km, share = _beside(ways, ends[chosen], points[number])
            best = int(np.argmin(km))
            if km[best] <= within_km and km[best] + CLOSER_KM < to_node[number]:
                found.append(_Stop(int(chosen[best]), float(share[best]), points[number]))
    return found


def _samples(ways: Ways, ends: Ints, km: Floats) -> tuple[Floats, Ints]:
    """Return points along the steps that are long enough to be nearer than their ends, and the step of each."""
    long = np.flatnonzero(km > CLOSER_KM)
    count = np.ceil(km[long] / CLOSER_KM).astype(np.int64)
    of_step = np.repeat(long, count)
    share = (np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + 0.5) / np.repeat(count, count)
    tail, head = unit_vectors(ways.lon, ways.lat)[ends[of_step]].transpose(1, 0, 2)
    chord = tail + share[:, None] * (head - tail)
    return chord / np.linalg.norm(chord, axis=1, keepdims=True), of_step


def _beside(ways: Ways, ends: Ints, point: TaggedPoint) -> tuple[Floats, Floats]:
    """Return the distance of a point from each step in km, and the share of the step that lies before it."""
    east = np.cos(np.radians(point.lat))
    start, end = (
        np.column_stack([(ways.lon[ends[:, side]] - point.lon) * east, ways.lat[ends[:, side]] - point.lat])
        for side in (0, 1)
    )
    step = end - start
    share = np.clip(-(start * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-18), 0.0, 1.0)
    foot = start + share[:, None] * step
    lon, lat = point.lon + foot[:, 0] / east, point.lat + foot[:, 1]
    return distances_km(lon, lat, np.full(len(lon), point.lon), np.full(len(lon), point.lat)), share

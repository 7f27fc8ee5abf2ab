"""Geometry on the sphere: lengths, and the drawn line of a link. Coordinates are (lon, lat) in degrees, WGS 84."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG)."""

_STEP_KM = 100.0
_DECIMALS = 9

Point = tuple[float, float]
"""A point: longitude, latitude."""


def great_circle_km(start: Point, end: Point) -> float:
    """Return the length of the great circle between two points in km (haversine)."""
    lon_1, lat_1, lon_2, lat_2 = map(math.radians, (*start, *end))
    chord = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def line_km(points: list[Point]) -> float:
    """Return the length of a line in km, along great circles."""
    return sum(great_circle_km(*pair) for pair in pairwise(points))


def part_of_line(points: list[Point], start_share: float, end_share: float) -> list[Point]:
    """Return the part of a line between two shares of its length, with ends interpolated on the great circles.

    >>> part_of_line([(0.0, 0.0), (4.0, 0.0)], 0.25, 0.5)
    [(1.0, 0.0), (2.0, 0.0)]
    """
    steps_km = [great_circle_km(*pair) for pair in pairwise(points)]
    total_km = sum(steps_km)
    first_km, last_km = start_share * total_km, end_share * total_km
    part, done_km = [], 0.0
    for (start, end), step_km in zip(pairwise(points), steps_km, strict=True):
        cuts = [cut - done_km for cut in (first_km, last_km) if done_km <= cut <= done_km + step_km and step_km > 0]
        part += [_rounded(_between(start, end, cut / step_km)) for cut in cuts]
        if first_km < done_km + step_km < last_km:
            part.append(end)
        done_km += step_km
    return [point for point, before in zip(part, [None, *part], strict=False) if point != before] or [points[0]]


def _rounded(point: Point) -> Point:
    return round(point[0], _DECIMALS), round(point[1], _DECIMALS)


def densify(points: list[Point], step_km: float = _STEP_KM) -> list[Point]:
    """Return the line with points on the great circles at most `step_km` apart; longitudes continue past 180."""
    line = [points[0]]
    for start, end in pairwise(points):
        pieces = max(1, math.ceil(great_circle_km(start, end) / step_km))
        line += [*(_between(start, end, piece / pieces) for piece in range(1, pieces)), end]
    return unwrapped(line)


def unwrapped(points: Sequence[Point]) -> list[Point]:
    """Return the points with longitudes that continue past 180, so that no step is longer than 180 degrees.

    >>> unwrapped([(179.0, 1.0), (-179.0, 2.0)])
    [(179.0, 1.0), (181.0, 2.0)]
    """
    lon, lat = np.array(points, dtype=np.float64).T
    # Add whole turns, so that no longitude is rounded.
    turns = np.round((np.unwrap(lon, period=360) - lon) / 360)
    return list(zip((lon + 360 * turns).tolist(), lat.tolist(), strict=True))


def _between(start: Point, end: Point, share: float) -> Point:
    """Return the point at a share of the great circle, by interpolation between the two vectors."""
    angle = great_circle_km(start, end) / EARTH_RADIUS_KM
    if angle < 1e-9:
        return start
    weights = (math.sin((1 - share) * angle) / math.sin(angle), math.sin(share * angle) / math.sin(angle))
    vector = [
        weights[0] * first + weights[1] * second for first, second in zip(_vector(start), _vector(end), strict=True)
    ]
    return math.degrees(math.atan2(vector[1], vector[0])), math.degrees(math.atan2(vector[2], math.hypot(*vector[:2])))


def _vector(point: Point) -> tuple[float, float, float]:
    lon, lat = map(math.radians, point)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def to_geometry(points: list[Point]) -> Any:
    """Return the line as a shapely LineString, or a MultiLineString split at 180 degrees (RFC 7946)."""
    from shapely.geometry import LineString, MultiLineString

    parts = split_at_antimeridian(densify(points))
    return LineString(parts[0]) if len(parts) == 1 else MultiLineString(parts)


def geometry_km(geometry: Any) -> float:
    """Return the length of a shapely line in km along great circles."""
    return sum(line_km(list(part.coords)) for part in getattr(geometry, "geoms", [geometry]))


def single_part(geometry: Any) -> Any:
    """Return a line of one part as a LineString: some formats hold only multi-part lines."""
    return geometry.geoms[0] if len(getattr(geometry, "geoms", ())) == 1 else geometry


def reversed_line(line: Any) -> Any:
    """Return a LineString or MultiLineString reversed, with its parts in the order of travel."""
    parts = [part.reverse() for part in getattr(line, "geoms", [line])]
    return parts[0] if len(parts) == 1 else type(line)(parts[::-1])


def split_at_antimeridian(line: list[Point]) -> list[list[Point]]:
    """Cut a line whose longitudes continue past 180 into parts within -180..180."""
    parts: list[list[Point]] = [[line[0]]]
    for before, after in pairwise(line):
        turn = _turn(before[0])
        if _turn(after[0]) != turn:
            edge = 180.0 + 360 * (turn if after[0] > before[0] else turn - 1)
            share = (edge - before[0]) / (after[0] - before[0])
            lat = before[1] + share * (after[1] - before[1])
            parts[-1].append((edge - 360 * turn, lat))
            turn = _turn(after[0])
            parts.append([(edge - 360 * turn, lat)])
        parts[-1].append((after[0] - 360 * turn, after[1]))
    first = 360 * _turn(line[0][0])
    parts[0][0] = (line[0][0] - first, line[0][1])
    # A line that starts or ends on 180 degrees leaves a part with one point repeated.
    return [part for part in parts if len(set(part)) > 1] or parts[:1]


def _turn(lon: float) -> int:
    return math.floor((lon + 180) / 360) if lon != 180 else 0

"""Areas within a distance of points and lines on the sphere, as polygons in WGS 84 cut at 180 degrees (RFC 7946).

A line is cut into pieces, and each piece is buffered in a plane of its own: the azimuthal equidistant projection
centred on it, in which distances from the centre are exact and others too long by at most c/sin(c), c being the angle
from the centre (0.1 % at 500 km). Degrees are never buffered: at 60 north a degree of longitude is half of one of
latitude.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.geometry.sphere import EARTH_RADIUS_KM, Point, great_circle_km, unwrapped

MOST_KM: Final = 1000.0
"""Largest buffer distance in km."""

_PIECE_KM = 500.0
# A straight side in degrees bends away from its great circle by side^2 tan(lat) / 8R: 0.2 km at 75 north.
_SIDE_KM = 50.0
_SIMPLER_BY = 0.02
_POLE = 90.0


def area_around(lines: Iterable[Sequence[Point]], km: float) -> Any:
    """Return the area within a distance of lines and points as a shapely MultiPolygon.

    Parameters
    ----------
    lines
        Each is a sequence of (lon, lat) in degrees, or a single point. Longitudes may continue past 180, and a step of
        more than 180 degrees is taken the short way round.
    km
        The distance. Lines are first simplified with a tolerance of 2 % of it, and arcs are drawn by chords of 11
        degrees.

    Returns
    -------
    shapely.MultiPolygon
        Valid, within -180 to 180 degrees and cut at that meridian; empty if there are no lines.

    Raises
    ------
    QueryError
        If the distance is not above 0 and at most `MOST_KM`, or a pole lies within the area, which a polygon in
        longitude and latitude cannot hold.

    Examples
    --------
    >>> area = area_around([[(60.0, 60.0)]], 50.0)
    >>> west, south, east, north = area.bounds
    >>> round(north - south, 1), round(east - west, 1)
    (0.9, 1.8)
    """
    import shapely

    if not 0 < km <= MOST_KM:
        raise QueryError(f"the distance around lines is {km} km; give one above 0 and at most {MOST_KM:g} km")
    pieces = [piece for line in lines for piece in _pieces(unwrapped(line))]
    if not pieces:
        return shapely.MultiPolygon()
    if max(abs(lat) + math.degrees(km / EARTH_RADIUS_KM) for piece in pieces for _, lat in piece) >= _POLE:
        raise QueryError(
            f"a line is within {km:g} km of a pole, which a polygon in degrees cannot contain; give a smaller distance"
        )
    return _within_world(_buffered(pieces, km))


def _pieces(line: list[Point]) -> Iterable[list[Point]]:
    """Cut a line into pieces of `_PIECE_KM` or a single step, each beginning at the end of the previous one."""
    piece, length_km = [line[0]], 0.0
    for before, after in pairwise(line):
        step_km = great_circle_km(before, after)
        if len(piece) > 1 and length_km + step_km > _PIECE_KM:
            yield piece
            piece, length_km = [before], 0.0
        piece.append(after)
        length_km += step_km
    yield piece


def _buffered(pieces: list[list[Point]], km: float) -> Any:
    """Return the union of the buffers of pieces; longitudes continue past 180 if those of a piece do."""
    import shapely

    count = np.array([len(piece) for piece in pieces])
    of_piece = np.repeat(np.arange(len(pieces)), count)
    lon, lat = np.array([point for piece in pieces for point in piece], dtype=np.float64).T
    middle = np.cumsum(count) - count + count // 2
    centre = np.column_stack([lon[middle], lat[middle]])
    plane = _to_plane(lon, lat, centre[of_piece])
    single = count == 1
    drawn = np.empty(len(pieces), dtype=object)
    drawn[single] = shapely.points(plane[single[of_piece]])
    longer = ~single[of_piece]
    drawn[~single] = shapely.linestrings(plane[longer], indices=np.unique(of_piece[longer], return_inverse=True)[1])
    around = shapely.buffer(shapely.simplify(drawn, _SIMPLER_BY * km), km, quad_segs=8)
    around = shapely.segmentize(around, _SIDE_KM)
    corners, owner = shapely.get_coordinates(shapely.get_exterior_ring(around), return_index=True)
    holes = [shapely.get_interior_ring(shape, number) for shape in around for number in range(_holes(shape))]
    of_hole = np.repeat(np.arange(len(around)), shapely.get_num_interior_rings(around))
    shells = shapely.polygons(shapely.linearrings(_to_sphere(corners, centre[owner]), indices=owner))
    if holes:
        cut, hole = shapely.get_coordinates(holes, return_index=True)
        rings = shapely.polygons(shapely.linearrings(_to_sphere(cut, centre[of_hole[hole]]), indices=hole))
        for number, ring in zip(of_hole, rings, strict=True):
            shells[number] = shapely.difference(shells[number], ring)
    return shapely.union_all(shapely.make_valid(shells))


def _holes(shape: Any) -> int:
    return len(shape.interiors)


def _to_plane(lon: Floats, lat: Floats, centre: Floats) -> Floats:
    """Project points to km east and north of centres, azimuthal equidistant on the sphere (Snyder 1987, p. 195)."""
    east, north = np.radians(lon - centre[:, 0]), np.radians(lat)
    base = np.radians(centre[:, 1])
    cosine = np.sin(base) * np.sin(north) + np.cos(base) * np.cos(north) * np.cos(east)
    x = np.cos(north) * np.sin(east)
    y = np.cos(base) * np.sin(north) - np.sin(base) * np.cos(north) * np.cos(east)
    # By the tangent, since the arc cosine loses half of the digits near the centre.
    sine = np.hypot(x, y)
    scale = EARTH_RADIUS_KM * np.where(sine > 0, np.arctan2(sine, cosine) / np.where(sine > 0, sine, 1.0), 1.0)
    return np.column_stack([scale * x, scale * y])


def _to_sphere(plane: Floats, centre: Floats) -> Floats:
    """Return the (lon, lat) of points in km east and north of centres; longitudes continue from the centres'."""
    distance = np.hypot(plane[:, 0], plane[:, 1])
    angle = distance / EARTH_RADIUS_KM
    base = np.radians(centre[:, 1])
    share = np.divide(plane, np.where(distance > 0, distance, 1.0)[:, None])
    sine = np.cos(angle) * np.sin(base) + share[:, 1] * np.sin(angle) * np.cos(base)
    east = np.arctan2(
        share[:, 0] * np.sin(angle),
        np.cos(base) * np.cos(angle) - share[:, 1] * np.sin(base) * np.sin(angle),
    )
    return np.column_stack([centre[:, 0] + np.degrees(east), np.degrees(np.arcsin(np.clip(sine, -1, 1)))])


def _within_world(area: Any) -> Any:
    """Cut an area whose longitudes continue past 180 at that meridian, and join it within -180..180."""
    import shapely

    west, _, east, _ = area.bounds
    turns = range(math.floor((west + 180) / 360), math.ceil((east - 180) / 360) + 1)
    parts = [
        shapely.transform(
            shapely.intersection(area, shapely.box(360 * turn - 180, -_POLE, 360 * turn + 180, _POLE)),
            lambda points, turn=turn: points - [360 * turn, 0],
        )
        for turn in turns
    ]
    joined = shapely.union_all(parts)
    polygons = [part for part in getattr(joined, "geoms", [joined]) if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(polygons)

"""Land and sea: how much of a straight line lies over the sea.

The coast is Natural Earth's at 1:10 million, with an accuracy of some 0.5 km; straits such as the Bosporus are in it,
lakes and rivers are not. Its file is `land-10m.json` of world-atlas 2.0.2, a TopoJSON document, compressed.
"""

import gzip
import json
from functools import cache
from itertools import chain
from typing import Any, Final

import numpy as np

from landbridge.data import DATA_DIR
from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.geometry.sphere import Point, great_circle_km

LAND_FILE: Final = "land.json.gz"
"""File of the land, in the folder of the bundled data."""

PORT_KM: Final = 5.0
"""Greatest distance from the coast at which a port, or a point in it, may lie."""

ACCURACY_KM: Final = 0.5
"""Accuracy of the coast."""

_SAMPLE_KM = 0.05
_KM_A_DEGREE = 111.2
_OBLIQUE = 4  # a line that leaves a quay along the coast reaches the land after several times the distance


def sea_km(start: Point, end: Point) -> float:
    """Return the length in km of a line over the sea; the line is straight in degrees and short.

    Parameters
    ----------
    start, end
        Points (lon, lat).

    Examples
    --------
    >>> round(sea_km((28.976, 41.013), (29.018, 40.997)), 1)  # across the Bosporus, 4 km
    2.5
    >>> sea_km((71.0, 51.0), (71.1, 51.0))
    0.0
    """
    return float((~_on_land(start, end)).mean() * great_circle_km(start, end))


def crosses_sea(start: Point, end: Point) -> bool:
    """Return whether a line crosses the sea from land to land, or from farther off the coast than ports are built.

    Parameters
    ----------
    start, end
        Points (lon, lat); the line is straight in degrees and short. Either may lie up to `PORT_KM` off the coast, on
        a mole or on new land; between them, water as wide as the coast is accurate does not count.

    Examples
    --------
    >>> crosses_sea((28.976, 41.013), (29.018, 40.997))  # the Bosporus
    True
    >>> crosses_sea((28.976, 41.013), (28.9, 41.05))
    False
    """
    on_land = _on_land(start, end)
    dry = np.flatnonzero(on_land)
    if len(dry) == 0:
        return great_circle_km(start, end) > PORT_KM
    between_km = (np.diff(dry) - 1).sum() * _SAMPLE_KM
    off_coast = (start, dry[0]), (end, len(on_land) - 1 - dry[-1])
    return bool(between_km > ACCURACY_KM or any(run * _SAMPLE_KM > _port_km(at) for at, run in off_coast))


def _port_km(point: Point) -> float:
    """Return how far a line may run over water from a point off the coast: to the land beside it, not to another."""
    import shapely

    land, tree = _land()
    at = shapely.Point(point)
    off_km = float(shapely.distance(at, land[tree.nearest(at)])) * _KM_A_DEGREE
    return min(PORT_KM, _OBLIQUE * off_km + ACCURACY_KM)


def _on_land(start: Point, end: Point) -> Bools:
    """Return which samples of a line from start to end lie on land."""
    import shapely

    km = great_circle_km(start, end)
    along = np.linspace(0.0, 1.0, int(km / _SAMPLE_KM) + 2)[:, None]
    points = shapely.points(np.array(start) + along * (np.array(end) - np.array(start)))
    land, tree = _land()
    dry = np.zeros(len(points), dtype=bool)
    for polygon in land[tree.query(shapely.LineString([start, end]))]:
        dry |= shapely.covers(polygon, points)
    return dry


@cache
def _land() -> tuple[Any, Any]:
    """Return the polygons of the land, prepared, and their index."""
    import shapely

    land = land_polygons()
    shapely.prepare(land)
    return land, shapely.STRtree(land)


def land_polygons() -> Any:
    """Return the land as an array of shapely polygons in WGS 84."""
    import shapely

    with gzip.open(DATA_DIR / LAND_FILE, "rt", encoding="utf-8") as file:
        topology = json.load(file)
    arcs = _arcs(topology)
    parts = chain.from_iterable(
        shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for shape in topology["objects"]["land"]["geometries"]
    )
    return np.array([shapely.Polygon(*_rings(arcs, part)) for part in parts])


def _arcs(topology: Any) -> list[Floats]:
    """Return the arcs in degrees: they are stored as steps on a grid."""
    scale, origin = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + origin for arc in topology["arcs"]]


def _rings(arcs: list[Floats], part: list[list[int]]) -> tuple[Floats, list[Floats]]:
    """Return the outer ring and the holes of a polygon; a negative number is the complement of an arc run backwards."""
    rings = []
    for numbers in part:
        pieces = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        rings.append(np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])]))
    return rings[0], rings[1:]

"""The land of the maps: the coast simplified for screens, within the region of the corridors.

It is for looking at only; what lies on land or sea is asked of `land`. Run as a module, it writes the file of the
bundled data.
"""

import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.data import DATA_DIR
from landbridge.networks.files import replacing
from landbridge.networks.geodata.bases.land import land_polygons
from landbridge.networks.programs import ended

BASE_MAP_FILE: Final = "base_map.fgb"
"""File of the base map, in the folder of the bundled data."""

_REGION: Final = ((-32.0, -42.0, 180.0, 84.0), (-180.0, 50.0, -150.0, 84.0))
"""West, south, east and north of the parts shown: from the Cape and the Atlantic to the Bering Strait."""

_TOLERANCE_DEGREES = 0.05
_LEAST_DEGREES2 = 0.02
"""Smaller islands are left out; the Bosporus and the Kerch Strait stay open."""


def base_map() -> list[Any]:
    """Return the land as shapely polygons in WGS 84, the largest first."""
    import shapely

    whole = shapely.make_valid([_unwrapped(polygon) for polygon in land_polygons()])
    coarse = shapely.make_valid(shapely.simplify(whole, _TOLERANCE_DEGREES))
    parts = [
        part
        for west, south, east, north in _REGION
        for turn in (-360.0, 0.0, 360.0)
        for shape in shapely.intersection(_moved(coarse, turn), shapely.box(west, south, east, north))
        for part in shapely.get_parts(shape)
    ]
    polygons = [part for part in parts if part.geom_type == "Polygon" and part.area > _LEAST_DEGREES2]
    return sorted(polygons, key=lambda polygon: -polygon.area)


def _unwrapped(polygon: Any) -> Any:
    """Return a polygon whose outline does not jump at 180 degrees."""
    import shapely

    def unwrap(points: Any) -> Any:
        return np.column_stack([np.unwrap(points[:, 0], period=360), points[:, 1]])

    shell, *holes = (unwrap(shapely.get_coordinates(ring)) for ring in (polygon.exterior, *polygon.interiors))
    west = shell[:, 0].min()
    inside = [np.add(hole, (360 * np.ceil((west - hole[:, 0].min()) / 360), 0)) for hole in holes]
    return shapely.Polygon(shell, inside)


def _moved(shapes: Any, degrees: float) -> Any:
    import shapely

    return shapely.transform(shapes, lambda points: np.add(points, (degrees, 0.0)))


def write_base_map(path: Path) -> None:
    """Write the base map as FlatGeobuf."""
    import pyogrio.raw
    import shapely

    with replacing(path) as temporary:
        pyogrio.raw.write(
            str(temporary),
            shapely.to_wkb(np.array(base_map())),
            [],
            [],
            driver="FlatGeobuf",
            geometry_type="Polygon",
            crs="EPSG:4326",
            layer_options={"SPATIAL_INDEX": "NO"},
        )


if __name__ == "__main__":
    sys.exit(ended("base map", lambda: write_base_map(DATA_DIR / BASE_MAP_FILE)))

"""Lines of links in a FlatGeobuf file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landbridge.networks.errors import DataError
from landbridge.networks.geometry.sphere import Point, single_part, split_at_antimeridian, unwrapped

_LINES = (1, 5)  # shapely's numbers of LineString and MultiLineString
_MAGIC = b"fgb\x03fgb"
_CURE = "restore the file, or delete it: links are then drawn through their waypoints (bundled data: run `make data`)"
_WGS84 = (None, "EPSG:4326", "OGC:CRS84")
_SIMPLIFY_DEGREES = 0.0008  # below the 0.001 to which the base map is rounded


_DECIMALS = 4


def simplified(points: Sequence[Point]) -> Any:
    """Return the line as a shapely geometry with 4 decimals, simplified within the precision of the base map.

    It is split at 180 degrees as RFC 7946 requires.
    """
    from shapely import set_precision
    from shapely.geometry import LineString, MultiLineString

    rounded = [(round(lon, _DECIMALS), round(lat, _DECIMALS)) for lon, lat in unwrapped(points)]
    line = LineString(rounded if len(rounded) > 1 else rounded * 2).simplify(_SIMPLIFY_DEGREES)
    parts = split_at_antimeridian([(float(x), float(y)) for x, y in line.coords])
    shape = LineString(parts[0]) if len(parts) == 1 else MultiLineString(parts)
    return set_precision(shape, 0)


def read_geometry(path: Path) -> dict[str, Any]:
    """Return the shapely line of each link in a FlatGeobuf file, in the order of the file.

    Raises
    ------
    DataError
        If the file is no FlatGeobuf, is damaged, or has something else than one line on the Earth for each link.
    """
    import pyogrio
    import shapely

    # GDAL recognises a file by its content, which may refer to any other file or to an address.
    content = path.read_bytes()
    if not content.startswith(_MAGIC):
        raise DataError(f"{path} is not a FlatGeobuf file; {_CURE}")
    try:
        count = pyogrio.read_info(content)["features"]
        meta, _, shapes, columns = pyogrio.raw.read(content, columns=["link"])
        lines = shapely.force_2d(shapely.from_wkb(shapes))
    except (RuntimeError, ValueError, TypeError, LookupError, shapely.errors.ShapelyError) as error:
        raise DataError(f"{path} is damaged ({error}); {_CURE}") from error
    if len(lines) != count:
        raise DataError(f"{path} is damaged (it has {len(lines)} of {count} features); {_CURE}")
    links = columns[0].tolist() if len(columns) else []
    problem = _problem_of(meta["crs"], links, lines)
    if problem:
        raise DataError(f"{path}: {problem}; {_CURE}")
    return dict(zip(links, map(single_part, lines), strict=True))


def _problem_of(crs: str | None, links: Sequence[Any], lines: Any) -> str:
    """Return what is wrong with the lines of links, empty if nothing."""
    import shapely

    if crs not in _WGS84:
        return f"its coordinates are of {crs[:60]}, not of WGS 84"
    if len(links) != len(lines) or not all(isinstance(link, str) for link in links):
        return "it has no column of texts named link"
    if len(set(links)) < len(links):
        twice = next(link for number, link in enumerate(links) if link in links[:number])
        return f"it has the link {twice!r} twice"
    is_line = np.isin(shapely.get_type_id(lines), _LINES) & ~shapely.is_empty(lines)
    west, south, east, north = shapely.bounds(lines).reshape(-1, 4).T
    # Comparisons with NaN are false.
    is_right = is_line & (west >= -180) & (south >= -90) & (east <= 180) & (north <= 90)
    return "" if is_right.all() else f"the geometry of {links[int(np.argmin(is_right))]!r} is not a line on the Earth"

"""Lines of links in a FlatGeobuf file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landbridge.networks.errors import DataError
from landbridge.networks.geometry.sphere import Point, single_part, split_at_antimeridian, unwrapped

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
    """Return the shapely line of each link in a file written by `write_geometry`.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    import pyogrio
    import shapely

    try:
        _, _, shapes, columns = pyogrio.raw.read(str(path), columns=["link"])
    except pyogrio.errors.DataSourceError as error:
        raise DataError(f"{path} cannot be read ({error}); run `make data`") from error
    return dict(zip(columns[0].tolist(), map(single_part, shapely.from_wkb(shapes)), strict=True))

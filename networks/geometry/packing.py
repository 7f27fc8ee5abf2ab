"""Compact lines: differences of coordinates with 6 decimals, as in GeoJSON, compressed."""

import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from landbridge.networks.geometry.geojson import COORDINATE_PRECISION

_SCALE: Final = 10**COORDINATE_PRECISION


def pack_lines(lines: Sequence[Any]) -> bytes:
    """Return shapely lines (including multi-part lines) as bytes; `unpack_lines` restores them to 6 decimals.

    Examples
    --------
    >>> from shapely.geometry import LineString
    >>> unpack_lines(pack_lines([LineString([(76.9, 43.2), (49.85, 40.4)])]))[0].wkt
    'LINESTRING (76.9 43.2, 49.85 40.4)'
    """
    parts = [[np.asarray(part.coords)[:, :2] for part in getattr(line, "geoms", [line])] for line in lines]
    # The number of parts of each line, the number of points of each part, and the points.
    sizes = [len(lines), *map(len, parts), *(len(part) for line in parts for part in line)]
    points = np.concatenate([part for line in parts for part in line]) if lines else np.empty((0, 2))
    steps = np.diff(np.rint(points * _SCALE).astype(np.int32), axis=0, prepend=np.zeros((1, 2), np.int32))
    return zlib.compress(np.array([len(sizes), *sizes], dtype=np.int32).tobytes() + steps.tobytes(), 9)


def unpack_lines(packed: bytes) -> list[Any]:
    """Return the shapely lines packed by `pack_lines`."""
    from shapely.geometry import LineString, MultiLineString

    numbers = np.frombuffer(zlib.decompress(packed), dtype=np.int32)
    count, *sizes = numbers[1 : numbers[0] + 1].tolist()
    points = numbers[numbers[0] + 1 :].reshape(-1, 2).cumsum(axis=0, dtype=np.int32) / _SCALE
    ends = np.cumsum([0, *sizes[count:]]).tolist()
    parts = (LineString(points[start:end]) for start, end in pairwise(ends))
    lines = [[next(parts) for _ in range(size)] for size in sizes[:count]]
    return [line[0] if len(line) == 1 else MultiLineString(line) for line in lines]

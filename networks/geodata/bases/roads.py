"""Road lengths of the first and last mile, on the highways of `scgraph_data` if it is installed."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.errors import NotInstalledError
from landbridge.networks.geometry.sphere import Point

# Base maps are imported in the functions: every search imports this module, but only queries by point need roads.
if TYPE_CHECKING:
    from landbridge.networks.arrays import Floats
    from landbridge.networks.geodata.bases.line_base import LineBase

OFF_ROAD_KM: Final = 25.0
"""Largest distance from a point to a main road to which it is connected."""

_MARGIN_DEGREES = 0.5
_KM_A_DEGREE = 111.2


@lru_cache(maxsize=1)
def highways() -> "LineBase | None":
    """Return the base map of main roads, None if the package that contains it is not installed.

    Raises
    ------
    DataError
        If the package is damaged.
    """
    from landbridge.networks.geodata.bases.railways import HIGHWAYS, rail_base

    try:
        return rail_base(HIGHWAYS)
    except NotInstalledError:
        return None


def country_at(point: Point) -> str | None:
    """Return the country of a point (ISO 3166 alpha-2), None at sea or if the borders are not installed."""
    from landbridge.networks.geodata.bases.gauges import countries_at

    try:
        return str(countries_at(np.array([point[0]]), np.array([point[1]]))[0]) or None
    except NotInstalledError:
        return None


def road_lengths_km(
    point: Point, ends: Sequence[Point], *, base: "LineBase | None", limit_km: float
) -> "Floats | None":
    """Return the road length in km from a point to each end, infinite if there is no road within the limit.

    The stretches from the point and from each end to the nearest main road are straight lines.

    Parameters
    ----------
    base
        Main roads as `highways` returns them.

    Returns
    -------
    array or None
        Shape (ends,); None if there is no base map.
    """
    from scipy.sparse.csgraph import dijkstra

    from landbridge.networks.geodata.bases.splitting import split_at

    if base is None:
        return None
    nowhere = np.full(len(ends), np.inf)
    if base.nearest([point])[1][0] > limit_km:
        return nowhere
    reach = limit_km / _KM_A_DEGREE + _MARGIN_DEGREES
    wide = reach / max(0.2, float(np.cos(np.radians(point[1]))))
    part, _ = base.crop((point[0] - wide, point[1] - reach, point[0] + wide, point[1] + reach))
    part = split_at(part, [point, *ends])
    nodes, off_km = part.nearest([point, *ends])
    if off_km[0] > OFF_ROAD_KM:
        return nowhere
    km = np.asarray(dijkstra(part.matrix, indices=np.asarray(nodes[0]), limit=limit_km), dtype=np.float64)[nodes[1:]]
    return np.where(off_km[1:] <= OFF_ROAD_KM, km + off_km[0] + off_km[1:], np.inf)

"""Road lengths of the first and last mile, on the highways of `scgraph_data` if it is installed."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from landbridge.networks.errors import NotInstalledError
from landbridge.networks.geodata.bases.land import crosses_sea
from landbridge.networks.geometry.sphere import Point, great_circle_km

# Base maps are imported in the functions: every search imports this module, but only queries by point need roads.
if TYPE_CHECKING:
    from landbridge.networks.arrays import Bools, Floats, Ints
    from landbridge.networks.geodata.bases.line_base import LineBase

OFF_ROAD_KM: Final = 25.0
"""Largest distance from a point to a main road to which it is connected."""

_AT_ROAD_KM = 1.0
_BORDER_STEP_KM = 1.0
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


def crosses_border(start: Point, end: Point, country: str) -> bool:
    """Return whether a straight line between places in a country leaves it; False if borders are not installed."""
    steps = np.linspace(0.0, 1.0, int(great_circle_km(start, end) / _BORDER_STEP_KM) + 2)[1:-1, None]
    lon, lat = (np.array(start) + steps * (np.array(end) - np.array(start))).T
    return bool(_is_abroad(lon, lat, country).any())


def road_lengths_km(
    point: Point, ends: Sequence[Point], *, base: "LineBase | None", limit_km: float, country: str | None = None
) -> "Floats | None":
    """Return the road length in km from a point to each end, infinite if there is no road within the limit.

    The stretches from the point and from each end to the nearest main road are straight lines over land.

    Parameters
    ----------
    base
        Main roads as `highways` returns them.
    country
        The country to stay in, if borders are installed.

    Returns
    -------
    array or None
        Shape (ends,); None if there is no base map.
    """
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
    km, passed = _lengths(part, [point, *ends], limit_km)
    if country is None or not _is_abroad(part.lon[passed], part.lat[passed], country).any():
        return km
    # Only now, since finding the countries of all nodes takes longer than all the rest.
    home = ~_is_abroad(part.lon, part.lat, country)
    return _lengths(part.keep(home[part.tail] & home[part.head]), [point, *ends], limit_km, np.flatnonzero(home))[0]


def _lengths(
    base: "LineBase", points: Sequence[Point], limit_km: float, among: "Ints | None" = None
) -> "tuple[Floats, Ints]":
    """Return the road length from the first point to each other, and the nodes on the ways there."""
    from scipy.sparse.csgraph import dijkstra

    nowhere = np.full(len(points) - 1, np.inf), np.zeros(0, dtype=np.int64)
    if among is not None and len(among) == 0:
        return nowhere
    nodes, off_km = base.nearest(points, among)
    joined = off_km <= OFF_ROAD_KM
    for number in np.flatnonzero(joined & (off_km > _AT_ROAD_KM)).tolist():
        joined[number] = not crosses_sea(points[number], base.points(nodes[[number]])[0])
    if not joined[0]:
        return nowhere
    km, before = dijkstra(base.matrix, indices=np.asarray(nodes[0]), limit=limit_km, return_predecessors=True)
    reached = np.isfinite(km[nodes[1:]]) & joined[1:]
    passed, at = set[int](), nodes[1:][reached]
    while len(at):
        passed.update(at.tolist())
        at = np.unique(before[at[at != nodes[0]]])
    lengths = np.where(reached, km[nodes[1:]] + off_km[0] + off_km[1:], np.inf)
    return lengths, np.array(sorted(passed), dtype=np.int64)


def _is_abroad(lon: "Floats", lat: "Floats", country: str) -> "Bools":
    """Return which points lie in another country, none if the borders are not installed."""
    from landbridge.networks.geodata.bases.gauges import countries_at

    try:
        return ~np.isin(countries_at(lon, lat), ["", country])
    except NotInstalledError:
        return np.zeros(len(lon), dtype=np.bool_)

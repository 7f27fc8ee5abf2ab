"""Country and gauge of each piece of rail, and the pieces near borders for which neither is known.

Tags take precedence. Elsewhere the gauge follows from the country, by the table `data/rail_gauges.csv` with its
documented exceptions. Borders are derived from the time zones of the package `tzfpy`, which contains the borders of
OpenStreetMap to within 111 m: each zone lies in one country.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landbridge.data import DATA_DIR
from landbridge.networks.arrays import Bools, Floats, Indices
from landbridge.networks.errors import NotInstalledError, extra_cure
from landbridge.networks.geodata.bases.line_base import LineBase, near_points
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.tables.csv_rows import made_of_rows

GAUGES_FILE: Final = "rail_gauges.csv"
"""Table of the main gauge of each country and of the exceptions, in the folder of the bundled data."""

STATION_KM: Final = 30.0
"""Distance of a listed border station within which it determines a piece."""


@dataclass(frozen=True)
class GaugeRule:
    """Gauge of a country, or of a box (west, south, east, north) in it."""

    country: str
    gauge: int
    box: tuple[float, float, float, float] | None
    note: str

    def holds(self, lon: Floats, lat: Floats) -> Bools:
        """Return a mask of the points in the box of the rule."""
        if self.box is None:
            return np.ones(len(lon), dtype=bool)
        west, south, east, north = self.box
        return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


@dataclass(frozen=True, order=True)
class Unsettled:
    """A piece of line within 30 km of a border that no listed station determines."""

    countries: tuple[str, ...]
    point: Point
    km: float
    gauges: tuple[int, ...]


def countries_at(lon: Floats, lat: Floats) -> NDArray[Any]:
    """Return the ISO 3166 alpha-2 code of the country at each point, blank at sea.

    Raises
    ------
    NotInstalledError
        If the package with the borders is missing.
    """
    try:
        from tzfpy import get_tz
    except ImportError as error:
        raise NotInstalledError(f"borders need the package tzfpy; {extra_cure('geodata')}") from error
    codes = country_of_zone()
    zones = (get_tz(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True))
    return np.array([codes.get(zone, "") for zone in zones], dtype="U2")


@cache
def country_of_zone() -> dict[str, str]:
    """Return the country of each IANA time zone, from the table `zone.tab` of the package tzdata."""
    from importlib.resources import files

    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def read_gauges(path: Path | None = None) -> list[GaugeRule]:
    """Read the gauges of countries and the exceptions; later rows take precedence."""
    return made_of_rows(
        path or DATA_DIR / GAUGES_FILE,
        lambda row: GaugeRule(row["country"], int(row["gauge"]), _box(row["box"]), row["note"]),
        "give a country, its gauge in mm and, for a part of it, a box 'west south east north'",
    )


def gauges_at(lon: Floats, lat: Floats, country: NDArray[Any], rules: Sequence[GaugeRule]) -> Indices:
    """Return the gauge in mm at each point by country and exceptions, 0 if no rule applies."""
    gauge = np.zeros(len(lon), dtype=np.int32)
    for rule in rules:
        gauge[(country == rule.country) & rule.holds(lon, lat)] = rule.gauge
    return gauge


def settle(base: LineBase, rules: Sequence[GaugeRule] | None = None) -> tuple[LineBase, NDArray[Any], Indices]:
    """Return the base with gauge and country of each edge, and country and gauge of each node.

    An edge that already has a gauge (from tags) keeps it. An edge is assigned the country of its ends if they agree; an
    edge across a border has none, and no gauge unless both sides have the same.
    """
    country = countries_at(base.lon, base.lat)
    gauge = gauges_at(base.lon, base.lat, country, read_gauges() if rules is None else rules)
    names, index = np.unique(country, return_inverse=True)
    index = np.where(country == "", -1, index).astype(np.int32)
    within = index[base.tail] == index[base.head]
    by_country = np.where(gauge[base.tail] == gauge[base.head], gauge[base.tail], 0).astype(np.int32)
    tagged = base.gauge if base.gauge is not None else np.zeros(base.edge_count, dtype=np.int32)
    settled = replace(
        base,
        gauge=np.where(tagged > 0, tagged, by_country).astype(np.int32),
        country=np.where(within, index[base.tail], -1).astype(np.int32),
        countries=tuple(names.tolist()),
    )
    return settled, country, gauge


def border_crossings(
    base: LineBase, country: NDArray[Any], gauge: Indices, stations: Sequence[Point]
) -> list[Unsettled]:
    """Return the edges that cross a border with no listed border station within `STATION_KM`."""
    tail, head = base.tail, base.head
    passes = (country[tail] != country[head]) & (country[tail] != "") & (country[head] != "")
    near = near_points(base, stations, STATION_KM)
    loose = np.flatnonzero(passes & ~near[tail] & ~near[head])
    return sorted(
        Unsettled(
            tuple(sorted({str(country[tail[edge]]), str(country[head[edge]])})),
            base.points([tail[edge]])[0],
            float(base.km[edge]),
            tuple(sorted({int(gauge[tail[edge]]), int(gauge[head[edge]])})),
        )
        for edge in loose
    )


def _box(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    west, south, east, north = map(float, text.split())
    return west, south, east, north

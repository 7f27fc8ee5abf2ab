"""Legs as layers and rows: a line for each haul, a point for each operation and wait, a row for each leg."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from landbridge.networks.geometry.geojson import feature
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.output.layers import Feature
from landbridge.routing.output.palette import CORRIDORS, MODES, STOPS
from landbridge.routing.output.styles import line_style, point_style

LEG_STYLE: Final = partial(line_style, "mode", MODES)
# Area by mean time: a stop of a day has a diameter of 4 mm; the minimum size is visible.
STOP_STYLE: Final = partial(point_style, "stop", STOPS, size=f'max(1.5, min(14, 4 * sqrt("time_mean_h" / {DAY_H:g})))')
ITINERARY_STYLE: Final = partial(line_style, "corridor", CORRIDORS, width="0.8")


class Stop(NamedTuple):
    """A place of an itinerary: its name, coordinates and country (None at sea)."""

    label: str
    lon: float
    lat: float
    country: str | None


def haul_features(legs: Iterable[Leg], lines: Sequence[Any], common: Mapping[str, Any]) -> list[Feature]:
    """Return a line feature for each haul, in the direction of travel.

    Parameters
    ----------
    legs
        All legs of an itinerary.
    lines
        Line of each haul.
    common
        Properties common to all legs.
    """
    hauls = [row for leg, row in zip(legs, leg_rows(legs, common), strict=True) if leg.kind == "haul"]
    return [feature(line, row) for line, row in zip(lines, hauls, strict=True)]


def stop_features(legs: Iterable[Leg], stops: Mapping[str, Stop], common: Mapping[str, Any]) -> list[Feature]:
    """Return a point feature for each operation and wait."""
    from shapely.geometry import Point

    return [
        feature(Point(stops[leg.start].lon, stops[leg.start].lat), row | {"stop": leg.operation or leg.kind})
        for leg, row in zip(legs, leg_rows(legs, common), strict=True)
        if leg.kind != "haul"
    ]


def whole_feature(lines: Iterable[Any], properties: Mapping[str, Any]) -> Feature:
    """Return one MultiLineString of all lines."""
    from shapely.geometry import MultiLineString

    return feature(MultiLineString([part for line in lines for part in getattr(line, "geoms", [line])]), {**properties})


def leg_rows(legs: Iterable[Leg], common: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row of scalars for each leg, numbered from 1."""
    return [{**common, "leg": number, **_columns(leg)} for number, leg in enumerate(legs, start=1)]


def _columns(leg: Leg) -> dict[str, Any]:
    time = leg.time.summary
    return {
        "kind": leg.kind,
        "mode": leg.mode,
        "operation": leg.operation,
        "name": leg.name,
        "from_place": leg.start,
        "to_place": leg.end,
        "distance_km": leg.distance_km,
        "time_mean_h": time.mean_h,
        "time_p10_h": time.p10_h,
        "time_p50_h": time.p50_h,
        "time_p90_h": time.p90_h,
        "cost_usd": leg.cost_usd,
        "inventory_usd": leg.inventory_usd,
        "co2e_kg": leg.co2e_kg,
        "gauge_mm": leg.gauges[1],
        "gauge_change": leg.changes_gauge,
        "sources": ";".join(leg.sources),
    }

"""Legs as layers and rows: a line for each haul, a point for each operation and wait, a row for each leg."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from landbridge.networks.geometry.geojson import feature
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.leg import Leg, iso_text
from landbridge.routing.output.layers import Feature, Layer, fields
from landbridge.routing.output.palette import CORRIDORS, MODES, STOPS
from landbridge.routing.output.styles import line_style, point_style

_LEG_FIELDS = """
itinerary_id corridor leg:integer kind mode operation name from_place to_place distance_km:number time_mean_h:number
time_p10_h:number time_p50_h:number time_p90_h:number cost_usd:number inventory_usd:number co2e_kg:number
gauge_mm:integer gauge_change:boolean sources depart:moment arrive:moment
"""
LEGS: Final = Layer("legs", "Hauls by mode", "line", fields(_LEG_FIELDS), partial(line_style, "mode", MODES))
STOP_LAYER: Final = Layer(
    "operations",
    "Operations and waits (area: mean time)",
    "point",
    fields(f"{_LEG_FIELDS} stop place_name place_name_local label symbol"),
    # Area by mean time: a stop of a day has a diameter of 3 mm; the minimum size is visible.
    partial(
        point_style,
        "symbol",
        STOPS,
        size=f'max(1.5, min(10, 3 * sqrt("time_mean_h" / {DAY_H:g})))',
        last='"time_mean_h"',
        labels='"label"',
        weight='min(10, "time_mean_h" / 12)',
    ),
)
_COST_ITEMS = ("freight", "handling", "border", "gauge", "equipment", "storage", "insurance", "subsidy")
_ITINERARY_FIELDS = (
    """
rank:integer itinerary_id corridor seasonal:boolean depart:moment arrive:moment time_mean_h:number time_sd_h:number
time_p10_h:number time_p50_h:number time_p90_h:number transit_p50_h:number cost_usd:number cost_usd_per_teu:number
inventory_usd:number generalised_cost_usd:number reliability_usd:number co2e_kg:number distance_km:number
border_crossings:integer gauge_changes:integer transshipments:integer bottleneck_place bottleneck_operation
bottleneck_mean_h:number tags route_line chance_in_time:number notes cost_usd_per_container:number
"""
    + " ".join(f"{item}_usd{of}:number" for of in ("", "_per_teu", "_per_container") for item in _COST_ITEMS)
    + " cost_p10_usd:number cost_p90_usd:number transit_p10_h:number transit_p90_h:number"
    + " lane:integer lanes:integer label"
)
_SQUEEZED = 'max(0.4, min(1, 8 / "lanes"))'  # so that many lines beside each other stay a bundle
_WIDTH = f'if("rank" = 1, 1.6, 1.0 * {_SQUEEZED})'
_OFFSET = f'if("lane" = 0, 0, {_SQUEEZED} * (1.1 * "lane" + if("lane" < 0, -0.3, 0.3)))'
ITINERARIES: Final = Layer(
    "itineraries",
    "Itineraries by corridor (wide: the first)",
    "line",
    fields(_ITINERARY_FIELDS),
    partial(line_style, "corridor", CORRIDORS, width=_WIDTH, offset=_OFFSET, last='"rank"', labels='"label"'),
)


class Stop(NamedTuple):
    """A place of an itinerary: its name, coordinates, country (None at sea), and name in the script of the country."""

    label: str
    lon: float
    lat: float
    country: str | None
    local: str | None = None


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
        feature(
            Point(stops[leg.start].lon, stops[leg.start].lat),
            row
            | {
                "stop": leg.operation or leg.kind,
                "symbol": "gauge_change" if leg.changes_gauge else leg.operation or leg.kind,
                "place_name": stops[leg.start].label,
                "place_name_local": stops[leg.start].local,
            },
        )
        for leg, row in zip(legs, leg_rows(legs, common), strict=True)
        if leg.kind != "haul"
    ]


def with_labels(stops: Iterable[Feature]) -> list[Feature]:
    """Return operations and waits with the name of the place at the longest of each place, so that it is shown once."""
    found = list(stops)
    longest: dict[str, Feature] = {}
    for item in sorted(found, key=lambda item: item["properties"]["time_mean_h"]):
        longest[item["properties"]["from_place"]] = item
    for item in longest.values():
        item["properties"]["label"] = item["properties"]["place_name"]
    return found


def whole_feature(lines: Iterable[Any], properties: Mapping[str, Any]) -> Feature:
    """Return one MultiLineString of all lines."""
    from shapely.geometry import MultiLineString

    return feature(MultiLineString([part for line in lines for part in getattr(line, "geoms", [line])]), {**properties})


def leg_rows(legs: Iterable[Leg], common: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row of scalars for each leg, numbered from 1."""
    return [{**common, "leg": number, **_columns(leg)} for number, leg in enumerate(legs, start=1)]


def _columns(leg: Leg) -> dict[str, Any]:
    time = leg.summary
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
        "depart": iso_text(leg.departs),
        "arrive": iso_text(leg.arrives),
    }

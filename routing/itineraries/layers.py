"""Itineraries as layers for QGIS and tables: GeoJSON (RFC 7946) with styles beside it, and CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from landbridge.networks.arguments import file_path
from landbridge.networks.files import write_text
from landbridge.networks.geometry.geojson import feature, write_feature_collection
from landbridge.networks.geometry.sphere import to_geometry
from landbridge.routing.itineraries.itinerary import Itinerary, itineraries_given
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.output.styles import MODE_COLOURS, STOP_COLOURS, line_style, point_style

Feature = dict[str, Any]

_CORRIDOR_COLOURS = {
    "northern": "#d73027",
    "transsib": "#a50026",
    "mongolia": "#f46d43",
    "middle": "#1a9850",
    "southern": "#fdae61",
    "instc": "#b35806",
    "suez": "#4575b4",
    "cape": "#313695",
    "nsr": "#74add1",
    "road": "#7f7f7f",
}

# Area by the mean time: a stop of a day is 4 mm across, and none is too small to be seen.
_STOP_SIZE = 'max(1.5, min(14, 4 * sqrt("time_mean_h" / 24)))'


def haul_features(itinerary: Itinerary) -> list[Feature]:
    """Return a line feature for each haul of an itinerary, in the direction of travel."""
    return [
        feature(_line(itinerary, leg), _properties(itinerary, number, leg))
        for number, leg in enumerate(itinerary.legs, start=1)
        if leg.kind == "haul"
    ]


def stop_features(itinerary: Itinerary) -> list[Feature]:
    """Return a point feature for each operation and wait of an itinerary."""
    from shapely.geometry import Point

    places = itinerary.network.places
    return [
        feature(
            Point(places[leg.start]["lon"], places[leg.start]["lat"]),
            _properties(itinerary, number, leg) | {"stop": leg.operation or leg.kind},
        )
        for number, leg in enumerate(itinerary.legs, start=1)
        if leg.kind != "haul"
    ]


def itinerary_feature(itinerary: Itinerary) -> Feature:
    """Return one MultiLineString with the totals of an itinerary."""
    from shapely.geometry import MultiLineString

    parts = [
        part for leg in itinerary.hauls for line in (_line(itinerary, leg),) for part in getattr(line, "geoms", [line])
    ]
    return feature(MultiLineString(parts), itinerary.summary())


def write_layer(path: Path, features: Sequence[Feature], kind: str) -> Path:
    """Write features as GeoJSON with a QGIS style beside it, and return the path.

    Parameters
    ----------
    kind
        `legs`, `operations` or `itineraries`.
    """
    write_feature_collection(path, list(features))
    styles = {
        "legs": lambda: line_style("mode", MODE_COLOURS),
        "operations": lambda: point_style("stop", STOP_COLOURS, size=_STOP_SIZE),
        "itineraries": lambda: line_style("corridor", _CORRIDOR_COLOURS, width="0.8"),
    }
    write_text(path.with_suffix(".qml"), styles[kind]())
    return path


def write_itineraries(itineraries: Itinerary | Iterable[Itinerary], folder: str | Path) -> list[Path]:
    """Write itineraries for QGIS and spreadsheets, and return the files.

    `legs.geojson` has a line for each haul, `operations.geojson` a point for each operation and wait,
    `itineraries.geojson` one MultiLineString for each itinerary, `itineraries.csv` its totals. The column
    `itinerary_id` joins them.

    Raises
    ------
    QueryError
        If there is no itinerary, or something else among them.
    """
    target = file_path(folder, "folder")
    items = itineraries_given(itineraries)
    return [
        write_layer(target / "legs.geojson", [f for item in items for f in haul_features(item)], "legs"),
        write_layer(target / "operations.geojson", [f for item in items for f in stop_features(item)], "operations"),
        write_layer(target / "itineraries.geojson", [itinerary_feature(item) for item in items], "itineraries"),
        _write_summary(target / "itineraries.csv", items),
    ]


def _write_summary(path: Path, itineraries: Sequence[Itinerary]) -> Path:
    buffer = io.StringIO()
    rows = [itinerary.summary() for itinerary in itineraries]
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, buffer.getvalue())
    return path


def _line(itinerary: Itinerary, leg: Leg) -> Any:
    if leg.access is not None:
        return to_geometry(list(leg.access))
    if leg.row is None:
        raise ValueError(f"the haul from {leg.start} to {leg.end} has neither link nor points")
    return itinerary.network.geometry(leg.row, backward=leg.backward)


def _properties(itinerary: Itinerary, number: int, leg: Leg) -> dict[str, Any]:
    time_h = leg.time.to_dict()
    return {
        "itinerary_id": itinerary.itinerary_id,
        "corridor": itinerary.corridor,
        "leg": number,
        "kind": leg.kind,
        "mode": leg.mode,
        "operation": leg.operation,
        "name": leg.name,
        "from_place": leg.start,
        "to_place": leg.end,
        "distance_km": leg.distance_km,
        "time_mean_h": time_h["mean"],
        "time_p10_h": time_h["p10"],
        "time_p50_h": time_h["p50"],
        "time_p90_h": time_h["p90"],
        "cost_usd": leg.cost_usd,
        "inventory_usd": leg.inventory_usd,
        "co2e_kg": leg.co2e_kg,
        "gauge_mm": leg.gauges[1],
        "gauge_change": leg.changes_gauge,
        "sources": ";".join(leg.sources),
    }

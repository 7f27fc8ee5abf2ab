"""Features and feature collections of GeoJSON (RFC 7946)."""

import json
from pathlib import Path
from typing import Any

from landbridge.networks.files import write_text

COORDINATE_PRECISION = 6
"""Decimals of a degree in GeoJSON: 0.1 m."""


def feature(geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON feature for a shapely geometry, with coordinates rounded to 6 decimals and rings as RFC 7946."""
    from shapely.geometry import mapping

    shape = mapping(_right_handed(geometry))
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape["type"], "coordinates": _rounded(shape["coordinates"])},
    }


def _right_handed(geometry: Any) -> Any:
    """Return polygons with outlines counterclockwise and holes clockwise; other geometries as they are."""
    from shapely.geometry import MultiPolygon
    from shapely.geometry.polygon import orient

    if geometry.geom_type == "Polygon":
        return orient(geometry)
    if geometry.geom_type == "MultiPolygon":
        return MultiPolygon([orient(part) for part in geometry.geoms])
    return geometry


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, COORDINATE_PRECISION)
    return [_rounded(item) for item in coordinates]


def write_feature_collection(path: Path, features: list[dict[str, Any]]) -> None:
    """Write features as GeoJSON (RFC 7946), one per line.

    Raises
    ------
    ValueError
        If a property is not finite, which GeoJSON cannot represent.
    """
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, allow_nan=False) for item in features)
    write_text(path, f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n')

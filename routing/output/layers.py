"""Layers of results for QGIS: GeoJSON (RFC 7946) with a style of the same name."""

import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from landbridge.networks.files import write_text
from landbridge.networks.geometry.geojson import write_feature_collection
from landbridge.routing.output.styles import LayerStyle, is_own, qml

_LOG = logging.getLogger(__name__)

Feature = dict[str, Any]
"""A GeoJSON feature; its properties are scalars, since lists and records break exports of QGIS."""


Geometry = Literal["point", "line", "area"]
"""Type of the geometry of a layer; each may have several parts."""

FieldType = Literal["text", "integer", "number", "boolean", "moment"]
"""Type of a field; a moment is ISO 8601 text in UTC with Z in GeoJSON and a DATETIME in a GeoPackage."""

NO_FIELDS: Final[Mapping[str, FieldType]] = MappingProxyType({})


class Layer(NamedTuple):
    """A layer of a result.

    Attributes
    ----------
    name
        Its file name without the suffix.
    features
        Function that returns its features, all with the same type of geometry.
    style
        Function that returns its QGIS style.
    title
        Its name in legends.
    geometry
        Type of geometry of all its features.
    fields
        Its fields with their types, the same in every run and also if there is no feature.
    """

    name: str
    features: Callable[[], Iterable[Feature]]
    style: Callable[[], LayerStyle]
    title: str
    geometry: Geometry
    fields: Mapping[str, FieldType] = NO_FIELDS


def write_layer(path: Path, layer: Layer) -> Path:
    """Write a layer as GeoJSON with its QGIS style, and return the path; a style of the user is kept."""
    write_feature_collection(path, list(layer.features()))
    style = path.with_suffix(".qml")
    if style.is_file() and not is_own(style.read_text(encoding="utf-8", errors="replace")):
        _LOG.warning("%s was not written by landbridge and is kept; remove it for the style of this layer", style)
    else:
        write_text(style, qml(layer.style(), layer.geometry))
    return path

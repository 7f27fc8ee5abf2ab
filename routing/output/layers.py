"""Layers of results for QGIS: GeoJSON (RFC 7946) with a style of the same name."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from landbridge.networks.files import write_text
from landbridge.networks.geometry.geojson import write_feature_collection

Feature = dict[str, Any]
"""A GeoJSON feature; its properties are scalars, since lists and records break exports of QGIS."""


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
    """

    name: str
    features: Callable[[], Iterable[Feature]]
    style: Callable[[], str]


def write_layer(path: Path, layer: Layer) -> Path:
    """Write a layer as GeoJSON with its QGIS style, and return the path."""
    write_feature_collection(path, list(layer.features()))
    write_text(path.with_suffix(".qml"), layer.style())
    return path

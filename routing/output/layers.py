"""Layers of answers for QGIS: GeoJSON (RFC 7946) with a style of the same name beside it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from landbridge.networks.files import write_text
from landbridge.networks.geometry.geojson import write_feature_collection

Feature = dict[str, Any]
"""A feature of GeoJSON; its properties are scalars, since lists and records break exports of QGIS."""


class Layer(NamedTuple):
    """A layer of an answer.

    Attributes
    ----------
    name
        What its file is called, without the ending.
    features
        Makes its features, all of one kind of geometry.
    style
        Its QGIS style.
    """

    name: str
    features: Callable[[], Iterable[Feature]]
    style: str


def write_layer(path: Path, layer: Layer) -> Path:
    """Write a layer as GeoJSON with its QGIS style beside it, and return the path."""
    write_feature_collection(path, list(layer.features()))
    write_text(path.with_suffix(".qml"), layer.style)
    return path

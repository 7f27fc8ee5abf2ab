"""Layers of results for QGIS: GeoJSON (RFC 7946) with a style of the same name."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from landbridge.networks.files import write_text
from landbridge.networks.geometry.geojson import write_feature_collection
from landbridge.routing.output.styles import is_own

_LOG = logging.getLogger(__name__)

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
    """Write a layer as GeoJSON with its QGIS style, and return the path; a style of the user is kept."""
    write_feature_collection(path, list(layer.features()))
    style = path.with_suffix(".qml")
    if style.is_file() and not is_own(style.read_text(encoding="utf-8", errors="replace")):
        _LOG.warning("%s was not written by landbridge and is kept; remove it for the style of this layer", style)
    else:
        write_text(style, layer.style())
    return path

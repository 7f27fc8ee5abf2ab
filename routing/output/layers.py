"""Layers of results for QGIS: GeoJSON (RFC 7946) with a style of the same name."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, cast

from landbridge.networks.files import file_to_write, replacing_with, write_text
from landbridge.networks.geometry.geojson import write_feature_collection
from landbridge.routing.output.styles import LayerStyle, is_own, qml

_LOG = logging.getLogger(__name__)

Feature = dict[str, Any]
"""A GeoJSON feature; its properties are scalars, since lists and records break exports of QGIS."""


Geometry = Literal["point", "line", "area"]
"""Type of the geometry of a layer; each may have several parts."""

FieldType = Literal["text", "integer", "number", "boolean", "moment"]
"""Type of a field; a moment is ISO 8601 text in UTC with Z in GeoJSON and a DATETIME in a GeoPackage."""

_LOCAL: Final = "_local"
_CASTS: Final[Mapping[FieldType, Callable[[Any], Any]]] = {
    "text": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "moment": lambda text: datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
}


def fields(names: str) -> Mapping[str, FieldType]:
    """Return fields from their names, each with `:` and its type unless it is a text.

    A moment is followed by a text field with the local time, named `..._local`.

    Examples
    --------
    >>> dict(fields("corridor leg:integer depart:moment"))
    {'corridor': 'text', 'leg': 'integer', 'depart': 'moment', 'depart_local': 'text'}
    """
    found: dict[str, FieldType] = {}
    for name, _, kind in (item.partition(":") for item in names.split()):
        found[name] = cast("FieldType", kind or "text")
        if kind == "moment":
            found[f"{name}{_LOCAL}"] = "text"
    return MappingProxyType(found)


class Layer(NamedTuple):
    """A layer of a result.

    Attributes
    ----------
    name
        Its file name without the suffix.
    title
        Its name in legends.
    geometry
        Type of geometry of all its features.
    fields
        Its fields with their types, the same in every run and also if there is no feature.
    style
        Function that returns its QGIS style.
    features
        Function that returns its features.
    shown
        Whether a map shows it when it is opened.
    """

    name: str
    title: str
    geometry: Geometry
    fields: Mapping[str, FieldType]
    style: Callable[[], LayerStyle]
    features: Callable[[], Iterable[Feature]] = tuple
    shown: bool = True

    def of(self, features: Callable[[], Iterable[Feature]]) -> "Layer":
        """Return the layer with the features of an answer."""
        return self._replace(features=features)

    def kept(self) -> "Layer":
        """Return the layer with its features, computed once for all who ask."""
        features = tuple(self.features())
        return self.of(lambda: features)

    def hidden(self) -> "Layer":
        """Return the layer switched off: a view of the same that another layer shows."""
        return self._replace(shown=False)


def features_of(layer: Layer) -> list[Feature]:
    """Return the features of a layer with exactly its fields, each of its type or None.

    Raises
    ------
    KeyError
        If a feature has a property that is no field of the layer.
    """
    return [{**item, "properties": _conforming(item["properties"], layer)} for item in layer.features()]


def _conforming(properties: Mapping[str, Any], layer: Layer) -> dict[str, Any]:
    if unknown := properties.keys() - layer.fields.keys():
        raise KeyError(f"the layer {layer.name} has no field {min(unknown)}")
    found: dict[str, Any] = dict.fromkeys(layer.fields)
    for name, value in properties.items():
        if value is not None:
            found[name] = _CASTS[layer.fields[name]](value)
            if layer.fields[name] == "moment":
                found[f"{name}{_LOCAL}"] = value
    return found


def write_layer(path: Path, layer: Layer) -> Path:
    """Write a layer as GeoJSON with its QGIS style, and return the path; a style of the user is kept."""
    target = file_to_write(path)
    style = target.with_suffix(".qml")
    if style.is_file() and not is_own(style.read_text(encoding="utf-8", errors="replace")):
        write_feature_collection(target, features_of(layer))
        _LOG.warning("%s was not written by landbridge and is kept; remove it for the style of this layer", style)
        return path
    with replacing_with(target, style.name) as new:
        write_feature_collection(new / target.name, features_of(layer))
        write_text(new / style.name, qml(layer.style(), layer.geometry))
    return path

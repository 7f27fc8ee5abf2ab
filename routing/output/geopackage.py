"""Layers of results as one GeoPackage with their styles and the land below, written with GDAL.

The version is 1.3, since QGIS 3.22 warns of newer ones. QGIS finds the styles of layers opened one by one in the table
`layer_styles`; the project has its own copy.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from landbridge.data import DATA_DIR
from landbridge.networks.geodata.bases.base_map import BASE_MAP_FILE
from landbridge.routing.output.layers import Feature, FieldType, Layer, features_of
from landbridge.routing.output.palette import COAST, LAND
from landbridge.routing.output.styles import fill_style, qml

GEOPACKAGE: Final = "landbridge.gpkg"
"""Name of the file in the folder of a result."""

LAND_LAYER: Final = Layer("land", "Land (Natural Earth)", "area", {}, partial(fill_style, LAND, COAST))
"""The land below the layers, whose polygons are taken over from the bundled data."""

_WRITTEN: Final = "1980-01-01T00:00:00"
_GEOMETRY_TYPES: Final = {"point": "Point", "line": "MultiLineString", "area": "MultiPolygon"}
_DTYPES: Final[Mapping[FieldType, str]] = {"text": "O", "integer": "i8", "number": "f8", "boolean": "?", "moment": "O"}
_BLANK: Final[Mapping[str, Any]] = {"O": "", "i8": 0, "f8": np.nan, "?": False}


def write_geopackage(path: Path, layers: Sequence[Layer], meta: Mapping[str, Any]) -> Path:
    """Write layers, the land, the styles of both and the metadata of their result; return the path.

    A layer without features is written with its fields. Moments are stored as DATETIME in UTC.
    """
    with _same_bytes():
        for layer in layers:
            _write(path, layer, features_of(layer), meta)
    return add_land_and_styles(path, layers)


def add_land_and_styles(path: Path, layers: Sequence[Layer]) -> Path:
    """Add the land and the styles of layers to a GeoPackage that has these layers, and return the path."""
    with _same_bytes():
        _write_land(path)
        _write_styles(path, [*layers, LAND_LAYER])
    _compact(path)
    return path


def _compact(path: Path) -> None:
    """Rewrite the database without what was left in free space, so that the same answer gives the same bytes."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("VACUUM")


@contextmanager
def _same_bytes() -> Iterator[None]:
    """Let GDAL note a fixed time of writing, and not wait for the disk: the file is renamed when it is whole."""
    import pyogrio

    options = {"OGR_CURRENT_DATE": f"{_WRITTEN}.000Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def _write(path: Path, layer: Layer, features: Sequence[Feature], meta: Mapping[str, Any]) -> None:
    import shapely

    shapes = [shapely.geometry.shape(item["geometry"]) for item in features]
    records = [item["properties"] for item in features]
    columns = [_column([record.get(name) for record in records], kind) for name, kind in layer.fields.items()]
    _into(
        path,
        layer.name,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [values for values, _ in columns],
        list(layer.fields),
        field_mask=[mask for _, mask in columns],
        geometry_type=_GEOMETRY_TYPES[layer.geometry],
        promote_to_multi=layer.geometry != "point",
        layer_metadata={"landbridge": json.dumps(meta, ensure_ascii=False)},
        layer_options={"IDENTIFIER": layer.title, "GEOMETRY_NAME": "geom"},
        gdal_tz_offsets={name: _utc(len(records)) for name, kind in layer.fields.items() if kind == "moment"},
    )


def _column(values: Sequence[Any], kind: FieldType) -> tuple[Any, Any]:
    """Return the values of a field as an array, and which of them are missing."""
    missing = np.array([value is None for value in values], dtype=bool)
    if kind == "moment":
        return np.array(
            [np.datetime64(value.removesuffix("Z"), "ms") if value else "NaT" for value in values], "M8[ms]"
        ), missing
    dtype = _DTYPES[kind]
    return np.array([_BLANK[dtype] if value is None else value for value in values], dtype=dtype), missing


def _utc(count: int) -> Any:
    return np.full(count, 100)  # GDAL's number for UTC


def _write_land(path: Path) -> None:
    from pyogrio import raw

    _, _, shapes, _ = raw.read((DATA_DIR / BASE_MAP_FILE).read_bytes())
    # No spatial index: it would be larger than the land.
    options = {"IDENTIFIER": LAND_LAYER.title, "GEOMETRY_NAME": "geom", "SPATIAL_INDEX": "NO"}
    _into(path, LAND_LAYER.name, shapes, [], [], geometry_type="Polygon", layer_options=options)


def _write_styles(path: Path, layers: Sequence[Layer]) -> None:
    """Write the table that QGIS reads styles from; it is listed in `gpkg_contents` as attributes."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer.name,
            "f_geometry_column": "geom",
            "styleName": layer.title,
            "styleQML": qml(layer.style(), layer.geometry),
            "styleSLD": "",
            "useAsDefault": True,
            "description": layer.title,
            "owner": "",
            "ui": "",
            "update_time": np.datetime64(_WRITTEN, "ms"),
        }
        for layer in layers
    ]
    names = list(rows[0])
    types = {"useAsDefault": "?", "update_time": "M8[ms]"}
    columns = [np.array([row[name] for row in rows], dtype=types.get(name, "O")) for name in names]
    _into(path, "layer_styles", None, columns, names, gdal_tz_offsets={"update_time": _utc(len(rows))})


def _into(path: Path, layer: str, shapes: Any, columns: list[Any], names: list[str], **options: Any) -> None:
    from pyogrio import raw

    raw.write(
        str(path),
        shapes,
        columns,
        names,
        layer=layer,
        driver="GPKG",
        append=path.exists(),
        crs=None if shapes is None else "EPSG:4326",
        dataset_options={"VERSION": "1.3"},
        **options,
    )

"""Writing of networks: a folder of CSV, a folder of GeoJSON (RFC 7946), a GeoPackage."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbridge.networks.errors import QueryError
from landbridge.networks.files import replacing, write_text
from landbridge.networks.schema import Column
from landbridge.networks.tables import GEOMETRY, Row, Table

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from landbridge.networks.network import Network

FORMATS = ("csv", "geojson", "gpkg")
"""Formats that a network is written in."""

COORDINATE_PRECISION = 6
"""Decimals of a degree in GeoJSON: 0.1 m."""


def write_network(network: "Network", path: str | Path, *, file_format: str = "csv") -> list[Path]:
    """Write a network so that `read_network` reads the same network back, and return the files.

    Parameters
    ----------
    network
        The network.
    path
        A folder for `csv` and `geojson`, a file for `gpkg`.
    file_format
        `csv`: one file for each table (links that came with lines as GeoJSON). `geojson`: places and links as GeoJSON
        for QGIS and web maps, the other tables as CSV. `gpkg`: one GeoPackage with a layer for each table.

    Raises
    ------
    QueryError
        If the format is unknown, or the path does not fit it.
    """
    target = Path(path)
    if file_format == "gpkg" and (target.suffix.lower() != ".gpkg" or target.is_dir()):
        raise QueryError(f"{target} is no GeoPackage; give a file that ends in .gpkg")
    if file_format != "gpkg" and target.is_file():
        raise QueryError(f"{target} is a file; give a folder")
    if file_format == "gpkg":
        return [_write_geopackage(network, target)]
    if file_format not in FORMATS:
        raise QueryError(f"unknown format {file_format!r}; take one of {', '.join(FORMATS)}")
    # A line that came with a link is in no column, so that CSV cannot hold it.
    drawn = bool(network.lines) or any(GEOMETRY in link for link in network.links)
    as_geojson = {"places", "links"} if file_format == "geojson" else {"links"} if drawn else set()
    return [
        _write_geojson(network, name, target) if name in as_geojson else _write_csv(table, target)
        for name, table in network.tables.items()
    ]


def table_frame(network: "Network", name: str) -> "pd.DataFrame":
    """Return a table with scalar columns (lists joined by ';'), places and links with their geometry."""
    import pandas as pd  # noqa: PLC0415 - pandas is loaded when it is needed

    table = network.tables[name]
    columns = table.schema.columns
    frame = pd.DataFrame(
        {
            column.name: pd.Series(
                [_scalar(column, row[column.name]) for row in table], dtype=_DTYPES.get(column.type, "object")
            )
            for column in columns
        }
    )
    return _geo_frame(network, name, frame) if name in {"places", "links"} else frame


_DTYPES = {"number": "float64", "integer": "Int64", "boolean": "bool"}


def _scalar(column: Column, value: Any) -> Any:
    return column.format(value) or None if isinstance(value, tuple) else value


def _geo_frame(network: "Network", name: str, frame: "pd.DataFrame") -> "gpd.GeoDataFrame":
    import geopandas as gpd  # noqa: PLC0415 - geopandas is loaded when it is needed

    if name == "places":
        geometry = gpd.points_from_xy(frame["lon"], frame["lat"])
    else:
        geometry = [network.geometry(link) for link in network.links]
    return gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")


def _texts(table: Table, row: Row) -> list[str]:
    return [column.format(row[column.name]) for column in table.schema.columns]


def _write_csv(table: Table, folder: Path) -> Path:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.schema.names)
    writer.writerows(_texts(table, row) for row in table)
    path = folder / f"{table.name}.csv"
    write_text(path, buffer.getvalue())
    # What an earlier network left in the other format would be read with the new one.
    path.with_suffix(".geojson").unlink(missing_ok=True)
    return path


def _write_geojson(network: "Network", name: str, folder: Path) -> Path:
    table = network.tables[name]
    features = [
        feature(_point(row) if name == "places" else network.geometry(row), _properties(table, row)) for row in table
    ]
    path = folder / f"{name}.geojson"
    write_feature_collection(path, features)
    path.with_suffix(".csv").unlink(missing_ok=True)
    return path


def _point(row: Row) -> Any:
    from shapely.geometry import Point  # noqa: PLC0415 - only drawing needs shapely

    return Point(row["lon"], row["lat"])


def _properties(table: Table, row: Row) -> dict[str, Any]:
    return {
        column.name: value if isinstance(value, bool | int | float | str) else column.format(value) or None
        for column in table.schema.columns
        for value in (row[column.name] if column.type != "monthday" else column.format(row[column.name]),)
    }


def feature(geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON feature of a shapely geometry with coordinates of 6 decimals."""
    from shapely.geometry import mapping  # noqa: PLC0415 - only drawing needs shapely

    shape = mapping(geometry)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape["type"], "coordinates": _rounded(shape["coordinates"])},
    }


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, COORDINATE_PRECISION)
    return [_rounded(item) for item in coordinates]


def write_feature_collection(path: Path, features: list[dict[str, Any]]) -> None:
    """Write features as GeoJSON (RFC 7946), one to a line.

    Raises
    ------
    ValueError
        If a property is not finite, which GeoJSON cannot hold.
    """
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, allow_nan=False) for item in features)
    write_text(path, f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n')


def _write_geopackage(network: "Network", path: Path) -> Path:
    import geopandas as gpd  # noqa: PLC0415 - GDAL is loaded when it is needed
    import pyogrio  # noqa: PLC0415

    with replacing(path) as temporary:
        for name in network.tables:
            frame = table_frame(network, name)
            text = {column.name: column for column in network.tables[name].schema.columns}
            for column in frame.columns:
                if column in text and text[column].type in {"date", "monthday", "clock"}:
                    frame[column] = [text[column].format(row[column]) or None for row in network.tables[name]]
            geometry_type = None
            if isinstance(frame, gpd.GeoDataFrame):
                geometry_type = "Point" if name == "places" else "Unknown"
            pyogrio.write_dataframe(frame, temporary, layer=name, driver="GPKG", geometry_type=geometry_type)
    return path

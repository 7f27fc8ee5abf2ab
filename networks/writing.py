"""Writing of networks: as a folder of CSV or GeoJSON (RFC 7946) files, or as a GeoPackage."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from landbridge.networks.arguments import choice, file_path
from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.file_sets import writing_set
from landbridge.networks.files import replacing, write_csv
from landbridge.networks.geometry.geojson import feature, write_feature_collection
from landbridge.networks.geopackages import is_as_sealed, is_misread, seal
from landbridge.networks.meta import landbridge_version, meta_of
from landbridge.networks.moves import check_closed
from landbridge.networks.places.local_names import local_name
from landbridge.networks.tables.reading import geopackage_layers
from landbridge.networks.tables.table import GEOMETRY, LOCAL_NAME, Row, Table

if TYPE_CHECKING:
    from landbridge.networks.network import Network

FileFormat = Literal["csv", "geojson", "gpkg"]
"""Format that a network is written in."""

FORMATS: tuple[str, ...] = get_args(FileFormat)
"""Formats in which a network can be written."""

_MARK = "landbridge"  # in the metadata of a GeoPackage: the version that wrote it


def write_network(network: "Network", path: str | Path, *, file_format: FileFormat = "csv") -> list[Path]:
    """Write a network so that `read_network` reads the same network back, and return the files.

    Parameters
    ----------
    network
        The network.
    path
        A folder for `csv` and `geojson`, a file for `gpkg`.
    file_format
        `csv`: one file for each table (GeoJSON for links that were read with lines). `geojson`: places and links as
        GeoJSON for QGIS and web maps, the other tables as CSV. `gpkg`: one GeoPackage with a layer for each table,
        and the names of places in their own script as `name_local`, which is not read.

    Raises
    ------
    QueryError
        If the format is unknown, the path does not fit it, or there is a file with the same name that landbridge did
        not write, or that was edited since.

    Examples
    --------
    >>> from landbridge.networks import load_network, read_network, write_network
    >>> files = write_network(load_network(), "corridors")
    >>> len(read_network("corridors").links) == len(load_network().links)
    True
    """
    from landbridge.networks.network import network_given

    network_given(network)
    choice(file_format, "file_format", FORMATS)
    target = target_for(path, file_format)
    if file_format == "gpkg":
        check_own(target)
        return [_write_geopackage(network, target)]
    # The line of a link is not stored in a column, so CSV cannot hold it.
    drawn = bool(network.lines) or any(GEOMETRY in link for link in network.links)
    as_geojson = {"places", "links"} if file_format == "geojson" else {"links"} if drawn else set()
    with writing_set(path, command="write_network", meta=meta_of(network.tables, {"format": file_format})) as new:
        written = [
            _write_geojson(network, name, new) if name in as_geojson else _write_csv(table, new)
            for name, table in network.tables.items()
        ]
    return [target / file.name for file in written]


def target_for(path: str | Path, file_format: FileFormat) -> Path:
    """Return the path that a network is written to.

    Raises
    ------
    QueryError
        If it is empty, or does not fit the format.
    """
    if isinstance(path, str) and not path:
        raise QueryError("the name is empty; give a folder for csv and geojson, a file for gpkg")
    target = file_path(path, "path")
    is_file = target.suffix.lower() == ".gpkg" and not target.is_dir()
    if is_file != (file_format == "gpkg"):
        cure = "a folder, or the format gpkg" if is_file else "a file that ends in .gpkg, or the format csv or geojson"
        raise QueryError(f"{target} does not fit the format {file_format}; give {cure}")
    if is_file and is_misread(target):
        raise QueryError(f"{target} would be written as a file of an archive; give a path without '!' and ';'")
    return target


def check_own(path: Path) -> None:
    """Check that there is no GeoPackage of this name that landbridge did not write, or that was edited since.

    Raises
    ------
    QueryError
        If there is one, or (`WriteError`) another program has changes to it in a log.
    """
    import pyogrio

    check_closed(path)  # first: GDAL may put the log of a program that was killed into the file
    try:
        own = not path.exists() or (
            "places" in geopackage_layers(path)
            and _MARK in (pyogrio.read_info(path, layer="places")["layer_metadata"] or {})
        )
    except (RuntimeError, DataError):  # no GeoPackage
        own = False
    if not own:
        raise QueryError(f"{path} was not written by landbridge, so it is not replaced; move it or give another name")
    if path.exists() and not is_as_sealed(path):
        raise QueryError(
            f"{path} changed since landbridge wrote it, or was written by a version that did not note what is in it, so"
            " it is not replaced; move it or give another name"
        )


def _write_csv(table: Table[Any], folder: Path) -> Path:
    columns = table.schema.columns
    rows = ({column.name: column.format(row[column.name]) for column in columns} for row in table)
    return write_csv(folder / f"{table.name}.csv", rows, table.schema.names)


def _write_geojson(network: "Network", name: str, folder: Path) -> Path:
    table = network.tables[name]
    lengths = _lengths_beside_lines(network) if name == "links" else {}
    features = [
        feature(
            _point(row) if name == "places" else network.geometry(row), _properties(table, row) | lengths.get(n, {})
        )
        for n, row in enumerate(table)
    ]
    path = folder / f"{name}.geojson"
    write_feature_collection(path, features)
    return path


def _lengths_beside_lines(network: "Network") -> dict[int, dict[str, float]]:
    """Return the lengths of links whose line is only drawn, by row: a reader would measure it where none is given."""
    return {
        number: {"length_km": network.link_lengths_km[number]}
        for number, link in enumerate(network.links)
        if link["length_km"] is None and GEOMETRY not in link and link["id"] in network.lines
    }


def _point(row: Row) -> Any:
    from shapely.geometry import Point

    return Point(row["lon"], row["lat"])


def _properties(table: Table[Any], row: Row) -> dict[str, Any]:
    return {
        column.name: value if isinstance(value, bool | int | float | str) else column.format(value) or None
        for column in table.schema.columns
        for value in (row[column.name] if column.type != "monthday" else column.format(row[column.name]),)
    }


def _write_geopackage(network: "Network", path: Path) -> Path:
    import geopandas as gpd
    import pyogrio

    with replacing(path) as temporary:
        for name in network.tables:
            frame = network.frame(name)
            if name == "places":
                frame[LOCAL_NAME] = [local_name(row) for row in network.tables[name]]
            elif name == "links":
                for number, length in _lengths_beside_lines(network).items():
                    frame.loc[frame.index[number], "length_km"] = length["length_km"]
            text = {column.name: column for column in network.tables[name].schema.columns}
            for column in frame.columns:
                if column in text and text[column].type == "date":
                    frame[column] = [text[column].format(row[column]) or None for row in network.tables[name]]
            geometry_type = None
            if isinstance(frame, gpd.GeoDataFrame):
                geometry_type = "Point" if name == "places" else "MultiLineString"
            pyogrio.write_dataframe(
                frame,
                temporary,
                layer=name,
                driver="GPKG",
                geometry_type=geometry_type,
                promote_to_multi=name == "links",
                dataset_options={"VERSION": "1.3"},  # QGIS 3.22 warns of newer ones
                layer_metadata={_MARK: landbridge_version()},
            )
        seal(temporary)
    return path

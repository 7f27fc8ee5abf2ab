"""Reading of tables from a folder of CSV or GeoJSON files or from a GeoPackage; all faults are collected."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from landbridge.data import DATA_DIR
from landbridge.networks.errors import DataError, Fault
from landbridge.networks.geometry.sphere import single_part
from landbridge.networks.geopackages import is_misread, one_state, opened
from landbridge.networks.tables.csv_rows import csv_rows
from landbridge.networks.tables.schema import Column, Schema, number_columns, schemas
from landbridge.networks.tables.table import (
    GEOMETRY,
    LOCAL_NAME,
    REFERENCE_TABLES,
    REQUIRED_TABLES,
    Draft,
    Row,
    Table,
    Tables,
)
from landbridge.networks.words import name_meant, shortened

_MOVED_DEGREES = 1e-5
_NOT_READ = frozenset({"fid", "ogc_fid", LOCAL_NAME})
"""Columns that geographic information systems add, and one that is written for maps."""

_GEOMETRY_TYPES = {"places": ("Point",), "links": ("LineString", "MultiLineString")}
_DEPTHS = {"Point": 1, "LineString": 2, "MultiLineString": 3}
_NO_GEOMETRY = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError)
_SQLITE = b"SQLite format 3\0"
_MAX_BYTES = 1_000_000_000
_SUFFIXES = (".csv", ".geojson")

Record = tuple[int, dict[str, str], Any]
"""A record before conversion: its line, its cells as text, and its geometry if any."""


def read_tables(path: Path) -> tuple[Tables, list[Fault]]:
    """Read the tables of a network and collect the faults of their cells.

    Parameters
    ----------
    path
        A folder with `<table>.csv` or `<table>.geojson` for each table, or a GeoPackage with a layer for each table.
        Missing reference tables are taken from the bundled data set.

    Raises
    ------
    DataError
        If there is no network at `path`, or a file is unreadable.
    """
    faults: list[Fault] = []
    tables = cast("Tables", {name: table for name, table in _read_all(path, faults) if table is not None})
    missing = [name for name in REQUIRED_TABLES if name not in tables]
    if missing:
        raise DataError(
            f"{path} is not a network: it has no table {', '.join(missing)}; add places, links and services"
        )
    if path.resolve() != DATA_DIR.resolve():
        _add_reference_tables(tables)
    for name in schemas():
        tables.setdefault(name, Table(name, f"{name}.csv"))
    return tables, faults


def _read_all(path: Path, faults: list[Fault]) -> Iterator[tuple[str, Table[Any] | None]]:
    if path.is_dir():
        files = _files_of(path)
        for name in schemas():
            yield name, _read_from_folder(path, files, name, faults)
    elif path.suffix.lower() == ".gpkg" and path.is_file():
        with one_state(path) as file:
            layers = geopackage_layers(file)
            _check_names(path, sorted(layers - schemas().keys()), schemas().keys() - layers)
            for name in schemas():
                if name in layers:
                    yield name, _convert(name, f"{path.name}/{name}", _geopackage_records(file, name, faults), faults)
    elif not path.exists():
        raise DataError(f"there is no network at {path}; give a folder of CSV files or a GeoPackage (.gpkg)")
    else:
        raise DataError(
            f"{path.name} is not a network; give a .gpkg, or a folder of places, links and services as .csv or .geojson"
        )


def _files_of(folder: Path) -> list[str]:
    """Return the names in a folder, after checking that none is a misspelt table."""
    try:
        files = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise DataError(f"{folder} cannot be read ({error.strerror}); give a folder that can") from error
    known = [f"{name}{suffix}" for name in schemas() for suffix in _SUFFIXES]
    there = {Path(file).stem.lower() for file in files if file.lower() in known}
    others = [
        file for file in files if file.lower() not in known and any(suffix in file.lower() for suffix in _SUFFIXES)
    ]
    _check_names(folder, others, [name for name in known if Path(name).stem not in there])
    return files


def _check_names(path: Path, names: Iterable[str], missing: Collection[str]) -> None:
    """Check that nothing has nearly the name of a table that is not there: it would be passed over in silence."""
    for name in names:
        if meant := name_meant(name, missing):
            raise DataError(f"{path / name} is not named as a table is; rename it to {meant}, or remove it")


def _read_from_folder(folder: Path, files: Sequence[str], name: str, faults: list[Fault]) -> Table[Any] | None:
    readers = {f"{name}.csv": _csv_records, f"{name}.geojson": _geojson_records}
    # In any case of letters: a file that only some systems find would be passed over in silence on the others.
    found = [file for file in files if file.lower() in readers]
    if len(found) > 1:
        raise DataError(f"{folder} has the table {name} as {' and '.join(found)}; keep the one that is meant")
    for file in (folder / entry for entry in found):
        if file.name not in readers:
            raise DataError(f"{file} is not named as a table is; rename it to {file.name.lower()}, or remove it")
        # A folder, a device or a link that leads nowhere: an optional table would be passed over in silence.
        if not file.is_file():
            raise DataError(f"{file} is no file; put the table there, or remove it")
        if file.stat().st_size > _MAX_BYTES:
            raise DataError(f"{file.name} is larger than {_MAX_BYTES // 10**6} MB; use a GeoPackage")
        return _convert(name, file.name, readers[file.name](file, schemas()[name], faults), faults)
    return None


def _add_reference_tables(tables: Tables) -> None:
    """Add missing reference tables, the default operations and their sources from the bundled data set."""
    bundled = {
        name: _bundled_table(name)
        for name in (*REFERENCE_TABLES, "operations", "sources")
        if name not in tables or name not in REFERENCE_TABLES
    }
    for name in REFERENCE_TABLES:
        if name not in tables:
            tables[name] = without_other_places(bundled[name], tables.get("places", ()))
    own = tables.setdefault("operations", Table("operations", "operations.csv"))
    if not any(row["place"] is None for row in own):
        for line, row in bundled["operations"].numbered():
            if row["place"] is None:
                own.append(dict(row), line)
    sources = tables.setdefault("sources", Table("sources", "sources.csv"))
    known = sources.by_key()
    for line, row in bundled["sources"].numbered():
        if row["id"] not in known:
            sources.append(dict(row), line)


@cache
def _bundled_table(name: str) -> Table[Any]:
    """Return a table of the bundled data set, read once: it takes longer than most networks of users.

    Its rows are copied where a network takes them, so that what changes one network changes no other.
    """
    found = _read_from_folder(DATA_DIR, [f"{name}.csv"], name, [])
    if found is None:
        raise DataError(f"the bundled table {name}.csv is missing; install landbridge again")
    return found


def without_other_places(bundled: Table[Any], places: Iterable[Row]) -> Table[Any]:
    """Return a bundled table without the places that a network lacks, and without the rows that name no other."""
    columns = [column.name for column in bundled.schema.columns if column.refers_to == "places"]
    known = {row["id"] for row in places}
    kept: Table[Any] = Table(bundled.name, bundled.file)
    for line, row in bundled.numbered():
        own = {name: tuple(place for place in row[name] if place in known) for name in columns}
        if all(own[name] or not row[name] for name in columns):
            kept.append(row | own, line)
    return kept


def _convert(name: str, file: str, records: Iterable[Record], faults: list[Fault]) -> Table[Any]:
    """Convert records of text to rows of typed values; an invalid cell is reported as a fault and left blank."""
    schema = schemas()[name]
    table: Table[Any] = Table(name, file)
    # Most values occur in many rows, so each is parsed only once.
    parsed: list[tuple[Column, dict[str, Any]]] = [(column, {}) for column in schema.columns]
    for line, cells, geometry in records:
        row: Draft = {}
        for column, known in parsed:
            text = cells.get(column.name, "")
            if text in known:
                row[column.name] = known[text]
                continue
            try:
                row[column.name] = column.parse(text)
            except ValueError as error:
                row[column.name] = column.blank
                faults.append(Fault(file, line, column.name, str(error), f"give {column.meaning}"))
            else:
                if column.required and row[column.name] == column.blank:
                    faults.append(Fault(file, line, column.name, "is blank", f"give {column.meaning}"))
                else:
                    known[text] = row[column.name]
        if geometry is not None:
            row[GEOMETRY] = geometry
        table.append(row, line)
    return table


def _csv_records(path: Path, schema: Schema, faults: list[Fault]) -> Iterator[Record]:
    header, rows, of_rows = csv_rows(path, number_columns(schema.columns), _MAX_BYTES)
    missing = [column.name for column in schema.columns if column.required and column.name not in header]
    faults.extend(Fault(path.name, 1, name, "the column is missing", "add it") for name in missing)
    _check_columns(path.name, 1, header, schema, faults)
    faults += of_rows
    yield from ((line, cells, None) for line, cells in rows)


def _check_columns(file: str, row: int, header: Sequence[str], schema: Schema, faults: list[Fault]) -> None:
    for name, count in Counter(header).items():
        if name not in schema.names:
            meant = name_meant(name, schema.names)
            cure = f"write it as {meant}" if meant else f"use one of {', '.join(schema.names)}"
            faults.append(Fault(file, row, shortened(name), "unknown column", cure))
        if count > 1:
            faults.append(Fault(file, row, shortened(name), "the column is repeated", "keep one"))


def _geojson_records(path: Path, schema: Schema, faults: list[Fault]) -> Iterator[Record]:
    """Read features with the standard library: GDAL would follow a VRT of that name to any file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
        problem = _foreign_system(document)
        features = document["features"]
        records = [(dict(feature["properties"] or {}), feature["geometry"]) for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{path.name} is not a GeoJSON FeatureCollection: {error}; write it as RFC 7946") from error
    if problem:
        raise DataError(f"{path.name}: {problem}; save it in EPSG:4326, as RFC 7946")
    names = dict.fromkeys(name for properties, _ in records for name in properties)
    _check_columns(path.name, 0, [name for name in names if name not in _NOT_READ], schema, faults)
    for number, (properties, geometry) in enumerate(records, start=1):
        nested = [name for name, value in properties.items() if isinstance(value, dict) and name in schema.names]
        faults += [Fault(path.name, number, name, "is an object", "give text, a number or a list") for name in nested]
        cells = {name: cell_text(value) for name, value in properties.items() if name in schema.names}
        if any(cells.values()) or geometry is not None:
            yield number, *_with_geometry(path.name, number, cells, geometry, schema=schema, faults=faults)


def _foreign_system(document: Any) -> str:
    """Return what is wrong with the coordinate system of GeoJSON, which older files name, empty if nothing."""
    system = document.get("crs")
    name = system["properties"]["name"] if system is not None else "CRS84"
    return "" if str(name).endswith(("CRS84", ":4326")) else f"its coordinates are of {name}, not of WGS 84"


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _with_geometry(
    file: str, number: int, cells: dict[str, str], geometry: Any, *, schema: Schema, faults: list[Fault]
) -> tuple[dict[str, str], Any]:
    """Take the coordinates of a place from its geometry if its columns lack them, and keep the line of a link."""
    if geometry is None:
        return cells, None
    import shapely

    try:
        geometry = shapely.force_2d(_drawn(geometry) if isinstance(geometry, dict) else geometry)
        problem = _problem_of(geometry, schema.table)
    except (*_NO_GEOMETRY, shapely.errors.ShapelyError) as error:
        problem = f"invalid geometry: {error}"
    if problem:
        wanted = " or ".join(_GEOMETRY_TYPES.get(schema.table, ("no geometry",)))
        faults.append(Fault(file, number, GEOMETRY, problem, f"give {wanted} in degrees of WGS 84 (lon, lat)"))
        return cells, None
    if schema.table == "places":
        return cells | _position(file, number, cells, (float(geometry.x), float(geometry.y)), faults), None
    return cells, single_part(geometry)


def _drawn(geometry: dict[str, Any]) -> Any:
    """Return a geometry of GeoJSON; shapely would also take positions that are nested deeper than its type has them."""
    from shapely.geometry import shape

    found, inner = shape(geometry), geometry.get("coordinates")
    if found.geom_type not in _DEPTHS:
        return found
    for _ in range(_DEPTHS[found.geom_type]):
        inner = inner[0] if isinstance(inner, list | tuple) and inner else None
    if isinstance(inner, list | tuple):
        problem = f"the coordinates are nested too deep for a {found.geom_type}"
        raise ValueError(problem)  # noqa: TRY004 - a value of a file
    return found


def _problem_of(geometry: Any, table: str) -> str:
    """Return what is wrong with the geometry of a row, empty if nothing."""
    if geometry.geom_type not in _GEOMETRY_TYPES.get(table, ()):
        return f"a {geometry.geom_type} is not the geometry of {table}"
    if geometry.is_empty:
        return f"the {geometry.geom_type} is empty"
    # The coordinates of a place are stored in its columns and checked there.
    return "" if table == "places" or _on_earth(geometry.bounds) else "coordinates are out of range"


def _position(
    file: str, number: int, cells: dict[str, str], point: tuple[float, float], faults: list[Fault]
) -> dict[str, str]:
    """Return the coordinates of a place as text: those of its columns or, if blank, of its point."""
    found = {}
    for axis, value in zip(("lon", "lat"), point, strict=True):
        found[axis] = cells.get(axis) or repr(value)
        try:
            moved = abs(float(found[axis]) - value) > _MOVED_DEGREES
        except ValueError:
            continue
        if moved:
            problem = f"the column gives {found[axis]} but the point {value:g}"
            faults.append(Fault(file, number, axis, problem, "correct the column, or leave it blank"))
    return found


def _on_earth(bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def geopackage_layers(path: Path) -> set[str]:
    """Return the names of the layers of a GeoPackage.

    Raises
    ------
    DataError
        If it is none.
    """
    import pyogrio

    # GDAL recognises a file by its content, which may refer to any other file.
    if is_misread(path):
        raise DataError(f"{path} is read as the path of a file in an archive; rename it without '!' and ';'")
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            raise DataError(f"{path.name} cannot be read as a GeoPackage: it is not an SQLite file")
    try:
        _check_tables(path)
        _check_systems(path)
        return {str(name) for name, _ in pyogrio.list_layers(path)}
    except DataError:
        raise
    except (RuntimeError, ValueError) as error:
        raise DataError(f"{path.name} cannot be read as a GeoPackage: {error}; save it again") from error


def _check_tables(path: Path) -> None:
    """Refuse tables that are not stored as they are read: reading them runs a program of the file's author."""
    with opened(path) as file:
        found = file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'view' OR sql LIKE 'CREATE VIRTUAL %' ORDER BY name"
        )
        wrong = [str(name) for (name,) in found if _is_read(str(name))]
        # Hidden are columns that are computed: 900 MB of text take no byte of the file.
        computed = file.execute(
            "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c"
            " WHERE m.type = 'table' AND c.hidden > 1 ORDER BY m.name, c.name"
        )
        columns = [f"{path.name}/{table}: {column}" for table, column in computed if _is_read(str(table))]
    if wrong:
        raise DataError(f"{path.name}/{wrong[0]} is a view or a virtual table; save it as a table")
    if columns:
        raise DataError(f"{columns[0]} is a computed column; save its values")


def _is_read(table: str) -> bool:
    return table.lower() in schemas() or table.lower().startswith("gpkg_")


def _check_systems(path: Path) -> None:
    """Refuse layers in a coordinate system that is not understood: GDAL would give their coordinates as they are."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    systems = "SELECT table_name, organization, organization_coordsys_id, definition FROM gpkg_geometry_columns"
    with opened(path) as file:
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_geometry_columns'").fetchone():
            return
        # -1 and 0 say that a system is not known.
        found = file.execute(f"{systems} JOIN gpkg_spatial_ref_sys USING (srs_id) WHERE srs_id > 0").fetchall()
    for layer, organization, code, definition in found:
        try:
            CRS.from_user_input(f"{organization}:{code}")
        except CRSError:
            try:
                CRS.from_user_input(str(definition))
            except CRSError:
                raise DataError(
                    f"{path.name}/{layer} is in a coordinate system that is not understood,"
                    f" {shortened(str(definition))!r}; save the layer as EPSG:4326"
                ) from None


def _geopackage_records(path: Path, name: str, faults: list[Fault]) -> Iterator[Record]:
    info, schema, file = _layer_info(path, name), schemas()[name], f"{path.name}/{name}"
    kinds = {str(column): kind for column, kind in zip(info["fields"], info["dtypes"], strict=True)}
    _check_columns(file, 0, [column for column in kinds if column not in _NOT_READ], schema, faults)
    names = [column for column in kinds if column in schema.names]
    geometries = _geometries(path, name, info["features"]) if info["geometry_name"] else {}
    for number, (row, drawn, *cells) in enumerate(_stored_rows(path, name, info, names), start=1):
        texts, geometry = {}, geometries.get(row)
        for column, value in zip(names, cells, strict=True):
            texts[column] = cell_text(bool(value) if kinds[column] == "bool" and value in {0, 1} else value)
            if isinstance(value, bytes):
                faults.append(Fault(file, number, column, "is a blob", "give text or a number, or leave it blank"))
        if geometry is None and drawn:
            cure = f"give {' or '.join(_GEOMETRY_TYPES.get(name, ('no geometry',)))}, or leave it blank"
            faults.append(Fault(file, number, GEOMETRY, "cannot be read as a geometry", cure))
        if any(texts.values()) or geometry is not None:
            yield number, *_with_geometry(file, number, texts, geometry, schema=schema, faults=faults)


def _layer_info(path: Path, name: str) -> dict[str, Any]:
    """Return what GDAL says of a layer: its fields, and the columns of its ids and geometries."""
    import pyogrio

    try:
        return dict(pyogrio.read_info(path, layer=name))
    except (RuntimeError, ValueError) as error:
        raise DataError(f"{path.name}/{name} is damaged: {error}; save it again") from error


def _stored_rows(path: Path, name: str, info: dict[str, Any], columns: Iterable[str]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a layer: id, whether there is a geometry, and columns as they are stored.

    GDAL would make numbers of texts in columns of numbers (1 of `1,5`), and reads a damaged geometry as a blank one.
    """
    row, geometry, table, *others = (
        _quoted(str(text)) for text in (info["fid_column"] or "rowid", info["geometry_name"], name, *columns)
    )
    drawn = f"{geometry} IS NOT NULL" if info["geometry_name"] else "0"
    with opened(path) as file:
        # The names are those of the file, quoted.
        yield from file.execute(f"SELECT {', '.join((row, drawn, *others))} FROM {table} ORDER BY {row}")  # noqa: S608


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _geometries(path: Path, name: str, counted: int) -> dict[int, Any]:
    """Return the geometries of a layer by id of the row, in WGS 84 if it says what its coordinates are."""
    import pyogrio
    import pyproj
    import shapely

    with opened(path) as file:
        (count,) = file.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()  # noqa: S608
    # GDAL takes the number of rows from a table that other programs do not keep. With a condition it counts them, but
    # then it reads no layer with a damaged geometry.
    where = None if count == counted else "1 = 1"
    try:
        frame: Any = pyogrio.read_dataframe(path, layer=name, columns=[], where=where, fid_as_index=True)
    except (RuntimeError, ValueError, shapely.errors.ShapelyError) as error:
        raise DataError(f"{path.name}/{name} is damaged: {error}; save it again") from error
    try:
        if frame.crs is not None and frame.crs != "EPSG:4326":
            frame = frame.to_crs("EPSG:4326")
    except pyproj.exceptions.ProjError as error:
        raise DataError(
            f"{path.name}/{name} cannot be transformed to WGS 84: {error}; save the layer as EPSG:4326"
        ) from error
    return dict(zip(frame.index.tolist(), frame.geometry.tolist(), strict=True))


def cell_text(value: Any) -> str:
    """Return a typed value as the text of the same cell in CSV."""
    # Only NaN and NaT differ from themselves.
    if value is None or value != value or isinstance(value, bytes):  # noqa: PLR0124
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return str(value)

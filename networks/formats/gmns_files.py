"""The files of GMNS (General Modeling Network Specification 0.96): their names, units, and rows with every fault.

Files are read leniently where tools differ: column names in any case, `NaN` as a blank cell, no column `directed`
(links are then directed), and geometry in `link.csv` or `geometry.csv`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from landbridge.networks.arguments import file_path, shown
from landbridge.networks.arrays import Floats
from landbridge.networks.errors import DataError, Fault, QueryError
from landbridge.networks.file_sets import check_set
from landbridge.networks.tables.csv_rows import csv_rows
from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import Draft
from landbridge.networks.words import counted, shortened

VERSION: Final = "0.96"
"""Version of the specification that files are written in."""

SOURCE: Final = "GMNS"
"""Source id of what a GMNS network states and of what is assumed beside it."""

OWN_ID: Final = "landbridge_id"
"""Column with the id that a place or link has in landbridge."""

PLACE_COLUMNS: Final = ("country", "modes", "unlocode", "neutral")
"""Columns of places beside those of the specification, which landbridge writes."""

LINK_COLUMNS: Final = ("gauge", "regime", "service", "countries", "passage", "bridge", "season_from", "season_to")
"""Columns of links beside those of the specification, which landbridge writes."""

_FROM_ANYBODY: Final = frozenset({"country", "gauge", "regime"})
"""Those of them that are read from any file; in one without the column `landbridge_id` the others may mean anything."""

LENGTHS_KM: Final = {
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), 1.0),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), 0.001),
    **dict.fromkeys(("mi", "mile", "miles"), 1.609344),
    **dict.fromkeys(("ft", "foot", "feet"), 0.0003048),
}
"""Kilometres of each unit of length."""

SPEEDS_KM_H: Final = {
    **dict.fromkeys(("km/h", "kmh", "km_h", "kph", "kmph"), 1.0),
    **dict.fromkeys(("mph", "mi/h", "miles/h"), 1.609344),
    **dict.fromkeys(("m/s", "mps"), 3.6),
    **dict.fromkeys(("ft/s", "fps"), 1.09728),
}
"""Kilometres per hour of each unit of speed."""

Transform = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""A function from coordinates of files to degrees of longitude and latitude."""

_WGS84: Final = frozenset({"", "4326", "EPSG:4326", "WGS84", "WGS 84", "OGC:CRS84"})
_TRUE: Final = frozenset({"true", "1", "1.0", "t", "yes"})
_FALSE: Final = frozenset({"false", "0", "0.0", "f", "no"})
_NUMBERS: Final = frozenset(
    {"x_coord", "y_coord", "length", "free_speed", "capacity", "lanes", "pce", "toll", "fixed_cost", "volume"}
    | {"vdf_alpha1", "vdf_beta1", "vdf_cap1", "vdf_fftt1"}
)


@dataclass(frozen=True)
class Record:
    """A row of a file: its line, its cells by column in lower case, and where its faults are collected."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: list[Fault]

    def fault(self, column: str, problem: str, cure: str) -> None:
        """Report a fault in a cell."""
        self.faults.append(Fault(self.file, self.line, column, problem, cure))

    def text(self, *columns: str) -> str:
        """Return the first of some cells that is not blank."""
        given = (self.cells.get(column, "").strip() for column in columns)
        return next((text for text in given if text and text.lower() != "nan"), "")

    def required(self, column: str) -> str:
        """Return a cell that must not be blank."""
        text = self.text(column)
        if not text:
            self.fault(column, "is blank", "give a value")
        return text

    def number(
        self, *columns: str, least: float = 0.0, most: float = float("inf"), unlimited: bool = False
    ) -> float | None:
        """Return the number in the first of some cells that is not blank, None if there is none.

        Parameters
        ----------
        unlimited
            Whether `inf` is a value.
        """
        text = self.text(*columns)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if (isfinite(value) or unlimited) and least <= value <= most:
            return value
        column = next(column for column in columns if self.text(column))
        self.fault(column, f"is {text!r}", f"give a number from {least:g}{f' to {most:g}' if isfinite(most) else ''}")
        return None

    def boolean(self, column: str, *, default: bool) -> bool:
        """Return a truth value."""
        text = self.text(column).lower()
        if text and text not in _TRUE | _FALSE:
            self.fault(column, f"is {text!r}", "give true or false")
        return text in _TRUE if text else default


@dataclass
class GmnsFolder:
    """The rows of the files of a folder in GMNS, with ids checked, and its units.

    Attributes
    ----------
    path
        The folder.
    nodes, links
        Rows of `node.csv` by id, and of `link.csv`.
    config
        The row of `config.csv`, without cells if there is none.
    geometries
        Text of the lines in `geometry.csv` by id.
    groups
        Uses of each group of `use_group.csv`, in lower case.
    pce
        Passenger car equivalents of the uses in `use_definition.csv`, in lower case.
    faults
        Faults found so far.
    length_unit, speed_unit
        Units given by the user, which take precedence over the configuration; blank: none.
    """

    path: Path
    nodes: dict[str, Record]
    links: list[Record]
    config: Record
    geometries: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pce: dict[str, float] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    length_unit: str = ""
    speed_unit: str = ""

    def raise_faults(self) -> None:
        """Raise all faults found so far in one error, if there are any."""
        if self.faults:
            raise DataError(f"{self.path} has {counted(len(self.faults), 'fault')}", sorted(set(self.faults)))

    def km(self, length: float) -> float:
        """Return a length of the files in km."""
        return length * self._factor(self.length_unit, "long_length", LENGTHS_KM, "length_unit")

    def km_h(self, speed: float) -> float:
        """Return a speed of the files in km/h."""
        return speed * self._factor(self.speed_unit, "speed", SPEEDS_KM_H, "speed_unit")

    def _factor(self, given: str, column: str, known: Mapping[str, float], option: str) -> float:
        unit = (given or self.config.text(column)).lower()
        if unit in known:
            return known[unit]
        problem = f"the unit {unit!r} of {column} is unknown" if unit else f"the unit of {column} is not given"
        fault = Fault("config.csv", self.config.line, column, problem, f"give {option} as one of {', '.join(known)}")
        raise DataError(f"{self.path} cannot be converted to km", [fault])


def read_folder(folder: str | Path, *, length_unit: str | None = None, speed_unit: str | None = None) -> GmnsFolder:
    """Read the files of a folder in GMNS, and check that ids are unique and links lead to known nodes.

    Raises
    ------
    DataError
        If `node.csv` or `link.csv` is missing or empty or lacks a column, or a file is no CSV.
    QueryError
        If an argument has an invalid type, or a unit is unknown.
    """
    path = file_path(folder, "folder")
    units = _unit(length_unit, "length_unit", LENGTHS_KM), _unit(speed_unit, "speed_unit", SPEEDS_KM_H)
    if not path.is_dir():
        raise DataError(f"{path} is not a folder; give one with node.csv and link.csv")
    check_set(path)
    faults: list[Fault] = []
    nodes = _keyed(_rows(path, "node", faults, needed=("node_id", "x_coord", "y_coord")), "node_id")
    links = _rows(path, "link", faults, needed=("link_id", "from_node_id", "to_node_id"))
    for name, rows in (("node", nodes), ("link", links)):
        if not rows:
            raise DataError(f"{path / name}.csv has no rows; give at least one {name}", faults)
    _keyed(links, "link_id")
    for link in links:
        for column in ("from_node_id", "to_node_id"):
            if (end := link.required(column)) and end not in nodes:
                link.fault(column, f"there is no node {end!r}", "add it to node.csv or correct the id")
    config = _rows(path, "config", faults)
    if len(config) > 1:
        config[1].fault("", "is a second row", "keep one")
    groups = _keyed(_rows(path, "use_group", faults), "use_group")
    return GmnsFolder(
        path,
        nodes,
        links,
        config[0] if config else Record("config.csv", 0, {}, faults),
        {key: row.text("geometry") for key, row in _keyed(_rows(path, "geometry", faults), "geometry_id").items()},
        {key.lower(): words(row.text("uses")) for key, row in groups.items()},
        {
            key.lower(): 1.0 if (pce := row.number("pce")) is None else pce
            for key, row in _keyed(_rows(path, "use_definition", faults), "use").items()
        },
        faults,
        *units,
    )


def read_rows(folder: GmnsFolder, name: str, needed: tuple[str, ...]) -> list[Record]:
    """Return the rows of another file of a folder, which may have none.

    Raises
    ------
    DataError
        If it is missing, is no CSV, or lacks a column.
    """
    return _rows(folder.path, name, folder.faults, needed)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a list in lower case, separated by commas, semicolons or bars."""
    return tuple(word.strip().lower() for word in text.replace(";", ",").replace("|", ",").split(",") if word.strip())


def _unit(given: object, name: str, known: Mapping[str, float]) -> str:
    if given is None:
        return ""
    if not isinstance(given, str) or given.lower() not in known:
        raise QueryError(f"{name} is {shown(given)} and must be one of {', '.join(known)}")
    return given.lower()


def _rows(path: Path, name: str, faults: list[Fault], needed: tuple[str, ...] = ()) -> list[Record]:
    """Return the rows of a file, none if it does not exist and no column of it is needed."""
    file = path / f"{name}.csv"
    if not file.is_file():
        if needed:
            raise DataError(f"{path} has no {file.name}; GMNS needs node.csv and link.csv, and a problem demand.csv")
        return []
    header, rows, wrong = csv_rows(file, _NUMBERS)
    counts = Counter(map(str.lower, header))
    faults += wrong
    faults += [
        Fault(file.name, 1, shortened(name), "the column is repeated", "keep one")
        for name in counts
        if counts[name] > 1
    ]
    missing = [Fault(file.name, 1, name, "the column is missing", "add it") for name in needed if name not in counts]
    if missing:
        # Without them there is no use in checking further.
        raise DataError(f"{file} lacks {counted(len(missing), 'column')}", [*faults, *missing])
    return [Record(file.name, line, {key.lower(): text for key, text in row.items()}, faults) for line, row in rows]


def _keyed(rows: list[Record], column: str) -> dict[str, Record]:
    """Return rows by their id, after checking that each has one of its own."""
    found: dict[str, Record] = {}
    for row in rows:
        key = row.required(column)
        if key in found:
            row.fault(column, f"{key!r} is already on line {found[key].line}", "make it unique")
        elif key:
            found[key] = row
    return found


def shapes(folder: GmnsFolder) -> Iterator[Any]:
    """Iterate over the lines of the links as shapely geometries in the coordinates of the files, None where none is."""
    import shapely

    for link in folder.links:
        text = link.text("geometry") or folder.geometries.get(link.text("geometry_id"), "")
        try:
            # A coordinate nan is told below as not on the Earth.
            with np.errstate(invalid="ignore"):
                line = shapely.force_2d(shapely.from_wkt(text)) if text else None
        except shapely.errors.ShapelyError:
            line = None
            link.fault("geometry", f"{text[:40]!r} cannot be read as WKT", "give LINESTRING (x y, x y, ...)")
        if line is not None and (line.is_empty or line.geom_type not in {"LineString", "MultiLineString"}):
            link.fault("geometry", f"is a {line.geom_type}", "give a LINESTRING that is not empty")
            line = None
        yield line if line is None or link.text("dir_flag") not in {"-1", "-1.0"} else shapely.reverse(line)


def own_columns(record: Record, table: str, columns: Iterable[str]) -> Draft:
    """Return the values of columns that landbridge writes beside those of the specification."""
    found: Draft = {}
    schema = {column.name: column for column in schemas()[table].columns}
    for name in columns:
        if name not in record.cells or (name not in _FROM_ANYBODY and OWN_ID not in record.cells):
            continue
        try:
            value = schema[name].parse(record.text(name))
        except ValueError as error:
            record.fault(name, str(error), f"give {schema[name].meaning}")
        else:
            if value != schema[name].blank or name == "modes":
                found[name] = value
    return found


def to_wgs84(files: GmnsFolder) -> Transform:
    """Return the function from the coordinates of the files to degrees of WGS 84."""
    crs = files.config.text("crs")
    if crs.upper() in _WGS84:
        return lambda x, y: (x, y)
    import pyproj

    try:
        transform = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform
    except pyproj.exceptions.ProjError as error:
        fault = Fault("config.csv", files.config.line, "crs", f"{crs!r} is unknown: {error}", "give it as EPSG:4326")
        raise DataError(f"{files.path} has coordinates of an unknown system", [fault]) from error
    return cast("Transform", transform)

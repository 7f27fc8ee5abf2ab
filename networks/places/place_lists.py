"""Lists of places given by users: a table with a column `place`, or with `lat` and `lon`, checked before use."""

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from landbridge.networks.arguments import PlaceLike, is_pair, listed, place_text, place_texts
from landbridge.networks.errors import DataError, Fault, PlaceError
from landbridge.networks.places.place_index import PlaceIndex
from landbridge.networks.tables.records import Records, TableLike, is_frame, is_path, parsed_cells, records_of
from landbridge.networks.tables.schema import Column
from landbridge.networks.words import counted

if TYPE_CHECKING:
    import pandas as pd

PlacesLike: TypeAlias = (
    "PlaceLike | Iterable[str | tuple[float, float] | Mapping[str, Any]] | PathLike[str] | pd.DataFrame"
)
"""Places as given by a user: one, several, or a table with a column `place`, or `lat` and `lon`."""

COLUMN = "place"
"""Name of the column with the places."""

POSITION = (
    Column("lat", "number", "degrees", True, "", "-90..90", "the latitude in degrees"),
    Column("lon", "number", "degrees", True, "", "-180..180", "the longitude in degrees"),
)
"""Columns that give the position of a place instead."""


class NamedPoint(str):
    """A place given as `lat,lon` and the user's name for it, by which answers show it."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, text: str, name: str) -> Self:
        """Return the text of the coordinates, with a name."""
        point = super().__new__(cls, text)
        point.name = name
        return point


def shown_name(place: str) -> str:
    """Return the name of a place as given by a user."""
    return place.name if isinstance(place, NamedPoint) else place


def places_given(given: "PlacesLike | None", name: str, index: PlaceIndex) -> tuple[str, ...]:
    """Return places given individually or as a table.

    Parameters
    ----------
    given
        A place, a list of places, or a table as in `read_places`; a text is a file only if it ends in `.csv`. None is
        an empty list.
    name
        Its name in error messages.
    index
        Index of the places of the network.

    Raises
    ------
    DataError
        If a table is invalid, as in `read_places`.
    QueryError
        If it is not a list of places.
    """
    if isinstance(given, PathLike) or (isinstance(given, str) and given.lower().endswith(".csv")):
        return tuple(read_places(given, index))
    if is_frame(given):
        return tuple(read_places(given, index, name))
    items = (given,) if is_pair(given) else listed(given, name, "a place, or a table with a column `place`")
    if any(isinstance(item, Mapping) for item in items):
        return tuple(read_places(items, index, name))
    return place_texts(items, name)


def read_places(table: "TableLike", index: PlaceIndex, name: str = "places") -> list[str]:
    """Return the places of a table as written.

    The table has a column `place` with ids, UN/LOCODEs, names, or `lat,lon` (quoted in a CSV file), or instead the
    columns `lat` and `lon`, and `name` if answers should show one. Other columns are ignored.

    Parameters
    ----------
    table
        The path of a CSV file in UTF-8, a DataFrame, or a list of dictionaries.
    index
        Index of the places of the network.
    name
        Name in error messages of a table that is not a file.

    Raises
    ------
    DataError
        If the table is invalid, listing every fault: unknown and ambiguous places, blank cells, repeated places, rows
        with more or fewer cells than the header.
    """
    records = records_of(table, name, POSITION)
    source, faults = str(table) if is_path(table) else name, list(records.faults)
    by_position = COLUMN not in records.header and all(records.header.count(axis.name) == 1 for axis in POSITION)
    if records.header.count(COLUMN) != 1 and not by_position:
        found = ", ".join(records.header) or "nothing"
        cure = f"give it one column {COLUMN!r}, or 'lat' and 'lon'"
        fault = records.fault_of_header("", f"the header is {found}", cure)
        raise DataError(f"{source} is not a list of places", [fault])
    places = _points(records, faults) if by_position else _texts(records, index, faults)
    if not places and not faults:
        cure = "give a place in each row below the header"
        faults.append(Fault(records.name, 0, "lat" if by_position else COLUMN, "no place is listed", cure))
    if faults:
        raise DataError(f"{source} has {counted(len(faults), 'fault')}", sorted(faults))
    return places


def _texts(records: Records, index: PlaceIndex, faults: list[Fault]) -> list[str]:
    places, seen = list[str](), dict[object, int]()
    for line, cells in records.rows:
        text = cells.get(COLUMN, "").strip()
        wrong = _fault(records.name, line, text, index, seen)
        faults += [wrong] if wrong else []
        places.append(text)
    return places


def _points(records: Records, faults: list[Fault]) -> list[str]:
    places, seen = list[str](), dict[str, int]()
    for line, cells in records.rows:
        position = parsed_cells(records.name, line, cells, POSITION, faults)
        if None in position.values():
            continue
        text = place_text((position["lat"], position["lon"]), "place")
        name = cells.get("name", "").strip() or text
        first = seen.setdefault(name, line)
        if first != line:
            faults.append(Fault(records.name, line, "name", f"{name!r} is also on line {first}", "give another name"))
        places.append(NamedPoint(text, name))
    return places


def _fault(file: str, line: int, text: str, index: PlaceIndex, seen: dict[object, int]) -> Fault | None:
    """Return the fault of a place, or None; `seen` holds the lines of the places so far."""
    if not text:
        return Fault(file, line, COLUMN, "the cell is blank", "give an id, UN/LOCODE, name or lat,lon")
    try:
        found = index.resolve(text)
    except PlaceError as error:
        problem, _, cure = str(error).partition("; ")
        return Fault(file, line, COLUMN, problem, cure or "give the id of a place of the network")
    first = seen.setdefault(found, line)
    if first != line:
        return Fault(file, line, COLUMN, f"{text!r} repeats the place on line {first}", "remove one of them")
    return None

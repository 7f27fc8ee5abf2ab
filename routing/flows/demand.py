"""Demand: how much is to be carried between which places, read from CSV or taken from the network's own table."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from landbridge.networks.errors import DataError, Fault, PlaceError
from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.networks.network import Network
from landbridge.networks.tables.schema import Column
from landbridge.networks.tables.table import Row
from landbridge.routing.query.corridors import corridors
from landbridge.routing.query.query import MODES

DEFAULT_VALUE_USD_PER_TEU: Final = 50_000.0
"""Value where none is given: that of the default cargo of a query, half of a 40-foot container's."""

DEFAULT_TONNES_PER_TEU: Final = 12.0
"""Weight of a loaded TEU where none is given."""

_AMOUNT = "teu_per_year"
_TONNES = "tonnes_per_year"


@dataclass(frozen=True, kw_only=True)
class DemandFlow:
    """What is to be carried from one place to another.

    Attributes
    ----------
    origin, destination
        Places as a user names them: id, UN/LOCODE, name, or `lat,lon`.
    teu_per_year
        Loaded TEU a year of 365 days.
    value_of_time_usd_per_teu_h
        What an hour less is worth to a TEU, with the capital in it; None: the capital alone (value x the data set's
        yearly rate), which is also the least that it can be.
    modes
        Modes of the line-haul that it may take, None if any.
    corridor
        Id of the corridor that it is bound to, None if it may take any.
    """

    origin: str
    destination: str
    teu_per_year: float
    cargo_class: str = "block"
    value_usd_per_teu: float = DEFAULT_VALUE_USD_PER_TEU
    value_of_time_usd_per_teu_h: float | None = None
    tonnes_per_teu: float = DEFAULT_TONNES_PER_TEU
    modes: tuple[str, ...] | None = None
    corridor: str | None = None
    id: str = ""
    flow: str = ""


def _column(
    name: str, kind: str, meaning: str, *, allowed: str = "", default: str = "", required: bool = False
) -> Column:
    return Column(name, kind, "", required, default, allowed, meaning)


COLUMNS: Final = (
    _column("id", "text", "a name for the row"),
    _column("origin", "text", "the place where cargo comes from: id, UN/LOCODE, name or lat,lon", required=True),
    _column("destination", "text", "the place where it goes to", required=True),
    _column("flow", "text", "a name of the group that the row belongs to"),
    _column(_AMOUNT, "number", "TEU a year", allowed="0.."),
    _column(_TONNES, "number", "tonnes a year, where TEU are not known", allowed="0.."),
    _column(
        "cargo_class", "text", "one of " + ", ".join(CARGO_CLASSES), allowed="|".join(CARGO_CLASSES), default="block"
    ),
    _column("value_usd_per_teu", "number", "value of a TEU in USD; blank: 50,000", allowed="0.."),
    _column("value_of_time_usd_per_teu_h", "number", "USD an hour less is worth; blank: capital alone", allowed="0.."),
    _column("tonnes_per_teu", "number", "t of a loaded TEU; blank: 12", allowed="0.01..30.48"),
    _column("modes", "list", "modes of the line-haul, separated by ';'; blank: any", allowed="|".join(MODES)),
    _column("corridor", "text", "id of the corridor that the row is bound to; blank: any"),
)
"""Columns of a table of demand; others (`source`, `year`, `confidence`, `note`, ...) are passed over."""


def network_demand(network: Network) -> list[DemandFlow]:
    """Return the demand of a network's own table.

    Raises
    ------
    DataError
        If the network has no table of demand, or none with rows.
    """
    table = network.tables.get("demand")
    if table is None or not len(table):
        raise DataError("the network has no table of demand; give a CSV with origin, destination and teu_per_year")
    faults: list[Fault] = []
    found = [
        demand
        for line, row in table.numbered()
        if (demand := _demand(table.file, line, _with_defaults(row), faults)) is not None
    ]
    return _checked(network, table.file, found, [line for line, _ in table.numbered()], faults)


def read_demand(network: Network, path: str | Path) -> list[DemandFlow]:
    """Read demand from a CSV file; the columns are `COLUMNS`, of which only the places and an amount are needed.

    Raises
    ------
    DataError
        With every fault that was found: file, row, column and cure.
    """
    file = Path(path)
    faults: list[Fault] = []
    found, lines = [], []
    for line, row in _rows(file, faults):
        demand = _demand(file.name, line, row, faults)
        if demand is not None:
            found.append(demand)
            lines.append(line)
    return _checked(network, file.name, found, lines, faults)


def scaled(demand: Iterable[DemandFlow], factor: float) -> list[DemandFlow]:
    """Return demand that is larger or smaller by a factor."""
    return [DemandFlow(**(vars(item) | {_AMOUNT: item.teu_per_year * factor})) for item in demand]


def _rows(file: Path, faults: list[Fault]) -> Iterable[tuple[int, Row]]:
    columns = {column.name: column for column in COLUMNS}
    try:
        # utf-8-sig: a spreadsheet's byte order mark would else become part of the first column's name.
        with file.open(encoding="utf-8-sig", newline="") as stream:
            lines = csv.reader(stream, strict=True)
            header = next(lines, [])
            faults += [
                Fault(file.name, 1, column.name, "the column is missing", f"give {column.meaning}")
                for column in COLUMNS
                if column.required and column.name not in header
            ]
            if _AMOUNT not in header and _TONNES not in header:
                faults.append(Fault(file.name, 1, _AMOUNT, "the column is missing", f"give it, or {_TONNES}"))
            if faults:
                return
            for cells in lines:
                if not cells:
                    continue
                if len(cells) != len(header):
                    problem = f"{len(cells)} values under {len(header)} headers"
                    faults.append(Fault(file.name, lines.line_num, "", problem, "quote values that hold a comma"))
                    continue
                given = dict(zip(header, cells, strict=True))
                yield lines.line_num, _parsed(file.name, lines.line_num, given, columns, faults)
    except FileNotFoundError:
        raise DataError(f"there is no file {file}; give a CSV with origin, destination and teu_per_year") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(f"{file.name} cannot be read as CSV in UTF-8: {error}; save it as CSV UTF-8") from error


def _parsed(
    file: str, line: int, cells: dict[str, str], columns: dict[str, Column], faults: list[Fault]
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, column in columns.items():
        try:
            row[name] = column.parse(cells.get(name, ""))
        except ValueError as error:
            row[name] = None
            faults.append(Fault(file, line, name, str(error), f"give {column.meaning}"))
        else:
            if column.required and row[name] is None:
                faults.append(Fault(file, line, name, "is blank", f"give {column.meaning}"))
    return row


def _with_defaults(row: Row) -> Row:
    found = {column.name: row.get(column.name) for column in COLUMNS}
    return found | {"cargo_class": found["cargo_class"] or "block"}


def _demand(file: str, line: int, row: Row, faults: list[Fault]) -> DemandFlow | None:
    """Return the demand of a row, None where something that it needs is missing."""
    tonnes_per_teu = row["tonnes_per_teu"] or DEFAULT_TONNES_PER_TEU
    teu, tonnes = row[_AMOUNT], row[_TONNES]
    if teu is None and tonnes is None:
        if not any(fault.row == line and fault.column in {_AMOUNT, _TONNES} for fault in faults):
            faults.append(Fault(file, line, _AMOUNT, "is blank", f"give {_AMOUNT} or {_TONNES}"))
        return None
    if not row["origin"] or not row["destination"]:
        return None
    value, time = row["value_usd_per_teu"], row["value_of_time_usd_per_teu_h"]
    return DemandFlow(
        origin=row["origin"],
        destination=row["destination"],
        teu_per_year=float(tonnes / tonnes_per_teu if teu is None else teu),
        cargo_class=row["cargo_class"] or "block",
        value_usd_per_teu=DEFAULT_VALUE_USD_PER_TEU if value is None else float(value),
        value_of_time_usd_per_teu_h=None if time is None else float(time),
        tonnes_per_teu=float(tonnes_per_teu),
        modes=tuple(row["modes"]) if row["modes"] else None,
        corridor=row["corridor"].lower() if row["corridor"] else None,
        id=row["id"] or f"row {line}",
        flow=row["flow"] or "",
    )


def _checked(
    network: Network, file: str, demand: list[DemandFlow], lines: Sequence[int], faults: list[Fault]
) -> list[DemandFlow]:
    """Return demand whose places and corridors the network knows."""
    known = {corridor.id for corridor in corridors(network)}
    for line, item in zip(lines, demand, strict=False):
        ends = []
        for name in ("origin", "destination"):
            try:
                ends.append(network.place_index.resolve(getattr(item, name)))
            except PlaceError as error:
                faults.append(Fault(file, line, name, str(error), "name a place of the network"))
        if len(ends) == 2 and ends[0] == ends[1]:
            faults.append(Fault(file, line, "destination", "is the same place as the origin", "give two places"))
        if item.corridor is not None and item.corridor not in known:
            cure = f"take one of {', '.join(sorted(known)) or 'none: the network has no corridors'}"
            faults.append(Fault(file, line, "corridor", f"there is no corridor {item.corridor!r}", cure))
    if faults:
        raise DataError(f"{file} has {len(faults)} faults", sorted(faults))
    if not demand:
        raise DataError(f"{file} has no demand; give at least one row")
    return demand

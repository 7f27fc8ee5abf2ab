"""Demand between places, read from CSV or from the table of a network."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from landbridge.networks.arguments import instance, listed, number_within, place_text, real_number, texts
from landbridge.networks.errors import DataError, Fault, PlaceError, QueryError
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.graph.operations import CARGO_CLASSES, CargoClass
from landbridge.networks.network import Network, network_given
from landbridge.networks.places.place_index import normalise
from landbridge.networks.tables.records import TableLike, faults_of_header, is_frame, is_path, parsed_cells, records_of
from landbridge.networks.tables.schema import Column
from landbridge.networks.tables.table import Row
from landbridge.networks.units import TONNES_PER_TEU
from landbridge.networks.words import counted
from landbridge.networks.years import demand_year
from landbridge.routing.query.access import access_legs, out_of_reach, shared_terminal
from landbridge.routing.query.cargo import USD_PER_TEU, Cargo
from landbridge.routing.query.corridors import corridors
from landbridge.routing.query.query import MODES

DemandLike: TypeAlias = "Iterable[DemandFlow] | TableLike"
"""Demand as given by a user: rows, or a table with the columns `COLUMNS`."""

MOST_TEU_PER_YEAR: Final = 1e9
"""More TEU per year than all ports of the world handle: a larger demand is a mistake, and beyond the solvers."""

PUBLISHED: Final = "demand"
"""Name of the demand of a network as published."""

ESTIMATED: Final = "demand_estimated"
"""Name of the demand of a network split over crossings by counts (`routing/flows/crossings.py`)."""

GIVEN: Final = "given"
"""Name of the demand that a user gives."""

SETS: Final = (GIVEN, PUBLISHED, ESTIMATED)

_MOST_TONNES_PER_YEAR = 3e10
_MOST_USD: Final = {"value_usd_per_teu": 1e9, "value_of_time_usd_per_teu_h": 1e6}
_AMOUNT = "teu_per_year"
_TONNES = "tonnes_per_year"


@dataclass(frozen=True, kw_only=True)
class DemandFlow:
    """Freight to be carried from one place to another.

    Attributes
    ----------
    origin, destination
        Places as given by the user: id, UN/LOCODE, name, or `lat,lon`.
    teu_per_year
        Loaded TEU per year of 365 days.
    value_of_time_usd_per_teu_h
        Value of an hour saved per TEU, including the cost of capital; None: only the cost of capital (value x the
        annual rate of the data set), which is also the minimum.
    modes
        Modes of the line-haul that it may use, None if any.
    corridor
        Id of the corridor to which it is restricted, None if any.
    avoid_links
        Ids of links that it does not use.
    demand_set
        Name of the set from which it is: `demand` or `demand_estimated` of the network, or `given`.
    for_year
        Year of which it was read from a table, None if it holds in any. It is only told: the choice by year is made
        where a table is read.
    """

    origin: str
    destination: str
    teu_per_year: float
    cargo_class: CargoClass = "block"
    value_usd_per_teu: float = USD_PER_TEU
    value_of_time_usd_per_teu_h: float | None = None
    tonnes_per_teu: float = TONNES_PER_TEU
    modes: tuple[str, ...] | None = None
    corridor: str | None = None
    id: str = ""
    flow: str = ""
    avoid_links: tuple[str, ...] = ()
    demand_set: str = field(default=GIVEN, compare=False)
    for_year: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Check the types; places are converted to text, and a single mode to a list."""
        for name in ("origin", "destination"):
            object.__setattr__(self, name, place_text(getattr(self, name), name))
        for name in (_AMOUNT, "tonnes_per_teu", *_MOST_USD):
            if (value := getattr(self, name)) is not None or name not in _MOST_USD:
                object.__setattr__(self, name, real_number(value, name))
        for name, most in {_AMOUNT: MOST_TEU_PER_YEAR, **_MOST_USD}.items():
            if (value := getattr(self, name)) is not None and not 0 <= value <= most:
                raise QueryError(f"{name} is {value:g} and must be from 0 to {most:g}")
        if self.modes is not None:
            object.__setattr__(self, "modes", texts(self.modes, "modes", f"modes: {', '.join(MODES)}"))


def _column(
    name: str, kind: str, meaning: str, *, allowed: str = "", default: str = "", required: bool = False
) -> Column:
    return Column(name, kind, "", required, default, allowed, meaning)


def _range(name: str) -> str:
    return f"0..{_MOST_USD[name]:g}"


COLUMNS: Final = (
    _column("id", "text", "a name for the row"),
    _column("origin", "text", "the place where cargo starts: id, UN/LOCODE, name or lat,lon", required=True),
    _column("destination", "text", "the place where cargo ends", required=True),
    _column("flow", "text", "the name of the group of the row"),
    _column(_AMOUNT, "number", "TEU per year", allowed=f"0..{MOST_TEU_PER_YEAR:g}"),
    _column(_TONNES, "number", "tonnes per year, if TEU are unknown", allowed=f"0..{_MOST_TONNES_PER_YEAR:g}"),
    _column(
        "cargo_class", "text", "one of " + ", ".join(CARGO_CLASSES), allowed="|".join(CARGO_CLASSES), default="block"
    ),
    _column(
        "value_usd_per_teu",
        "number",
        f"value of a TEU in USD; blank: {USD_PER_TEU:,.0f}",
        allowed=_range("value_usd_per_teu"),
    ),
    _column(
        "value_of_time_usd_per_teu_h",
        "number",
        "USD per hour saved; blank: cost of capital",
        allowed=_range("value_of_time_usd_per_teu_h"),
    ),
    _column("tonnes_per_teu", "number", f"tonnes of a loaded TEU; blank: {TONNES_PER_TEU:g}", allowed="0.01..30.48"),
    _column("modes", "list", "modes of the line-haul, separated by ';'; blank: any", allowed="|".join(MODES)),
    _column("corridor", "text", "id of the corridor to which the row is restricted; blank: any"),
    _column("avoid_links", "list", "ids of links that it does not use, separated by ';'; blank: none"),
    _column("demand_set", "text", "the set from which it is", allowed="|".join(SETS), default=GIVEN),
    _column("for_year", "integer", "the year of which it is the demand; blank: any", allowed="1990..2100"),
)
"""Columns of a table of demand; others (`source`, `year`, `confidence`, `note`, ...) are ignored."""


def network_demand(network: Network, *, year: int | None = None) -> list[DemandFlow]:
    """Return the demand of the table of a network in a year.

    Parameters
    ----------
    network
        The network.
    year
        Year of the demand; None: the latest complete year that has demand, if the network has demand by year. Rows
        without a year hold in every year in which their id has no row of its own. In a year without any rows of its
        own, of which only capacities are known, it is the demand of the default year.

    Raises
    ------
    DataError
        If the network has no table of demand.
    QueryError
        If the network has neither demand nor capacities of the given year.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import network_demand
    >>> network_demand(load_network(), year=2024)[0].flow
    'china-eu-westbound'
    """
    table = network_given(network).tables.get("demand")
    if table is None or not len(table):
        raise DataError("the network has no table of demand; give a CSV with origin, destination and teu_per_year")
    rows = _of_year(network, list(table.numbered()), year)
    faults: list[Fault] = []
    found = [
        demand for line, row in rows if (demand := _demand(table.file, line, _with_defaults(row), faults)) is not None
    ]
    checked = _checked(network, table.file, found, [line for line, _ in rows], faults)
    return [replace(item, demand_set=PUBLISHED) for item in checked]


def demand_given(network: Network, demand: "DemandLike | None", year: int | None = None) -> list[DemandFlow]:
    """Return the demand for `assign`: rows, a table, or None for that of the network in a year.

    Raises
    ------
    DataError
        If a table is invalid, listing every fault.
    QueryError
        If it is not a demand, or is empty.
    """
    if demand is None:
        return network_demand(network, year=year)
    if is_path(demand) or is_frame(demand):
        return read_demand(network, demand, year=year)
    rows = listed(demand, "demand", "rows of demand or the path of a CSV file")
    if any(isinstance(row, Mapping) for row in rows):
        return read_demand(network, rows, year=year)
    if not rows:
        raise QueryError("there is no demand; give at least one row")
    return [instance(row, DemandFlow, "demand", "give DemandFlow(origin=..., ...), or dictionaries") for row in rows]


def read_demand(network: Network, demand: "TableLike", *, year: int | None = None) -> list[DemandFlow]:
    """Read demand from a table with the columns `COLUMNS`, of which only the places and an amount are required.

    Parameters
    ----------
    network
        The network with the places.
    demand
        The path of a CSV file, a DataFrame, or a list of dictionaries. Errors number the rows of the latter from 1.
    year
        Year of the demand, by which rows with `for_year` are chosen as in `network_demand`.

    Raises
    ------
    DataError
        If the file is invalid, listing every fault: file, row, column and cure.
    QueryError
        If it is not a table, or the network has neither demand nor capacities of the given year.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import read_demand
    >>> rows = [{"origin": "Xi'an", "destination": "Duisburg", "teu_per_year": 36_500}]
    >>> read_demand(load_network(), rows)[0].teu_per_year
    36500.0
    """
    network_given(network)
    records = records_of(demand, "demand", COLUMNS)
    missing = faults_of_header(records, COLUMNS)
    if _AMOUNT not in records.header and _TONNES not in records.header:
        missing.append(records.fault_of_header(_AMOUNT, "the column is missing", f"give it, or {_TONNES}"))
    faults = [*records.faults, *missing]
    found, lines = [], []
    parsed = [
        (line, parsed_cells(records.name, line, cells, COLUMNS, faults))
        for line, cells in ([] if missing else records.rows)
    ]
    for line, row in _of_year(network, parsed, year):
        flow = _demand(records.name, line, row, faults)
        if flow is not None:
            found.append(flow)
            lines.append(line)
    return _checked(network, records.name, found, lines, faults)


def demand_records(demand: Iterable[DemandFlow]) -> Iterator[dict[str, Any]]:
    """Yield rows of demand as records with the columns `COLUMNS`, from which `read_demand` returns the same rows."""
    for item in demand:
        record = {column.name: getattr(item, column.name, None) for column in COLUMNS}
        yield record | {name: ";".join(record[name] or ()) for name in ("modes", "avoid_links")}


def scaled(demand: Sequence[DemandFlow], factor: float) -> list[DemandFlow]:
    """Return demand multiplied by a factor.

    Raises
    ------
    QueryError
        If the factor is negative or too large for an amount of the demand.
    """
    most = max((item.teu_per_year for item in demand), default=0.0)
    factor = number_within(factor, "factor", 0.0, MOST_TEU_PER_YEAR / max(most, 1.0))
    return [DemandFlow(**(vars(item) | {_AMOUNT: item.teu_per_year * factor})) for item in demand]


def _of_year(network: Network, rows: Sequence[tuple[int, Row]], year: int | None) -> list[tuple[int, Row]]:
    """Return the rows of the demand of a year: its own, and those without a year whose id has none of its own."""
    of_year = demand_year(network, year, [row for _, row in rows])
    own = {row["id"] for _, row in rows if row.get("for_year") == of_year} - {None}
    return [
        (line, row)
        for line, row in rows
        if row.get("for_year") == of_year or (row.get("for_year") is None and row["id"] not in own)
    ]


def _with_defaults(row: Row) -> Row:
    found = {column.name: row.get(column.name) for column in COLUMNS}
    return found | {"cargo_class": found["cargo_class"] or "block"}


def _demand(file: str, line: int, row: Row, faults: list[Fault]) -> DemandFlow | None:
    """Return the demand of a row, None if a required value is missing."""
    tonnes_per_teu = row["tonnes_per_teu"] or TONNES_PER_TEU
    teu, tonnes = row[_AMOUNT], row[_TONNES]
    if teu is None and tonnes is None:
        if not any(fault.row == line and fault.column in {_AMOUNT, _TONNES} for fault in faults):
            faults.append(Fault(file, line, _AMOUNT, "is blank", f"give {_AMOUNT} or {_TONNES}"))
        return None
    if teu is not None and tonnes is not None:
        faults.append(Fault(file, line, _TONNES, f"is given beside {_AMOUNT}", "give one of the two"))
    if not row["origin"] or not row["destination"]:
        return None
    value, time = row["value_usd_per_teu"], row["value_of_time_usd_per_teu_h"]
    return DemandFlow(
        origin=row["origin"],
        destination=row["destination"],
        teu_per_year=float(tonnes / tonnes_per_teu if teu is None else teu),
        cargo_class=row["cargo_class"] or "block",
        value_usd_per_teu=USD_PER_TEU if value is None else float(value),
        value_of_time_usd_per_teu_h=None if time is None else float(time),
        tonnes_per_teu=float(tonnes_per_teu),
        modes=tuple(row["modes"]) if row["modes"] else None,
        corridor=row["corridor"].lower() if row["corridor"] else None,
        id=row["id"] or f"row {line}",
        flow=row["flow"] or "",
        avoid_links=tuple(row["avoid_links"] or ()),
        demand_set=row["demand_set"] or GIVEN,
        for_year=row["for_year"],
    )


def _checked(
    network: Network, file: str, demand: list[DemandFlow], lines: Sequence[int], faults: list[Fault]
) -> list[DemandFlow]:
    """Return the demand, after checking that the network has its places and corridors."""
    known = {normalise(name): corridor.id for corridor in corridors(network) for name in corridor.names}
    links = {link["id"] for link in network.links} if any(item.avoid_links for item in demand) else set()
    for line, item in zip(lines, demand, strict=False):
        ends = []
        for name in ("origin", "destination"):
            try:
                ends.append(network.place_index.resolve(getattr(item, name)))
            except PlaceError as error:
                faults.append(Fault(file, line, name, str(error), "name a place of the network"))
        if len(ends) == 2:
            faults += _faults_of_ends(network, file, line, item, ends)
        if item.corridor is not None and normalise(item.corridor) not in known:
            cure = f"give one of {', '.join(sorted({*known.values()})) or 'none: the network has no corridors'}"
            faults.append(Fault(file, line, "corridor", f"there is no corridor {item.corridor!r}", cure))
        faults += [
            Fault(file, line, "avoid_links", f"there is no link {link!r}", "give ids of links of the network")
            for link in item.avoid_links
            if link not in links
        ]
    if faults:
        raise DataError(f"{file} has {counted(len(faults), 'fault')}", sorted(faults))
    if not demand:
        raise DataError(f"{file} has no demand; give at least one row")
    return demand


def _faults_of_ends(
    network: Network, file: str, line: int, item: DemandFlow, ends: Sequence[str | Point]
) -> Iterator[Fault]:
    """Yield a fault if both ends of a row are one place, or points with one terminal, or one has none within reach."""
    if ends[0] == ends[1]:
        yield Fault(file, line, "destination", "is the same place as the origin", "give two different places")
        return
    if all(isinstance(end, str) for end in ends):
        return
    modes = frozenset(item.modes) if item.modes else None
    ways = [access_legs(network, Cargo(), modes, end) for end in ends]
    for name, end, own in zip(("origin", "destination"), ends, ways, strict=True):
        if not own and not isinstance(end, str):
            problem, _, cure = out_of_reach(network, modes, end, getattr(item, name)).rpartition("; ")
            yield Fault(file, line, name, problem, cure)
    shared = shared_terminal(network, ends, ways)
    if shared is not None:
        by_truck = "" if shared[1] is None else ", where a truck would drive directly"
        problem = f"has the same terminal as the origin, {shared[0]}{by_truck}"
        yield Fault(file, line, "destination", problem, "give places with different terminals, or leave the row out")

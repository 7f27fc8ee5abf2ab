"""Tables of pairs: the best itinerary of each row, or the reason why there is none, in order."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.errors import DataError, Fault, LandbridgeError
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network
from landbridge.networks.tables.records import TableLike, faults_of_header, parsed_cells, records_of
from landbridge.networks.tables.schema import Column
from landbridge.networks.units import DAY_H
from landbridge.networks.words import counted
from landbridge.routing.itineraries.leg import iso_text
from landbridge.routing.itineraries.note import Note
from landbridge.routing.output.charts import PAPER_GREY, Bar, bar_chart, look_of
from landbridge.routing.output.palette import CORRIDORS
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import parse_departure
from landbridge.routing.query.objectives import Weights, objective_asked
from landbridge.routing.query.options import query_from_options
from landbridge.routing.query.query import Conditions, check_conditions
from landbridge.routing.questions.notes import date_notes, own_notes
from landbridge.routing.questions.one_to_one import itineraries_or_reason

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS: Final = (
    Column("origin", "text", "", True, "", "", "the place where cargo starts: id, UN/LOCODE, name or lat,lon"),
    Column("destination", "text", "", True, "", "", "the place where cargo ends"),
    Column("id", "text", "", False, "", "", "a name for the row"),
    Column("teu", "number", "TEU", False, "", "0.01..", "size in TEU; blank: that of the cargo"),
    Column("tonnes", "number", "t", False, "", "0..", "gross weight in t; blank: that of the cargo"),
    Column("depart", "text", "", False, "", "", "day or time of departure; blank: as for all"),
)
"""Columns of a table of pairs; others are ignored."""

_TOTALS = (
    *("time_mean_h", "time_p10_h", "time_p50_h", "time_p90_h"),
    *("cost_usd", "co2e_kg", "distance_km", "corridor"),
    *("transit_p10_h", "transit_p50_h", "transit_p90_h", "generalised_cost_usd", "route_line"),
)
_DECIMALS = 6  # of the text formats: further digits are rounding noise


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A row of a table of pairs with its result; values are None if there is an error.

    Attributes
    ----------
    id, origin, destination, teu, tonnes, depart
        As given in the row, or the cargo and departure for all; None where the row gives what cannot be read.
    time_mean_h, time_p10_h, time_p50_h, time_p90_h, cost_usd, co2e_kg, distance_km, corridor
        Totals of the best itinerary, equal to those of `route`.
    error
        Why there is no result, and the cure; None if there is one.
    notes
        As of `route`, but for those that need a search of their own: what is closed, and what a truck would take.
    transit_p10_h, transit_p50_h, transit_p90_h
        Hours from the first departure to the last arrival, of the same itinerary; the times above are from delivery
        at the first terminal to pick-up at the last.
    generalised_cost_usd
        USD paid, inventory cost and the weights of the objective.
    route_line
        The points that tell the way apart, as in `route`.
    """

    id: str | None
    origin: str | None
    destination: str | None
    teu: float | None
    tonnes: float | None
    depart: str | None
    time_mean_h: float | None = None
    time_p10_h: float | None = None
    time_p50_h: float | None = None
    time_p90_h: float | None = None
    cost_usd: float | None = None
    co2e_kg: float | None = None
    distance_km: float | None = None
    corridor: str | None = None
    error: str | None = None
    notes: tuple[Note, ...] = ()
    transit_p10_h: float | None = None
    transit_p50_h: float | None = None
    transit_p90_h: float | None = None
    generalised_cost_usd: float | None = None
    route_line: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the row with the names of the JSON output, digits of rounding noise left off."""
        cells = {name: round(cell, _DECIMALS) if isinstance(cell, float) else cell for name, cell in vars(self).items()}
        return cells | {"notes": [note.to_dict() for note in self.notes]}

    def columns(self) -> dict[str, Any]:
        """Return the row as scalars, the texts of its notes joined by `;`."""
        return self.to_dict() | {"notes": "; ".join(note.text for note in self.notes) or None}


@dataclass(frozen=True, repr=False)
class Pairs(Result):
    """The results of a table of pairs, in order."""

    rows: tuple[Pair, ...]

    def __repr__(self) -> str:
        """Return the number of pairs and of errors."""
        return f"<Pairs: {len(self.rows)}, of them {self.errors} with an error>"

    @property
    def errors(self) -> int:
        """Number of rows with an error instead of a result."""
        return sum(row.error is not None for row in self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the pairs with the names of the JSON output."""
        return {"pairs": [row.to_dict() for row in self.rows]}

    def tables(self) -> Sequence[RecordTable]:
        """Return a row for each pair; cells are blank if there is an error."""
        names = tuple(column.name for column in fields(Pair))
        return (RecordTable("pairs", lambda: [row.columns() for row in self.rows], names),)

    def plot(self) -> "Figure":
        """Return the chart of the median days of each pair, with p10 to p90.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        bars = [_bar(row) for row in self.rows]
        title = f"Transit times of {counted(len(self.rows), 'pair')}"
        subtitle = "Median days of the best itinerary, in the colour of its corridor; black lines: p10 to p90"
        return bar_chart(bars, "days", title, self.meta, subtitle=subtitle)


def _bar(row: Pair) -> Bar:
    name = f"{row.origin or '?'} to {row.destination or '?'}"
    if row.time_p10_h is None or row.time_p50_h is None or row.time_p90_h is None:
        return Bar(name, 0.0, "no result", PAPER_GREY)
    low, middle, high = (hours / DAY_H for hours in (row.time_p10_h, row.time_p50_h, row.time_p90_h))
    look = look_of(CORRIDORS, row.corridor or "")
    return Bar(name, middle, f"{middle:.1f}, {look.label}", look.colour, low, high)


def answered_pairs(
    network: Network,
    table: "TableLike",
    conditions: Conditions,
    *,
    cargo: Cargo,
    objective: str | Weights,
    progress: Callable[[int], object],
) -> Pairs:
    """Return the best itinerary of each row of a table of pairs.

    Raises
    ------
    DataError
        If a column is missing, or there is no row.
    QueryError
        If it is not a table, or an option for all rows is invalid.
    """
    check_conditions(network, conditions)
    records = records_of(table, "pairs", COLUMNS)
    faults = faults_of_header(records, COLUMNS)
    if not faults and not records.rows and not records.faults:
        faults = [records.fault_of_header("", "no pair is listed", "give a pair in each row below the header")]
    if faults:
        raise DataError(f"{records.name} is not a table of pairs", faults)
    # A row of the file that cannot be read keeps its position.
    unread = defaultdict[int, list[Fault]](list)
    for fault in records.faults:
        unread[fault.row].append(fault)
    given: list[tuple[int, dict[str, str] | list[Fault]]] = [*records.rows, *unread.items()]
    found = []
    for _, row in sorted(given, key=itemgetter(0)):
        found.append(_answered(network, row, conditions, cargo, objective))
        progress(1)
    asked = {"pairs": len(found), "cargo": cargo, **objective_asked(objective), **conditions.asked}
    return Pairs(tuple(found), meta=meta_of(network.tables, asked))


def _answered(
    network: Network,
    cells: dict[str, str] | list[Fault],
    conditions: Conditions,
    cargo: Cargo,
    objective: str | Weights,
) -> Pair:
    """Return a row with its result or its errors; one that cannot be read has faults in place of cells."""
    faults = cells if isinstance(cells, list) else []
    row = parsed_cells("", 0, {} if isinstance(cells, list) else cells, COLUMNS, [] if faults else faults)
    sized = {name: row[name] for name in ("teu", "tonnes") if row[name] is not None}
    shown = {
        "teu": cargo.teu,
        "tonnes": cargo.tonnes,
        **{name: row[name] for name in ("id", "origin", "destination")},
        **sized,
        "depart": row["depart"] or iso_text(conditions.depart),
    }
    # What a row gives but cannot be read is not known: it is not that of the cargo.
    shown |= dict.fromkeys(shown if isinstance(cells, list) else [fault.column for fault in faults])
    try:
        if faults:
            raise DataError("; ".join(f"{fault.column} {fault.problem}; {fault.cure}".strip() for fault in faults))
        asked = replace(conditions, depart=parse_departure(row["depart"])) if row["depart"] else conditions
        ends = row["origin"], row["destination"]
        query = query_from_options(network, ends, asked, cargo=replace(cargo, **sized), objective=objective)
        (item,) = itineraries_or_reason(query)
    except LandbridgeError as error:
        return Pair(**shown, error=str(error))
    totals = item.summary()
    shown["depart"] = totals["depart"]
    return Pair(
        **shown, **{name: totals[name] for name in _TOTALS}, notes=(*own_notes(query, item), *date_notes(query))
    )

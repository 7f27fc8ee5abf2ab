"""A table of pairs: the best itinerary of each row, or why there is none, in the order of the table."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.errors import DataError, Fault, LandbridgeError
from landbridge.networks.files import csv_text
from landbridge.networks.network import Network
from landbridge.networks.tables.records import TableLike, missing_columns, parsed_cells, records_of
from landbridge.networks.tables.schema import Column
from landbridge.routing.itineraries.leg import iso_text
from landbridge.routing.output.table_files import write_table
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import parse_departure
from landbridge.routing.query.objectives import ObjectiveName, Weights, check_objective
from landbridge.routing.query.options import query_from_options
from landbridge.routing.query.query import Conditions, check_conditions
from landbridge.routing.questions.route import itineraries_or_reason

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = (
    Column("origin", "text", "", True, "", "", "the place where cargo comes from: id, UN/LOCODE, name or lat,lon"),
    Column("destination", "text", "", True, "", "", "the place where it goes to"),
    Column("id", "text", "", False, "", "", "a name for the row"),
    Column("teu", "number", "TEU", False, "", "0.01..", "size in TEU; blank: that of the cargo"),
    Column("tonnes", "number", "t", False, "", "0..", "gross weight in t; blank: that of the cargo"),
    Column("depart", "text", "", False, "", "", "day or moment of departure; blank: as for all"),
)
"""Columns of a table of pairs; others are passed over."""

_TOTALS = (
    *("time_mean_h", "time_p10_h", "time_p50_h", "time_p90_h"),
    *("cost_usd", "co2e_kg", "distance_km", "corridor"),
)
_DECIMALS = 6  # of the text formats: digits behind them are noise of the sums


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A row of a table of pairs with its answer: numbers are None where there is an error.

    Attributes
    ----------
    id, origin, destination, teu, tonnes, depart
        As the row gives them, or in its place the cargo and the departure for all.
    time_mean_h, time_p10_h, time_p50_h, time_p90_h, cost_usd, co2e_kg, distance_km, corridor
        Totals of the best itinerary, those of `route`.
    error
        Why there is no answer, and the cure; None where there is one.
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


@dataclass(frozen=True, eq=False)
class Pairs:
    """The answers of a table of pairs, in its order."""

    rows: tuple[Pair, ...]

    def __repr__(self) -> str:
        """Return how many there are, and how many have an error."""
        return f"<Pairs: {len(self.rows)}, of them {self.errors} with an error>"

    @property
    def errors(self) -> int:
        """How many rows have an error in place of an answer."""
        return sum(row.error is not None for row in self.rows)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each pair; numbers are NaN where there is an error."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows], columns=[column.name for column in fields(Pair)])

    def to_dict(self) -> dict[str, Any]:
        """Return the pairs with the names of the JSON output."""
        return {"pairs": list(self._rounded())}

    def to_csv(self) -> str:
        """Return the table as CSV; cells are blank where there is an error."""
        return csv_text(self._rounded(), [column.name for column in fields(Pair)])

    def write(self, path: str | Path) -> Path:
        """Write the table as `.csv` or `.parquet` (needs the extra `parquet`), and return the path.

        Raises
        ------
        QueryError
            If the name ends otherwise, or Parquet cannot be written because pyarrow is not installed.
        """
        return write_table(Path(path), self.to_csv, self.to_frame)

    def _rounded(self) -> Iterator[dict[str, Any]]:
        for row in self.rows:
            cells = asdict(row).items()
            yield {name: round(cell, _DECIMALS) if isinstance(cell, float) else cell for name, cell in cells}


def answered_pairs(
    network: Network,
    table: "TableLike",
    conditions: Conditions,
    *,
    cargo: Cargo,
    objective: ObjectiveName | Weights,
    progress: Callable[[int], object],
) -> Pairs:
    """Return the best itinerary of each row of a table of pairs.

    Raises
    ------
    DataError
        If a column is missing, or there is no row.
    QueryError
        If it is no table, or an option for all rows is wrong.
    """
    check_objective(objective)
    check_conditions(network, conditions)
    records = records_of(table, "pairs")
    faults = missing_columns(records, COLUMNS)
    if not faults and not records.rows and not records.faults:
        faults = [records.fault_of_header("", "no pair is listed", "write a pair in each row under the header")]
    if faults:
        raise DataError(f"{records.name} is no table of pairs", faults)
    # A row that does not fit the header keeps its place among the others.
    given: list[tuple[int, dict[str, str] | Fault]] = [*records.rows, *((fault.row, fault) for fault in records.faults)]
    found = []
    for _, row in sorted(given, key=itemgetter(0)):
        found.append(_answered(network, row, conditions, cargo, objective))
        progress(1)
    return Pairs(tuple(found))


def _answered(
    network: Network,
    cells: dict[str, str] | Fault,
    conditions: Conditions,
    cargo: Cargo,
    objective: ObjectiveName | Weights,
) -> Pair:
    """Return a row with its answer, or with what is wrong with it."""
    faults = [cells] if isinstance(cells, Fault) else []
    row = parsed_cells("", 0, {} if isinstance(cells, Fault) else cells, COLUMNS, [] if faults else faults)
    sized = {name: row[name] for name in ("teu", "tonnes") if row[name] is not None}
    shown = {
        "teu": cargo.teu,
        "tonnes": cargo.tonnes,
        **{name: row[name] for name in ("id", "origin", "destination")},
        **sized,
        "depart": row["depart"] or iso_text(conditions.depart),
    }
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
    return Pair(**shown, **{name: totals[name] for name in _TOTALS})

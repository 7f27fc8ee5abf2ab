"""Works that may be done: rows of the table `candidates`, with their costs in dollars of the data set's year."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landbridge.networks.checks.candidates import check_candidates
from landbridge.networks.checks.tables import check_keys, check_references
from landbridge.networks.errors import DataError, Fault
from landbridge.networks.network import Network
from landbridge.networks.tables.records import TableLike, faults_of_header, parsed_cells, records_of
from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import Table
from landbridge.networks.words import counted

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import CandidateRow

TABLE = "candidates"
_MUSD = 1e6


@dataclass(frozen=True, eq=False)
class Work:
    """A work that may be done, with its costs in dollars of the data set's year.

    Attributes
    ----------
    row
        Its row of the table `candidates`.
    file, line
        Where the row is, for messages.
    cost_usd, cost_low_usd, cost_high_usd, operating_usd_year
        Cost of building with its range, and of each year of service.
    """

    row: "CandidateRow"
    file: str
    line: int
    cost_usd: float
    cost_low_usd: float
    cost_high_usd: float
    operating_usd_year: float

    @property
    def id(self) -> str:
        """Id of the work."""
        return self.row["id"]

    @property
    def name(self) -> str:
        """Display name."""
        return self.row["name"]


def works_given(network: Network, candidates: "TableLike | None") -> tuple[Work, ...]:
    """Return the works of the network, or of a table with the columns of `candidates`.

    Raises
    ------
    DataError
        If there are none, or the table is invalid, listing every fault with row, column and cure.
    """
    table = network.tables[TABLE] if candidates is None else _read(network, candidates)
    if not len(table):
        raise DataError(f"{table.file} has no works; give a table of candidates with at least one row")
    deflators = {row["usd_year"]: row["usd_to_2024"] for row in network.tables["deflators"]}
    price = deflators[network.setting("usd_year")]
    return tuple(_work(table.file, line, row, deflators, price) for line, row in table.numbered())


def _work(file: str, line: int, row: "CandidateRow", deflators: dict[str, float], price: float) -> Work:
    usd = _MUSD * deflators[str(row["cost_usd_year"])] / price
    low, high = row["cost_low_musd"], row["cost_high_musd"]
    return Work(
        row,
        file,
        line,
        cost_usd=row["cost_musd"] * usd,
        cost_low_usd=(row["cost_musd"] if low is None else low) * usd,
        cost_high_usd=(row["cost_musd"] if high is None else high) * usd,
        operating_usd_year=row["operating_musd_year"] * usd,
    )


def _read(network: Network, given: "TableLike") -> "Table[CandidateRow]":
    columns = schemas()[TABLE].columns
    records = records_of(given, TABLE, columns)
    faults: list[Fault] = [*records.faults, *faults_of_header(records, columns)]
    table: Table[Any] = Table(TABLE, records.name)
    for line, cells in [] if faults else records.rows:
        table.append(parsed_cells(records.name, line, cells, columns, faults), line)
    if not faults:
        tables: Any = {**network.tables, TABLE: table}
        # The sources of a user's own table need not be those of the network.
        own = {column.name for column in columns if column.refers_to == "sources"}
        faults += [
            *check_keys(table),
            *(f for f in check_references(tables, {table.name: table}) if f.column not in own),
        ]
        faults += [] if faults else check_candidates(tables)
    if faults:
        raise DataError(f"{records.name} has {counted(len(faults), 'fault')}", sorted(faults))
    return table

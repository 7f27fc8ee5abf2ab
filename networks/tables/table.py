"""Tables as read: rows of typed values, each with its line in the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from landbridge.networks.tables.schema import Schema, schemas

if TYPE_CHECKING:
    from landbridge.networks.tables import rows

Row = Mapping[str, Any]
"""One row: the typed values by column; None (or an empty tuple) for a blank cell.

`landbridge.networks.tables.rows` has a type for the rows of each table, for type checkers only.
"""

Draft = dict[str, Any]
"""A row under construction."""

AnyRow = TypeVar("AnyRow", bound=Row)

GEOMETRY: Final = "geometry"
"""Key under which a row keeps the geometry that was read with it."""

LOCAL_NAME: Final = "name_local"
"""Column of the names of places in the script of their country, in files for maps; it is not read."""

GEOMETRY_FILE = "geometry.fgb"
"""Name of the file with the lines of links in a folder of tables."""

CLOSED: Final = date(1900, 1, 1)
"""`valid_to` of a row that a scenario closes for good: no day of a query is that early, so that it never holds."""

REFERENCE_TABLES = (
    "admissibility",
    "congestion",
    "corridors",
    "countries",
    "dataset",
    "deflators",
    "emission_factors",
    "loads",
    "modes",
    "spreads",
    "tariffs",
)
"""Tables that are taken from the bundled data set if a user's network lacks them."""

NETWORK_TABLES = (
    "places",
    "links",
    "services",
    "operations",
    "resources",
    "capacities",
    "berths",
    "closures",
    "slowdowns",
    "storms",
    "traffic",
    "demand",
    "sources",
)
"""Tables of a network; those that a network lacks are empty."""

VALIDATION_TABLES = ("observations", "counts")
"""Tables used only for validation and not to compute answers; optional."""

STUDY_TABLES = ("candidates",)
"""Tables of studies: works that may be done, which are no part of the network as it is; optional."""

REQUIRED_TABLES = ("places", "links", "services")
"""Tables that every network must have."""


@dataclass
class Table(Generic[AnyRow]):
    """The rows of one table, its file and the line of each row."""

    name: str
    file: str
    rows: list[AnyRow] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def schema(self) -> Schema:
        """The schema of the table."""
        return schemas()[self.name]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[AnyRow]:
        """Iterate over the rows."""
        return iter(self.rows)

    def numbered(self) -> Iterator[tuple[int, AnyRow]]:
        """Iterate over the rows with their line numbers in the file."""
        return zip(self.lines, self.rows, strict=True)

    def by_key(self) -> dict[str, AnyRow]:
        """Return the rows by the value of their key column; if a key is repeated, its first row."""
        found: dict[str, AnyRow] = {}
        key = self.schema.key
        for row in self.rows:
            found.setdefault(row[key], row)
        return found

    def append(self, row: AnyRow, line: int = 0) -> None:
        """Add a row."""
        self.rows.append(row)
        self.lines.append(line)


Tables: TypeAlias = "rows.Tables"
"""The tables of a network by name: a dict for which type checkers know the row type of each table."""

"""Tables as they are read: rows of typed values, each with the line that it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

from landbridge.networks.tables.schema import Schema, schemas

if TYPE_CHECKING:
    from landbridge.networks.tables import rows

Row = Mapping[str, Any]
"""One row: the columns of the schema with their typed values; None (or an empty tuple) where a cell is blank.

`landbridge.networks.tables.rows` has a type for the rows of each table, which only type checkers see.
"""

Draft = dict[str, Any]
"""A row that is being made."""

AnyRow = TypeVar("AnyRow", bound=Row)

GEOMETRY: Final = "geometry"
"""Key of a row under which the geometry that came with it is kept."""

GEOMETRY_FILE = "geometry.fgb"
"""Name of the file with the lines of links in a folder of tables."""

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
"""Tables that a user's network may leave out: those of the bundled data set then hold."""

NETWORK_TABLES = (
    "places",
    "links",
    "services",
    "operations",
    "resources",
    "berths",
    "closures",
    "slowdowns",
    "demand",
    "sources",
)
"""Tables that make a network; what a network leaves out of them is empty."""

VALIDATION_TABLES = ("observations",)
"""Tables that answers are checked against and no answer is made from; a network may do without."""

REQUIRED_TABLES = ("places", "links", "services")
"""Tables that no network can do without."""


@dataclass
class Table(Generic[AnyRow]):
    """Rows of one table, the file they came from and the line of each."""

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
        """Iterate over the rows with their lines in the file."""
        return zip(self.lines, self.rows, strict=True)

    def by_key(self) -> dict[str, AnyRow]:
        """Return the rows by the value of their key column; of several rows with one key, the first."""
        found: dict[str, AnyRow] = {}
        for row in self.rows:
            found.setdefault(row[self.schema.key], row)
        return found

    def append(self, row: AnyRow, line: int = 0) -> None:
        """Add a row."""
        self.rows.append(row)
        self.lines.append(line)


Tables: TypeAlias = "rows.Tables"
"""The tables of a network by name: a dict, of which type checkers know the rows of each table."""

"""Tables as they are read: rows of typed values, each with the line that it came from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from landbridge.networks.tables.schema import Schema, schemas

Row = dict[str, Any]
"""One row: the columns of the schema with their typed values; None (or an empty tuple) where a cell is blank."""

GEOMETRY = "geometry"
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
class Table:
    """Rows of one table, the file they came from and the line of each."""

    name: str
    file: str
    rows: list[Row] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def schema(self) -> Schema:
        """The schema of the table."""
        return schemas()[self.name]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the rows."""
        return iter(self.rows)

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Iterate over the rows with their lines in the file."""
        return zip(self.lines, self.rows, strict=True)

    def by_key(self) -> dict[str, Row]:
        """Return the rows by the value of their key column; of several rows with one key, the first."""
        found: dict[str, Row] = {}
        for row in self.rows:
            found.setdefault(row[self.schema.key], row)
        return found

    def append(self, row: Row, line: int = 0) -> None:
        """Add a row."""
        self.rows.append(row)
        self.lines.append(line)


Tables = dict[str, Table]
"""The tables of a network by name."""

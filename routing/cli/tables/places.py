"""The table of places."""

from collections.abc import Sequence

from rich.table import Table

from landbridge.networks.tables.table import Row
from landbridge.routing.cli.tables.console import console, counted


def print_places(rows: Sequence[Row]) -> None:
    """Print a row for each place."""
    table = Table()
    for name in ("id", "name", "country", "kind", "lat, lon", "modes", "other names"):
        table.add_column(name)
    for row in rows:
        table.add_row(
            row["id"],
            row["name"],
            row["country"] or "",
            row["kind"],
            f"{row['lat']:.3f}, {row['lon']:.3f}",
            " ".join(row["modes"]),
            ", ".join(row["aliases"]),
        )
    out = console()
    out.print(table)
    out.print(counted(len(rows), "place"), style="dim")

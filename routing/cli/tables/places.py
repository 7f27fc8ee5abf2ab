"""The table of places."""

from collections.abc import Sequence

from landbridge.networks.tables.table import Row
from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import print_table


def print_places(rows: Sequence[Row]) -> None:
    """Print a row for each place."""
    cells = [
        (
            row["id"],
            row["name"],
            row["country"] or "",
            row["kind"],
            " ".join(row["modes"]),
            ", ".join(row["aliases"]),
            f"{row['lat']:.3f}, {row['lon']:.3f}",
        )
        for row in rows
    ]
    columns = ("id", "name", "country", "kind", "modes", "other names", "lat, lon")
    print_table(
        "Places", columns, cells, left=6, remarks=f"{counted(len(rows), 'place')}, in the order of the network."
    )


def print_choices(rows: Sequence[Row], kind: str) -> None:
    """Print a row for each passage, border, corridor or service."""
    cells = [
        (row["id"], row["name"], " ".join(row["modes"]), ", ".join(row["aliases"]), str(row["links"] or ""))
        for row in rows
    ]
    how = {"passage": "--avoid takes them.", "border": "--avoid takes them.", "corridor": "--corridor takes them."}
    print_table(
        f"{kind.capitalize()}s",
        ("id", "name", "modes", "other names", "links"),
        cells,
        left=4,
        remarks=how.get(kind, ""),
    )

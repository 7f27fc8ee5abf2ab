"""Tables that describe a network."""

from typing import Any

from rich.table import Table

from landbridge.routing.cli.tables.console import console


def print_description(description: dict[str, Any]) -> None:
    """Print the description of a network."""
    out = console()
    out.print(f"{description['name']} {description['version']}, valid {description['reference_date']}")
    for title, values in (
        ("rows", description["tables"]),
        ("km of links", description["length_km"]),
        ("values by confidence", description["evidence"]),
    ):
        table = Table(title=title, title_justify="left", show_header=False)
        for name, value in values.items():
            table.add_row(name, f"{value:,}")
        out.print(table)
    out.print(f"state graph: {description['states']:,} states, {description['edges']:,} edges")

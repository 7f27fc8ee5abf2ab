"""Tables that describe a network."""

from typing import Any

from landbridge.networks.words import counted
from landbridge.routing.cli.tables.console import console, print_table


def print_description(description: dict[str, Any]) -> None:
    """Print the description of a network."""
    out = console()
    out.print(f"{description['name']} {description['version']}, valid {description['reference_date']}")
    for title, columns, values, order in (
        ("rows", ("table", "rows"), description["tables"], "Sorted by name."),
        ("km of links", ("mode", "km"), description["length_km"], "In the order of the data."),
        ("values by confidence", ("confidence", "values"), description["evidence"], "The surest first."),
    ):
        print_table(title, columns, [(name, f"{value:,}") for name, value in values.items()], remarks=order)
    states, edges = counted(description["states"], "state"), counted(description["edges"], "edge")
    out.print(f"state graph: {states}, {edges}")

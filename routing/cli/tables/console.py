"""The console for tables, and shared formatting."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from landbridge.networks.units import DAY_H

_PIPE_COLUMNS = 180


def console() -> Console:
    """Return a console that does not wrap tables at 80 columns if the output is a file."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    # Names may contain square brackets, which are not markup.
    return Console(width=width, markup=False, highlight=False)


def in_days(hours: float) -> str:
    """Return hours as days with one decimal."""
    return f"{hours / DAY_H:.1f}"


def print_cities(meta: Mapping[str, Any]) -> None:
    """Print where the cities are that ends of a query were found to name, if they are no terminals of the network."""
    for city in meta["options"].get("resolved", {}).values():
        found = f"{city['name']}, {city['country']} ({city['lat']:g},{city['lon']:g})"
        console().print(f"{found} has no terminal in the network: from or to its coordinates by road.", style="dim")


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1, remarks: str = ""
) -> None:
    """Print a table whose first `left` columns are text and the others numbers, with remarks below."""
    out, table = console(), Table(title=title, title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < left else "right")
    for row in rows:
        table.add_row(*row)
    out.print(table)
    if remarks:
        out.print(remarks, style="dim")

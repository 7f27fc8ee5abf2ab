"""The console for tables, and shared formatting."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table

from landbridge.networks.units import DAY_H
from landbridge.routing.cli.progress import scenario_to_say

_PIPE_COLUMNS = 180
_FRAME = 3
"""Characters of a column beside its cells: two blanks and a line."""

_LONG_WORD = 20
"""Longer words, such as ids, may be broken."""

_LEAST_NEEDED = (
    "sources",
    "other names",
    "changes",
    "gauges",
    "lat, lon",
    "longest stop",
    "least at",
    "share",
    "lost",
    "rerouted",
    "background",
    "borders",
    "in transit",
    "km",
    "p10",
    "kg CO2e",
    "hours",
    "section",
    "p90",
)
"""Headings of columns that are left out first if a table does not fit; then the rightmost ones."""


class TableConsole(Console):
    """A console that never cuts a cell of a table: columns that do not fit are left out and named below it."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print objects; a table is fitted to the width."""
        if len(objects) != 1 or not isinstance(objects[0], Table):
            super().print(*objects, **options)
            return
        table, left_out = fitted(objects[0], self.width)
        super().print(table, **options)
        if left_out:
            super().print(f"Left out for lack of room: {', '.join(left_out)}.", style="dim")

    def on_broken_pipe(self) -> None:
        """Leave the end of the process to the command line: nobody reads on."""
        raise BrokenPipeError


def console() -> Console:
    """Return a console that does not wrap tables at 80 columns if the output is a file; the first says the scenario."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    # Names may contain square brackets, which are not markup.
    out = TableConsole(width=width, markup=False, highlight=False)
    scenario = scenario_to_say()
    if scenario is not None:
        out.print(f"scenario: {scenario}")
    return out


def of_years(meta: Mapping[str, Any], demand: str = "demand") -> str:
    """Return the start of a header with the years of demand and capacities by the meta data of an answer."""
    year, sent = (meta["options"].get(name) for name in ("year", "demand_year"))
    if sent is None or sent == year:
        return of_year(year, f"{demand} and capacities")
    return of_year(sent, demand) if year is None else f"{demand} of {sent}, capacities of {year}: "


def of_year(year: int | None, what: str) -> str:
    """Return the start of a header with the year of an answer, blank if the network has no years."""
    return "" if year is None else f"{what} of {year}: "


def fitted(table: Table, width: int) -> tuple[Table, list[str]]:
    """Return a table that fits into a width in characters, and the headings of the columns left out.

    Texts run over several lines; numbers do not.
    """
    columns, left_out = [*table.columns], list[str]()
    while sum(map(_least, columns)) > _room(columns, width) and len(columns) > 1:
        column = _least_needed(columns)
        columns.remove(column)
        left_out.append(str(column.header))
    if not left_out and sum(map(_most, columns)) <= _room(columns, width):
        return table, []
    new = Table(title=table.title, title_justify=table.title_justify, show_header=table.show_header)
    for column, size in zip(columns, _sizes(columns, _room(columns, width)), strict=True):
        new.add_column(column.header, justify=column.justify, overflow="fold", width=size)
    for cells in zip(*(column.cells for column in columns), strict=True):
        new.add_row(*cells)
    return new, left_out


def _room(columns: Sequence[Column], width: int) -> int:
    return width - _FRAME * len(columns) - 1


def _least_needed(columns: Sequence[Column]) -> Column:
    """Return the column to leave out first; the first one stays."""
    by_heading = {str(column.header): column for column in columns[1:]}
    return next((by_heading[name] for name in _LEAST_NEEDED if name in by_heading), columns[-1])


def _texts(column: Column) -> list[str]:
    return [str(text) for text in (column.header, *column.cells)]


def _most(column: Column) -> int:
    """Return the width of a column whose texts stand on one line."""
    most = max(map(cell_len, _texts(column)), default=1)
    return min(most, column.max_width) if column.max_width else most


def _least(column: Column) -> int:
    """Return the least width of a column: its numbers, or the longest word of its texts and its heading."""
    header, *cells = _texts(column)
    whole = cells if column.justify == "right" else [word for text in cells for word in text.split()]
    longest = max(map(cell_len, whole), default=1)
    if column.justify != "right":
        longest = min(longest, _LONG_WORD)
    return max(longest, *map(cell_len, header.split()), 1)


def _sizes(columns: Sequence[Column], room: int) -> list[int]:
    """Share the room among columns: each has its least width, and what is left goes to the ones that lack least."""
    sizes = [_least(column) for column in columns]
    left = room - sum(sizes)
    lacking = [_most(column) - size for column, size in zip(columns, sizes, strict=True)]
    order = sorted(range(len(columns)), key=lambda number: lacking[number])
    for place, number in enumerate(order):
        more = max(0, min(lacking[number], left // (len(order) - place)))
        sizes[number] += more
        left -= more
    return sizes


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

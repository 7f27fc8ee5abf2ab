"""The console for tables, and shared formatting."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from landbridge.networks.units import DAY_H

_PIPE_COLUMNS = 180


def console() -> Console:
    """Return a console that does not wrap tables at 80 columns if the output is a file."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    # Names may contain square brackets, which are not markup.
    return Console(width=width, markup=False, highlight=False)


def show_table(out: Console, table: Table, *, least: Sequence[str] = ()) -> None:
    """Print a table without the columns that do not fit, which are named below.

    Text is wrapped between words; numbers are never cut.

    Parameters
    ----------
    least
        Headers of the columns to leave out first, in this order; then from the right. The first one always stays.
    """
    for column in table.columns:
        column.no_wrap = column.no_wrap or column.justify == "right"
    order = [column for name in least for column in table.columns if column.header == name]
    order += [column for column in reversed(table.columns[1:]) if column not in order]
    dropped = []
    while order and Measurement.get(out, out.options, table).minimum > out.width:
        column = order.pop(0)
        table.columns.remove(column)
        dropped.append(str(column.header))
    out.print(table)
    if dropped:
        out.print(f"Too narrow for the columns {', '.join(dropped)}.", style="dim")


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun: `1 place`, `2 places`."""
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def in_days(hours: float) -> str:
    """Return hours as days with one decimal."""
    return f"{hours / DAY_H:.1f}"


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1, remarks: str = ""
) -> None:
    """Print a table whose first `left` columns are text and the others numbers, with remarks below."""
    out, table = console(), Table(title=title, title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < left else "right")
    for row in rows:
        table.add_row(*row)
    show_table(out, table)
    if remarks:
        out.print(remarks, style="dim")

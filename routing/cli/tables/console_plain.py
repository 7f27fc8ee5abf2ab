"""Plain tables for the terminal: a title, columns, rows of text, remarks below."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

_PIPE_COLUMNS = 180


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1, remarks: str = ""
) -> None:
    """Print a table whose first `left` columns are text and the others numbers, with remarks below."""
    # Names may contain square brackets, which are not markup; lines in a file are not wrapped at 80 columns.
    console = Console(width=None if sys.stdout.isatty() else _PIPE_COLUMNS, markup=False, highlight=False)
    table = Table(title=title, title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < left else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    if remarks:
        console.print(remarks, style="dim")

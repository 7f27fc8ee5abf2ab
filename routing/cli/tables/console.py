"""The console for tables, and shared formatting."""

import sys

from rich.console import Console

from landbridge.networks.units import DAY_H

_PIPE_COLUMNS = 160


def console() -> Console:
    """Return a console that does not wrap tables at 80 columns if the output is a file."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    # Names may contain square brackets, which are not markup.
    return Console(width=width, markup=False, highlight=False)


def in_days(hours: float) -> str:
    """Return hours as days with one decimal."""
    return f"{hours / DAY_H:.1f}"

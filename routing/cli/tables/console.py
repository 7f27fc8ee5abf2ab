"""The console that tables go to, and what they have in common."""

import sys

from rich.console import Console

from landbridge.networks.units import DAY_H

_PIPE_COLUMNS = 160


def console() -> Console:
    """Return a console that does not fold tables into 80 columns where the output is a file."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    # Names may hold square brackets, which are no markup.
    return Console(width=width, markup=False, highlight=False)


def in_days(hours: float) -> str:
    """Return hours as days with one decimal."""
    return f"{hours / DAY_H:.1f}"

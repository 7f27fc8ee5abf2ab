"""The chart of a matrix: a cell for each pair of places, darker where the trip takes longer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from landbridge.networks.arrays import Floats
from landbridge.networks.meta import Meta
from landbridge.networks.units import DAY_H
from landbridge.routing.output.charts import WIDTH_IN, framed, name_lines, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 25
"""Largest number of origins and of destinations that are shown."""


def draw(origins: Sequence[str], destinations: Sequence[str], time_mean_h: Floats, meta: Meta) -> "Figure":
    """Return the chart: mean days of each pair as a number and a shade; a pair without a path is blank.

    Parameters
    ----------
    time_mean_h
        Shape (origins, destinations).

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    days = time_mean_h[:MOST, :MOST] / DAY_H
    rows, columns = origins[:MOST], destinations[:MOST]
    figure = new_figure(figsize=(WIDTH_IN, 2.6 + 0.36 * max(len(rows), 3)), layout="constrained")
    axes: Axes = figure.add_subplot()
    known = days[np.isfinite(days)]
    most = (float(known.max()) if len(known) else 0.0) or 1.0
    axes.imshow(np.ma.masked_invalid(days), cmap="Greys", vmin=0, vmax=1.3 * most, aspect="auto")
    for (row, column), value in np.ndenumerate(days):
        if np.isfinite(value):
            # White on the dark cells, so that it can be read in print.
            colour = "white" if value > 0.75 * most else "black"
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", fontsize=7.5, color=colour)
    axes.set_xticks(range(len(columns)), [name_lines(name, 24) for name in columns], rotation=45, ha="left", fontsize=8)
    axes.set_yticks(range(len(rows)), [name_lines(name, 24) for name in rows], fontsize=8)
    axes.xaxis.tick_top()
    axes.spines[:].set_visible(False)
    cut = len(origins) > MOST or len(destinations) > MOST
    more = f"; the first {len(rows)} of {len(origins)} origins and {len(columns)} of {len(destinations)}" if cut else ""
    subtitle = f"Mean days from each origin (row) to each destination (column); blank: no path{more}"
    framed(figure, f"Times between {len(origins)} and {len(destinations)} places", meta, subtitle=subtitle)
    return figure

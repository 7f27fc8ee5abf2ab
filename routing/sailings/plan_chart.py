"""The chart of a plan of sailings: when each ship is at a berth and at sea."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landbridge.networks.meta import Meta
from landbridge.networks.units import DAY_H
from landbridge.routing.output.charts import (
    INK,
    MOST_BARS,
    WIDTH_IN,
    bar_height,
    framed,
    legend_of,
    new_figure,
    nothing,
    tidy,
)
from landbridge.routing.output.palette import MODES, RESOURCES, Appearance
from landbridge.routing.sailings.schedule import BerthStay, Sailing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SEA = MODES["sea"]._replace(label="at sea with cargo")
_BERTH = RESOURCES["line"]._replace(label="at a berth")
_CLOSED = Appearance("ports closed by storm", "#dddddd")


def draw(
    sailings: Sequence[Sailing],
    stays: Sequence[BerthStay],
    *,
    period_days: int,
    closed_days: Sequence[int],
    title: str,
    meta: Meta,
) -> "Figure":
    """Return the chart: a row for each ship, a bar for each sailing and each stay at a berth, over one period.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    ships = sorted({*(item.ship for item in sailings), *(item.ship for item in stays)})[:MOST_BARS]
    rows = {ship: row for row, ship in enumerate(ships)}
    figure = new_figure(figsize=(WIDTH_IN, bar_height(len(ships))), layout="constrained")
    axes = figure.add_subplot()
    for day in closed_days:
        axes.axvspan(day, day + 1, color=_CLOSED.colour, linewidth=0, zorder=0)
    spans = [(_SEA, item.ship, item.depart_h, item.arrive_h) for item in sailings]
    spans += [(_BERTH, item.ship, item.start_h, item.end_h) for item in stays]
    for look, ship, start_h, end_h in spans:
        # What extends into the next period is also seen at the start, since the schedule repeats.
        for start in (start_h / DAY_H, start_h / DAY_H - period_days):
            if ship in rows and start + (end_h - start_h) / DAY_H > 0:
                axes.barh(rows[ship], (end_h - start_h) / DAY_H, 0.6, left=start, color=look.colour, edgecolor=INK,
                          linewidth=0.5)  # fmt: skip
    axes.set_xlim(0, period_days)
    axes.set_ylim(max(len(ships), 1) - 0.45, -0.55)
    axes.set_yticks(range(len(ships)), ships, fontsize=8.5)
    axes.set_xlabel("days of the period")
    tidy(axes, grid="x")
    legend_of(axes, [_SEA, _BERTH, *([_CLOSED] if closed_days else [])])
    if not ships:
        nothing(axes, "no schedule")
    framed(figure, title, meta, subtitle="Sailings with cargo and stays at berths of each ship; the period repeats")
    return figure

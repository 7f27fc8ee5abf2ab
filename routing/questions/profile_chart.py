"""The chart of a profile: transit time over the day of departure, on an axis that shows the season."""

from collections.abc import Sequence
from itertools import groupby
from math import ceil, floor, isfinite, nan
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.meta import Meta
from landbridge.networks.times.distributions import Time
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.side_by_side import corridor_look
from landbridge.routing.output.charts import INK, WIDTH_IN, framed, legend, name_lines, new_figure, tidy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NONE: Final = Time(nan, nan, nan, nan, nan)
_MARKERS = ("o", "s", "D", "^", "v", "p", "h", "X")
_MOST_MARKED = 80


def draw(
    departures: Sequence[tuple["datetime", Itinerary | None]], best: "datetime", title: str, meta: Meta
) -> "Figure":
    """Return the chart of a profile.

    Parameters
    ----------
    departures
        Local time and best itinerary of each departure; one without is a gap.
    best
        The departure with the shortest mean time.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    figure = new_figure(figsize=(WIDTH_IN, 5.4), layout="constrained")
    axes: Axes = figure.add_subplot()
    moments: list[Any] = [moment.replace(tzinfo=None) for moment, _ in departures]
    times = [item.time if item else _NONE for _, item in departures]

    def days(name: str) -> list[float]:
        return [getattr(time, name) / DAY_H for time in times]

    middle = axes.plot(moments, days("p50_h"), color=INK, linewidth=1.4)[0]
    band = axes.fill_between(moments, days("p10_h"), days("p90_h"), color="#d9d9d9", linewidth=0)
    _axes(axes, days("p10_h") + days("p90_h"))
    handles, names = _corridors(axes, departures, moments, days)
    axes.axvline(best.replace(tzinfo=None), color=INK, linestyle=(0, (1, 2)), linewidth=1.2)  # type: ignore[arg-type]
    legend(axes, [middle, band, *handles], ["p50", "p10 to p90", *names], loc="upper center",
           bbox_to_anchor=(0.5, -0.13), ncols=min(4, 2 + len(names)))  # fmt: skip
    shortest = (
        f"Dotted line: the departure with the shortest mean time, {best:%Y-%m-%d}. The axis of days starts above 0."
    )
    none = sum(item is None for _, item in departures)
    gaps = f" {none} of {len(departures)} departures have no route: gaps." if none else ""
    subtitle = "Days from delivery to pick-up of the best itinerary of each departure, by corridor"
    framed(figure, title, meta, subtitle=subtitle, note=shortest + gaps)
    return figure


def _axes(axes: "Axes", days: Sequence[float]) -> None:
    """Set the axes: of days from just below the least to just above the most, so that a season is seen."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    known = [day for day in days if isfinite(day)]
    low, high = floor(min(known)), ceil(max(known))
    axes.set_ylim(low, max(high, low + 1))
    axes.set_ylabel("days")
    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.set_xlabel("day of departure")
    tidy(axes)


def _corridors(
    axes: "Axes",
    departures: Sequence[tuple["datetime", Itinerary | None]],
    moments: Sequence[Any],
    days: "Callable[[str], list[float]]",
) -> tuple[list[Any], list[str]]:
    """Mark the median of each departure by the corridor that is best then; return the handles and names of a legend."""
    middle, ids = days("p50_h"), [item.corridor if item else "" for _, item in departures]
    looks = {item.corridor: corridor_look(item) for _, item in departures if item}
    every = ceil(len(ids) / _MOST_MARKED)
    handles = []
    for number, (name, look) in enumerate(looks.items()):
        rows = [
            row
            for _, run in groupby(range(len(ids)), ids.__getitem__)
            for row in list(run)[::every]
            if ids[row] == name
        ]
        handles += axes.plot(
            [moments[row] for row in rows], [middle[row] for row in rows], linestyle="none", color=look.colour,
            marker=_MARKERS[number % len(_MARKERS)], markersize=5.5, markeredgecolor=INK, markeredgewidth=0.5,
        )  # fmt: skip
    return handles, [name_lines(look.label) for look in looks.values()]

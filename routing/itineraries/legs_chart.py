"""The chart of one itinerary: when each leg begins and ends, by its mean times, and what it costs."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from landbridge.networks.meta import Meta
from landbridge.networks.times.distributions import Time
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.output.charts import INK, WIDTH_IN, framed, look_of, name_lines, new_figure, tidy
from landbridge.routing.output.palette import MODES, STOPS, Appearance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEIGHT, _FONT = 0.7, 7.5
_ROW_IN, _FEWEST = 0.23, 6


class _Row(NamedTuple):
    """A stop, or the hauls of one mode between two stops: its name, look, days and USD."""

    name: str
    look: Appearance
    days: float
    usd: float


def draw(
    legs: Sequence[Leg], label: Callable[[str], str], title: str, time: Time, meta: Meta, *, dollars: str
) -> "Figure":
    """Return the chart of legs.

    Parameters
    ----------
    label
        Function that returns the name of a place.
    time
        Total time of the itinerary.
    dollars
        The unit of money with its year.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    rows = [_row(part, label) for part in _parts(legs)]
    figure = new_figure(figsize=(WIDTH_IN + 0.5, 2.0 + _ROW_IN * max(len(rows), _FEWEST)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1))
    _draw_days(left, rows, time)
    _draw_costs(right, rows)
    left.set_yticks(range(len(rows)), [row.name for row in rows], fontsize=_FONT)
    left.set_ylim(len(rows) - 0.4, -0.6)
    for axes in (left, right):
        tidy(axes, grid="x")
    spread = f"median {time.p50_h / DAY_H:.1f} days, p10 to p90 {time.p10_h / DAY_H:.1f} to {time.p90_h / DAY_H:.1f}"
    cost = sum(leg.cost_usd for leg in legs)
    subtitle = f"Mean time and cost of each part for the whole cargo; in all {spread}, {cost:,.0f} {dollars}"
    framed(figure, title, meta, subtitle=subtitle, note="Grey band: p10 to p90 of the arrival.")
    return figure


def look(leg: Leg) -> Appearance:
    """Return how a leg looks: by its mode if it is a haul, else by its operation."""
    if leg.kind == "haul":
        return look_of(MODES, str(leg.mode))
    return look_of(STOPS, "gauge_change" if leg.changes_gauge else leg.operation or leg.kind)


def _parts(legs: Sequence[Leg]) -> Iterator[list[Leg]]:
    """Yield the hauls of one mode between two stops together, and each stop."""
    for _, part in groupby(enumerate(legs), lambda item: _key(*item)):
        yield [leg for _, leg in part]


def _key(number: int, leg: Leg) -> tuple[bool, object]:
    haul = leg.kind == "haul"
    return haul, leg.mode if haul else number


def _row(part: Sequence[Leg], label: Callable[[str], str]) -> _Row:
    first, shown = part[0], look(part[0])
    at = f"{label(first.start)} to {label(part[-1].end)}" if first.kind == "haul" else label(first.start)
    days = sum(leg.time.mean_h for leg in part) / DAY_H
    return _Row(name_lines(f"{at}: {shown.label}", 60), shown, days, sum(leg.cost_usd for leg in part))


def _draw_days(axes: "Axes", rows: Sequence[_Row], time: Time) -> None:
    """Draw each part from its mean start to its mean end, and the spread of the arrival."""
    axes.axvspan(time.p10_h / DAY_H, time.p90_h / DAY_H, color="#eeeeee", zorder=0)
    start = 0.0
    for number, row in enumerate(rows):
        axes.barh(number, row.days, _HEIGHT, left=start, color=row.look.colour, edgecolor=INK, linewidth=0.5)
        start += row.days
        axes.annotate(f"{row.days:.1f}", (start, number), xytext=(3, 0), textcoords="offset points", va="center",
                      fontsize=_FONT)  # fmt: skip
    axes.set_xlim(0, 1.06 * max(start, time.p90_h / DAY_H))
    axes.set_xlabel("days since the cargo was handed over")


def _draw_costs(axes: "Axes", rows: Sequence[_Row]) -> None:
    for number, row in enumerate(rows):
        axes.barh(number, row.usd, _HEIGHT, color=row.look.colour, edgecolor=INK, linewidth=0.5)
        if row.usd >= 0.5:
            axes.annotate(f"{row.usd:,.0f}", (row.usd, number), xytext=(3, 0), textcoords="offset points", va="center",
                          fontsize=_FONT)  # fmt: skip
    axes.set_xlim(0, 1.3 * max(1.0, *(row.usd for row in rows)))
    axes.set_xlabel("USD")
    axes.xaxis.set_major_formatter("{x:,.0f}")

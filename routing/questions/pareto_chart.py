"""The chart of a Pareto front: each itinerary as a point, in a panel for the first criterion with each other one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.meta import Meta
from landbridge.networks.units import DAY_H
from landbridge.networks.words import counted
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.side_by_side import corridor_look, dollars, ends, way
from landbridge.routing.output.charts import (
    INK,
    WIDTH_IN,
    framed,
    label_points,
    legend,
    name_lines,
    new_figure,
    tidy,
)
from landbridge.routing.output.palette import Appearance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXES: Final = {
    "time": ("mean time (days)", DAY_H),
    "cost": ("cost (USD, whole cargo)", 1.0),
    "co2e": ("emissions (t CO2e, whole cargo)", 1000.0),
    "risk": ("sum of the variances of the legs (days2)", DAY_H**2),
    "transshipments": ("transshipments", 1.0),
    "distance": ("distance (km)", 1.0),
}
"""Label of the axis of each criterion, and what its values are divided by."""

_MARKERS = ("o", "s", "D", "^", "v", "p", "h", "X", "P", "*")
_MOST_NAMED = 12


def draw(itineraries: Sequence[Itinerary], objectives: Sequence[str], best: Sequence[str], meta: Meta) -> "Figure":
    """Return the chart of a front.

    Parameters
    ----------
    itineraries
        In the order of the first criterion; they are numbered in this order.
    best
        Ids of the itineraries that are best for a value of time, from the fastest to the cheapest; a line joins them.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    across, *others = objectives
    others = others or [across]
    figure = new_figure(figsize=(WIDTH_IN + 1.5, 5.2 * ((len(others) + 1) // 2) + 1.6), layout="constrained")
    panels = figure.subplots((len(others) + 1) // 2, min(2, len(others)), squeeze=False).ravel()
    marks = _marks(itineraries)
    for axes, up in zip(panels, others, strict=False):
        _draw(axes, itineraries, (across, up), marks)
    for axes in panels[len(others) :]:
        axes.remove()
    if {across, others[0]} == {"time", "cost"}:
        _draw_best(panels[0], itineraries, best, across)
    _legend(panels[0], itineraries, marks)
    spread = "; bars: p10 to p90 of time" if "time" in objectives else ""
    subtitle = f"{counted(len(itineraries), 'non-dominated itinerary', 'non-dominated itineraries')} by "
    subtitle += f"{', '.join(name.replace('co2e', 'CO2e') for name in objectives)}{spread}"
    subtitle += dollars(itineraries) if "cost" in objectives else ""
    framed(figure, ends(itineraries), meta, subtitle=subtitle, note=_note(itineraries, best))
    for axes, up in zip(panels, others, strict=False):
        _number(axes, itineraries, (across, up), best)
    return figure


def _number(axes: "Axes", itineraries: Sequence[Itinerary], names: tuple[str, str], best: Sequence[str]) -> None:
    """Write the number of each itinerary beside its point, those that are best for a value of time first."""
    order = sorted(range(len(itineraries)), key=lambda number: itineraries[number].itinerary_id not in best)
    points = [_point(itineraries[number], names) for number in order]
    label_points(axes, points, [str(number + 1) for number in order])


def _numbers(itineraries: Sequence[Itinerary]) -> range:
    return range(1, len(itineraries) + 1)


def _marks(itineraries: Sequence[Itinerary]) -> dict[str, tuple[Appearance, str]]:
    """Return the look and the marker of each corridor; markers tell them apart in grey."""
    looks = {item.corridor: corridor_look(item) for item in itineraries}
    return {name: (look, _MARKERS[number % len(_MARKERS)]) for number, (name, look) in enumerate(looks.items())}


def _value(itinerary: Itinerary, name: str) -> float:
    return itinerary.value(name) / AXES[name][1]


def _point(itinerary: Itinerary, names: tuple[str, str]) -> tuple[float, float]:
    return _value(itinerary, names[0]), _value(itinerary, names[1])


def _draw(axes: "Axes", itineraries: Sequence[Itinerary], names: tuple[str, str],
          marks: dict[str, tuple[Appearance, str]]) -> None:  # fmt: skip
    for item in itineraries:
        look, marker = marks[item.corridor]
        x, y = _point(item, names)
        low, high = item.time.p10_h / DAY_H, item.time.p90_h / DAY_H
        spread: Any = {"color": look.colour, "linewidth": 1.0, "alpha": 0.45, "zorder": 1}
        if names[0] == "time":
            axes.plot([low, high], [y, y], **spread)
        elif names[1] == "time":
            axes.plot([x, x], [low, high], **spread)
        axes.plot([x], [y], marker=marker, color=look.colour, markeredgecolor=INK, markersize=7, linestyle="none")
    for axis, name in ((axes.xaxis, names[0]), (axes.yaxis, names[1])):
        axis.set_label_text(AXES[name][0])
        if name in {"cost", "distance"}:
            axis.set_major_formatter("{x:,.0f}")
    tidy(axes)


def _draw_best(axes: "Axes", itineraries: Sequence[Itinerary], best: Sequence[str], across: str) -> None:
    """Join those that are best for some value of time."""
    known = {item.itinerary_id: item for item in itineraries}
    points = [_point(known[name], (across, "cost" if across == "time" else "time")) for name in best]
    if len(points) > 1:
        axes.plot(*zip(*points, strict=True), color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=0)


def _legend(axes: "Axes", itineraries: Sequence[Itinerary], marks: dict[str, tuple[Appearance, str]]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=look.colour, marker=marker, markeredgecolor=INK, markersize=7, linestyle="none")
        for look, marker in marks.values()
    ]
    counts = {name: sum(item.corridor == name for item in itineraries) for name in marks}
    names = [f"{look.label} ({counts[name]})" for name, (look, _) in marks.items()]
    legend(axes, handles, map(name_lines, names), loc="best")


def _note(itineraries: Sequence[Itinerary], best: Sequence[str]) -> str:
    """Return what the numbers of the first points stand for, and what the dashed line is."""
    chosen = [(n, item) for n, item in zip(_numbers(itineraries), itineraries, strict=True)
              if item.itinerary_id in best or len(itineraries) <= _MOST_NAMED]  # fmt: skip
    ways = "; ".join(f"{number} {way(item)}" for number, item in chosen[:_MOST_NAMED])
    dashed = "Dashed: the best for some value of time. " if len(best) > 1 else ""
    return f"{dashed}{ways}." if ways else dashed.strip()

"""The chart of drivers: what each value of the data changes if it alone is larger or smaller."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from landbridge.networks.meta import Meta
from landbridge.routing.output.charts import (
    INK,
    MOST_BARS,
    WIDTH_IN,
    bar_height,
    framed,
    legend_of,
    name_lines,
    new_figure,
    nothing,
    tidy,
)
from landbridge.routing.output.palette import Appearance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_UP, _DOWN = "#cc3311", "#99ddff"


class Effect(NamedTuple):
    """A value of the data with its confidence, and the changes of the objective if it is larger and smaller."""

    name: str
    confidence: str | None
    up: float | None
    down: float | None


def draw(effects: Sequence[Effect], percent: float, unit: str, title: str, meta: Meta) -> "Figure":
    """Return the chart, of many values the first ones.

    Parameters
    ----------
    percent
        By how much each value differs.
    unit
        The objective with its unit.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = effects[:MOST_BARS]
    figure = new_figure(figsize=(WIDTH_IN, bar_height(len(shown))), layout="constrained")
    axes = figure.add_subplot()
    _draw_side(axes, [item.up for item in shown], -0.19, _UP)
    _draw_side(axes, [item.down for item in shown], 0.19, _DOWN)
    axes.axvline(0, color=INK, linewidth=1.0)
    most = max((abs(change or 0.0) for item in shown for change in (item.up, item.down)), default=0.0) or 1.0
    axes.set_xlim(-1.3 * most, 1.3 * most)
    axes.set_ylim(max(len(shown), 1) - 0.45, -0.55)
    names = [name_lines(f"{item.name} ({item.confidence})" if item.confidence else item.name) for item in shown]
    axes.set_yticks(range(len(shown)), names, fontsize=8.5)
    axes.set_xlabel(f"change of {unit}")
    tidy(axes, grid="x")
    legend_of(axes, [Appearance(f"{percent:g} % larger", _UP), Appearance(f"{percent:g} % smaller", _DOWN)])
    if not shown:
        nothing(axes, "nothing to show")
    more = f"; the first {len(shown)} of {len(effects)}" if len(shown) < len(effects) else ""
    subtitle = f"Change of {unit} if one value of the data differs by {percent:g} %, with its confidence{more}"
    framed(figure, title, meta, subtitle=subtitle)
    return figure


def _draw_side(axes: "Axes", changes: Sequence[float | None], offset: float, colour: str) -> None:
    """Draw the changes by larger or by smaller values; where a value cannot differ there is no bar."""
    for row, change in enumerate(changes):
        if change is None:
            continue
        axes.barh(row + offset, change, 0.36, color=colour, edgecolor=INK, linewidth=0.6)
        axes.annotate(f"{change:+,.3g}", (change, row + offset), fontsize=7.5, va="center",
                      xytext=(4 if change >= 0 else -4, 0), textcoords="offset points",
                      ha="left" if change >= 0 else "right")  # fmt: skip

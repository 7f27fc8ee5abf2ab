"""The chart of a sensitivity: an answer where each parameter is low and high, the largest swing first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

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

_LOW: Final = Appearance("parameter low", "#2b7bba")
_HIGH: Final = Appearance("parameter high", "#d9a441")
_SIZE: Final = 8.0
_UP: Final = 0.18
"""Half the height of a bar."""


class Swing(NamedTuple):
    """A parameter, the answer where it is low and high, where that is, and a remark."""

    name: str
    low: float
    high: float
    low_at: str
    high_at: str
    remark: str = ""


def draw_tornado(swings: Sequence[Swing], output: str, mean: float, meta: Meta) -> "Figure":
    """Return the chart of the swings of an answer around its mean.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = sorted(swings, key=lambda swing: (-abs(swing.high - swing.low), swing.name))[:MOST_BARS]
    figure = new_figure(figsize=(WIDTH_IN, bar_height(len(shown))), layout="constrained")
    axes = figure.add_subplot()
    for row, swing in enumerate(shown):
        _draw(axes, row, swing, mean)
    if not shown:
        nothing(axes, "nothing to show")
    axes.axvline(mean, color=INK, linewidth=0.8)
    axes.margins(x=0.25)
    axes.set_ylim(max(len(shown), 1) - 0.45, -0.55)
    names = ["\n".join([name_lines(swing.name), *([swing.remark] if swing.remark else [])]) for swing in shown]
    axes.set_yticks(range(len(shown)), names, fontsize=_SIZE)
    axes.set_xlabel(output)
    tidy(axes, grid="x")
    legend_of(axes, (_LOW, _HIGH))
    subtitle = (
        "Mean with each parameter in its lowest and highest fifth, or at its ends; line: mean of rows drawn freely"
    )
    framed(figure, f"What moves {output}", meta, subtitle=subtitle)
    return figure


def _draw(axes: "Axes", row: int, swing: Swing, mean: float) -> None:
    """Draw two bars of a parameter from the mean, that of its low values above, with these at their ends."""
    for value, look, text, up in ((swing.low, _LOW, swing.low_at, -_UP), (swing.high, _HIGH, swing.high_at, _UP)):
        axes.barh(row + up, value - mean, left=mean, height=2 * _UP, color=look.colour, edgecolor=INK, linewidth=0.6)
        right = value > mean or (value == mean and look is _HIGH)
        axes.annotate(text, (value, row + up), xytext=(4 if right else -4, 0), textcoords="offset points", va="center",
                      ha="left" if right else "right", fontsize=_SIZE)  # fmt: skip

"""The chart of a reach: how many places are reached within a budget, for each budget up to the largest."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from landbridge.networks.meta import Meta
from landbridge.networks.units import DAY_H
from landbridge.routing.output.charts import INK, WIDTH_IN, framed, new_figure, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXES: Final = {
    "time": ("mean time (days)", DAY_H),
    "cost": ("cost (USD, whole cargo)", 1.0),
    "co2e": ("kg CO2e, whole cargo", 1.0),
}
"""Label of the axis of each quantity, and what its values are divided by."""


def draw(
    values: Sequence[float], budgets: Sequence[tuple[float, str, str]], by: str, title: str, meta: Meta
) -> "Figure":
    """Return the chart of a reach.

    Parameters
    ----------
    values
        Hours, USD or kg by which each place is reached.
    budgets
        Each budget with its label and colour, in ascending order.
    by
        `time`, `cost` or `co2e`.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    figure = new_figure(figsize=(WIDTH_IN, 5.2), layout="constrained")
    axes: Axes = figure.add_subplot()
    name, unit = AXES[by]
    ordered = sorted(value / unit for value in values)
    most = budgets[-1][0] / unit
    axes.plot([0.0, *ordered, most], [*range(len(ordered) + 1), len(ordered)], drawstyle="steps-post", color=INK,
              linewidth=1.8)  # fmt: skip
    top, low = 1.16 * max(1, len(ordered)), 0.0
    axes.set_ylim(0, top)
    axes.set_xlim(0, 1.02 * most)
    for budget, label, colour in budgets:
        high = budget / unit
        count = sum(value <= budget for value in values)
        axes.axvspan(low, high, color=colour, alpha=0.55, linewidth=0, zorder=0)
        axes.plot([high, high], [0, top], color=INK, linewidth=0.8, linestyle=(0, (3, 2)))
        axes.annotate(f"{label}: {count}", (high, top), xytext=(-4, -4), textcoords="offset points", rotation=90,
                      ha="right", va="top", fontsize=8.5, color=INK,
                      bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1.0})  # fmt: skip
        low = high
    axes.set_xlabel(name)
    axes.set_ylabel("places reached")
    if by != "time":
        axes.xaxis.set_major_formatter("{x:,.0f}")
    tidy(axes)
    subtitle = f"Number of places within reach by {name.partition(' (')[0]}; bands: the budgets asked for"
    framed(figure, title, meta, subtitle=subtitle)
    return figure

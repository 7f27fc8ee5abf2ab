"""The chart of a validation: modelled against observed values, for times and money."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.units import DAY_H
from landbridge.routing.output.charts import new_figure
from landbridge.routing.validation.comparison import COST, DEMONSTRATION, TIME, ComparedObservation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours of Okabe and Ito, distinguishable by colour-blind readers; regular and surveyed times are drawn last, on top.
_COLOURS: Final = {
    "index": "#999999",
    "planned": "#999999",
    "quoted": "#56b4e9",
    "announced": "#e69f00",
    "contractual": "#cc79a7",
    "demonstration": "#f0c419",
    "survey": "#009e73",
    "observed_regular": "#0072b2",
}
_MARKERS: Final = {"demonstration": "^", "planned": "x", "index": "s"}
_PANELS: Final = ((TIME, DAY_H, "days"), (COST, 1.0, "dollars of the network's year"))
_NEAR = 0.2


def draw(comparisons: Sequence[ComparedObservation], title: str) -> "Figure":
    """Return the chart of modelled against observed values on logarithmic axes.

    Parameters
    ----------
    comparisons
        The comparisons; only comparable rows with a result are drawn.
    title
        Title of the chart.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    figure = new_figure(figsize=(13, 7), layout="constrained")
    panels: Sequence[Axes] = figure.subplots(1, len(_PANELS))
    for axes, (quantity, divisor, unit) in zip(panels, _PANELS, strict=True):
        items = [item for item in comparisons if item.counted and item.row["quantity"] == quantity]
        _draw(axes, items, divisor)
        axes.set_xlabel(f"observed ({unit})")
        axes.set_ylabel(f"modelled ({unit})")
        axes.set_title({TIME: "Time: median, p10 to p90 (demonstrations: p10)", COST: "Money"}[quantity])
    figure.suptitle(f"{title}: modelled against observed")
    return figure


def _draw(axes: "Axes", items: Sequence[ComparedObservation], divisor: float) -> None:
    values = [value / divisor for item in items for value in _extent(item)]
    if not values:
        axes.text(0.5, 0.5, "no comparable row", ha="center", transform=axes.transAxes)
        return
    low, high = min(values) / 1.15, max(values) * 1.15
    axes.fill_between([low, high], [low * (1 - _NEAR), high * (1 - _NEAR)], [low * (1 + _NEAR), high * (1 + _NEAR)],
                      color="0.92", label=f"within {_NEAR:.0%}")  # fmt: skip
    axes.plot([low, high], [low, high], color="0.5", linewidth=1)
    for kind in _COLOURS:
        chosen = [item for item in items if item.row["kind"] == kind]
        if chosen:
            _draw_kind(axes, chosen, kind, divisor)
    for axis in (axes.xaxis, axes.yaxis):
        _ticks(axes, axis, (low, high))
    axes.set_box_aspect(1)
    axes.legend(fontsize=8, loc="upper left")


def _ticks(axes: "Axes", axis: Any, limits: tuple[float, float]) -> None:
    """Set a logarithmic axis with plain numbers at 1, 2, 3 and 5 of each decade."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    which = axis.axis_name
    getattr(axes, f"set_{which}scale")("log")
    getattr(axes, f"set_{which}lim")(*limits)
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 3.0, 5.0)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def _draw_kind(axes: "Axes", items: Sequence[ComparedObservation], kind: str, divisor: float) -> None:
    observed = [(item.observed or 0.0) / divisor for item in items]
    modelled = [(item.figure or 0.0) / divisor for item in items]
    across = [
        [((item.observed or 0.0) - (item.observed_low or 0.0)) / divisor for item in items],
        [((item.observed_high or 0.0) - (item.observed or 0.0)) / divisor for item in items],
    ]
    spreads = [_spread(item, divisor) for item in items]
    axes.errorbar(observed, modelled, xerr=across, yerr=[[low for low, _ in spreads], [high for _, high in spreads]],
                  fmt=_MARKERS.get(kind, "o"), color=_COLOURS[kind], ecolor=_COLOURS[kind], elinewidth=0.8,
                  markersize=5, alpha=0.85, label=f"{kind.replace('_', ' ')} ({len(items)})")  # fmt: skip
    for item, x, y in zip(items, observed, modelled, strict=True):
        if abs(y / x - 1) <= _NEAR:
            continue  # label only outliers
        axes.annotate(item.row["id"], (x, y), xytext=(3, 3), textcoords="offset points", fontsize=6, color="0.3")


def _spread(item: ComparedObservation, divisor: float) -> tuple[float, float]:
    """Return the distances of p10 and p90 from the median; zero if the comparison is not with the median."""
    if item.row["quantity"] != TIME or item.row["kind"] == DEMONSTRATION:
        return 0.0, 0.0
    return (
        (item.modelled["p50"] - item.modelled["p10"]) / divisor,
        (item.modelled["p90"] - item.modelled["p50"]) / divisor,
    )


def _extent(item: ComparedObservation) -> tuple[float, ...]:
    ends = (item.observed_low or 0.0, item.observed_high or 0.0, item.figure or 0.0)
    return (*ends, item.modelled["p10"], item.modelled["p90"]) if item.inside is not None else ends

"""The chart of a validation: modelled against observed values, for times and money."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.meta import Meta
from landbridge.networks.units import DAY_H
from landbridge.routing.output.charts import INK, framed, label_points, new_figure, nothing, tidy
from landbridge.routing.validation.comparison import COST, DEMONSTRATION, TIME, ComparedObservation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours of the palette, each with a marker; regular and surveyed times are drawn last, on top.
_KINDS: Final = {
    "index": ("#cccccc", "s"),
    "planned": ("#777777", "x"),
    "quoted": ("#99ddff", "v"),
    "announced": ("#ee9900", "D"),
    "contractual": ("#cc77aa", "p"),
    "demonstration": ("#660099", "^"),
    "survey": ("#44bb99", "h"),
    "observed_regular": ("#2255aa", "o"),
}
_PANELS: Final = ((TIME, DAY_H, "days"), (COST, 1.0, "dollars of the network's year"))
_NEAR = 0.2
_SUBTITLE = (
    "Times are medians with p10 to p90, of demonstrations p10; across: the range of the observation. Named: more than "
    f"{_NEAR:.0%} off"
)


def draw(comparisons: Sequence[ComparedObservation], title: str, meta: Meta | None = None) -> "Figure":
    """Return the chart of modelled against observed values on logarithmic axes.

    Parameters
    ----------
    comparisons
        The comparisons; only comparable rows with a result are drawn.
    title
        Name of the data.
    meta
        Metadata of the validation.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    figure = new_figure(figsize=(13, 7.6), layout="constrained")
    panels: Sequence[Axes] = figure.subplots(1, len(_PANELS))
    for axes, (quantity, divisor, unit) in zip(panels, _PANELS, strict=True):
        _draw(axes, _counted(comparisons, quantity), divisor)
        axes.set_xlabel(f"observed ({unit})")
        axes.set_ylabel(f"modelled ({unit})")
        axes.set_title({TIME: "Time", COST: "Money"}[quantity], loc="left")
    figure_title = f"{title}: modelled against observed"
    framed(figure, figure_title, meta or {}, subtitle=_SUBTITLE)
    for axes, (quantity, divisor, _) in zip(panels, _PANELS, strict=True):
        _name_outliers(axes, comparisons, quantity, divisor)
    return figure


def _counted(comparisons: Sequence[ComparedObservation], quantity: str) -> list[ComparedObservation]:
    return [item for item in comparisons if item.counted and item.row["quantity"] == quantity]


def _name_outliers(axes: "Axes", comparisons: Sequence[ComparedObservation], quantity: str, divisor: float) -> None:
    """Write the ids of what is far off where they cover nothing, the farthest first."""
    points = [
        ((item.observed or 0.0) / divisor, (item.figure or 0.0) / divisor, str(item.row["id"]))
        for item in _counted(comparisons, quantity)
    ]
    far = sorted(
        (point for point in points if abs(point[1] / point[0] - 1) > _NEAR), key=lambda p: -abs(p[1] / p[0] - 1)
    )
    label_points(axes, [(x, y) for x, y, _ in far], [name for _, _, name in far])


def _draw(axes: "Axes", items: Sequence[ComparedObservation], divisor: float) -> None:
    values = [value / divisor for item in items for value in _extent(item)]
    if not values:
        nothing(axes, "no comparable row")
        return
    low, high = min(values) / 1.15, max(values) * 1.15
    axes.fill_between([low, high], [low * (1 - _NEAR), high * (1 - _NEAR)], [low * (1 + _NEAR), high * (1 + _NEAR)],
                      color="0.92", label=f"within {_NEAR:.0%}")  # fmt: skip
    axes.plot([low, high], [low, high], color="0.5", linewidth=1)
    for kind in _KINDS:
        chosen = [item for item in items if item.row["kind"] == kind]
        if chosen:
            _draw_kind(axes, chosen, kind, divisor)
    for axis in (axes.xaxis, axes.yaxis):
        _ticks(axes, axis, (low, high))
    axes.set_box_aspect(1)
    tidy(axes)
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
    colour, marker = _KINDS[kind]
    spreads = [_spread(item, divisor) for item in items]
    crossed = marker == "x"
    axes.errorbar(
        observed,
        modelled,
        xerr=across,
        yerr=[[low for low, _ in spreads], [high for _, high in spreads]],
        fmt=marker,
        color=colour,
        ecolor=colour,
        elinewidth=0.8,
        markersize=5.5,
        markeredgecolor=colour if crossed else INK,
        markeredgewidth=1.2 if crossed else 0.5,
        label=f"{kind.replace('_', ' ')} ({len(items)})",
    )


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

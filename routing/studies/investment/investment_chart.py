"""The chart of a plan: the net present value that each budget buys, and the works of the plan."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from landbridge.networks.meta import Meta
from landbridge.routing.output.charts import (
    INK,
    WIDTH_IN,
    Bar,
    bar_height,
    draw_bars,
    framed,
    legend,
    legend_of,
    new_figure,
    nothing,
    tidy,
)
from landbridge.routing.output.palette import WORKS

_MOST_WORKS = 12

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_frontier(frontier: Sequence[Mapping[str, Any]], plan: Mapping[str, Any], meta: Meta) -> "Figure":
    """Return the chart of a plan.

    Parameters
    ----------
    frontier
        Budget, NPV, bound and works of the best plan of each budget.
    plan
        The plan with the names of the JSON output.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    known = [work for work in plan["works"] if work["alone_bcr"] is not None]
    works = sorted(known, key=lambda work: -work["alone_bcr"])[:_MOST_WORKS]
    figure = new_figure(figsize=(WIDTH_IN + 2, max(4.6, bar_height(len(works)))), layout="constrained")
    left, right = figure.subplots(1, 2)
    _frontier(left, frontier, plan)
    looks = [WORKS[work["status"]] for work in works]
    bars = [
        Bar(work["name"], work["alone_bcr"], f"{work['alone_bcr']:.2f}", look.colour)
        for work, look in zip(works, looks, strict=True)
    ]
    draw_bars(right, bars, "benefits for a dollar of costs of each work alone (BCR)")
    legend_of(right, list(dict.fromkeys(looks)))
    if bars:
        right.set_xlim(right=max(right.get_xlim()[1], 1.1))
        right.axvline(1.0, color=INK, linestyle=(0, (1, 2)), linewidth=1.2)
    subtitle = (
        f"Present values of {plan['base_year']} at {plan['rate']:.1%} a year to {plan['horizon']}, MUSD;"
        f" criterion {plan['criterion']}, gap {plan['gap']:.1%}"
    )
    more = f" The first {len(works)} of {len(known)} works." if len(works) < len(known) else ""
    note = f"Dotted line: benefits equal to costs.{more} Demand induced by works is not modelled."
    framed(figure, "Works within a budget", meta, subtitle=subtitle, note=note)
    return figure


def _frontier(axes: "Axes", frontier: Sequence[Mapping[str, Any]], plan: Mapping[str, Any]) -> None:
    axes.set_xlabel("budget, MUSD of present value")
    axes.set_ylabel("expected net present value, MUSD")
    tidy(axes)
    budgets = [point["budget_musd"] for point in frontier]
    found = axes.plot(budgets, [point["npv_musd"] for point in frontier], color="#005533", marker="o", linewidth=1.8)[0]
    mark = axes.plot([plan["budget_musd"]], [plan["npv_musd"]], color="#cc3311", marker="*", markersize=14,
                     linestyle="none")[0]  # fmt: skip
    # The axis has its 0, so that a gain of a per cent is not drawn as a leap.
    axes.set_ylim(*_with_zero([point["npv_musd"] for point in frontier] + [plan["npv_musd"]]))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    legend(axes, [found, mark], ["best plan of each budget", "this plan"], loc="lower right")
    if not frontier:
        nothing(axes, "no other budget was solved in time")


def _with_zero(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.08 * (high - low) or 1.0
    return (low - room if low < 0 else 0.0), high + room

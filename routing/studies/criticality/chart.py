"""The chart of criticality: closures ranked by what they cost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landbridge.networks.meta import Meta
from landbridge.routing.output.charts import (
    MOST_BARS,
    WIDTH_IN,
    Bar,
    bar_height,
    draw_bars,
    framed,
    legend_of,
    new_figure,
)
from landbridge.routing.output.palette import COSTS
from landbridge.routing.studies.criticality.critical_closure import CriticalClosure
from landbridge.routing.studies.criticality.layers import cost_band

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WORDS = {"places": "place", "crossings": "crossing", "services": "service", "links": "link"}


def draw_criticality(items: Sequence[CriticalClosure], days: float, meta: Meta) -> "Figure":
    """Return the chart of the first closures in two panels, in the colour of the band of their cost a day.

    Parameters
    ----------
    items
        Closures in order.
    days
        Length of each.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = [item for item in items if item.usd > 0][:MOST_BARS]
    figure = new_figure(figsize=(WIDTH_IN + 3, bar_height(len(shown))), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    draw_bars(left, [_detours(item) for item in shown], f"million USD of {days:g} days by detours")
    draw_bars(
        right, [_waiting(item) for item in shown], "million USD if cargo waits where that is cheaper", names=False
    )
    legend_of(right, list(COSTS.values()))
    more = f"; the first {len(shown)} of {len(items)}" if len(shown) < len(items) else ""
    subtitle = f"Additional generalised cost, with TEU not carried at their penalty{more}"
    framed(figure, f"Most costly closures of {days:g} days", meta, subtitle=subtitle)
    return figure


def _detours(item: CriticalClosure) -> Bar:
    kind = f" ({_WORDS[item.kind]})" if item.kind in _WORDS else ""
    lost = f", {item.unserved_teu:,.0f} TEU lost" if item.unserved_teu >= 0.5 else ""
    return _bar(f"{item.name}{kind}", item.usd, f"{item.usd / 1e6:,.2f}{lost}", item)


def _waiting(item: CriticalClosure) -> Bar:
    text = f"{item.usd_with_waiting / 1e6:,.2f}, {item.waiting_teu:,.0f} TEU wait"
    return _bar("", item.usd_with_waiting, text, item)


def _bar(name: str, usd: float, text: str, item: CriticalClosure) -> Bar:
    return Bar(name, usd / 1e6, text, COSTS[cost_band(item.usd_day)].colour)

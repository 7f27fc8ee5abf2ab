"""The chart of criticality: closures ranked by what they cost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landbridge.networks.meta import Meta
from landbridge.routing.output.charts import Bar, bar_chart
from landbridge.routing.output.palette import COSTS
from landbridge.routing.studies.criticality.critical_closure import CriticalClosure
from landbridge.routing.studies.criticality.layers import cost_band

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WORDS = {"places": "place", "crossings": "crossing", "services": "service", "links": "link"}


def draw_criticality(items: Sequence[CriticalClosure], days: float, meta: Meta) -> "Figure":
    """Return the chart of the first closures, in the colour of the band of their cost.

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
    return bar_chart(
        [_bar(item) for item in items if item.usd > 0],
        f"million USD of {days:g} days",
        f"Most costly closures of {days:g} days",
        meta,
        subtitle="Additional generalised cost by detours, with TEU not carried at their penalty, and the cost if cargo"
        " waits where that is cheaper",
        looks=list(COSTS.values()),
    )


def _bar(item: CriticalClosure) -> Bar:
    kind = f" ({_WORDS[item.kind]})" if item.kind in _WORDS else ""
    lost = f", {item.unserved_teu:,.0f} TEU not carried" if item.unserved_teu >= 0.5 else ""
    text = f"{item.usd / 1e6:,.2f}; with waiting {item.usd_with_waiting / 1e6:,.2f}{lost}"
    return Bar(f"{item.name}{kind}", item.usd / 1e6, text, COSTS[cost_band(item.usd_day)].colour)

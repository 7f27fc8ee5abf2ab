"""The chart of several itineraries side by side: time, cost and emissions of each as bars in three panels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landbridge.networks.meta import Meta
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.output.charts import (
    MOST_BARS,
    WIDTH_IN,
    Bar,
    bar_height,
    draw_bars,
    framed,
    look_of,
    new_figure,
)
from landbridge.routing.output.palette import CORRIDORS, Appearance

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(itineraries: Sequence[Itinerary], meta: Meta) -> "Figure":
    """Return the chart: median days with p10 to p90, USD with their range, and t CO2e, the first itinerary on top.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    shown = itineraries[:MOST_BARS]
    figure = new_figure(figsize=(WIDTH_IN + 1.5, bar_height(len(shown))), layout="constrained")
    panels = figure.subplots(1, 3)
    names, colours = names_of(shown), [corridor_look(item).colour for item in shown]
    rows = list(zip(shown, names, colours, strict=True))
    times = [Bar(name, item.time.p50_h / DAY_H, f"{item.time.p50_h / DAY_H:.1f}", colour, item.time.p10_h / DAY_H,
                 item.time.p90_h / DAY_H) for item, name, colour in rows]  # fmt: skip
    costs = [Bar(name, item.cost_usd, f"{item.cost_usd:,.0f}", colour, item.cost_p10_usd, item.cost_p90_usd)
             for item, name, colour in rows]  # fmt: skip
    emitted = [Bar(name, item.co2e_kg / 1000, f"{item.co2e_kg / 1000:.2f}", colour) for item, name, colour in rows]
    for axes, bars, unit in zip(panels, (times, costs, emitted), ("days", "USD", "t CO2e"), strict=True):
        draw_bars(axes, bars, unit, names=axes is panels[0])
    more = f"; {len(itineraries) - len(shown)} more are not shown" if len(itineraries) > len(shown) else ""
    subtitle = "For the whole cargo: median time, cost and emissions; black lines: p10 to p90 of time and cost"
    subtitle += dollars(shown) + more
    framed(figure, ends(shown), meta, subtitle=subtitle)
    return figure


def dollars(itineraries: Sequence[Itinerary]) -> str:
    """Return the unit of money with its year, to end a subtitle."""
    return f"; {itineraries[0].dollars}" if itineraries else ""


def ends(itineraries: Sequence[Itinerary]) -> str:
    """Return the names of origin and destination of the first itinerary."""
    if not itineraries:
        return "No itinerary"
    first = itineraries[0]
    return f"{first.label(first.legs[0].start)} to {first.label(first.legs[-1].end)}"


def corridor_look(itinerary: Itinerary) -> Appearance:
    """Return how the corridor of an itinerary looks, with its name in the network if that is attached."""
    return look_of(CORRIDORS, itinerary.corridor, itinerary.corridor_name)


def names_of(itineraries: Sequence[Itinerary]) -> list[str]:
    """Return the corridors; if one occurs twice, the numbers of the itineraries and their ways."""
    labels = [corridor_look(item).label for item in itineraries]
    if len({*labels}) == len(labels):
        return labels
    return [f"{number}  {way(item)}" for number, item in enumerate(itineraries, start=1)]


def way(itinerary: Itinerary) -> str:
    """Return the points that tell an itinerary apart, or its corridor if there are none."""
    return itinerary.route_line.partition(" (")[0] or corridor_look(itinerary).label

"""Charts of flows: by corridor and crossing, the utilisation of resources, counts, thresholds and cuts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.graph.links import GROUND_MODES
from landbridge.networks.meta import Meta
from landbridge.networks.tables.table import Row
from landbridge.routing.flows.bottleneck_layers import band
from landbridge.routing.output.charts import (
    MOST_BARS,
    WIDTH_IN,
    Bar,
    bar_chart,
    bar_height,
    draw_bars,
    framed,
    legend_of,
    look_of,
    new_figure,
)
from landbridge.routing.output.palette import BANDS, CORRIDORS, MODES, RESOURCES, Appearance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LAND: Final = frozenset({*GROUND_MODES, "ferry"})
_COUNTED, _UNFITTED, _ESTIMATED = "#333333", "#dddddd", "#3388ff"
_MOST_COUNTS = 12
_WHOLE_FROM = 100


def draw_flows(
    corridors: Sequence[tuple[str, str | None, float]],
    links: Iterable[Mapping[str, Any]],
    places: Mapping[str, Row],
    title: str,
    meta: Meta,
) -> "Figure":
    """Return the chart of an assignment: TEU a day by corridor, and over the crossings of borders.

    Parameters
    ----------
    corridors
        Id, name and TEU a day of each corridor, the largest first.
    links
        Link, mode, from_place, to_place and flow_teu_day of each link and direction with flow. Without crossings of
        borders on land the largest links are shown.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    flows = _both_ways(links)
    crossings = [flow for flow in flows if flow["mode"] in _LAND and _crosses(flow, places)]
    shown = (crossings or flows)[:MOST_BARS]
    figure = new_figure(figsize=(WIDTH_IN + 2, bar_height(max(len(corridors), len(shown)))), layout="constrained")
    left, right = figure.subplots(1, 2)
    looks = [(look_of(CORRIDORS, name, label), teu) for name, label, teu in corridors[:MOST_BARS]]
    rows = max(len(looks), len(shown))
    draw_bars(left, [Bar(look.label, teu, f"{teu:,.0f}", look.colour) for look, teu in looks], "TEU a day by corridor",
              rows=rows)  # fmt: skip
    bars = [
        Bar(_link_name(flow, places), flow["there"] + flow["back"], f"{flow['there']:,.0f} + {flow['back']:,.0f}",
            look_of(MODES, flow["mode"]).colour)
        for flow in shown
    ]  # fmt: skip
    what = "crossings of borders" if crossings else "links"
    draw_bars(right, bars, f"TEU a day over {what}", rows=rows)
    legend_of(right, [look_of(MODES, mode) for mode in dict.fromkeys(flow["mode"] for flow in shown)])
    more = (
        f"; the largest {len(shown)} of {len(crossings or flows)} {what}"
        if len(shown) < len(crossings or flows)
        else ""
    )
    framed(figure, title, meta, subtitle=f"Both directions together; of {what} the larger one + the other{more}")
    return figure


def _both_ways(links: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a record for each pair of places and mode with its flow there (the larger one) and back, largest first."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for link in links:
        ends = (link["from_place"], link["to_place"])
        way = found.setdefault((link["mode"], *ends), {**link, "there": 0.0, "back": 0.0})
        way["there"] += link["flow_teu_day"]
    records = []
    for (mode, start, end), way in found.items():
        other = found.get((mode, end, start), {"there": 0.0})["there"]
        if (way["there"], end) > (other, start):  # each pair once
            records.append(way | {"back": other})
    return sorted(records, key=lambda record: (-(record["there"] + record["back"]), str(record["link"])))


def _crosses(flow: Mapping[str, Any], places: Mapping[str, Row]) -> bool:
    start, end = (places[flow[name]]["country"] for name in ("from_place", "to_place"))
    return start is not None and end is not None and start != end


def _link_name(flow: Mapping[str, Any], places: Mapping[str, Row]) -> str:
    start, end = (places[flow[name]]["name"] for name in ("from_place", "to_place"))
    return f"{start} - {end}, {look_of(MODES, flow['mode']).label}"


def draw_utilisation(rows: Sequence[Mapping[str, Any]], title: str, meta: Meta) -> "Figure":
    """Return the chart of bottlenecks: the utilisation of each resource in the colour of its band, with its price.

    Parameters
    ----------
    rows
        Name, direction, utilisation (None: more than a capacity of 0), flow and shadow price, in order.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    bars = [_used(row, name) for row, name in zip(rows, _row_names(rows), strict=True)]
    subtitle = "Use in per cent of the capacity, with flow and the saving by one more TEU a day"
    return bar_chart(bars, "per cent of the capacity", title, meta, subtitle=subtitle, looks=list(BANDS.values()))


def _used(row: Mapping[str, Any], name: str) -> Bar:
    share, price = row["utilisation"], row["shadow_price_usd_per_teu_day"]
    percent = 100.0 if share is None else 100 * share
    priced = f", {price:,.0f} USD" if price and price >= 0.5 else ""
    text = f"{percent:.1f} %, {row['flow_teu_day']:,.0f} TEU{priced}"
    return Bar(name, percent, text, BANDS[band(share)].colour)


def _row_names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the name of each resource with its direction, unless that is both, and its section if needed to tell."""
    names = [
        f"{row['name']}, {row['direction']}" if row["direction"] not in {None, "", "both"} else str(row["name"])
        for row in rows
    ]
    often = Counter(names)
    return [
        f"{name} ({row['section']})" if often[name] > 1 and row["section"] else name
        for name, row in zip(names, rows, strict=True)
    ]


def draw_counts(counts: Sequence[Mapping[str, Any]], title: str, meta: Meta) -> "Figure":
    """Return the chart of containers counted at crossings beside the model, without its constants and with them.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    looks = (
        ("counted_teu_day", Appearance("counted", _COUNTED)),
        ("estimated_teu_day", Appearance("estimated, with constants", _ESTIMATED)),
        ("unfitted_teu_day", Appearance("model without constants", _UNFITTED)),
    )
    shown = sorted(counts, key=lambda row: -row["counted_teu_day"])[:_MOST_COUNTS]
    gap = Bar("", 0.0, "", _COUNTED)
    bars = [bar for row in shown for bar in (*(_counted(row, *look) for look in looks), gap)][:-1]
    figure = new_figure(figsize=(WIDTH_IN, 0.6 * bar_height(len(bars)) + 0.8), layout="constrained")
    axes = figure.add_subplot()
    draw_bars(axes, bars, "TEU a day")
    axes.tick_params(axis="y", length=0)
    legend_of(axes, [look for _, look in looks])
    more = f"; the largest {len(shown)} of {len(counts)}" if len(shown) < len(counts) else ""
    framed(figure, title, meta, subtitle=f"Counts to which a constant was fitted are marked with *{more}")
    return figure


def _counted(row: Mapping[str, Any], column: str, look: Appearance) -> Bar:
    """Return a bar of a count, the first one with its name."""
    name = f"{row['id'].replace('--', ', ')}{' *' if row['fitted'] else ''}"
    return Bar(name if column == "counted_teu_day" else "", row[column], f"{row[column]:,.0f}", look.colour)


def draw_thresholds(rows: Sequence[Mapping[str, Any]], title: str, meta: Meta) -> "Figure":
    """Return the chart of the factors of demand at which resources first bind.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    colour = BANDS["full"].colour
    named = zip(rows, _row_names(rows), strict=True)
    bars = [Bar(name, row["factor"], f"{row['factor']:.2f}", colour) for row, name in named]
    return bar_chart(
        bars, "multiple of the demand", title, meta, subtitle="Multiple at which each resource first binds"
    )


def draw_cut(rows: Sequence[Mapping[str, Any]], title: str, meta: Meta) -> "Figure":
    """Return the chart of the resources of a minimum cut with their residual capacity.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    looks = {row["kind"]: look_of(RESOURCES, row["kind"]) for row in rows}
    bars = [
        Bar(name, row["residual_teu_day"], f"{row['residual_teu_day']:,.0f}", looks[row["kind"]].colour)
        for row, name in zip(rows, _row_names(rows), strict=True)
    ]
    subtitle = "Resources that limit all traffic between the regions together, by residual capacity"
    return bar_chart(bars, "TEU a day", title, meta, subtitle=subtitle, looks=list(looks.values()))


def draw_delays(rows: Sequence[Mapping[str, Any]], title: str, meta: Meta) -> "Figure":
    """Return the chart of the arcs of an equilibrium at which all traffic together loses most time.

    Parameters
    ----------
    rows
        tail, head, flow and delay (time beyond that without flow) of each arc.

    Raises
    ------
    PlotError
        If matplotlib is not installed.
    """
    lost = sorted(((row["flow"] * row["delay"], f"{row['tail']} - {row['head']}") for row in rows), reverse=True)
    bars = [
        Bar(name, value, f"{value:,.0f}" if value >= _WHOLE_FROM else f"{value:.3g}", BANDS["full"].colour)
        for value, name in lost
        if value > 0
    ]
    subtitle = "Arcs at which the flow loses most by its own delay"
    return bar_chart(bars, "flow x delay, in the units of the problem", title, meta, subtitle=subtitle)
